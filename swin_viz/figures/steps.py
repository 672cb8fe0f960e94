"""A lesson as a moving picture: cells glide from step to step, with a pause at each. Arrays in, GIF bytes out.

Drawn by Pillow: a frame costs a hundredth of what matplotlib takes for it, which here only finds the fonts.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from swin_viz.lessons.board import PALETTE, PLAIN

# As on the boards: plain numbers on a ramp of greys, signed ones around nothing.
GREYS, SIGNED = ("#e8edf2", "#6e7680"), ("#4393c3", "#f7f7f7", "#d6604d")
GREY = (222, 226, 232)  # of a cell without a colour
MOVE_FRAMES, MOVE_MS, HOLD_MS = 6, 70, 1800
MAX_DRAWN = 800  # cells: beyond that a GIF of numbers cannot be read
WIDTH, TOP, BODY, FOOT, MARGIN = 560, 40, 470, 84, 14  # pixels
LARGEST_CELL = 56

_CHINESE = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")


@cache
def _chinese_font() -> str | None:
    """The file of a font with Chinese letters, if this machine has one."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((font_manager.findfont(name) for name in _CHINESE if name in known), None)


def can_write(language: str) -> bool:
    """Whether this machine has a font for captions in the language."""
    return language != "zh" or _chinese_font() is not None


@cache
def _font(size: int, chinese: bool = False) -> ImageFont.FreeTypeFont:
    file = (_chinese_font() if chinese else None) or font_manager.findfont("DejaVu Sans")
    simplified = 2 if "NotoSansCJK" in file and file.endswith(".ttc") else 0  # that file holds five, Japanese first
    return ImageFont.truetype(file, size, index=simplified)


@dataclass(frozen=True)
class Pose:
    """One step: at (n, 2) row and column (NaN hides), values (n,) (NaN writes nothing), groups (n,), and its words."""

    at: np.ndarray
    values: np.ndarray
    groups: np.ndarray
    caption: str

    @property
    def extent(self) -> np.ndarray:
        """How many rows and columns it takes."""
        most: np.ndarray = np.nanmax(self.at, axis=0)
        return most + 1


def most_cells(poses: Sequence[Pose]) -> int:
    """Cells of the step that shows most of them."""
    return max(int((~np.isnan(pose.at[:, 0])).sum()) for pose in poses)


def gif(poses: Sequence[Pose], padding: np.ndarray, title: str, ramp: bool = False) -> bytes:
    """An animated GIF of the steps. padding (n,) bool: cells outside the picture; `ramp`: values give the colours.

    Raises ValueError if there are more cells than can be read.
    """
    if most_cells(poses) > MAX_DRAWN:
        raise ValueError(f"{most_cells(poses)} cells are more than the {MAX_DRAWN} that can be read.")
    frames, times = zip(*_frames(poses, padding, title, ramp), strict=True)
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=list(times), loop=0)
    return out.getvalue()


def _frames(poses: Sequence[Pose], padding: np.ndarray, title: str, ramp: bool) -> Iterator[tuple[Image.Image, int]]:
    for i, pose in enumerate(poses):
        sheet, colours = _sheet(title, pose.caption), _colours(pose, padding, ramp)
        if i:
            for part in np.linspace(0, 1, MOVE_FRAMES + 2)[1:-1]:
                eased = part * part * (3 - 2 * part)
                before = poses[i - 1]
                at, extent = (
                    (1 - eased) * a + eased * b for a, b in ((before.at, pose.at), (before.extent, pose.extent))
                )
                yield _drawn(sheet, at, extent, pose.values, colours, padding), MOVE_MS
        yield _drawn(sheet, pose.at, pose.extent, pose.values, colours, padding), HOLD_MS


