"""A lesson as data: cells that move from step to step, each step with the lines of code that it is.

A *cell* is a token (or a pair of tokens) with a fixed identity; a step says where every cell stands, what is written
on it and which group colours it. Where a cell stands is read off the output of the very function that is shown: an
index map is sent through it. The browser moves the cells between the steps; nothing is computed there.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from swin_viz.lessons.source import Course

# The hues of regions and windows: --g0 to --g8 of the browser's kit/look/tokens.css, as they are on a light page.
PALETTE = ("#f3c677", "#9cc9ee", "#7fcfae", "#f5e06e", "#b5a6f0", "#f2a48a", "#e7a9cf", "#c9b08f", "#a8d36f")
PLAIN = 255  # the group of cells without a colour of their own; others take theirs from the palette, round and round
NO_WINDOW = 65535  # what stands in place of its window for a cell that is in none
MAX_CELLS = 4096  # of a block's map that is still shown as a lesson
kept = lru_cache(maxsize=16)  # a lesson is made once of its sizes, and changed by nobody

KINDS = (
    "numbers",  # as they are
    "slots",  # pairs by the places of query and key
    "offsets",  # pairs by their number, and the offsets that share it
    "split",  # pairs by the regions of query and key: a cell of two hues where they differ
    "verdict",  # pairs as the mask leaves them: hatched where blocked
    "lines",  # with the borders of the windows that it will have
    "rows",  # windows as rows: cells may be taller than wide
    "pieces",  # patches: a line between two, hatched where they are padding
    "roll",  # cells come here over the map's edges
)


class LessonError(ValueError):
    """Why a small grid cannot be made; `key` names the sentence in text/<language>/steps.toml."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key, self.fields = key, fields


@dataclass(frozen=True)
class Step:
    """Where n cells stand and what they show. Arrays: at (n, 2) row and column; values, groups (n,)."""

    key: str  # names the paragraph: step_<key> in the lesson's words
    marks: tuple[str, ...]  # of the source lines that are this step
    formula: int  # which part of the formula is lit
    shape: str
    at: np.ndarray  # float32; NaN hides a cell
    values: np.ndarray  # float32 numbers written on the cells; NaN writes nothing
    groups: np.ndarray  # uint8, of the colour
    windows: np.ndarray | None = None  # uint16: each cell's window, NO_WINDOW for none; None: windows are not meant
    kind: str = "numbers"  # how it is drawn: see KINDS
    features: str = ""  # those of the run that colour the cells, if they came along: <board>.colours.<features>
    block: int = 0  # of a pair of blocks, the one whose step it is
    axes: str = ""  # which axes the numbers of `shape` count, in their order: "B H W C"


@dataclass(frozen=True)
class Lesson:
    """Steps over one set of cells. `sources` (n, 2): the token of the map that a cell shows, −1 for padding.

    `pairs`: the first cell that is a pair of a window's N tokens, and N. `ramp`: the numbers are a colour scale.
    `index`: where pairs share a number by mistake, the number (n,). `part`: the cells are not all there are. `course`:
    the same steps as courses teach them, None where the lesson shows a mistake.
    """

    name: str
    steps: tuple[Step, ...]
    code: tuple[str, ...]
    formula: tuple[str, ...]
    sources: np.ndarray
    pairs: tuple[int, int] | None = None
    ramp: bool = False
    index: np.ndarray | None = None
    part: bool = False
    course: Course | None = None

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """The browser's arrays by name: <prefix>.at.<step>, .values, .groups, .windows (if any), .sources, .index."""
        found = {f"{prefix}.sources": self.sources.astype(np.int32)}
        if self.index is not None:
            found[f"{prefix}.index"] = self.index.astype(np.int32)
        for i, step in enumerate(self.steps):
            found |= {
                f"{prefix}.at.{i}": step.at,
                f"{prefix}.values.{i}": step.values,
                f"{prefix}.groups.{i}": step.groups,
            }
            if step.windows is not None:
                found[f"{prefix}.windows.{i}"] = step.windows.astype(np.uint16)
        return found


def check_grid(height: int, width: int, window: int, shift: int = 0) -> None:
    """Raises LessonError if these cannot make a grid that can be read."""
    if window > max(height, width):
        raise LessonError("window_too_large", window=window, height=height, width=width)
    if shift >= window:
        raise LessonError("shift_too_large", shift=shift, window=window)
    if min(height, width, window) < 1 or shift < 0:
        raise LessonError("not_positive")
