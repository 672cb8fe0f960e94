"""Position bias and patch merging, step by step: M window side, N = M·M; pairs are cells, N² of them."""

import numpy as np
import torch

from swin_viz.explorer.lessoncode import source_lines
from swin_viz.lessons.board import PLAIN, Lesson, LessonError, Step, grid, index_map, places, seats
from swin_viz.model import PatchMerging
from swin_viz.windows import pad_to_multiple, relative_index


def bias_lesson(window: int, factor: int | None = None, bias: np.ndarray | None = None) -> Lesson:
    """From pairs of tokens to the bias: Δy, + M−1, × factor, Δx, sum, table, look-up.

    bias: (N, N), the values added for one head, or None where the model has another window. Raises LessonError.
    """
    if not 1 <= window <= 7:
        raise LessonError("bias_window", least=1, most=7)
    tokens, side = window * window, 2 * window - 1
    used = side if factor is None else factor
    index = relative_index(window, factor).numpy()
    down, across = (relative_index(window, 1) - relative_index(window, 0)).numpy(), relative_index(window, 0).numpy()
    matrix = grid(tokens, tokens).reshape(-1, 2)
    table = np.stack((index // side, index % side), axis=-1).reshape(-1, 2).astype(np.float32)
    place = places(1, tokens * tokens, (1, tokens * tokens))

    def step(key: str, marks: tuple[str, ...], part: int, values: np.ndarray, at: np.ndarray = matrix) -> Step:
        numbers = values.reshape(-1).astype(np.float32)
        return Step(
            key,
            marks,
            part,
            f"{tokens} × {tokens}",
            at.astype(np.float32),
            numbers,
            np.full(tokens**2, PLAIN, np.uint8),
        )

    query = np.repeat(np.arange(tokens), tokens).reshape(tokens, tokens)
    steps = [
        step("pairs", ("at = torch.stack",), 0, query),
        step("dy", ("dy, dx = at[:, :, None]",), 1, down - (window - 1)),
        step("dy_plus", ("dy, dx = at[:, :, None]",), 2, down),
        step("times", ("return dy * factor + dx",), 3, down * used),
        step("dx_plus", ("dy, dx = at[:, :, None]",), 4, across),
        step("index", ("return dy * factor + dx",), 5, index),
        step("table", ("return dy * factor + dx",), 6, index, table),
    ]
    if bias is not None:
        steps += [step("bias", (), 7, bias), step("bias_table", (), 7, bias, table)]
    formula = ("(y, x)", "Δy", "+ M−1", "× (2M−1)", "Δx + M−1", "sum", "table", "B")
    return Lesson("bias", tuple(steps), tuple(source_lines(relative_index)), formula, place)


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
    side = np.concatenate(
        [seats_of(part, grid(half, wide) + np.float32((0, number * (wide + 1)))) for number, part in enumerate(parts)]
    )
    stacked = np.concatenate([seats_of(part, stack(half, wide, number, 4)) for number, part in enumerate(parts)])
    halved = np.concatenate([seats_of(part, stack(half, wide, number / 2, 4)) for number, part in enumerate(parts)])
    order = np.argsort(np.concatenate([part.reshape(-1).numpy() for part in parts]))
    plain, out = np.full(count, PLAIN, np.uint8), f"1 × {half} × {wide}"
    gone = np.full(count, np.nan, np.float32)
    steps = (
        Step("map", (), 0, f"1 × {height} × {width} × C", first, values, plain),
        Step("pad", ("x = pad_to_multiple(x, 2)",), 0, f"1 × {rows} × {columns} × C", here, values, group),
        Step("parts", ("x0, x1 =", "x2, x3 ="), 1, f"4 × ({out} × C)", side[order], values, group),
        Step("concat", ("torch.cat((x0, x1, x2, x3)",), 2, f"{out} × 4C", stacked[order], values, group),
        Step("norm", ("self.norm(groups)",), 3, f"{out} × 4C", stacked[order], values, group),
        Step("linear", ("self.reduction(",), 4, f"{out} × 2C", halved[order], gone, plain),
    )
    formula = ("x", "x₀ x₁ x₂ x₃", "concat: 4C", "LayerNorm", "linear: 4C → 2C")
    return Lesson("merging", steps, tuple(source_lines(PatchMerging.forward)), formula, sources)


def seats_of(part: torch.Tensor, at: np.ndarray) -> np.ndarray:
    """Seats of a part's tokens, in the part's own order."""
    return at.reshape(-1, 2).astype(np.float32)


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
