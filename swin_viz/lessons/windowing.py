"""Windows and shift, step by step, on any map: H W tokens, padded to H' W', windows of M·M = N tokens.

The same lessons serve a student's small grid and the real map of a block of the loaded model.
"""

import numpy as np
import torch
from torch import Tensor

from swin_viz.explorer.lessoncode import source_lines
from swin_viz.lessons.board import (
    PLAIN,
    Lesson,
    Step,
    check_grid,
    grid,
    index_map,
    places,
    rows_of,
    seats,
    window_list,
)
from swin_viz.model import SwinBlock
from swin_viz.windows import (
    cyclic_shift,
    effective_shift,
    pad_to_multiple,
    partition,
    reverse,
    undo_shift,
)

HUES = 9  # colours of the browser's palette


def padded_size(height: int, width: int, window: int) -> tuple[int, int]:
    """H', W': the sides after padding to multiples of the window."""
    return tuple(pad_to_multiple(torch.zeros(1, height, width, 1), window).shape[1:3])


def _owner(rows: int, columns: int, window: int, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Which window each cell of the map falls into: (H'·W',)."""
    ids = partition(cyclic_shift(index_map(rows, columns), shift), window)[0, :, :, 0]
    owner = np.zeros(rows * columns, int)
    owner[ids.reshape(-1).numpy()] = np.repeat(np.arange(ids.shape[0]), ids.shape[1])
    return owner


def hues(numbers: np.ndarray) -> np.ndarray:
    """Colour groups of any numbers: the palette, again and again."""
    return (numbers % HUES).astype(np.uint8)


def _numbers(sources: np.ndarray, width: int) -> np.ndarray:
    """What is written on the cells: the token's number in the unpadded map; nothing on padding."""
    return np.where(sources[:, 0] < 0, np.nan, sources[:, 0] * width + sources[:, 1]).astype(np.float32)


def abreast(count: int, columns: int) -> int:
    """How many windows are laid side by side: all of a few, else as many as the map has in a row."""
    return count if count <= 8 else columns


def windows_lesson(height: int, width: int, window: int, scramble: bool = False) -> Lesson:
    """From map to windows and back: pad, view, permute, reshape, reverse. `scramble` leaves the permute out.

    Raises LessonError for a grid that cannot be.
    """
    check_grid(height, width, window)
    rows, columns = padded_size(height, width, window)
    ids, sources = index_map(rows, columns), places(rows, columns, (height, width))
    count, written = rows * columns, _numbers(sources, width)
    owner, plain = hues(_owner(rows, columns, window)), np.full(rows * columns, PLAIN, np.uint8)
    here, apart, listed, rowwise, back = _window_seats(ids, window, scramble)
    first = np.where(sources < 0, np.nan, here).astype(np.float32)
    down, across, tokens = rows // window, columns // window, window**2
    padded = f"1 × {rows} × {columns} × C"
    viewed, permuted = f"1 × {down} × {window} × {across} × {window}", f"1 × {down} × {across} × {window} × {window}"
    reshaped = f"1 × {count // tokens} × {tokens} × C"
    cut, name = ("permute(0, 1, 3, 2, 4, 5).reshape(batch, -1",), "scrambled" if scramble else "permute"
    steps = (
        Step("map", ("height, width = x.shape[1:3]",), 0, f"1 × {height} × {width} × C", first, written, plain),
        Step("pad", ("return F.pad(",), 0, padded, here, written, plain),
        Step("view", ("x = x.view(",), 1, f"{viewed} × C", apart, written, owner),
        Step(name, cut, 2, f"{permuted} × C", listed, written, owner),
        Step("reshape", cut, 3, reshaped, rowwise, written, owner),
        Step("reverse", ("x = windows.view(", "reshape(batch, height"), 4, padded, back, written, owner),
    )
    code = (*source_lines(pad_to_multiple), "", *source_lines(partition), "", *source_lines(reverse))
    return Lesson("windows", steps, code, ("x", "view", "permute", "reshape", "reverse"), sources)


def _window_seats(ids: Tensor, window: int, scramble: bool) -> tuple[np.ndarray, ...]:
    """Where the cells stand as a map, with the windows apart, as a list of windows, as rows, and put together again."""
    rows, columns = ids.shape[1:3]
    count, tokens = rows * columns, window**2
    views = ids.view(rows // window, window, columns // window, window)
    listed = (views if scramble else views.permute(0, 2, 1, 3)).reshape(-1, window, window)
    flat = listed.reshape(-1, tokens) if scramble else partition(ids, window)[0, :, :, 0]
    back = reverse(flat[None, :, :, None], window, rows, columns)
    layout = window_list(len(flat), window, abreast(len(flat), columns // window))
    placed = (
        (ids, grid(rows, columns)),
        (ids, grid(rows, columns, window, 0.6)),
        (listed, layout),
        (flat, rows_of(len(flat), tokens)),
        (back, grid(rows, columns)),
    )
    return tuple(seats(order, at, count) for order, at in placed)


def shift_lesson(height: int, width: int, window: int, shift: int) -> Lesson:
    """Regular windows, pieces, the roll, the new windows, the corner window, the roll back. Raises LessonError."""
    check_grid(height, width, window, shift)
    rows, columns = padded_size(height, width, window)
    ids, sources = index_map(rows, columns), places(rows, columns, (height, width))
    count, values = rows * columns, _numbers(sources, width)
    moved = effective_shift(rows, columns, window, shift)
    rolled = cyclic_shift(ids, moved)
    at = np.stack(np.mgrid[:rows, :columns], axis=-1).reshape(-1, 2)
    piece = ((at[:, 0] < moved[0]) * 2 + (at[:, 1] < moved[1])).astype(np.uint8)
    old, new = _owner(rows, columns, window), _owner(rows, columns, window, moved)
    corner = np.where(new == new.max(), piece, PLAIN).astype(np.uint8)
    here, there = seats(ids, grid(rows, columns), count), seats(rolled, grid(rows, columns), count)
    apart = seats(rolled, grid(rows, columns, window, 0.6), count)
    shape = f"1 × {rows} × {columns} × C"
    windows = f"1 × {count // window**2} × {window**2} × C"
    back = seats(undo_shift(rolled, moved), grid(rows, columns), count)
    rolling = ("x = self.shifted(cyclic_shift(", "return torch.roll(")
    rolling_back = ("return self.unshifted(undo_shift(", "return cyclic_shift(")
    cutting, numbering = ("x = self.windows(partition(",), ("regions = self.regions(",)
    steps = (
        Step("before", cutting, 0, shape, here, values, hues(old)),
        Step("pieces", ("shift = self.shift(",), 1, shape, here, values, piece),
        Step("rolled", rolling, 1, shape, there, values, piece),
        Step("cut", cutting, 2, windows, apart, values, hues(new)),
        Step("corner", numbering, 2, windows, apart, values, corner),
        Step("back", rolling_back, 3, shape, back, values, hues(new)),
    )
    code = (*source_lines(SwinBlock.attend), "", *source_lines(cyclic_shift), "", *source_lines(undo_shift))
    return Lesson("shift", steps, code, ("x", "roll(−s, −s)", "windows", "roll(s, s)"), sources)


def padding_shares(
    size: tuple[int, int], window: int, stages: int
) -> list[tuple[tuple[int, int], tuple[int, int], float]]:
    """Per stage: the map, the padded map, and the share of the windows' tokens that is padding."""
    found = []
    for _ in range(stages):
        padded = padded_size(*size, window)
        found.append((size, padded, 1 - size[0] * size[1] / (padded[0] * padded[1])))
        size = (-(-size[0] // 2), -(-size[1] // 2))
    return found
