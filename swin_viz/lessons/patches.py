"""Patches and embedding, step by step: padded, cut, flattened, projected, normed; and what is true of it on a picture.

Letters: H W rows and columns of patches, p a patch's side in pixels, C channels of the embedding; a patch has 3·p·p
numbers. The small picture passes a real `PatchEmbed` with three filters made by hand; on the real one the values are
the run's.
"""

from collections.abc import Mapping, Sequence
from math import isqrt
from typing import TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from swin_viz.engine.trace import Trace
from swin_viz.lessons.board import MAX_CELLS, PLAIN, Lesson, LessonError, Step, kept
from swin_viz.lessons.cells import grid, hues, numbers, padded_size, places, seats
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.merging import as_colours
from swin_viz.lessons.source import listing
from swin_viz.network.capture import capture
from swin_viz.network.model import PatchEmbed, Swin
from swin_viz.network.taught import pad_patches_as_written
from swin_viz.network.variants import SwinConfig

RGB = 3
POINTS = ("patch_embed.padded", "patch_embed.projected", "patch_embed.tokens")
MARKS = {  # step → the lines that are it
    "image": ("height, width = images.shape[2:]",),
    "pad": ("images = self.padded(",),
    "cut": ("x = images.view(", "return x.permute(0, 2, 4, 1, 3, 5)"),
    "flatten": ("flat = cut(",),
    "project": ("x = self.proj(images)", "return F.linear("),
    "map": ("x = self.projected(",),
    "norm": ("return self.tokens(",),
}
AXES = {  # step → which axes its shape counts
    **dict.fromkeys(("image", "pad"), "B 3 px px"),
    **{"cut": "B H W 3 p p", "flatten": "B HW n", "project": "B HW C", "map": "B H W C", "norm": "B H W C"},
}
GAP = 0.6  # between patches, in cells
Size: TypeAlias = tuple[int, int]
Cells: TypeAlias = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]]  # of a board, by step


