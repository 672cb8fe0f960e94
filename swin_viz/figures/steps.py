"""A lesson as a moving picture: cells glide from step to step, with a pause at each. Arrays in, GIF bytes out."""

import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

HUES = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999", "#332288")
PLAIN, PADDING = "#dee2e8", "#8a8a8a"
MOVE_FRAMES, MOVE_MS, HOLD_MS = 6, 70, 1800
MAX_DRAWN = 512  # cells: beyond that a GIF of numbers cannot be read


_CHINESE = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")


@cache
def _fonts() -> list[str]:
    known = {font.name for font in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in _CHINESE if name in known)]


def can_write(language: str) -> bool:
    """Whether this machine has a font for captions in the language."""
    return language != "zh" or len(_fonts()) > 1


@dataclass(frozen=True)
class Pose:
    """One step: at (n, 2) row and column (NaN hides), values (n,) (NaN writes nothing), groups (n,), and its words."""

    at: np.ndarray
    values: np.ndarray
    groups: np.ndarray
    caption: str


def gif(poses: Sequence[Pose], padding: np.ndarray, title: str) -> bytes:
    """An animated GIF of the steps. padding (n,) bool: cells that are outside the picture.

    Raises ValueError if there are more cells than can be read.
    """
    if len(padding) > MAX_DRAWN:
        raise ValueError(f"{len(padding)} cells are more than the {MAX_DRAWN} that can be read.")
    frames, times = zip(*_frames(poses, padding, title), strict=True)
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=list(times), loop=0)
    return out.getvalue()


def _frames(poses: Sequence[Pose], padding: np.ndarray, title: str) -> Iterator[tuple[Image.Image, int]]:
    extent = max(float(np.nanmax(pose.at)) for pose in poses) + 1
    for i, pose in enumerate(poses):
        if i:
            for part in np.linspace(0, 1, MOVE_FRAMES + 2)[1:-1]:
                between = poses[i - 1].at * (1 - part) + pose.at * part
                yield _drawn(Pose(between, pose.values, pose.groups, pose.caption), padding, title, extent), MOVE_MS
        yield _drawn(pose, padding, title, extent), HOLD_MS


def _drawn(pose: Pose, padding: np.ndarray, title: str, extent: float) -> Image.Image:
    canvas = FigureCanvasAgg(Figure(figsize=(6, 6.6), dpi=90))  # pyplot's figures are not for many threads
    axes = canvas.figure.subplots()
    shown = ~np.isnan(pose.at[:, 0])
    boxes = [Rectangle((column, row), 0.94, 0.94) for row, column in pose.at[shown]]
    colours = [PADDING if padding[i] else _colour(pose.groups[i]) for i in np.flatnonzero(shown)]
    axes.add_collection(PatchCollection(boxes, facecolors=colours, edgecolors="white", linewidths=0.5))
    for i in np.flatnonzero(shown & ~np.isnan(pose.values)):
        row, column = pose.at[i]
        text = f"{pose.values[i]:g}" if pose.values[i] % 1 == 0 else f"{pose.values[i]:.2f}"
        axes.text(column + 0.47, row + 0.5, text, ha="center", va="center", fontsize=min(11, 90 / extent))
    axes.set(xlim=(-0.3, extent + 0.3), ylim=(extent + 0.3, -0.3), aspect="equal")
    axes.set_title(title, family=_fonts())
    axes.axis("off")
    canvas.figure.text(0.5, 0.02, textwrap.fill(pose.caption, 80), ha="center", fontsize=9, family=_fonts())
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy()).quantize(64)


def _colour(group: int) -> str:
    return PLAIN if group == 255 else HUES[group % len(HUES)]
