"""What Pair by pair shows: as on the Attention screen, with a step, a key and a factor of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from swin_viz.browser.attention import view as attention
from swin_viz.browser.attention.view import MIDDLE, View, checked, index
from swin_viz.browser.pairs.message import STEPS
from swin_viz.engine.trace import Trace

_FIRST = {"step": 1, "key": 0, "factor": 0}  # what is this screen's own in the address, and from where it counts
_SHARED = ("block", "head", "q")  # what the address has of the Attention screen's view


@dataclass(frozen=True)
class PairView:
    """What is shown: as on the Attention screen, with a step and a key slot of the query's window (or none)."""

    view: View
    step: int = 1
    key: int | None = None
    factor: int = 0  # on q·k, from 0 (1/√d, the model's) to 100 (1), even in the logarithm

    def plain(self) -> dict:
        """As the browser has it."""
        own = {name: getattr(self, name) for name in ("step", "key", "factor")}
        head = 0 if self.view.head == "mean" else self.view.head
        return {"block": self.view.block, "head": head, "at": list(self.view.at)} | own


def start(view: View) -> PairView:
    """The pair view that an Attention view leads to."""
    return PairView(replace(view, head=0 if view.head == "mean" else view.head, other=None))


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
        factor=index(found.get("factor"), 101, before.factor),
    )


def to_query(pair: PairView, trace: Trace, at: tuple[float, float] = MIDDLE) -> dict[str, str | None]:
    """All keys of the address that bring the pair view back; None where it is as at first. `at`: the first query."""
    shared = attention.to_query(pair.view, trace, at)
    return {name: shared[name] for name in _SHARED} | {
        "step": str(pair.step + _FIRST["step"]),
        "key": None if pair.key is None else str(pair.key),
        "factor": str(pair.factor) if pair.factor else None,
    }


def from_query(query: Mapping[str, str], trace: Trace, view: View) -> PairView:
    """The pair view of an address, `view` being what it shares with the Attention screen; nonsense is ignored."""
    texts = {name: query.get(name, "") for name in _FIRST}
    own = {name: int(text) - _FIRST[name] for name, text in texts.items() if text.isdecimal() and len(text) < 5}
    before = start(view)
    return _with_own(own, before.view, trace, before)
