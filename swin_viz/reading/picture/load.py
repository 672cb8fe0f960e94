"""Bytes from anywhere → a checked, upright RGB picture.

The decoder is chosen by content, never by name, and sees the file without its metadata; the pixel count is checked
before anything is decoded; large photographs are reduced while they are decoded.
"""

import codecs
import io
import threading
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin
from PIL.Image import Resampling, Transpose
from PIL.ImageFile import ImageFile

from swin_viz.reading.picture.slim import ImageError, slim

MAX_BYTES = 64 * 2**20

MAX_PIXELS = {  # what is decoded at a fraction of its size; once; and in four copies, of 4 bytes per pixel
    "JPEG": 120_000_000,
    "PNG": 40_000_000,
    "GIF": 40_000_000,
    "BMP": 40_000_000,
    "WEBP": 25_000_000,
}

MAX_SIDE = 2048  # of the picture that is kept

BAND = 4_000_000  # pixels that are converted at a time

_DECODERS: tuple[tuple[bytes, type[ImageFile]], ...] = (
    (b"\xff\xd8\xff", JpegImagePlugin.JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", PngImagePlugin.PngImageFile),
    (b"GIF8", GifImagePlugin.GifImageFile),
    (b"BM", BmpImagePlugin.BmpImageFile),
    (b"RIFF", WebPImagePlugin.WebPImageFile),
)

_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

_DECODING = threading.BoundedSemaphore(2)  # each may take 400 MB

PATIENCE = 60  # seconds until it is one's turn


def load_image(data: bytes | str | Path | BinaryIO) -> Image.Image:
    """A picture from bytes, a path or a binary file: RGB, upright, at most 2048 pixels a side, proportions kept.

    Alpha is laid on white, 16-bit values are scaled, of an animation the first frame is taken. Raises ImageError.
    """
    content = _read(data)
    opener = _decoder(content)
    if not _DECODING.acquire(timeout=PATIENCE):
        raise ImageError("image_busy")
    try:
        return _decode(opener, content)
    except ImageError:
        raise
    except MemoryError:
        raise ImageError("image_memory") from None
    except Exception:  # decoders raise almost anything on a broken file
        raise ImageError("image_broken", kind=opener.format or "") from None
    finally:
        _DECODING.release()


def _read(data: bytes | str | Path | BinaryIO) -> bytes:
    try:
        if isinstance(data, str | Path):
            with Path(data).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        elif not isinstance(data, bytes | bytearray | memoryview):
            data.seek(0)
            data = data.read(MAX_BYTES + 1)
        content = bytes(data)
    except (OSError, AttributeError, ValueError, TypeError):
        raise ImageError("image_unreadable") from None
    if not content:
        raise ImageError("image_empty")
    if len(content) > MAX_BYTES:
        raise ImageError("image_bytes", most=MAX_BYTES // 2**20)
    return content


def _decoder(content: bytes) -> type[ImageFile]:
    for magic, decoder in _DECODERS:
        if content.startswith(magic) and (magic != b"RIFF" or content[8:12] == b"WEBP"):
            return decoder
    head = content[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    raise ImageError(_what_it_is(content, head))


def _what_it_is(content: bytes, head: bytes) -> str:
    """The key of the sentence that names what the bytes are instead of a picture."""
    if content[4:8] == b"ftyp":
        return _family(content)
    if content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "image_tiff"
    if head.startswith(b"version https://git-lfs"):
        return "image_lfs"
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) or b"<html" in head:
        return "image_html"
    if head.startswith((b"<svg", b"<?xml")) or b"<svg" in head:
        return "image_svg"
    if head.startswith(b"<"):
        return "image_html"
    if head.startswith((b"%pdf", b"%!ps", b"\xc5\xd0\xd3\xc6")):
        return "image_pdf"
    return "image_unknown"


def _family(content: bytes) -> str:
    """One container holds HEIC and AVIF pictures, and videos: its brands, the major one first, say which."""
    named = content[8:12] + content[16 : min(int.from_bytes(content[:4]), 256)]
    brands = [named[at : at + 4] for at in range(0, len(named), 4)]
    if any(brand in (b"avif", b"avis") for brand in brands):
        return "image_avif"
    still = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
    if any(brand in still for brand in brands):
        return "image_heic"
    moving = (b"iso", b"mp4", b"qt ", b"M4V", b"3gp", b"3g2", b"avc", b"MSN", b"dash")
    return "image_video" if any(brand.startswith(moving) for brand in brands) else "image_unknown"


def _decode(opener: type[ImageFile], content: bytes) -> Image.Image:
    kind = opener.format or ""
    slimmed, orientation = slim(content, kind)
    image = opener(io.BytesIO(slimmed))
    width, height = image.size
    most = MAX_PIXELS[kind]
    if width * height > most:
        raise ImageError("image_pixels", width=width, height=height, most=most // 1_000_000)
    fraction = max(1, max(width, height) // MAX_SIDE)
    image.draft("RGB", (max(1, width // fraction), max(1, height // fraction)))
    image.load()
    upright = _small_rgb(image)
    turn = _TURNS.get(orientation)
    upright = upright.transpose(turn) if turn is not None else upright
    return Image.frombytes("RGB", upright.size, upright.tobytes())  # no tags, no file behind it


def _small_rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB of at most MAX_SIDE pixels a side; a large picture is converted and averaged band by band."""
    full = _full_scale(image)
    fraction = max(image.size) // MAX_SIDE
    if fraction < 2:
        small = _rgb(_eight_bit(image, full))
    else:
        width, height = image.size
        small = Image.new("RGB", (-(-width // fraction), -(-height // fraction)))
        rows = fraction * max(1, BAND // (width * fraction))
        for top in range(0, height, rows):
            band = image.crop((0, top, width, min(top + rows, height)))
            small.paste(_rgb(_eight_bit(band, full)).reduce(fraction), (0, top // fraction))
    small.thumbnail((MAX_SIDE, MAX_SIDE), Resampling.BICUBIC)
    return small


def _full_scale(image: Image.Image) -> float | None:
    """What is white in grey of more than 8 bits: 8, 12 or 16 bits full, by the largest value. None for the rest."""
    if not (image.mode.startswith("I") or image.mode == "F"):
        return None
    largest = float(image.getextrema()[1])  # type: ignore[arg-type] # a pair per band; here there is one band
    return next((full for full in (255.0, 4095.0, 65535.0) if largest <= full), max(largest, 1.0))


def _eight_bit(image: Image.Image, full: float | None) -> Image.Image:
    """Grey scaled from 0 … `full` to 0 … 255; palettes resolved."""
    if full is not None:
        values = np.asarray(image).astype(np.float32) * (255 / full)
        return Image.fromarray(np.clip(values, 0, 255).round().astype(np.uint8))
    if image.mode == "PA" or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert({"P": "RGB", "1": "L"}.get(image.mode, image.mode))


def _rgb(image: Image.Image) -> Image.Image:
    """RGB, with whatever is transparent laid on white."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")
