"""Metadata of any size: the picture that comes out is the same, and costs little; what cannot be cheap is refused."""

import io
import os
import resource
import struct
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from swin_viz.reading.picture import slim as room
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.slim import slim
from tests.reading.picture.test_load import SMOOTH, chunk, encoded, png, refused


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Each test here takes at most 5 seconds and 600 MB, beside what it makes itself."""
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - start < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700_000  # kB


def pixels(data: bytes) -> np.ndarray:
    """Pillow's own reading of the whole file."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def tagged(value: int, extra: int = 0, order: str = "<") -> bytes:
    """EXIF with an orientation after `extra` other tags."""
    tags = b"".join(struct.pack(order + "HHII", 0x0100, 4, 1, 0) for _ in range(extra))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "H", extra + 1) + tags + struct.pack(order + "HHIHH", 0x0112, 3, 1, value, 0)


def jpeg(*extra: bytes, mode: str = "RGB", **options) -> bytes:
    data = encoded(Image.fromarray(SMOOTH).convert(mode), "JPEG", **options)
    return data[:2] + b"".join(extra) + data[2:]


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"subsampling": 2}])
def test_a_jpeg_without_its_metadata_is_the_same_picture(mode: str, options: dict) -> None:
    clean = jpeg(mode=mode, **options)
    full = jpeg(
        segment(0xE1, b"Exif\0\0" + tagged(1)), segment(0xFE, b"a comment \xff\xda\xff\xd9"), mode=mode, **options
    )
    full += b"\xff\xd8" + os.urandom(200_000)  # the video behind a motion photo has markers by chance
    slimmed, _ = slim(full, "JPEG")
    assert len(slimmed) <= len(clean)
    np.testing.assert_array_equal(pixels(slimmed), pixels(clean))
    np.testing.assert_array_equal(np.asarray(load_image(full)), np.asarray(load_image(clean)))


def test_segments_between_scans_are_walked_over() -> None:
    clean = jpeg(progressive=True)
    second = clean.index(b"\xff\xda", clean.index(b"\xff\xda") + 2)
    between = clean[:second] + segment(0xFE, b"\xff\xd9\xff\xda") + b"\xff\xff" + clean[second:]
    np.testing.assert_array_equal(np.asarray(load_image(between)), pixels(clean))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("value", [0, 1, 6, 8, 9, 65535])
def test_the_orientation_is_read_in_either_byte_order(value: int, order: str) -> None:
    exif = tagged(value, extra=3, order=order)
    for kind, data in (
        ("JPEG", jpeg(segment(0xE1, b"Exif\0\0" + exif))),
        ("PNG", png(2, 2, chunk(b"eXIf", exif), data=bytes(14))),
        ("WEBP", encoded(Image.fromarray(SMOOTH), "WEBP", exif=exif)),
    ):
        assert slim(data, kind)[1] == (value if 1 <= value <= 8 else 1)


