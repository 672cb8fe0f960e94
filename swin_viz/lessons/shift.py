"""The shift, step by step, on any map: the roll and back, and the naive way without it, beside each other.

Letters: H' W' the padded map, M window side, s shift. Cells: the map's tokens, then the padding that only the naive
way needs. The same lesson serves a student's small grid and the real map of a block of the loaded model.
"""

import copy
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from swin_viz.cost.terms import w_msa
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.lessons.board import NO_WINDOW, PLAIN, Lesson, Step, check_grid, kept
from swin_viz.lessons.cells import grid, index_map, numbers, owners, padded_size, places, seats, window_hues
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.source import course, listing
from swin_viz.network.model import SwinBlock
from swin_viz.network.taught import block_shift, block_shift_as_written, shifted_block
from swin_viz.network.windows import (
    cyclic_shift,
    effective_shift,
    pad_to_multiple,
    partition,
    region_ids,
    reverse,
    shift_mask,
    undo_shift,
)

MAP = "B H W C"  # the axes of a map
GAP = 0.6  # between windows that are shown apart
AXES = ("_none", "_one", "")  # the ending of a step's words where no, one, both axes are shifted
TAUGHT = course(
    block_shift_as_written,
    block_shift,
    shifted_block,
    before="x_windows = window_partition(",
    pieces=("return M // 2, M // 2", "down, across =", "down = 0", "across = 0"),
    rolled="x_shifted = torch.roll(",
    cut="x_windows = window_partition(",
    corner="attended = attn(",
    back="x = torch.roll(x_shifted",
)


@kept
def shift_lesson(height: int, width: int, window: int, shift: int) -> Lesson:
    """Regular windows, pieces, the roll, the new windows, the corner window, the roll back; then the same without roll.

    Raises LessonError.
    """
    check_grid(height, width, window, shift)
    rows, columns = padded_size(height, width, window)
    moved = effective_shift(rows, columns, window, shift)
    sources, cover = places(rows, columns, (height, width)), _cover(rows, columns, window, shift)
    ring = cover.numel() - rows * columns  # the naive way's own padding
    steps = (
        *_cyclic_steps(sources, (rows, columns), width, window, moved),
        *_naive_steps(cover, rows * columns, window),
    )
    sources = np.concatenate((sources, np.full((ring, 2), -1)))
    shown = (SwinBlock.attend, cyclic_shift, undo_shift, naive_shift)
    ending = AXES[sum(each > 0 for each in moved)]
    steps = tuple(_finished(step, ring, numbers(sources, width), ending) for step in steps)
    formula = ("x", "roll(−s, −s)", "windows", "roll(s, s)", "≡ pad(M−s, s)")
    return Lesson("shift", steps, listing(*shown), formula, sources, course=TAUGHT)


def margins(rows: int, columns: int, window: int, shift: int) -> tuple[int, int, int, int]:
    """How far the moved windows stand out over a map of full windows: (left, right, top, bottom)."""
    down, across = effective_shift(rows, columns, window, shift)
    return (window - across if across else 0), across, (window - down if down else 0), down


@torch.no_grad()
def naive_shift(block: SwinBlock, x: Tensor) -> Tensor:
    """Shifted windows without the roll: the map is padded so that the moved windows cover it (paper, section 3.2).

    x: (1, H, W, C), normed → what the block's attention gives, (1, H, W, C).
    """
    window, (height, width) = block.window, x.shape[1:3]
    even = pad_to_multiple(x, window)
    rows, columns = even.shape[1:3]
    left, right, top, bottom = margins(rows, columns, window, block.shift_size)
    padded = F.pad(even, (0, 0, left, right, top, bottom))
    outside = F.pad(torch.zeros(rows, columns, dtype=torch.long), (left, right, top, bottom), value=1)
    windows = block.attn(partition(padded, window), outside)
    x = reverse(windows, window, *padded.shape[1:3])
    return x[:, top : top + height, left : left + width]


@dataclass(frozen=True)
class Way:
    """What shifted windows cost one way: windows, their tokens, multiply-adds of the attention layer."""

    windows: int
    tokens: int
    macs: int


