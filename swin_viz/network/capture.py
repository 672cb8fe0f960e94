"""Watch and edit the values inside a running model, safely for many threads sharing it.

A `Point` stands in the model wherever a lesson shows a value; its one forward hook is registered when the model is
built and stays. `capture` puts a `Tape` into a ContextVar; the hook hands the value to the tape in force in *this*
thread, if any. Nothing is registered or removed at run time, so nobody sees another's capture.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from torch import nn

Edit = Callable[[Any], Any]


class Point(nn.Module):
    """An identity whose string names the axes of the value that passes: `Point("B nW h N N")`."""

    def __init__(self, axes: str) -> None:
        super().__init__()
        self.axes = axes
        self.register_forward_hook(_through_tape)

    def forward(self, value: Any) -> Any:
        """Return the value as it is."""
        return value

    def extra_repr(self) -> str:
        """The axes, for `print(model)`."""
        return repr(self.axes)


class Tape(Mapping[str, Any]):
    """The values that passed the chosen points of one model, by module path, in the order in which they passed.

    A point that is passed twice keeps its last value. `wanted` names the points to be recorded; `shapes` has the shape
    of *every* point's value, recorded or not: () for a number, (2,) for a pair.
    """

    def __init__(self, names: dict[int, str], wanted: set[str], edits: dict[str, list[Edit]]) -> None:
        self._names, self.wanted, self._edits = names, wanted, edits
        self._values: dict[str, Any] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}

    def take(self, point: Point, value: Any) -> Any:
        """Apply the point's edits to the value, keep the result if it was asked for, and return it."""
        name = self._names.get(id(point))
        if name is None:  # a point of some other model
            return value
        for edit in self._edits.get(name, ()):
            value = edit(value)
        if name in self.wanted:
            self._values[name] = value
        self.shapes[name] = tuple(np.shape(value))
        return value

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


_TAPE: ContextVar[Tape | None] = ContextVar("swin_viz_tape", default=None)


def _through_tape(point: Point, _args: tuple, value: Any) -> Any:
    tape = _TAPE.get()
    return None if tape is None else tape.take(point, value)


_POINTS: WeakKeyDictionary[nn.Module, dict[str, Point]] = WeakKeyDictionary()  # walking a model takes milliseconds


def points(model: nn.Module) -> dict[str, Point]:
    """All points of a model by module path, in the order of definition."""
    if model not in _POINTS:
        _POINTS[model] = {name: module for name, module in model.named_modules() if isinstance(module, Point)}
    return _POINTS[model]


@lru_cache(maxsize=512)
def _select(pattern: str, names: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(name for name in names if fnmatchcase(name, pattern))
    if not chosen:
        near = get_close_matches(pattern, names, n=4, cutoff=0.3)
        raise KeyError(f"no point matches {pattern!r}; near names: {', '.join(near) or 'none'}")
    return chosen


@contextmanager
def capture(model: nn.Module, *patterns: str, edit: Mapping[str, Edit] | None = None) -> Iterator[Tape]:
    """Record the points that match the glob patterns while the block runs, and replace values by `edit`.

    `edit` maps a glob pattern to a function value → value, applied as the value passes and before it is kept.
    Values are recorded as they are, without a copy: run the model under `torch.no_grad()`.
    Raises KeyError, with near names, for a pattern that matches no point.
    """
    by_name = points(model)
    names = tuple(by_name)
    wanted = {name for pattern in patterns for name in _select(pattern, names)}
    edits: dict[str, list[Edit]] = {}
    for pattern, function in (edit or {}).items():
        for name in _select(pattern, names):
            edits.setdefault(name, []).append(function)
    tape = Tape({id(point): name for name, point in by_name.items()}, wanted, edits)
    token = _TAPE.set(tape)
    try:
        yield tape
    finally:
        _TAPE.reset(token)
