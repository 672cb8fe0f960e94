"""Relative position bias, step by step: from a pair of tokens to one number of a head's table.

Letters: M window side, N = M·M, h heads. Cells are the N² pairs of a window, in rows of queries; each goes to the cell
of the (2M−1)×(2M−1) table that its offset, query − key, names.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from torch import Tensor

from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.board import PLAIN, Lesson, LessonError, Step
from swin_viz.lessons.cells import grid, places
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.source import course, listing
from swin_viz.network.model import WindowAttention
from swin_viz.network.taught import position_bias, position_index
from swin_viz.network.windows import relative_index

TAUGHT = course(
    position_index,
    position_bias,
    pairs="coords = torch.stack(",
    dy="relative = coords[:, :, None]",
    dy_plus="relative[:, :, 0] += M - 1",
    times="relative[:, :, 0] *= 2 * M - 1",
    dx="relative = coords[:, :, None]",
    dx_plus="relative[:, :, 1] += M - 1",
    index="return relative.sum(-1)",
    table="return relative.sum(-1)",
    bias="bias = table[index.view(-1)]",
)


def bias_lesson(window: int, factor: int | None = None, bias: np.ndarray | None = None) -> Lesson:
    """From pairs of tokens to the bias: Δy, + M−1, × factor, Δx, + M−1, sum, table, look-up.

    bias: (N, N), what one head adds (`looked_up`), or None where the model's table is too small. Raises LessonError.
    """
    if not 1 <= window <= 7:
        raise LessonError("bias_window", least=1, most=7)
    tokens, side = window * window, 2 * window - 1
    factor = side if factor is None else factor
    way, times = {side: ("", "(2M−1)"), 1: ("_none", "1")}.get(factor, ("_near", "(2M−2)"))
    shown: list[Callable[..., Tensor]] = [relative_index]
    if bias is not None:
        shown.append(WindowAttention.look_up)
    rows = _rows(window, factor, way, bias)
    steps = tuple(_pair_step(key, marks, min(i, 8), *each) for i, (key, marks, *each) in enumerate(rows))
    steps = tuple(_on_the_table(step, side) if "table" in step.key else step for step in steps)
    formula = ("(y, x)", "Δy", "+ M−1", f"× {times}", "Δx", "+ M−1", "sum", "table", "B")
    sources = places(1, tokens * tokens, (1, tokens * tokens))
    collide = relative_index(window, factor).numpy().reshape(-1) if way else None
    code, taught = listing(*shown), None if way else TAUGHT
    return Lesson("bias", steps, code, formula, sources, (0, tokens), ramp=True, index=collide, course=taught)


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
    return np.take(middle.reshape(-1), relative_index(window, factor).numpy())


def factors_of(window: int) -> dict[str, int]:
    """What the rows' offset can be multiplied by: the right number, and two mistakes; of one token there is none."""
    return {"right": 2 * window - 1} | ({"none": 1, "near": 2 * window - 2} if window > 1 else {})


def collisions(window: int, factor: int) -> tuple[int, int]:
    """How many different indices there are with a factor, and how many there should be: (2M−1)²."""
    return len(np.unique(relative_index(window, factor).numpy())), (2 * window - 1) ** 2


def middle_window(block: BlockTrace) -> int:
    """The window in the middle of the rolled map: of an even number of rows or columns the later one."""
    rows, columns = (side // block.window for side in block.padded)
    return rows // 2 * columns + columns // 2


def bias_arrays(block: BlockTrace, head: int, observe: Observe) -> dict[str, np.ndarray]:
    """The middle window's scores before the bias, (h, N, N), and the head whose table is looked at first."""
    name = f"{block.name}.attn.scaled"
    return {"centre.scaled": observe(name)[name][middle_window(block)], "head": np.array([head], np.int32)}


def _rows(window: int, factor: int, way: str, bias: np.ndarray | None) -> list[tuple]:
    """The steps in their order: key, marks of the code, values of all pairs, where they stand, and their kind."""
    side, index = 2 * window - 1, relative_index(window, factor).numpy()
    down, across = (relative_index(window, 1) - relative_index(window, 0)).numpy(), relative_index(window, 0).numpy()
    query = np.repeat(np.arange(window**2), window**2)
    matrix, table = grid(window**2, window**2), np.stack((index // side, index % side), axis=-1)
    difference, total = ("dy, dx = at[:, :, None]",), ("return dy * factor + dx",)
    shared = "offsets" if way else "numbers"  # a wrong factor gives several offsets one number
    rows: list[tuple] = [
        ("pairs", ("at = torch.stack",), query, matrix, "slots"),
        ("dy", difference, down - (window - 1), matrix),
        ("dy_plus", difference, down, matrix),
        (f"times{way}", total, down * factor, matrix),
        ("dx", difference, across - (window - 1), matrix),
        ("dx_plus", difference, across, matrix),
        (f"index{way}", total, index, matrix, shared),
        (f"table{way}", total, index, table, shared),
    ]
    if bias is not None:
        after = ((f"bias{way}", matrix), (f"bias_table{way}", table))
        rows += [(key, ("self.relative_position_bias_table[",), bias, at, shared) for key, at in after]
    return rows


def _on_the_table(step: Step, side: int) -> Step:
    """A step whose cells lie on the table has the table's shape: a row for every offset, a column for every head."""
    return replace(step, shape=f"{side**2} × h", axes="offsets")


def _pair_step(
    key: str, marks: tuple[str, ...], part: int, values: np.ndarray, at: np.ndarray, kind: str = "numbers"
) -> Step:
    """A step on all pairs of a window: their numbers, and where they stand."""
    tokens, places_of = math.isqrt(values.size), at.reshape(-1, 2).astype(np.float32)
    plain = np.full(values.size, PLAIN, np.uint8)
    written = values.reshape(-1).astype(np.float32)
    return Step(key, marks, part, f"{tokens} × {tokens}", places_of, written, plain, kind=kind, axes="N N")
