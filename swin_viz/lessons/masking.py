"""The mask, step by step, on any map; its regions numbered as published, with fewer numbers, or by mistake.

The same lesson serves a student's small grid and the real map of a block of the loaded model.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from swin_viz.explorer.lessoncode import source_lines
from swin_viz.lessons.board import Lesson, Step, check_grid, grid, index_map, places, rows_of, seats, window_list
from swin_viz.lessons.windowing import abreast, hues, padded_size
from swin_viz.windows import cyclic_shift, effective_shift, partition, region_ids, shift_mask

NUMBERINGS = ("nine", "four", "unpadded")


def four_regions(rows: int, columns: int, shift: tuple[int, int]) -> Tensor:
    """The fewest regions that give the same mask: rolled in or not, along each axis. → (H', W')."""
    down = torch.arange(rows) >= rows - shift[0]
    across = torch.arange(columns) >= columns - shift[1]
    return down[:, None].long() * 2 + across[None, :].long()


def unpadded_regions(height: int, width: int, window: int, shift: tuple[int, int]) -> Tensor:
    """A mistake: regions made from the size before padding, zeros where the padding comes. → (H', W')."""
    rows, columns = padded_size(height, width, window)
    return F.pad(region_ids(height, width, window, shift), (0, columns - width, 0, rows - height))


def regions_of(height: int, width: int, window: int, shift: int, numbering: str = "nine") -> Tensor:
    """The region of every token of the rolled and padded map, by one of NUMBERINGS. → (H', W') integers."""
    rows, columns = padded_size(height, width, window)
    moved = effective_shift(rows, columns, window, shift)
    if numbering == "four":
        return four_regions(rows, columns, moved)
    if numbering == "unpadded":
        return unpadded_regions(height, width, window, moved)
    return region_ids(rows, columns, window, moved)


def faults(height: int, width: int, window: int, shift: int) -> tuple[int, int]:
    """What the unpadded size gets wrong: how many pairs of all windows are blocked, and left open, by mistake."""
    right, wrong = (
        shift_mask(regions_of(height, width, window, shift, numbering), window) != 0
        for numbering in ("nine", "unpadded")
    )
    return int((wrong & ~right).sum()), int((right & ~wrong).sum())


def mask_lesson(height: int, width: int, window: int, shift: int, numbering: str = "nine") -> Lesson:
    """Regions of the rolled map, partitioned as the data is, laid out as rows. Raises LessonError."""
    check_grid(height, width, window, shift)
    rows, columns = padded_size(height, width, window)
    count = rows * columns
    regions = regions_of(height, width, window, shift, numbering)
    ids = cyclic_shift(index_map(rows, columns), effective_shift(rows, columns, window, shift))
    steps = (
        *_numbering_steps(ids, regions, numbering, count),
        *_comparing_steps(ids, regions, window, count),
    )
    made_by = {"nine": (region_ids,), "four": (four_regions,), "unpadded": (unpadded_regions, region_ids)}[numbering]
    code = tuple(line for function in (*made_by, shift_mask) for line in (*source_lines(function), ""))[:-1]
    sources = places(rows, columns, (height, width))
    return Lesson("mask", steps, code, ("regions", "partition", "id ≠ id", "0 / −100"), sources)


def _on_cells(ids: Tensor, values: Tensor, count: int) -> np.ndarray:
    """Values of the rolled map, for every cell by its number."""
    found = np.zeros(count, np.float32)
    found[ids.reshape(-1).numpy()] = values.reshape(-1).numpy()
    return found


def _numbering_steps(ids: Tensor, regions: Tensor, numbering: str, count: int) -> tuple[Step, ...]:
    """From slices of rows and columns to region numbers, on the rolled map."""
    (rows, columns), parts = regions.shape, 2 if numbering == "four" else 3
    at, shape = seats(ids, grid(rows, columns), count), f"{rows} × {columns}"
    number = _on_cells(ids, regions, count)
    slices = (regions.numpy()[:, 0] // parts, regions.numpy()[0] % parts)  # of every row, of every column
    down, across = (part[at[:, axis].astype(int)].astype(np.uint8) for axis, part in enumerate(slices))
    if numbering == "four":
        by_row, by_column, joined = ("down = ",), ("across = torch.arange",), ("return down",)
    else:
        by_row = by_column = ("return (at >= size - window)",)
        joined = ("return slices(height",) if numbering == "nine" else ("return F.pad(region_ids(",)
    name = "" if numbering == "nine" else f"_{numbering}"
    ending = "_four" if numbering == "four" else ""
    return (
        Step(f"rows{ending}", by_row, 0, shape, at, down.astype(np.float32), down),
        Step(f"columns{ending}", by_column, 0, shape, at, across.astype(np.float32), across),
        Step(f"regions{name}", joined, 0, shape, at, number, hues(number.astype(int))),
    )


def _comparing_steps(ids: Tensor, regions: Tensor, window: int, count: int) -> tuple[Step, ...]:
    """The region numbers cut into windows, laid out as rows, compared."""
    flat, tokens = partition(ids, window)[0, :, :, 0], window * window
    windows, number = len(flat), _on_cells(ids, regions, count)
    layout = window_list(windows, window, abreast(windows, regions.shape[1] // window))
    cut = seats(flat.view(-1, window, window), layout, count)
    listed = seats(flat, rows_of(windows, tokens), count)
    written = (number, hues(number.astype(int)))
    table = f"{windows} × {tokens} × {tokens}"
    return (
        Step("cut", ("ids = partition(regions",), 1, f"{windows} × {window} × {window}", cut, *written),
        Step("flat", ("ids = partition(regions",), 1, f"{windows} × {tokens}", listed, *written),
        Step("compare", ("across = ids[:, :, None] != ids[:, None, :]",), 2, table, listed, *written),
        Step("fill", ("torch.where(across, value, 0.0)",), 3, table, listed, *written),
    )
