"""A lesson as data: cells that move from step to step, each step with the lines of code that it is.

A *cell* is a token (or a pair of tokens) with a fixed identity; a step says where every cell stands, what is written
on it and which group colours it. Where a cell stands is read off the output of the very function that is shown: an
index map is sent through it. The browser moves the cells between the steps; nothing is computed there.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from swin_viz.network.windows import cyclic_shift, pad_to_multiple, partition

PALETTE = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999", "#332288")
PLAIN = 255  # the group of cells without a colour of their own; others take theirs from the palette, round and round

NO_WINDOW = 65535

ONE_LINE = 24  # tokens of a window that can be read on one line

MAX_CELLS = 4096


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
    kind: str = "numbers"  # what pairs show: "slots" (of query and key), or "offsets" (those that share the number too)
    features: str = ""  # those of the run that colour the cells, if they came along: <board>.colours.<features>
    block: int = 0  # of a pair of blocks, the one whose step it is


@dataclass(frozen=True)
class Lesson:
    """Steps over one set of cells. `sources` (n, 2): the token of the map that a cell shows, −1 for padding.

    `pairs`: the first cell that is a pair of a window's N tokens, and N. `ramp`: the numbers are a colour scale.
    `index`: where pairs share a number by mistake, the number (n,).
    """

    name: str
    steps: tuple[Step, ...]
    code: tuple[str, ...]
    formula: tuple[str, ...]
    sources: np.ndarray
    pairs: tuple[int, int] | None = None
    ramp: bool = False
    index: np.ndarray | None = None

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


def index_map(height: int, width: int) -> Tensor:
    """(1, H, W, 1): every token's own number."""
    return torch.arange(height * width).view(1, height, width, 1)


def seats(ids: Tensor, at: np.ndarray, count: int) -> np.ndarray:
    """Where each cell stands: ids (…) of a function's output, at (…, 2) the seats of that output → (count, 2)."""
    found = np.full((count, 2), np.nan, np.float32)
    found[ids.reshape(-1).numpy()] = at.reshape(-1, 2)
    return found


def grid(rows: int, columns: int, cut: int = 0, gap: float = 0.0) -> np.ndarray:
    """Seats of a map (rows, columns, 2), with a gap after every `cut` cells."""
    r, c = np.mgrid[:rows, :columns].astype(np.float32)
    if cut:
        r, c = r + gap * (r // cut), c + gap * (c // cut)
    return np.stack((r, c), axis=-1)


def window_list(count: int, window: int, across: int, gap: float = 1.0) -> np.ndarray:
    """Seats of windows laid out one after the other, `across` in a row: (nW, M, M, 2)."""
    r, c = np.mgrid[:window, :window].astype(np.float32)
    w = np.arange(count)[:, None, None]
    return np.stack((r + (w // across) * (window + gap), c + (w % across) * (window + gap)), axis=-1)


def rows_of(count: int, tokens: int) -> np.ndarray:
    """Seats of a matrix whose rows are windows, (nW, N, 2); long rows of few windows go over several lines each."""
    lines = -(-tokens // ONE_LINE)
    if lines == 1 or count * lines > tokens // lines:  # then the cells would be smaller than in long rows
        return grid(count, tokens)
    slot, row = np.arange(tokens), np.arange(count)[:, None]
    long = -(-tokens // lines)
    down = row * (lines + 0.6) + slot // long
    return np.stack((down, np.broadcast_to(slot % long, down.shape)), axis=-1).astype(np.float32)


def places(height: int, width: int, real: tuple[int, int]) -> np.ndarray:
    """Row and column of every cell of a padded map, −1 where it is padding: (H'·W', 2)."""
    at = np.stack(np.mgrid[:height, :width], axis=-1).reshape(-1, 2)
    at[(at[:, 0] >= real[0]) | (at[:, 1] >= real[1])] = -1
    return at


def check_grid(height: int, width: int, window: int, shift: int = 0) -> None:
    """Raises LessonError if these cannot make a grid that can be read."""
    if window > max(height, width):
        raise LessonError("window_too_large", window=window, height=height, width=width)
    if shift >= window:
        raise LessonError("shift_too_large", shift=shift, window=window)
    if min(height, width, window) < 1 or shift < 0:
        raise LessonError("not_positive")


HUES = len(PALETTE)


def padded_size(height: int, width: int, window: int) -> tuple[int, int]:
    """H', W': the sides after padding to multiples of the window."""
    return tuple(pad_to_multiple(torch.zeros(1, height, width, 1), window).shape[1:3])


def owners(rows: int, columns: int, window: int, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Which window each cell of the map falls into: (H'·W',)."""
    ids = partition(cyclic_shift(index_map(rows, columns), shift), window)[0, :, :, 0]
    owner = np.zeros(rows * columns, int)
    owner[ids.reshape(-1).numpy()] = np.repeat(np.arange(ids.shape[0]), ids.shape[1])
    return owner


def hues(numbers: np.ndarray) -> np.ndarray:
    """Colour groups of any numbers: the palette, again and again."""
    return (numbers % HUES).astype(np.uint8)


def window_hues(owner: np.ndarray, down: int, across: int) -> np.ndarray:
    """Colour groups of windows, `down` × `across` of them: no two that touch, be it at a corner, have the same."""
    step = across if across % HUES not in (0, 1, HUES - 1) or min(down, across) == 1 else 4
    return hues(owner // across * step + owner % across)


def numbers(sources: np.ndarray, width: int) -> np.ndarray:
    """What is written on the cells: the token's number in the unpadded map; nothing on padding."""
    return np.where(sources[:, 0] < 0, np.nan, sources[:, 0] * width + sources[:, 1]).astype(np.float32)


def abreast(count: int, columns: int) -> int:
    """How many windows are laid side by side: about √count, but not as many as in the map, which would look the same.

    columns: how many the map has in a row.
    """
    side = math.isqrt(count - 1) + 1
    return side + 1 if side == columns < count else side
