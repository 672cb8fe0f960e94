"""The Attention page's state: checked when it comes from the browser or an address, written back into the address."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar

from swin_viz.engine.trace import Trace

LAYERS = ("attention", "received", "entropy", "distance", "rollout")
SCOPES = ("query", "window", "block")
CHARTS = ("entropy", "distance")
MIDDLE = (0.5, 0.5)
Default = TypeVar("Default")
Head = int | Literal["mean"]  # an index, or the mean over the heads


@dataclass(frozen=True)
class View:
    """What is shown. `at`: the query as parts of the picture's height and width; `other`: what it is compared with."""

    block: int
    head: Head = "mean"
    at: tuple[float, float] = MIDDLE
    pinned: bool = False
    layer: str = "attention"
    scope: str = "query"
    grid: bool = True
    rolled: bool = False
    wrong: bool = False
    chart: str = "entropy"
    other: tuple[int, Head] | None = None

    def plain(self) -> dict:
        """As the browser has it."""
        other = {"block": self.other[0], "head": self.other[1]} if self.other else None
        return asdict(self) | {"at": list(self.at), "other": other}


def default_view(trace: Trace, at: tuple[float, float] = MIDDLE) -> View:
    """The second block of the stage before the last: shifted, with several windows, and attention that has learned."""
    stage = max(0, trace.config.stages - 2)
    mine = [i for i, block in enumerate(trace.blocks) if block.stage == stage]
    return View(block=mine[min(1, len(mine) - 1)], at=at)


def checked(found: object, trace: Trace, before: View) -> View:
    """A view from untrusted values: what does not fit stays as it was before."""
    if not isinstance(found, Mapping):
        return before
    block = index(found.get("block"), len(trace.blocks), before.block)
    other = found.get("other")
    return View(
        block=block,
        head=_head(found.get("head"), trace.blocks[block].heads, before.head),
        at=_place(found.get("at"), before.at),
        layer=_one_of(found.get("layer"), LAYERS, before.layer),
        scope=_one_of(found.get("scope"), SCOPES, before.scope),
        chart=_one_of(found.get("chart"), CHARTS, before.chart),
        other=_other(other, trace) if isinstance(other, Mapping) else None,
        **{key: found[key] if isinstance(found.get(key), bool) else getattr(before, key) for key in _SWITCHES},
    )


_TEXTS = ("layer", "scope", "chart")
_SWITCHES = ("pinned", "grid", "rolled", "wrong")


def _one_of(value: object, options: tuple[str, ...], before: str) -> str:
    return value if isinstance(value, str) and value in options else before


def _place(value: object, before: tuple[float, float]) -> tuple[float, float]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(part, int | float) for part in value):
        row, column = (min(0.9999, max(0.0, float(part))) for part in value)
        return row, column
    return before


def index(value: object, count: int, before: Default) -> int | Default:
    """An index below `count` from an untrusted value, or what was there before."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count else before


def _head(value: object, count: int, before: Head) -> Head:
    if value == "mean":
        return "mean"
    return index(value, count, before if before == "mean" or before < count else "mean")


def _other(found: Mapping, trace: Trace) -> tuple[int, Head]:
    block = index(found.get("block"), len(trace.blocks), 0)
    return block, _head(found.get("head"), trace.blocks[block].heads, "mean")


def token(view: View, trace: Trace) -> tuple[int, int]:
    """The query's row and column in the view's block."""
    block = trace.blocks[view.block]

    def place(axis: int) -> int:
        return min(block.size[axis] - 1, int(view.at[axis] * trace.image.shape[axis] / block.pixels))

    return place(0), place(1)


def to_query(view: View, trace: Trace, at: tuple[float, float] = MIDDLE) -> dict[str, str | None]:
    """All keys of the address that bring the view back; None where it is as at first. `at`: the first query."""
    first, block = default_view(trace, at), trace.blocks[view.block]
    found = {
        "block": f"{block.stage + 1}.{block.block + 1}" if view.block != first.block else None,
        "head": _head_text(view.head) if view.head != first.head else None,
        "q": "{}.{}".format(*token(view, trace)) if view.at != first.at else None,
        "with": None,
    }
    for key in (*_TEXTS, *_SWITCHES):
        value = getattr(view, key)
        found[key] = str(int(value) if key in _SWITCHES else value) if value != getattr(first, key) else None
    if view.other:
        other = trace.blocks[view.other[0]]
        found["with"] = f"{other.stage + 1}.{other.block + 1}.{_head_text(view.other[1])}"
    return found


def from_query(query: Mapping[str, str], trace: Trace, at: tuple[float, float] = MIDDLE) -> View:
    """The view of an address; parts that make no sense are ignored. `at` is where to look if it does not say."""
    before = default_view(trace, at)
    found: dict[str, object] = {key: query[key] for key in _TEXTS if key in query}
    found |= {key: query[key] == "1" for key in _SWITCHES if query.get(key) in ("0", "1")}
    found["block"] = _block_of(query.get("block", ""), trace)
    found["head"] = _head_of(query.get("head", ""))
    parts = query.get("with", "").split(".")
    if len(parts) == 3:
        other, head = _block_of(".".join(parts[:2]), trace), _head_of(parts[2])
        if other is not None and head is not None:  # else it names nothing to compare with
            found["other"] = {"block": other, "head": head}
    view = checked(found, trace, before)
    row, _, column = query.get("q", "").partition(".")
    if row.isdecimal() and column.isdecimal() and len(row + column) < 10:
        pixels, (height, width) = trace.blocks[view.block].pixels, trace.image.shape[:2]
        middle = [(int(row) + 0.5) * pixels / height, (int(column) + 0.5) * pixels / width]
        view = checked(view.plain() | {"at": middle}, trace, view)
    return view


def _head_text(head: Head) -> str:
    return "mean" if head == "mean" else str(int(head) + 1)


def _head_of(text: str) -> Head | None:
    return int(text) - 1 if text.isdecimal() and len(text) < 4 else ("mean" if text == "mean" else None)


def _block_of(text: str, trace: Trace) -> int | None:
    names = [f"{block.stage + 1}.{block.block + 1}" for block in trace.blocks]
    return names.index(text) if text in names else None
