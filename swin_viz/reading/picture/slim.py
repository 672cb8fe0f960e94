"""A picture file without what does not decide its pixels: the decoder never sees comments, profiles or thumbnails.

Decoders are slow with much metadata and take memory for it; here the segments of a JPEG, the chunks of a PNG or WebP
and the blocks of a GIF are walked once, counted, and all but those needed are dropped. The orientation is read here.
"""

import re
from math import ceil
from typing import Literal

from swin_viz.reading.refusal import Refusal

MAX_SEGMENTS = 50_000  # chunks or blocks; a PNG of 64 MB has some 8,000, an animation one for each of its frames
MAX_BLOCKS = 300_000  # of 255 bytes or fewer, in GIF's extensions
MAX_SCANS = 200  # of a JPEG
MAX_COEFFICIENTS = 170_000_000  # two bytes each, kept until the last scan: 108 megapixels with colour at half size
MAX_PASSES = 2_500_000_000  # coefficients × scans: each scan passes over the whole picture
MAX_RLE = 4 * 2**20  # run-length BMPs are unpacked byte by byte

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # neither an escaped 0xFF nor a restart
_SOF = {code for code in range(0xC0, 0xD0) if code not in (0xC4, 0xC8, 0xCC)}
_DECIDING = _SOF | {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD}  # frame, tables, scans
_COLOURS = {0xE0, 0xEE}  # JFIF's and Adobe's: which colours the components are


class ImageError(Refusal):
    """Why these bytes are not a picture that can be used."""


def slim(content: bytes, kind: str) -> tuple[bytes, int]:
    """(the file without metadata, orientation 1 … 8). Raises ImageError for what would cost too much."""
    if kind == "BMP" and content[30:34] in (b"\1\0\0\0", b"\2\0\0\0") and len(content) > MAX_RLE:
        raise ImageError("image_bytes", most=MAX_RLE // 2**20)
    walk = {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp}.get(kind)
    slimmed, exif = walk(content) if walk else (content, b"")
    return slimmed, _orientation(exif)


def _jpeg(content: bytes) -> tuple[bytes, bytes]:
    """Segments up to the end of the picture; what is appended (a video, a second picture) is dropped, too."""
    kept, seen, exif, frame, at = [b"\xff\xd8"], set(), b"", b"", 2
    scans: list[bytes] = []
    for _ in range(MAX_SEGMENTS):
        marker = _MARKER.search(content, at)
        if scans:  # between two markers lies the scan's data
            kept.append(content[at : marker.start() if marker else len(content)])
        if not marker or content[marker.end() - 1] == 0xD9:
            break
        code, start = content[marker.end() - 1], marker.end()
        at = start + (0 if code in (0x01, 0xD8) else max(2, int.from_bytes(content[start : start + 2])))
        body = content[start + 2 : at]
        if code in _DECIDING or (code in _COLOURS and code not in seen):
            kept.append(content[start - 2 : at])
            seen.add(code)
        if code in _SOF:
            frame = frame or bytes([code]) + body
        elif code == 0xDA:
            scans.append(body[:1])
        elif code == 0xE1 and not exif and body.startswith(b"Exif\0\0"):
            exif = body[6:]
    else:
        raise ImageError("image_metadata")
    _check_scans(frame, scans)
    return b"".join([*kept, b"\xff\xd9" if marker else b""]), exif


def _check_scans(frame: bytes, scans: list[bytes]) -> None:
    """A picture in several scans is kept as coefficients until the last of them."""
    count = frame[6] if len(frame) > 6 else 0
    if len(frame) < 7 + 3 * count or not scans or not count:
        raise ImageError("image_broken", kind="JPEG")
    if len(scans) > MAX_SCANS:
        raise ImageError("image_scans", most=MAX_SCANS)
    if frame[0] in (0xC0, 0xC1, 0xC3, 0xC9) and scans[0] == frame[6:7]:  # all components in the first scan
        return
    height, width = int.from_bytes(frame[2:4]), int.from_bytes(frame[4:6])
    sampling = [(frame[8 + 3 * i] >> 4, frame[8 + 3 * i] & 15) for i in range(count)]
    across, down = (max(1, *(each[axis] for each in sampling), 1) for axis in (0, 1))
    coefficients = sum(ceil(width * x / across) * ceil(height * y / down) for x, y in sampling)
    if coefficients > MAX_COEFFICIENTS or coefficients * len(scans) > MAX_PASSES:
        raise ImageError("image_progressive", width=width, height=height, scans=len(scans))


def _png(content: bytes) -> tuple[bytes, bytes]:
    """The chunks that are pixels and colours, so of an animation the picture that stands for it."""
    kept, exif, at = [content[:8]], b"", 8
    for _ in range(MAX_SEGMENTS):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if name in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(content[at:end])
        elif name == b"eXIf" and not exif:
            exif = content[at + 8 : end - 4]
        at = end
        if name == b"IEND" or at >= len(content):
            return b"".join(kept), exif
    raise ImageError("image_metadata")


def _gif(content: bytes) -> tuple[bytes, bytes]:
    """The palette, the last word on transparency, and all from the first picture on."""
    at = 13 + (3 << (content[10] & 7) + 1 if len(content) > 10 and content[10] & 128 else 0)
    head, control, blocks = content[:at], b"", 0
    while content[at : at + 1] == b"!":
        start, at = at, at + 2
        while at < len(content) and content[at]:
            at += 1 + content[at]
            blocks += 1
            if blocks > MAX_BLOCKS:
                raise ImageError("image_metadata")
        at, blocks = at + 1, blocks + 1
        if content[start + 1 : start + 2] == b"\xf9":
            control = content[start:at]
    if content[at : at + 1] != b",":
        raise ImageError("image_broken", kind="GIF")
    return head + control + content[at:], b""


def _webp(content: bytes) -> tuple[bytes, bytes]:
    """As it is, if it has not too many chunks; its decoder passes over metadata."""
    exif, at = b"", 12
    for _ in range(MAX_SEGMENTS):
        end = at + 8 + int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"EXIF" and not exif:
            exif = content[at + 8 : end].removeprefix(b"Exif\0\0")
        at = end + end % 2
        if at >= len(content):
            return content, exif
    raise ImageError("image_metadata")


def _orientation(exif: bytes) -> int:
    """The tag of the first directory; 1, upright, where it is missing or broken."""
    order: Literal["little", "big"] = "little" if exif.startswith(b"II") else "big"
    at = int.from_bytes(exif[4:8], order)
    for _ in range(min(int.from_bytes(exif[at : at + 2], order), 1000)):
        if int.from_bytes(exif[at + 2 : at + 4], order) == 0x0112:
            wide = exif[at + 4 : at + 6] in (b"\4\0", b"\0\4")
            value = int.from_bytes(exif[at + 10 : at + (14 if wide else 12)], order)
            return value if 1 <= value <= 8 else 1
        at += 12
    return 1
