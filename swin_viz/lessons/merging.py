"""Patch merging, step by step; and on the real features: a token before and after, and what the stages make of all.

Letters: H W tokens at a stage's end, C channels; h w = ⌈H/2⌉ ⌈W/2⌉ new tokens of 4C, normed, projected to 2C. Every 2×2
group becomes one token, its four in an order that is part of the weights: x0 x1 down the first column, x2 x3 down the
second.
"""

import numpy as np
import torch
from torch import nn

from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.lessons.board import PLAIN, Lesson, LessonError, Step, kept
from swin_viz.lessons.cells import grid, index_map, numbers, padded_size, places, seats
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.source import course, listing
from swin_viz.network.model import PatchMerging, Swin
from swin_viz.network.taught import patch_merging
from swin_viz.network.windows import pad_to_multiple

MAP = "B H W C"  # the axes of a map
TAUGHT = course(
    patch_merging,
    map="H, W = x.shape[1:3]",
    pad="x = F.pad(x",
    parts=("x0 =", "x1 =", "x2 =", "x3 ="),
    concat="x = torch.cat(",
    norm="x = norm(x)",
    linear="return reduction(x)",
)


@kept
def merging_lesson(height: int, width: int) -> Lesson:
    """2×2 groups in the order x0 x1 x2 x3, joined to 4C, normed, projected to 2C. Raises LessonError."""
    if not (height >= 1 and width >= 1):
        raise LessonError("not_positive")
    rows, columns = padded_size(height, width, 2)
    ids, count = index_map(rows, columns), rows * columns
    sources = places(rows, columns, (height, width))
    values = numbers(sources, width)
    half, wide = rows // 2, columns // 2
    parts = [ids[:, 0::2, 0::2], ids[:, 1::2, 0::2], ids[:, 0::2, 1::2], ids[:, 1::2, 1::2]]
    group = np.zeros(count, np.uint8)
    for number, part in enumerate(parts):
        group[part.reshape(-1).numpy()] = number
    here = seats(ids, grid(rows, columns), count)
    first = np.where(sources < 0, np.nan, here).astype(np.float32)
    apart, stacked = _part_seats(parts, half, wide)
    plain, out, normed = np.full(count, PLAIN, np.uint8), f"1 × {half} × {wide}", _normed(parts, values)
    steps = (
        Step("map", ("def forward(",), 0, f"1 × {height} × {width} × C", first, values, plain, axes=MAP),
        Step("pad", ("x = pad_to_multiple(x, 2)",), 0, f"1 × {rows} × {columns} × C", here, values, group, axes=MAP),
        Step("parts", ("x0, x1 =", "x2, x3 ="), 1, f"4 × ({out} × C)", apart, values, group, axes="4 B H W C"),
        Step(
            "concat",
            ("torch.cat((x0, x1, x2, x3)",),
            2,
            f"{out} × 4C",
            stacked,
            values,
            group,
            features="groups",
            axes=MAP,
        ),
        Step("norm", ("self.norm(groups)",), 3, f"{out} × 4C", stacked, normed, group, features="normed", axes=MAP),
        Step(
            "linear",
            ("self.reduction(",),
            4,
            f"{out} × 2C",
            *_projected(parts[0], count),
            plain,
            features="out",
            axes=MAP,
        ),
    )
    formula = ("x", "x₀ x₁ x₂ x₃", "concat: 4C", "LayerNorm", "linear: 4C → 2C")
    return Lesson("merging", steps, listing(PatchMerging.forward), formula, sources, course=TAUGHT)


def merging_arrays(stage: int, model: Swin, observe: Observe) -> dict[str, np.ndarray]:
    """`merged` of the merging after a stage, from captured points."""
    name = f"layers.{stage}.downsample"
    values = observe(f"{name}.groups", f"{name}.merged")
    return merged(values[f"{name}.groups"], values[f"{name}.merged"], _merging_after(stage, model).norm)


@torch.no_grad()
def merged(groups: np.ndarray, out: np.ndarray, norm: nn.LayerNorm) -> dict[str, np.ndarray]:
    """groups (h, w, 4C), out (h, w, 2C), the stage's norm → arrays for the browser.

    photo.colours.<features> (H'·W', 3): every cell by the features that it stands for; merge.colours.<kind> (h, w, 3):
    the new tokens; merge.groups, .normed, .out: their numbers; merge.stats (h, w, 6): mean and variance, of
    the 4C numbers, of the same scaled by them, and after the learned γ and β.
    """
    x = torch.from_numpy(groups.copy()).to(norm.weight)
    scaled = torch.nn.functional.layer_norm(x, norm.normalized_shape, eps=norm.eps).float().cpu().numpy()
    normed = norm(x).float().cpu().numpy()
    stats = [part for each in (groups, scaled, normed) for part in (each.mean(-1), each.var(-1))]
    arrays = {"merge.groups": groups, "merge.normed": normed, "merge.out": out}
    arrays["merge.stats"] = np.stack(stats, axis=-1).astype(np.float32)
    colours = as_colours(out)
    arrays |= {"photo.colours.groups": _apart(groups), "photo.colours.normed": _apart(normed)}
    arrays["photo.colours.out"] = colours.repeat(2, 0).repeat(2, 1).reshape(-1, 3)
    arrays |= {f"merge.colours.{name}": as_colours(value) for name, value in (("groups", groups), ("normed", normed))}
    return arrays | {"merge.colours.out": colours}


