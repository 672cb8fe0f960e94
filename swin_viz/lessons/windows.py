"""Windows, step by step, on any map: padded, cut, laid out as rows, and put together again.

Letters: B maps of H W tokens with C channels, padded to H' W'; nW windows of side M, N = M·M tokens each. The same
lesson serves a student's small grid and the real map of a block of the loaded model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.board import PLAIN, Lesson, Step, check_grid, kept
from swin_viz.lessons.cells import (
    grid,
    index_map,
    numbers,
    owners,
    padded_size,
    places,
    rows_of,
    seats,
    window_hues,
    window_list,
)
from swin_viz.lessons.source import course, listing
from swin_viz.network.taught import pad_patches_as_written, pad_to_windows, window_partition, window_reverse
from swin_viz.network.windows import pad_to_multiple, partition, reverse

MAP = "B H W C"  # the axes of a map
SIDES = (300, 401)  # of a picture whose one side fits patches of 4
TAUGHT = course(
    pad_patches_as_written,
    pad_to_windows,
    window_partition,
    window_reverse,
    map="H, W = x.shape[1:3]",
    pad=("P - W % P, 0, P - H % P", "return F.pad("),
    view="x = x.view(B",
    permute="windows = x.permute(",
    reshape="return windows.view(-1",
    reverse=("x = windows.view(B", "return x.permute("),
)


@kept
def windows_lesson(height: int, width: int, window: int, scramble: bool = False) -> Lesson:
    """Map to windows and back: pad, view, permute, reshape, reverse; `scramble`: no permute. Raises LessonError."""
    check_grid(height, width, window)
    rows, columns = padded_size(height, width, window)
    ids, sources = index_map(rows, columns), places(rows, columns, (height, width))
    count, written = rows * columns, numbers(sources, width)
    down, across, tokens = rows // window, columns // window, window**2
    owner, plain = owners(rows, columns, window), np.full(count, PLAIN, np.uint8)
    coloured = (written, window_hues(owner, down, across), owner)
    cut = view_without_permute if scramble else partition
    here, apart, listed, rowwise, back = _window_seats(ids, window, cut)
    first = np.where(sources < 0, np.nan, here).astype(np.float32)
    padded, viewed = f"1 × {rows} × {columns} × C", f"1 × {down} × {window} × {across} × {window} × C"
    ending, permuted = "", f"1 × {down} × {across} × {window} × {window} × C"
    laid = ("permute(0, 1, 3, 2, 4, 5).reshape(batch, -1",)
    if scramble:  # with a single column of windows, or windows of one token, memory is in their order anyway
        ending, permuted = "_scrambled" if min(window, across) > 1 else "_unchanged", viewed
        laid = ("x.reshape(batch, -1",)
    six = "B nW M nW M C" if scramble else "B nW nW M M C"
    steps = (
        Step(
            "map", ("height, width = x.shape[1:3]",), 0, f"1 × {height} × {width} × C", first, written, plain, axes=MAP
        ),
        Step("pad", ("return F.pad(",), 0, padded, here, written, plain, owner, kind="lines", axes=MAP),
        Step("view", ("x = x.view(",), 1, viewed, apart, *coloured, axes="B nW M nW M C"),
        Step(f"permute{ending}", laid, 2, permuted, listed, *coloured, axes=six),
        Step(
            f"reshape{ending}",
            laid,
            3,
            f"1 × {count // tokens} × {tokens} × C",
            rowwise,
            *coloured,
            kind="rows",
            axes="B nW N C",
        ),
        Step(f"reverse{ending}", ("x = windows.view(", "reshape(batch, height"), 4, padded, back, *coloured, axes=MAP),
    )
    formula = ("x", "view", "✗ permute" if scramble else "permute", "reshape", "reverse")
    taught = None if scramble else TAUGHT
    return Lesson("windows", steps, listing(pad_to_multiple, cut, reverse), formula, sources, course=taught)


def view_without_permute(x: Tensor, window: int) -> Tensor:
    """The mistake: `partition` without its permute. x: (B, H, W, C) → (B, nW, N, C), but no windows of the map."""
    batch, height, width, channels = x.shape
    x = x.view(batch, height // window, window, width // window, window, channels)
    return x.reshape(batch, -1, window * window, channels)


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


@cache
def patch_padding() -> tuple[tuple[int, int], tuple[int, int], int]:
    """What a picture of SIDES is padded to before patches are cut: each side on its own, and as written; and P."""
    patch, pixels = 4, torch.empty(1, 3, *SIDES)
    wrong = pad_patches_as_written(pixels, patch).shape[2:]
    return padded_size(*SIDES, patch), (wrong[0], wrong[1]), patch


@dataclass(frozen=True)
class Pairs:
    """How many pairs a map's attention makes: everywhere, and inside windows, padding and all."""

    tokens: int
    windows: int
    everywhere: int
    inside: int

    @property
    def says(self) -> str:
        """What is true of them: windows save pairs, make more of them, or there is only one."""
        return "why_single" if self.windows == 1 else "why" if self.everywhere > self.inside else "why_more"


def pair_counts(size: tuple[int, int], window: int) -> Pairs:
    """The pairs of a map of H×W tokens, with global attention and in windows of side M."""
    rows, columns = padded_size(*size, window)
    tokens, windows = size[0] * size[1], rows * columns // window**2
    return Pairs(tokens, windows, tokens**2, windows * window**4)


def padding_attention(block: BlockTrace) -> tuple[float, float] | None:
    """How much of their attention the picture's own tokens give to padding: on average, and that of the most.

    Mean over heads; None where the block has no padding.
    """
    rows, columns = np.divmod(block.places, block.padded[1])
    padding = (rows >= block.size[0]) | (columns >= block.size[1])  # (nW, N)
    if not padding.any():
        return None
    given = (block.shares().mean(1) * padding[:, None, :]).sum(-1)[~padding]
    return float(given.mean()), float(given.max())


def _window_seats(ids: Tensor, window: int, cut: Callable[[Tensor, int], Tensor]) -> tuple[np.ndarray, ...]:
    """Where the cells stand as a map, with the windows apart, as a list of windows, as rows, and put together again."""
    rows, columns = ids.shape[1:3]
    count, tokens = rows * columns, window**2
    flat = cut(ids, window)[0, :, :, 0]
    back = reverse(flat[None, :, :, None], window, rows, columns)
    layout = window_list(len(flat), window, columns // window)
    placed = (
        (ids, grid(rows, columns)),
        (ids, grid(rows, columns, window, 0.3)),
        (flat, layout),
        (flat, rows_of(len(flat), tokens)),
        (back, grid(rows, columns)),
    )
    return tuple(seats(order, at, count) for order, at in placed)