def shift_ways(height: int, width: int, window: int, shift: int, channels: int) -> tuple[Way, Way]:
    """The cyclic way and the naive one, of a map of any size."""
    rows, columns = padded_size(height, width, window)
    left, right, top, bottom = margins(rows, columns, window, shift)
    sides = ((rows, columns), (top + rows + bottom, left + columns + right))
    cyclic, naive = (Way(h * w // window**2, h * w, w_msa(h, w, channels, window)) for h, w in sides)
    return cyclic, naive


def naive_differences(block: BlockTrace, module: SwinBlock, observe: Observe) -> tuple[float, float, float]:
    """Largest difference of both ways on a block's real input, in single and in double precision; largest value.

    module: the block itself, on any device.
    """
    values, (height, width) = observe(f"{block.name}.padded", f"{block.name}.unshifted"), block.size
    normed = torch.from_numpy(values[f"{block.name}.padded"][:height, :width].copy())[None]
    wanted = values[f"{block.name}.unshifted"]
    found = naive_shift(module, normed.to(next(module.parameters()).device))[0].cpu().numpy()
    exact = copy.deepcopy(module).cpu().double()
    with torch.no_grad():
        apart = naive_shift(exact, normed.double()) - exact.attend(normed.double())
    return float(np.abs(found - wanted).max()), float(apart.abs().max()), float(np.abs(wanted).max())


@dataclass(frozen=True)
class RolledFirst:
    """What comes of rolling a map before it is padded: pairs let through that are no neighbours, and pairs lost."""

    through: int
    lost: int
    farthest: float  # tokens between two that are let through


@kept
def rolled_first(height: int, width: int, window: int, shift: int) -> RolledFirst:
    """Every pair of two real tokens that may attend to each other, counted both ways."""
    rows, columns = padded_size(height, width, window)
    moved = effective_shift(rows, columns, window, shift)
    regions = partition(region_ids(rows, columns, window, moved)[None, :, :, None], window)[0, :, :, 0]
    tokens = index_map(height, width) + 1  # 0 is padding
    right, wrong = (
        partition(each, window)[0, :, :, 0]
        for each in (
            cyclic_shift(pad_to_multiple(tokens, window), moved),
            pad_to_multiple(cyclic_shift(tokens, moved), window),
        )
    )
    home = torch.zeros(height * width + 1, dtype=torch.long)  # of a token: its window and region, as the model has it
    home[right.flatten()] = (torch.arange(len(right))[:, None] * 9 + regions).flatten()
    real = (wrong[:, :, None] > 0) & (wrong[:, None, :] > 0)
    allowed, together = (
        (each[:, :, None] == each[:, None, :]) & real for each in (regions, home[wrong])
    )  # (nW, N, N), by the wrong way and by the model's
    every = (right[:, :, None] > 0) & (right[:, None, :] > 0) & (regions[:, :, None] == regions[:, None, :])
    away = torch.stack(((wrong - 1) // width, (wrong - 1) % width), dim=-1).float()
    through = allowed & ~together
    far = torch.cdist(away, away)[through].max().item() if through.any() else 0.0
    return RolledFirst(int(through.sum()), int(every.sum() - (allowed & together).sum()), far)


def kept_still(trace: Trace) -> list[BlockTrace]:
    """The blocks that would shift if one window did not hold their map along an axis: every second of a stage."""
    return [block for block in trace.blocks if block.block % 2 and not all(block.shift) and block.window > 1]


def blocked_if_shifted(block: BlockTrace) -> float:
    """The share of a block's pairs that a mask would block if it were shifted as every second block."""
    step = block.window // 2
    mask = shift_mask(region_ids(*block.padded, block.window, (step, step)), block.window)
    return float((mask != 0).float().mean())


def _finished(step: Step, ring: int, values: np.ndarray, ending: str) -> Step:
    """A step with the numbers of all its cells; the ring is hidden where the step does not place it."""
    missing = len(values) - len(step.at)
    assert missing in (0, ring)
    add = lambda array, value: np.concatenate((array, np.full((missing, *array.shape[1:]), value, array.dtype)))  # noqa: E731
    windows = None if step.windows is None else add(step.windows, NO_WINDOW)
    first = step.key.startswith("before")
    key = step.key if first or step.key.endswith("_padding") else step.key + ending
    at, groups = add(step.at, np.nan), add(step.groups, PLAIN)
    return replace(step, key=key, at=at, values=values, groups=groups, windows=windows, block=int(not first))


def _cyclic_steps(
    sources: np.ndarray, sides: tuple[int, int], width: int, window: int, moved: tuple[int, int]
) -> tuple[Step, ...]:
    (rows, columns), count = sides, len(sources)
    ids, values = index_map(rows, columns), numbers(sources, width)
    rolled = cyclic_shift(ids, moved)
    at = places(rows, columns, (rows, columns))
    piece = ((at[:, 0] < moved[0]) * 2 + (at[:, 1] < moved[1])).astype(np.uint8)
    old, new = owners(rows, columns, window), owners(rows, columns, window, moved)
    hues = [window_hues(each, rows // window, columns // window) for each in (old, new)]
    corner, single = np.where(new == new.max(), piece, PLAIN).astype(np.uint8), "_single" if not old.max() else ""
    lacking = len(np.unique(piece[(new == new.max()) & (sources[:, 0] >= 0)])) < len(np.unique(piece))
    here, there = seats(ids, grid(rows, columns), count), seats(rolled, grid(rows, columns), count)
    apart = seats(rolled, grid(rows, columns, window, GAP), count)
    shape = f"1 × {rows} × {columns} × C"
    windows, rows_of = f"1 × {count // window**2} × {window**2} × C", "B nW N C"
    back = seats(undo_shift(rolled, moved), grid(rows, columns), count)
    rolling = ("x = self.shifted(cyclic_shift(", "return torch.roll(")
    rolling_back = ("return self.unshifted(undo_shift(", "return cyclic_shift(")
    cutting, numbering = ("x = self.windows(partition(",), ("regions = self.regions(",)
    return (
        Step(f"before{single}", cutting, 0, shape, here, values, hues[0], old, axes=MAP),
        Step("pieces", ("shift = self.shift(",), 1, shape, here, values, piece, axes=MAP),
        Step("rolled", rolling, 1, shape, there, values, piece, kind="roll", axes=MAP),
        Step("cut", cutting, 2, windows, apart, values, hues[0], new, axes=rows_of),
        Step(f"corner{'_padding' if lacking else ''}", numbering, 2, windows, apart, values, corner, axes=rows_of),
        Step("back", rolling_back, 3, shape, back, values, hues[1], new, kind="roll", axes=MAP),
    )


def _cover(rows: int, columns: int, window: int, shift: int) -> Tensor:
    """(1, H'', W'', 1): the map with the naive way's padding around it; the padding's cells are numbered last."""
    left, right, top, bottom = margins(rows, columns, window, shift)
    cover = torch.full((top + rows + bottom, left + columns + right), -1)
    cover[top : top + rows, left : left + columns] = index_map(rows, columns)[0, :, :, 0]
    cover[cover < 0] = torch.arange(rows * columns, cover.numel())
    return cover[None, :, :, None]


def _naive_steps(cover: Tensor, count: int, window: int) -> tuple[Step, ...]:
    """The moved windows cut out of the map as it stands, smaller at the edges; then all padded to one size."""
    rows, columns = cover.shape[1:3]
    ids, total = partition(cover, window)[0, :, :, 0], cover.numel()
    owner = np.zeros(total, int)
    owner[ids.reshape(-1).numpy()] = np.repeat(np.arange(len(ids)), window**2)
    at = seats(cover, grid(rows, columns, window, GAP), total)
    bare = at[:count] - at[:count].min(0)  # without the ring the map begins at the top
    values, colours = np.zeros(total), window_hues(owner, rows // window, columns // window)
    counted = f"nW: {count // window**2} → {len(ids)}"
    marks = ("left, right, top, bottom = margins(",), ("padded = F.pad(even", "outside = F.pad(")
    shape = f"1 × {len(ids)} × {window**2} × C   ({counted})"
    return (
        Step("naive", marks[0], 4, counted, bare, values[:count], colours[:count], owner[:count], axes="nW nW nW"),
        Step("naive_pad", marks[1], 4, shape, at, values, colours, owner, axes="B nW N C nW nW nW"),
    )