def normed_over_the_map(stats: np.ndarray) -> tuple[float, float]:
    """Least and largest variance of a token if one mean and variance were taken over the whole map; stats: `merged`'s.

    Per token, as the layer does, every variance is 1.
    """
    mean, variance = stats[..., 0].astype(float), stats[..., 1].astype(float)
    whole = variance.mean() + mean.var()
    return float(variance.min() / whole), float(variance.max() / whole)


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
    without, with_norm = (float((convolved - out).abs().max() / out.abs().max()) for out in (bare, normed))
    return without, with_norm


def real_convolution(stage: int, model: Swin, observe: Observe) -> tuple[float, float]:
    """`as_convolution` of the merging after a stage, on the real features that it gets."""
    name = f"layers.{stage}.blocks.{model.config.depths[stage] - 1}.resid_post"
    merging, x = _merging_after(stage, model), torch.from_numpy(observe(name)[name].copy())[None]
    with torch.no_grad():
        return as_convolution(merging, x.to(merging.norm.weight.device))


def feature_maps(trace: Trace, observe: Observe, channel: int = 0) -> list[tuple[BlockTrace, np.ndarray]]:
    """The last block of every stage, and what leaves it as pixels (H, W, 3).

    channel: a single one, counted from 1, in grey where the stage has it; else principal components as colours.
    """
    last = list({block.stage: block for block in trace.blocks}.values())
    values = observe(*(f"{block.name}.resid_post" for block in last))
    found = []
    for block in last:
        features, single = values[f"{block.name}.resid_post"], 0 < channel <= block.channels
        found.append((block, as_grey(features[..., channel - 1]) if single else as_colours(features)))
    return found


def as_colours(features: np.ndarray) -> np.ndarray:
    """The three strongest principal components of a map as red, green and blue: (H, W, C) → (H, W, 3) uint8.

    Each component is scaled to its own range; the signs are fixed so that the same features give the same colours.
    """
    flat = torch.from_numpy(features.reshape(-1, features.shape[-1]).astype(np.float64))
    flat = flat - flat.mean(0)
    parts = (flat @ principal_axes(flat).T).numpy()
    parts = np.pad(parts, ((0, 0), (0, 3 - parts.shape[1])))
    low, high = np.percentile(parts, [1, 99], axis=0)
    scaled = np.clip((parts - low) / np.where(high > low, high - low, 1), 0, 1)
    colours: np.ndarray = (scaled * 255).round().astype(np.uint8)
    return colours.reshape(*features.shape[:2], 3)


def principal_axes(flat: torch.Tensor) -> torch.Tensor:
    """The three directions in which centred rows (n, C) vary most, fewer where n or C is less: (≤ 3, C).

    From the smaller one of XᵀX and XXᵀ: of thousands of tokens a singular value decomposition takes a hundred times
    as long. By torch: numpy's takes more threads than it has work for.
    """
    count, channels = flat.shape
    small = flat.T @ flat if channels <= count else flat @ flat.T
    axes = torch.linalg.eigh(small)[1].T.flip(0)[:3]
    if channels > count:
        axes = torch.nn.functional.normalize(axes @ flat, dim=1)
    largest = axes.gather(1, axes.abs().argmax(1, keepdim=True))
    return torch.where(largest < 0, -axes, axes)


def as_grey(channel: np.ndarray) -> np.ndarray:
    """One channel, its smallest value black and its largest white: (H, W) → (H, W, 3) uint8."""
    low, high = float(channel.min()), float(channel.max())
    grey = ((channel - low) / ((high - low) or 1) * 255).round().astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def with_grid(image: np.ndarray, step: int) -> np.ndarray:
    """The picture with a line every `step` pixels: the single grid of a Vision Transformer."""
    lined = image.copy()
    lined[::step], lined[:, ::step] = 255, 255
    return lined


def _merging_after(stage: int, model: Swin) -> PatchMerging:
    found = model.get_submodule(f"layers.{stage}.downsample")
    assert isinstance(found, PatchMerging)
    return found


def _part_seats(parts: list[torch.Tensor], rows: int, columns: int) -> tuple[np.ndarray, ...]:
    """Where all tokens stand: the four parts as they stand in a group, and stacked to 4C. (n, 2) each."""
    order = np.argsort(np.concatenate([part.reshape(-1).numpy() for part in parts]))
    beside = [_corner(rows, columns, number) for number in range(4)]
    stacked = [_stacked(rows, columns, number, 4) for number in range(4)]
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


def _corner(rows: int, columns: int, number: int) -> np.ndarray:
    """Seats of one part where its tokens stand in every 2×2 group: x0 x1 left, x2 x3 right."""
    return grid(rows, columns) + np.array((number % 2 * (rows + 1), number // 2 * (columns + 1)), np.float32)


def _stacked(rows: int, columns: int, level: float, height: int) -> np.ndarray:
    """Seats of one level of channel blocks standing on every output token."""
    at = grid(rows, columns)
    return np.stack((at[..., 0] * (height + 0.6) + level, at[..., 1] * 3.2), axis=-1)


def _apart(groups: np.ndarray) -> np.ndarray:
    """Colours of the four tokens of every group, at their places in the map. (h, w, 4C) → (4·h·w, 3)."""
    rows, columns, channels = groups.shape
    parts = groups.reshape(rows, columns, 2, 2, channels // 4)  # x0 x1 x2 x3: column offset, then row offset
    tokens = parts.transpose(0, 3, 1, 2, 4).reshape(2 * rows, 2 * columns, channels // 4)
    return as_colours(tokens).reshape(-1, 3)
