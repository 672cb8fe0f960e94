"""Position bias and patch merging, step by step: M window side, N = M·M; pairs are cells, N² of them."""

import math

import numpy as np
import torch

from swin_viz.explorer.lessoncode import source_lines
from swin_viz.lessons.board import PLAIN, Lesson, LessonError, Step, grid, index_map, places, seats
from swin_viz.model import PatchMerging, WindowAttention
from swin_viz.windows import pad_to_multiple, relative_index


def bias_lesson(window: int, factor: int | None = None, bias: np.ndarray | None = None) -> Lesson:
    """From pairs of tokens to the bias: Δy, + M−1, × factor, Δx, + M−1, sum, table, look-up.

    bias: (N, N), what one head adds (`looked_up`), or None where the model's table is too small. Raises LessonError.
    """
    if not 1 <= window <= 7:
        raise LessonError("bias_window", least=1, most=7)
    tokens, side = window * window, 2 * window - 1
    factor = side if factor is None else factor
    way, times = {side: ("", "(2M−1)"), 1: ("_none", "1")}.get(factor, ("_near", "(2M−2)"))
    index = relative_index(window, factor).numpy()
    down, across = (relative_index(window, 1) - relative_index(window, 0)).numpy(), relative_index(window, 0).numpy()
    query = np.repeat(np.arange(tokens), tokens)
    matrix, table = grid(tokens, tokens), np.stack((index // side, index % side), axis=-1)
    difference, total = ("dy, dx = at[:, :, None]",), ("return dy * factor + dx",)
    rows = [
        ("pairs", ("at = torch.stack",), query, matrix),
        ("dy", difference, down - (window - 1), matrix),
        ("dy_plus", difference, down, matrix),
        (f"times{way}", total, down * factor, matrix),
        ("dx", difference, across - (window - 1), matrix),
        ("dx_plus", difference, across, matrix),
        (f"index{way}", total, index, matrix),
        (f"table{way}", total, index, table),
    ]
    code, after = source_lines(relative_index), ((f"bias{way}", matrix), (f"bias_table{way}", table))
    if bias is not None:
        code += ["", *source_lines(WindowAttention.look_up)]
        rows += [(key, ("self.relative_position_bias_table[",), bias, at) for key, at in after]
    steps = tuple(_pair_step(key, marks, min(i, 8), *each) for i, (key, marks, *each) in enumerate(rows))
    formula = ("(y, x)", "Δy", "+ M−1", f"× {times}", "Δx", "+ M−1", "sum", "table", "B")
    sources = places(1, tokens * tokens, (1, tokens * tokens))
    return Lesson("bias", steps, tuple(code), formula, sources)


def looked_up(table: np.ndarray, window: int, factor: int, head: int) -> np.ndarray | None:
    """What a head adds to every pair of a window of any side M: (N, N), or None if the table has no such offsets.

    table: ((2W−1)², h), learned for windows of side W. Offsets of a smaller window are its middle (2M−1)² cells. With
    the wrong factor the pairs read the wrong cells of it.
    """
    whole, side = math.isqrt(len(table)), 2 * window - 1
    rim = (whole - side) // 2
    if rim < 0:
        return None
    middle = table[:, head].reshape(whole, whole)[rim : rim + side, rim : rim + side]
    return middle.reshape(-1)[relative_index(window, factor).numpy()]


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
    apart, stacked = _part_seats(parts, half, wide)
    plain, out = np.full(count, PLAIN, np.uint8), f"1 × {half} × {wide}"
    steps = (
        Step("map", ("def forward(",), 0, f"1 × {height} × {width} × C", first, values, plain),
        Step("pad", ("x = pad_to_multiple(x, 2)",), 0, f"1 × {rows} × {columns} × C", here, values, group),
        Step("parts", ("x0, x1 =", "x2, x3 ="), 1, f"4 × ({out} × C)", apart, values, group),
        Step("concat", ("torch.cat((x0, x1, x2, x3)",), 2, f"{out} × 4C", stacked, values, group),
        Step("norm", ("self.norm(groups)",), 3, f"{out} × 4C", stacked, _normed(parts, values), group),
        Step("linear", ("self.reduction(",), 4, f"{out} × 2C", *_projected(parts[0], count), plain),
    )
    formula = ("x", "x₀ x₁ x₂ x₃", "concat: 4C", "LayerNorm", "linear: 4C → 2C")
    return Lesson("merging", steps, tuple(source_lines(PatchMerging.forward)), formula, sources)


def _part_seats(parts: list[torch.Tensor], rows: int, columns: int) -> tuple[np.ndarray, ...]:
    """Where all tokens stand: the four parts side by side, and stacked to 4C. (n, 2) each."""
    order = np.argsort(np.concatenate([part.reshape(-1).numpy() for part in parts]))
    beside = [grid(rows, columns) + np.float32((0, number * (columns + 1))) for number in range(4)]
    stacked = [stack(rows, columns, number, 4) for number in range(4)]
    return tuple(
        np.concatenate([at.reshape(-1, 2).astype(np.float32) for at in each])[order] for each in (beside, stacked)
    )


def _normed(parts: list[torch.Tensor], values: np.ndarray) -> np.ndarray:
    """LayerNorm, as a new layer is, of tokens whose one channel is their number: zeros for padding. → (n,)."""
    groups = torch.stack([torch.from_numpy(np.nan_to_num(values))[part.reshape(-1)] for part in parts], dim=-1)
    normed, found = torch.nn.functional.layer_norm(groups, (4,)).numpy(), values.copy()
    for number, part in enumerate(parts):
        found[part.reshape(-1).numpy()] = normed[:, number]
    return np.where(np.isnan(values), np.nan, found).astype(np.float32)


def _projected(first: torch.Tensor, count: int) -> tuple[np.ndarray, np.ndarray]:
    """One cell for every new token, that of its group's x0, which is never padding: where it stands, and its number."""
    at, number = seats(first, grid(*first.shape[1:3]), count), np.full(count, np.nan, np.float32)
    number[first.reshape(-1).numpy()] = np.arange(first.numel())
    return at, number


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
