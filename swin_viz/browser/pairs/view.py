"""What Pair by pair shows: as on the Attention screen, with a step, a key and a factor of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from swin_viz.browser.attention import view as attention
from swin_viz.browser.attention.view import MIDDLE, View, checked, index, token
from swin_viz.browser.pairs.message import STEPS
from swin_viz.engine.trace import Trace

# What is this screen's own in the address, and from where it counts.
_FIRST = {"step": 1, "key": 0, "factor": 0, "cell": 0, "dims": 0}
FACTORS, DIMS = 201, 257  # of a slider: how many places there are
_SHARED = ("block", "head", "q")  # what the address has of the Attention screen's view


@dataclass(frozen=True)
class PairView:
    """What is shown: as on the Attention screen, with a step and a key slot of the query's window (or none)."""

    view: View
    step: int = 0
    key: int | None = None
    factor: int = 0  # on q·k, from 0 (1/√d, the model's) over 100 (1) to 200 (√d), even in the logarithm
    cell: int | None = None  # the channel whose number is worked out product by product
    dims: int = 16  # numbers of q and k in the experiment

    def plain(self) -> dict:
        """As the browser has it."""
        own = {name: getattr(self, name) for name in _FIRST}
        head = 0 if self.view.head == "mean" else self.view.head
        return {"block": self.view.block, "head": head, "at": list(self.view.at)} | own


def start(view: View) -> PairView:
    """The pair view that an Attention view leads to."""
    return PairView(replace(view, head=0 if view.head == "mean" else view.head, other=None))


def masked_first(view: View, trace: Trace) -> View:
    """The same view at the nearest token whose window has a mask, if one of the block's has; for who chose none."""
    block, (row, column) = trace.blocks[view.block], token(view, trace)
    masked = (block.mask_kinds != 0).any((1, 2))[block.mask_of]
    rows, columns = np.divmod(block.places[masked].ravel().astype(int), block.padded[1])
    real = (rows < block.size[0]) & (columns < block.size[1])
    if not real.any():
        return view
    away = np.where(real, (rows - row) ** 2 + (columns - column) ** 2, np.inf)
    nearest = int(away.argmin())
    at = (int(rows[nearest]), int(columns[nearest]))
    if at == (row, column):
        return view
    height, width = trace.image.shape[:2]
    return replace(view, at=((at[0] + 0.5) * block.pixels / height, (at[1] + 0.5) * block.pixels / width))


def settled_pair(found: Mapping, trace: Trace, before: PairView) -> PairView:
    """A pair view from untrusted values: what does not fit stays as it was before. A query that moved is pinned."""
    shared = {name: found.get(name) for name in ("block", "head", "at")}
    view = checked(before.view.plain() | shared, trace, before.view)
    view = replace(view, pinned=before.view.pinned or view.at != before.view.at)
    return _with_own(found, view, trace, before)


def _with_own(found: Mapping, view: View, trace: Trace, before: PairView) -> PairView:
    tokens = trace.blocks[view.block].window ** 2
    return PairView(
        view,
        step=index(found.get("step"), len(STEPS), before.step),
        key=index(found.get("key"), tokens, None),
        factor=index(found.get("factor"), FACTORS, before.factor),
        cell=index(found.get("cell"), trace.blocks[view.block].channels // trace.blocks[view.block].heads, None),
        dims=index(found.get("dims"), DIMS, before.dims) or before.dims,
    )


def to_query(pair: PairView, trace: Trace, at: tuple[float, float] = MIDDLE) -> dict[str, str | None]:
    """All keys of the address that bring the pair view back; None where it is as at first. `at`: the first query."""
    shared = attention.to_query(pair.view, trace, at)
    return {name: shared[name] for name in _SHARED} | {
        "step": str(pair.step + _FIRST["step"]) if pair.step else None,
        "key": None if pair.key is None else str(pair.key),
        "factor": str(pair.factor) if pair.factor else None,
        "cell": None if pair.cell is None else str(pair.cell),
        "dims": str(pair.dims) if pair.dims != PairView.dims else None,
    }


def from_query(query: Mapping[str, str], trace: Trace, view: View) -> PairView:
    """The pair view of an address, `view` being what it shares with the Attention screen; nonsense is ignored."""
    texts = {name: query.get(name, "") for name in _FIRST}
    own = {name: int(text) - _FIRST[name] for name, text in texts.items() if text.isdecimal() and len(text) < 5}
    before = start(view)
    return _with_own(own, before.view, trace, before)