def cut(images: Tensor, patch: int) -> Tensor:
    """Every patch by itself. images (B, 3, p·H, p·W) → (B, H, W, 3, p, p)."""
    batch, colours, height, width = images.shape
    x = images.view(batch, colours, height // patch, patch, width // patch, patch)
    return x.permute(0, 2, 4, 1, 3, 5)


def flatten_and_project(images: Tensor, proj: nn.Conv2d) -> Tensor:
    """What the convolution does, one thing after the other. images (B, 3, p·H, p·W) → (B, H·W, C)."""
    flat = cut(images, proj.stride[0]).flatten(3).flatten(1, 2)  # (B, H·W, 3·p·p)
    return F.linear(flat, proj.weight.flatten(1), proj.bias)


@kept
def patches_lesson(height: int, width: int, patch: int = 4, norm: bool = True) -> Lesson:
    """A small picture, its pixels numbered, through an embedding with three filters. Raises LessonError.

    A cell is one of a pixel's three numbers; of each patch three cells go on as its three channels.
    """
    if min(height, width) < 1:
        raise LessonError("not_positive")
    image = torch.arange(height * width).view(1, 1, height, width).expand(1, RGB, height, width)
    passed = _passed(image.float(), patch, norm)
    rows, columns = (side // patch for side in passed["padded"].shape[2:])
    ids = torch.arange(RGB * rows * columns * patch**2).view(1, RGB, rows * patch, columns * patch)
    firsts = cut(ids, patch)[0, ..., 0, 0].reshape(-1).numpy()  # of every patch: of each colour its first pixel's
    sources = _pixels(rows * patch, columns * patch, (height, width))
    written = dict.fromkeys(MARKS, numbers(sources, width))
    for names, point in ((("project", "map"), "projected"), (("norm",), "tokens")):
        values = np.full(len(sources), np.nan, np.float32)
        values[firsts] = passed[point].reshape(-1)
        written |= dict.fromkeys(names, values)
    owner = _owners(ids, patch)
    at = _small_seats(ids, patch, firsts)
    at["image"] = np.where(sources < 0, np.nan, at["pad"]).astype(np.float32)
    plain = (np.full(len(sources), PLAIN, np.uint8), None)
    cells: Cells = {
        name: (at[name], written[name], *(plain if name in ("image", "pad") else (hues(owner), owner)))
        for name in MARKS
    }
    return Lesson("patches", _steps(cells, (height, width), patch, norm), _code(), _formula(patch), sources)


@kept
def picture_lesson(height: int, width: int, patch: int = 4, norm: bool = True) -> Lesson:
    """The same on a picture of that size: a cell is a patch, of a large picture one of those that are shown."""
    size = (-(-height // patch), -(-width // patch))
    (top, rows), (left, columns) = shown_part(height, patch), shown_part(width, patch)
    count, across = rows * columns, isqrt(rows * columns)
    if across == columns:  # a list has no rows: it is broken somewhere else than the map
        across += max(1, columns // 4)
    order = np.arange(count)
    listed = np.stack((order // across, order % across), axis=-1).astype(np.float32)
    here, apart = (grid(rows, columns, *gap).reshape(-1, 2) for gap in ((), (1, 0.3)))
    at = dict.fromkeys(MARKS, here) | {"cut": apart, "flatten": listed, "project": listed}
    nothing, plain = np.full(count, np.nan, np.float32), np.full(count, PLAIN, np.uint8)
    cells: Cells = {name: (at[name], nothing, plain, None) for name in MARKS}
    sources = np.stack((order // columns + top, order % columns + left), axis=-1)
    steps = _steps(cells, (height, width), patch, norm)
    return Lesson("patches", steps, _code(), _formula(patch), sources, part=(rows, columns) != size)


def shown_part(side: int, patch: int) -> Size:
    """Of a side's patches the first one that is shown, and how many: the middle ones, with padding the last ones."""
    count = -(-side // patch)
    shown = min(count, isqrt(MAX_CELLS))
    return (count - shown if side % patch else (count - shown) // 2), shown


def embedded(observe: Observe) -> dict[str, np.ndarray]:
    """What passes the embedding's points: padded (3, p·H, p·W), projected and tokens (H, W, C)."""
    values = observe(*POINTS)
    return {name.removeprefix("patch_embed."): values[name] for name in POINTS}


def board_colours(trace: Trace, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """photo.colours.projected and .tokens (n, 3): the shown patches by what they have become; values: `embedded`."""
    height, width = trace.image.shape[:2]
    (top, rows), (left, columns) = (shown_part(side, trace.config.patch) for side in (height, width))
    shown = {name: values[name][top : top + rows, left : left + columns] for name in ("projected", "tokens")}
    return {f"photo.colours.{name}": as_colours(each).reshape(-1, 3) for name, each in shown.items()}


def filter_arrays(model: Swin, mean: Sequence[float], std: Sequence[float]) -> dict[str, np.ndarray]:
    """What the browser computes with: patch.weight (C, 3, p, p), .bias (C,), .mean and .std of the pixels' colours;
    and of the norm, if there is one, .gamma, .beta (C,) and .eps (1,).
    """
    embed = model.patch_embed
    found = {"weight": embed.proj.weight, "bias": embed.proj.bias}
    if isinstance(embed.norm, nn.LayerNorm):
        found |= {"gamma": embed.norm.weight, "beta": embed.norm.bias}
    arrays = {f"patch.{name}": _array(value) for name, value in found.items() if value is not None}
    exact = {"mean": mean, "std": std} | ({"eps": [embed.norm.eps]} if "gamma" in found else {})
    return arrays | {f"patch.{name}": np.array(value, np.float64) for name, value in exact.items()}


def first_patch(trace: Trace, at: tuple[float, float]) -> Size:
    """The patch at a place of the picture, as parts of its height and width."""
    height, width = trace.blocks[0].size
    pixels = [int(part * side) // trace.config.patch for part, side in zip(at, trace.image.shape, strict=False)]
    return min(max(0, pixels[0]), height - 1), min(max(0, pixels[1]), width - 1)


def first_filter(projected: np.ndarray) -> int:
    """The channel that differs most over the picture. projected (H, W, C)."""
    return int(projected.std(axis=(0, 1)).argmax())


@torch.no_grad()
def convolution_difference(model: Swin, padded: np.ndarray, projected: np.ndarray) -> tuple[float, float]:
    """The largest difference between the run's convolution and flatten + linear; the convolution's largest value."""
    images = torch.from_numpy(padded.copy())[None].to(model.patch_embed.proj.weight)
    listed = _array(flatten_and_project(images, model.patch_embed.proj))[0]
    difference = listed.reshape(projected.shape) - projected
    return float(np.abs(difference).max()), float(np.abs(projected).max())


@torch.no_grad()
def changed_by_covering(model: Swin, padded: np.ndarray, at: Size, blocks: int) -> list[list[int]]:
    """Which tokens are others when one patch is grey: after the embedding, and after each of the first `blocks`.

    padded (3, p·H, p·W) as the model gets it; tokens by row·W + column. Two real runs, compared bit by bit.
    """
    images, patch = torch.from_numpy(padded.copy())[None].to(model.patch_embed.proj.weight), model.config.patch
    (top, left), grey = (part * patch for part in at), images.clone()
    grey[:, :, top : top + patch, left : left + patch] = 0  # the mean colour
    x, other = model.patch_embed(images), model.patch_embed(grey)
    found = [_differing(x, other)]
    for number in range(blocks):
        block = model.get_submodule(f"layers.0.blocks.{number}")
        x, other = block(x), block(other)
        found.append(_differing(x, other))
    return found


def _differing(x: Tensor, other: Tensor) -> list[int]:
    return [int(i) for i in (x != other).any(dim=-1).flatten().nonzero()[:, 0]]


def tour_size(height: int, width: int, patch: int = 4) -> Size:
    """The padded sides as the tour's code makes them: if one is no multiple, *both* grow by patch − side mod patch."""
    padded = pad_patches_as_written(torch.empty(1, RGB, height, width, device="meta"), patch)
    return padded.shape[2], padded.shape[3]


def own_size(height: int, width: int, patch: int = 4) -> Size:
    """The padded sides as the model makes them: each on its own."""
    return padded_size(height, width, patch)


def by_hand(patch: int, norm: bool = True) -> PatchEmbed:
    """An embedding with three filters: the mean; right half minus left half; lower half minus upper half."""
    embed = PatchEmbed(SwinConfig(embed_dim=3, depths=(1,), heads=(1,), patch=patch, patch_norm=norm)).eval()
    sign = (torch.arange(patch) - (patch - 1) / 2).sign() / max(1, RGB * patch * (patch // 2))
    even = torch.full((patch, patch), 1 / (RGB * patch**2))
    filters = torch.stack((even, sign[None].expand(patch, patch), sign[:, None].expand(patch, patch)))
    with torch.no_grad():
        embed.proj.weight.copy_(filters[:, None].expand(RGB, RGB, patch, patch))
        embed.proj.bias.zero_()  # type: ignore[union-attr]
    return embed


@torch.no_grad()
def _passed(images: Tensor, patch: int, norm: bool) -> dict[str, np.ndarray]:
    """What passes the points of the embedding by hand."""
    embed = by_hand(patch, norm)
    with capture(embed, "*") as tape:
        embed(images)
    return {name: _array(value) for name, value in tape.items()}


def _array(value: Tensor) -> np.ndarray:
    found: np.ndarray = value.detach().float().cpu().numpy()
    return found


def _pixels(height: int, width: int, real: Size) -> np.ndarray:
    """Row and column of the pixel that each cell is a number of, −1 for padding: (3·height·width, 2)."""
    return np.tile(places(height, width, real), (RGB, 1))


def _owners(ids: Tensor, patch: int) -> np.ndarray:
    """Which patch each cell is of: (n,)."""
    cells, owner = cut(ids, patch).flatten(3)[0].flatten(0, 1), np.zeros(ids.numel(), int)  # (patches, 3·p·p)
    owner[cells.reshape(-1).numpy()] = np.repeat(np.arange(len(cells)), cells.shape[1])
    return owner


def _small_seats(ids: Tensor, patch: int, firsts: np.ndarray) -> dict[str, np.ndarray]:
    """Where the cells of the small picture stand, step by step: read off what `cut` and `flatten` make of `ids`."""
    count, apart = ids.numel(), cut(ids, patch)[0]  # (H, W, 3, p, p)
    rows, columns = apart.shape[:2]
    pixels = np.broadcast_to(grid(*ids.shape[2:]), (RGB, *ids.shape[2:], 2))
    r, c, _, y, x = np.indices(apart.shape).astype(np.float32)
    found = {"pad": seats(ids, pixels, count)}
    found["cut"] = seats(apart, np.stack((r * (patch + GAP) + y, c * (patch + GAP) + x), axis=-1), count)
    found["flatten"] = seats(apart.flatten(2), _rows_of_colours(rows * columns, patch), count)
    numbers = np.arange(rows * columns)[:, None]
    channel = np.broadcast_to(np.arange(RGB), (rows * columns, RGB))
    listed = (np.broadcast_to(numbers, channel.shape), channel)
    mapped = (np.broadcast_to(numbers // columns * (1 + GAP), channel.shape), numbers % columns * (RGB + GAP) + channel)
    for names, at in ((("project",), listed), (("map", "norm"), mapped)):
        placed = np.full((count, 2), np.nan, np.float32)
        placed[firsts] = np.stack(at, axis=-1).reshape(-1, 2)
        found |= dict.fromkeys(names, placed)
    return found


def _rows_of_colours(count: int, patch: int) -> np.ndarray:
    """Seats of every patch's numbers, a line a colour; as many patches beside each other as makes cells largest."""
    long = patch**2
    across = min(range(1, count + 1), key=lambda n: max(-(-count // n) * (RGB + GAP), n * (long + GAP)))
    number, k = np.arange(count)[:, None], np.arange(RGB * long)
    down = number // across * (RGB + GAP) + k // long
    return np.stack((down, number % across * (long + GAP) + k % long), axis=-1).astype(np.float32)


def _steps(cells: Cells, size: Size, patch: int, norm: bool) -> tuple[Step, ...]:
    """The steps of either board: `cells` has each one's seats, numbers, groups and patches (windows of pixels)."""
    tall, wide = own_size(*size, patch)
    rows, columns = tall // patch, wide // patch
    shapes = {
        "image": "1 × 3 × {} × {}".format(*size),
        "pad": f"1 × 3 × {tall} × {wide}",
        "cut": f"1 × {rows} × {columns} × 3 × {patch} × {patch}",
        "flatten": f"1 × {rows * columns} × {RGB * patch**2}",
        "project": f"1 × {rows * columns} × C",
    } | dict.fromkeys(("map", "norm"), f"1 × {rows} × {columns} × C")
    features = {"project": "projected", "map": "projected", "norm": "tokens"}
    whole = {name: name if norm or name != "norm" else "norm_none" for name in MARKS}
    kinds = {"pad": "pieces", "cut": "pieces", "flatten": "pieces"}
    return tuple(
        Step(
            whole[name],
            MARKS[name],
            i,
            shapes[name],
            *(at, values, groups, owner),
            kind=kinds.get(name, "numbers"),
            features=features.get(name, ""),
            axes=AXES[name],
        )
        for i, (name, (at, values, groups, owner)) in enumerate(cells.items())
    )


def _code() -> tuple[str, ...]:
    return listing(PatchEmbed.forward, cut, flatten_and_project)


def _formula(patch: int) -> tuple[str, ...]:
    return (
        "x", "pad", f"cut {patch}×{patch}", f"flatten: {RGB * patch**2}", f"linear: {RGB * patch**2} → C",
        "H×W×C", "LayerNorm",
    )  # fmt: skip