@pytest.mark.parametrize("broken", [b"", b"II", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", bytes(30)])
def test_broken_exif_is_no_reason_to_refuse(broken: bytes) -> None:
    assert load_image(jpeg(segment(0xE1, b"Exif\0\0" + broken))).size == (48, 32)


def test_sixty_megabytes_of_exif_are_passed_over() -> None:
    first, more = segment(0xE1, b"Exif\0\0" + tagged(6)), segment(0xE1, b"Exif\0\0" + bytes(65_000))
    assert load_image(jpeg(first, more * 900)).size == (32, 48)


def test_directories_of_65535_tags_are_not_followed() -> None:
    tags = b"".join(struct.pack("<HHII", i, 7, 700_000, 8) for i in range(300, 65_535))
    exif = b"II*\0\x08\0\0\0" + struct.pack("<H", 65_235) + tags
    load_image(png(2, 2, chunk(b"eXIf", exif), data=bytes(14)))
    load_image(encoded(Image.fromarray(SMOOTH), "WEBP", exif=exif))


def test_a_gif_with_megabytes_of_comment_is_its_first_picture() -> None:
    clean = encoded(Image.fromarray(SMOOTH).quantize(64), "GIF", transparency=3)
    table = 13 + (3 << (clean[10] & 7) + 1)
    comment = b"!\xfe" + (b"\xff" + b"a" * 255) * 100_000 + b"\0"
    full = clean[:table] + comment + clean[table:]
    assert len(slim(full, "GIF")[0]) <= len(clean)
    np.testing.assert_array_equal(np.asarray(load_image(full)), np.asarray(load_image(clean)))
    assert refused(clean[:table] + b"!\xfe\1a\0" * 1_000_000 + clean[table:]) == "image_metadata"
    assert refused(clean[:table] + b"\0" + comment) == "image_broken"


@pytest.mark.parametrize(
    "data",
    [
        jpeg(segment(0xFE, b"") * 2_000_000),
        png(2, 2, chunk(b"teSt", b"") * 1_000_000, data=bytes(14)),
        encoded(Image.fromarray(SMOOTH), "WEBP") + b"abcd\0\0\0\0" * 1_000_000,
    ],
    ids=["JPEG", "PNG", "WebP"],
)
def test_millions_of_empty_pieces_are_refused(data: bytes) -> None:
    assert refused(data) == "image_metadata"


def with_scans(size: tuple[int, int], count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = encoded(Image.new("RGB", size, "teal"), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * count + b"\xff\xd9"


def test_scans_are_bounded_by_number_and_by_the_pixels_they_pass_over() -> None:
    assert load_image(with_scans((600, 400), 100)).size == (600, 400)
    assert refused(with_scans((600, 400), 250)) == "image_scans"
    assert refused(with_scans((5000, 4000), 100)) == "image_progressive"


def test_a_picture_in_scans_is_bounded_by_its_coefficients(monkeypatch: pytest.MonkeyPatch) -> None:
    """48 × 32 pixels: 3 × 1536 coefficients, and half of them where the colour has half the width and height."""
    for subsampling, count in ((0, 4608), (2, 2304)):
        data = jpeg(progressive=True, subsampling=subsampling)
        monkeypatch.setattr(room, "MAX_COEFFICIENTS", count)
        load_image(data)
        monkeypatch.setattr(room, "MAX_COEFFICIENTS", count - 1)
        assert refused(data) == "image_progressive"
        load_image(jpeg(subsampling=subsampling))  # in one scan it is never kept whole


@pytest.mark.parametrize("megapixels", [12, 50])
@pytest.mark.parametrize("progressive", [False, True])
def test_honest_photographs_are_opened(megapixels: int, progressive: bool) -> None:
    size = {12: (4000, 3000), 50: (8165, 6124)}[megapixels]
    photo = Image.fromarray(SMOOTH).resize(size, Image.Resampling.BILINEAR)
    found = load_image(encoded(photo, "JPEG", progressive=progressive, quality=85, subsampling=2))
    assert max(found.size) == 2048
    small = found.resize((48, 32), Image.Resampling.BOX), photo.resize((48, 32), Image.Resampling.BOX)
    assert np.abs(np.asarray(small[0]).astype(int) - np.asarray(small[1]).astype(int)).mean() < 4


def test_a_baseline_photograph_of_108_megapixels_is_opened() -> None:
    assert max(load_image(encoded(Image.new("RGB", (12_000, 9_000), "teal"), "JPEG")).size) == 2048


def test_a_long_strip_is_reduced_while_it_is_decoded() -> None:
    assert load_image(encoded(Image.new("RGB", (60_000, 1_900), "teal"), "JPEG")).size in ((2048, 65), (2048, 66))
    assert load_image(encoded(Image.new("RGB", (2, 20_000), "teal"), "JPEG")).size == (1, 2048)


def test_a_large_run_length_bitmap_is_refused() -> None:
    header = struct.pack("<IiiHHIIiiII", 40, 6000, 6000, 1, 8, 1, 0, 0, 0, 256, 0)
    data = b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + header + bytes(1024) + b"\1\5" * 15_000_000
    assert refused(data) == "image_bytes"
