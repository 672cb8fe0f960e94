"""Position bias and patch merging, step by step: M window side, N = M·M; pairs are cells, N² of them."""

import math

import numpy as np
import torch

from swin_viz.explorer.lessoncode import source_lines
from swin_viz.lessons.board import PLAIN, Lesson, LessonError, Step, grid, index_map, places, seats
from swin_viz.model import PatchMerging, WindowAttention
from swin_viz.windows import pad_to_multiple, relative_index


def bias_lesson(window: int, factor: int | None = None, bias: np.ndarray | None = None) -> Lesson:
    """From pairs of tokens to the bias: Δy, + M−1, × factor, Δx, sum, table, look-up.

    bias: (N, N), the values added for one head, or None where the model has another window. Raises LessonError.
    """
    if not 1 <= window <= 7:
        raise LessonError("bias_window", least=1, most=7)
    tokens, side = window * window, 2 * window - 1
    index = relative_index(window, factor).numpy()
    down, across = (relative_index(window, 1) - relative_index(window, 0)).numpy(), relative_index(window, 0).numpy()
    query = np.repeat(np.arange(tokens), tokens)
    matrix, table = grid(tokens, tokens), np.stack((index // side, index % side), axis=-1)
    difference, total = ("dy, dx = at[:, :, None]",), ("return dy * factor + dx",)
    rows = [
        ("pairs", ("at = torch.stack",), query, matrix),
        ("dy", difference, down - (window - 1), matrix),
        ("dy_plus", difference, down, matrix),
        ("times", total, down * (side if factor is None else factor), matrix),
        ("dx_plus", difference, across, matrix),
        ("index", total, index, matrix),
        ("table", total, index, table),
    ]
    code, after = source_lines(relative_index), (("bias", matrix), ("bias_table", table))
    if bias is not None:
        code += ["", *source_lines(WindowAttention.look_up)]
        rows += [(key, ("self.relative_position_bias_table[",), bias, at) for key, at in after]
    steps = tuple(_pair_step(key, marks, min(i, 7), *each) for i, (key, marks, *each) in enumerate(rows))
    formula = ("(y, x)", "Δy", "+ M−1", "× (2M−1)", "Δx + M−1", "sum", "table", "B")
    sources = places(1, tokens * tokens, (1, tokens * tokens))
    return Lesson("bias", steps, tuple(code), formula, sources)


def _pair_step(key: str, marks: tuple[str, ...], part: int, values: np.ndarray, at: np.ndarray) -> Step:
    """A step on all pairs of a window: their numbers, and where they stand."""
    tokens, places_of = math.isqrt(values.size), at.reshape(-1, 2).astype(np.float32)
    plain = np.full(values.size, PLAIN, np.uint8)
    return Step(key, marks, part, f"{tokens} × {tokens}", places_of, values.reshape(-1).astype(np.float32), plain)


def collisions(window: int, factor: int) -> tuple[int, int]:
    """How many different indices there are with a factor, and how many there should be: (2M−1)²."""
    return len(np.unique(relative_index(window, factor).numpy())), (2 * window - 1) ** 2


def merging_lesson(height: int, width: int) -> Lesson:
    """2×2 groups in the order x0 x1 x2 x3, joined to 4C, normed, projected to 2C. Raises LessonError."""
    if not (height >= 1 and width >= 1):
        raise LessonError("not_positive")
    rows, columns = pad_to_multiple(torch.zeros(1, height, width, 1), 2).shape[1:3]
    ids, count = index_map(rows, columns), rows * columns
    sources = places(rows, columns, (height, width))
    values = np.where(sources[:, 0] < 0, np.nan, sources[:, 0] * width + sources[:, 1]).astype(np.float32)
    half, wide = rows // 2, columns // 2
    parts = [ids[:, 0::2, 0::2], ids[:, 1::2, 0::2], ids[:, 0::2, 1::2], ids[:, 1::2, 1::2]]
    group = np.zeros(count, np.uint8)
    for number, part in enumerate(parts):
        group[part.reshape(-1).numpy()] = number
    here = seats(ids, grid(rows, columns), count)
    first = np.where(sources < 0, np.nan, here).astype(np.float32)
    apart, stacked, halved = _part_seats(parts, half, wide)
    plain, out = np.full(count, PLAIN, np.uint8), f"1 × {half} × {wide}"
    gone = np.full(count, np.nan, np.float32)
    steps = (
        Step("map", ("def forward(",), 0, f"1 × {height} × {width} × C", first, values, plain),
        Step("pad", ("x = pad_to_multiple(x, 2)",), 0, f"1 × {rows} × {columns} × C", here, values, group),
        Step("parts", ("x0, x1 =", "x2, x3 ="), 1, f"4 × ({out} × C)", apart, values, group),
        Step("concat", ("torch.cat((x0, x1, x2, x3)",), 2, f"{out} × 4C", stacked, values, group),
        Step("norm", ("self.norm(groups)",), 3, f"{out} × 4C", stacked, values, group),
        Step("linear", ("self.reduction(",), 4, f"{out} × 2C", halved, gone, plain),
    )
    formula = ("x", "x₀ x₁ x₂ x₃", "concat: 4C", "LayerNorm", "linear: 4C → 2C")
    return Lesson("merging", steps, tuple(source_lines(PatchMerging.forward)), formula, sources)


def _part_seats(parts: list[torch.Tensor], rows: int, columns: int) -> tuple[np.ndarray, ...]:
    """Where all tokens stand: the four parts side by side, stacked to 4C, and projected to 2C. (n, 2) each."""
    order = np.argsort(np.concatenate([part.reshape(-1).numpy() for part in parts]))
    beside = [grid(rows, columns) + np.float32((0, number * (columns + 1))) for number in range(4)]
    stacked, halved = ([stack(rows, columns, number * step, 4) for number in range(4)] for step in (1, 0.5))
    return tuple(
        np.concatenate([at.reshape(-1, 2).astype(np.float32) for at in each])[order]
        for each in (beside, stacked, halved)
    )


def stack(rows: int, columns: int, level: float, height: int) -> np.ndarray:
    """Seats of one level of channel blocks standing on every output token."""
    at = grid(rows, columns)
    return np.stack((at[..., 0] * (height + 0.6) + level, at[..., 1] * 3.2), axis=-1)


def as_convolution(merging: PatchMerging, x: torch.Tensor) -> tuple[float, float]:
    """Largest difference between merging and a 2×2 convolution of stride 2 with the same weights: without, with norm.

    x: (1, H, W, C). Relative to the largest output of the merging.
    """
    channels = x.shape[-1]
    weight = merging.reduction.weight.view(-1, 2, 2, channels).permute(0, 3, 2, 1)  # (2C, C, row, column)
    even = pad_to_multiple(x, 2)
    convolved = torch.nn.functional.conv2d(even.permute(0, 3, 1, 2), weight, stride=2).permute(0, 2, 3, 1)
    groups = torch.cat((even[:, 0::2, 0::2], even[:, 1::2, 0::2], even[:, 0::2, 1::2], even[:, 1::2, 1::2]), dim=-1)
    bare, normed = merging.reduction(groups), merging(x)
    return tuple(float((convolved - out).abs().max() / out.abs().max()) for out in (bare, normed))