def _sheet(title: str, caption: str) -> Image.Image:
    """What stays while the cells move: the title, and the step's words below."""
    sheet = Image.new("RGB", (WIDTH, TOP + BODY + FOOT), "white")
    draw, chinese = ImageDraw.Draw(sheet), not (title + caption).isascii() and any("一" <= c <= "鿿" for c in caption)
    draw.text((WIDTH / 2, TOP / 2), title, "#111", _font(18, chinese), anchor="mm")
    font = _font(13, chinese)
    for line, words in enumerate(_wrapped(caption, font)):
        draw.text((WIDTH / 2, TOP + BODY + 14 + 18 * line), words, "#222", font, anchor="mm")
    return sheet


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines that fit: broken at spaces, and between any two letters of a text that has none."""
    parts = text.split(" ") if text.count(" ") > len(text) / 12 else list(text)
    glue = " " if len(parts) < len(text) else ""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = lines[-1] + glue + part
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _colours(pose: Pose, padding: np.ndarray, ramp: bool) -> np.ndarray:
    """(n, 3) of every cell: its number's on a scale, or its group's."""
    found = np.tile(np.array(GREY), (len(padding), 1))
    known = ~np.isnan(pose.values)
    if ramp and known.any():
        low, high = float(pose.values[known].min()), float(pose.values[known].max())
        anchors, most = (SIGNED, max(-low, high)) if low < 0 else (GREYS, high)
        at = (pose.values[known] - (-most if low < 0 else low)) / ((2 * most if low < 0 else high - low) or 1)
        scale = np.array([_rgb(anchor) for anchor in anchors])
        places = np.linspace(0, 1, len(anchors))
        found[known] = np.stack([np.interp(at, places, scale[:, i]) for i in range(3)], axis=-1).round()
        return found
    hues = np.array([_rgb(hue) for hue in PALETTE])
    coloured = pose.groups != PLAIN
    found[coloured] = hues[pose.groups[coloured] % len(PALETTE)]
    return found


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


@cache
def _hatch() -> Image.Image:
    """A tile for what is not real, as large as the largest cell."""
    tile = Image.new("RGB", (LARGEST_CELL, LARGEST_CELL), "#777")
    draw = ImageDraw.Draw(tile)
    for start in range(0, 2 * LARGEST_CELL, 7):
        draw.line((start, 0, start - LARGEST_CELL, LARGEST_CELL), "#ddd", 2)
    return tile


def _drawn(
    sheet: Image.Image, at: np.ndarray, extent: np.ndarray, values: np.ndarray, colours: np.ndarray, padding: np.ndarray
) -> Image.Image:
    """One frame: the cells at (n, 2), scaled so that `extent` fits."""
    image = sheet.copy()
    draw = ImageDraw.Draw(image)
    side = min(BODY / extent[0], (WIDTH - 2 * MARGIN) / extent[1], LARGEST_CELL)
    left, top = (WIDTH - extent[1] * side) / 2, TOP + (BODY - extent[0] * side) / 2
    size = max(1, round(side - (1 if side > 4 else 0)))
    for i in np.flatnonzero(~np.isnan(at[:, 0])):
        x, y = round(left + at[i, 1] * side), round(top + at[i, 0] * side)
        if padding[i]:
            image.paste(_hatch().crop((0, 0, size, size)), (x, y))
            continue
        red, green, blue = (int(part) for part in colours[i])
        colour = (red, green, blue)
        draw.rectangle((x, y, x + size - 1, y + size - 1), colour)
        if not np.isnan(values[i]) and side >= 9:
            text = f"{values[i]:g}" if values[i] % 1 == 0 else f"{values[i]:.2f}"
            font = _font(max(6, min(16, round(size * (0.44 if len(text) < 3 else 1.3 / len(text))))))
            draw.text((x + size / 2, y + size / 2), text, _ink(colour), font, anchor="mm")
    return image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _ink(colour: tuple[int, int, int]) -> str:
    """Black or white, whichever is readable on a colour: the rule of the browser's boards."""
    return "#000" if np.dot(colour, (0.299, 0.587, 0.114)) > 140 else "#fff"
