"""Hard pictures: each becomes an upright RGB picture whose content survives, or is refused in one sentence."""

import contextlib
import io
import re
import struct
import threading
import time
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.Image import Resampling

from swin_viz import paths
from swin_viz.reading.picture import load
from swin_viz.reading.picture.load import MAX_SIDE, ImageError, load_image
from swin_viz.reading.picture.samples import SAMPLES, sample_bytes

RNG = np.random.default_rng(0)
SMOOTH = np.kron(RNG.integers(0, 255, (4, 6, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    fine = {"subsampling": 0, "quality": 95} if kind == "JPEG" else {}
    image.save(out, kind, **fine | options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *extra: bytes, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def gif(width: int, height: int) -> bytes:
    """A GIF of one pixel whose canvas claims to be larger."""
    data = bytearray(encoded(Image.new("P", (1, 1)), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def refused(data: object) -> str:
    with pytest.raises(ImageError) as error:
        load_image(data)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300
    assert re.search("[\u4e00-\u9fff]", error.value.say("zh"))
    return error.value.key


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "WEBP", "JPEG"])
def test_every_format_gives_back_its_pixels(kind: str, tmp_path: Path) -> None:
    data = encoded(Image.fromarray(SMOOTH), kind, **({"lossless": True} if kind == "WEBP" else {}))
    path = tmp_path / "evil ../<b>$name$.txt"
    (tmp_path / "evil ..").mkdir()
    (tmp_path / "evil ../<b>$name$.txt").write_bytes(data)
    for source in (data, io.BytesIO(data), path, str(path)):
        found = load_image(source)
        assert found.mode == "RGB"
        assert np.abs(np.asarray(found).astype(int) - SMOOTH).max() <= {"JPEG": 40, "GIF": 8}.get(kind, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_are_turned_upright(orientation: int, kind: str) -> None:
    turned = {  # what the camera wrote, so that turning by the tag gives SMOOTH
        1: SMOOTH,
        2: SMOOTH[:, ::-1],
        3: SMOOTH[::-1, ::-1],
        4: SMOOTH[::-1],
        5: SMOOTH.transpose(1, 0, 2),
        6: np.rot90(SMOOTH, 1),
        7: SMOOTH[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(SMOOTH, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = load_image(encoded(Image.fromarray(np.ascontiguousarray(turned)), kind, exif=exif))
    assert found.size == (48, 32)
    assert np.abs(np.asarray(found).astype(int) - SMOOTH).mean() < 8
    assert dict(found.getexif()) == {}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_alpha_is_laid_on_white(mode: str) -> None:
    alpha = np.linspace(0, 255, 48).astype(np.uint8)[None].repeat(32, 0)
    image = Image.fromarray(np.dstack((SMOOTH, alpha)), "RGBA")
    source = image if mode != "LA" else image.convert("LA")
    colour = np.asarray(source.convert("RGBA")).astype(float)
    wanted = colour[..., :3] * colour[..., 3:] / 255 + 255 - colour[..., 3:]
    assert np.abs(np.asarray(load_image(encoded(source, "PNG"))) - wanted).max() <= 1.5


def test_a_palette_with_transparency_is_laid_on_white() -> None:
    image = Image.new("P", (4, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    image.putdata([0, 1, 2, 3])
    found = load_image(encoded(image, "PNG", transparency=1))
    assert np.asarray(found)[0].tolist() == [[255, 0, 0], [255, 255, 255], [0, 0, 255], [9, 9, 9]]
    grey = Image.fromarray(np.array([[10, 20, 30]], np.uint8))
    assert np.asarray(load_image(encoded(grey, "PNG", transparency=20)))[0, :, 0].tolist() == [10, 255, 30]


@pytest.mark.parametrize("most", [255, 4095, 65535])
def test_sixteen_bit_grey_keeps_its_gradient(most: int) -> None:
    ramp = np.linspace(0, most, 64).astype(np.uint16)[None].repeat(4, 0)
    found = np.asarray(load_image(encoded(Image.fromarray(ramp), "PNG")))[0, :, 0].astype(int)
    assert np.abs(found - ramp[0].astype(float) * 255 / most).max() <= 1.1


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_other_modes_keep_their_content(mode: str) -> None:
    image = Image.fromarray(SMOOTH).convert(mode)
    found = load_image(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))
    difference = np.abs(np.asarray(found).astype(int) - np.asarray(image.convert("RGB")).astype(int))
    assert difference.mean() < (12 if mode == "CMYK" else 0.5)


def test_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "green", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        found = load_image(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
        assert np.abs(np.asarray(found).astype(int) - (255, 0, 0)).max() <= 6


def test_a_large_photograph_is_reduced_while_it_is_decoded() -> None:
    wide = Image.fromarray(SMOOTH).resize((8000, 4000), Resampling.NEAREST)
    data = encoded(wide, "JPEG", quality=60)
    tracemalloc.start()
    found = load_image(data)
    tracemalloc.stop()
    assert found.size == (MAX_SIDE, MAX_SIDE // 2)
    small = np.asarray(found.resize((48, 32), Resampling.BOX)).astype(int)
    assert np.abs(small - np.asarray(wide.resize((48, 32), Resampling.BOX)).astype(int)).mean() < 6


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_large_picture_of_any_mode_is_averaged_band_by_band(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the same picture converted whole, each 3 × 3 pixels averaged by numpy."""
    monkeypatch.setattr(load, "BAND", 100_000)
    small = np.kron(RNG.integers(0, 255, (30, 92, 3), dtype=np.uint8), np.ones((72, 72, 1), np.uint8))
    image = Image.fromarray(small)  # 6624 × 2160
    if mode == "I;16":
        grey = np.asarray(image.convert("L"))
        image, whole = Image.fromarray(grey.astype(np.uint16) * 257), np.dstack([grey] * 3)
    else:
        if mode in ("RGBA", "LA"):
            image.putalpha(Image.linear_gradient("L").resize(image.size))
        image = image.convert(mode)
        white = Image.new("RGBA", image.size, "white")
        whole = np.asarray(Image.alpha_composite(white, image.convert("RGBA")).convert("RGB"))
    averaged = whole.reshape(720, 3, 2208, 3, 3).mean((1, 3)).round().astype(np.uint8)
    wanted = np.asarray(Image.fromarray(averaged).resize((2048, 668), Resampling.BICUBIC)).astype(int)
    found = load_image(encoded(image, "PNG", compress_level=1))
    assert found.size == (2048, 668)
    assert np.abs(np.asarray(found).astype(int) - wanted).max() <= 3


def test_few_pictures_are_decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    lock, now = threading.Lock(), [0]

    def slow(opener: type, content: bytes) -> Image.Image:
        with lock:
            now[0] += 1
            at_once.append(now[0])
        time.sleep(0.05)
        with lock:
            now[0] -= 1
        return Image.new("RGB", (1, 1))

    monkeypatch.setattr(load, "_decode", slow)
    data = encoded(Image.fromarray(SMOOTH), "PNG")
    threads = [threading.Thread(target=load_image, args=(data,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(at_once) == 8
    assert max(at_once) <= 2


def test_one_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "PATIENCE", 0.01)
    with load._DECODING, load._DECODING:
        assert refused(encoded(Image.fromarray(SMOOTH), "PNG")) == "image_busy"
    for _ in range(5):  # a refusal gives its place back
        refused(b"\x89PNG\r\n\x1a\n")
    load_image(encoded(Image.fromarray(SMOOTH), "PNG"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP"])
def test_every_format_has_its_bound_of_pixels(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.fromarray(SMOOTH), kind)
    for most, accepted in ((48 * 32, True), (48 * 32 - 1, False)):
        monkeypatch.setitem(load.MAX_PIXELS, kind, most)
        if accepted:
            load_image(data)
        else:
            assert refused(data) == "image_pixels"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "image_empty"),
        (png(30_000, 30_000), "image_pixels"),
        (png(30_000, 30_000, depth=1, colour=0), "image_pixels"),
        (gif(65_000, 65_000), "image_pixels"),
        (png(2**31 - 1, 1), "image_pixels"),
        (b"<!DOCTYPE html><html></html>", "image_html"),
        (b"  <script>alert(1)</script>", "image_html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_svg"),
        (b"%PDF-1.7", "image_pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "image_pdf"),
        (b"version https://git-lfs.github.com/spec/v1\n", "image_lfs"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image_heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "image_avif"),
        (b"II*\0\x08\0\0\0", "image_tiff"),
        (b"#!/bin/sh\nrm -rf /", "image_unknown"),
        (b"\xff\xd8\xff\xe0" + b"\xff\xda" * 400, "image_broken"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "image_svg"),
        (b"<!-- drawn by hand --><svg/>", "image_svg"),
        (b"<!-- proxy --><html></html>", "image_html"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf", "image_avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1", "image_heic"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "image_video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "image_video"),
        (b"\0\0\0\x14ftypcrx \0\0\0\0crx ", "image_unknown"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "image_unknown"),
    ],
)
def test_what_is_not_a_picture_is_named(data: bytes, key: str) -> None:
    assert refused(data) == key


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.jpg") == "image_unreadable"
    assert refused("no\0name") == "image_unreadable"
    assert refused(object()) == "image_unreadable"


def test_bombs_in_metadata_are_refused_or_ignored_within_bounds() -> None:
    bomb = zlib.compress(bytes(80_000_000), 9)
    for kind, name in ((b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")):
        data = png(2, 2, chunk(kind, name + bomb), data=bytes(14))
        tracemalloc.start()
        with contextlib.suppress(ImageError):
            load_image(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 100_000_000


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_any_damage_is_a_refusal_or_a_picture(kind: str) -> None:
    data = encoded(Image.fromarray(SMOOTH), kind)
    for cut in range(1, 10):
        usable(data[: len(data) * cut // 10])
    rng = np.random.default_rng(1)
    for _ in range(60):
        broken = bytearray(data)
        for at in rng.integers(0, len(data), 4):
            broken[at] = rng.integers(256)
        usable(bytes(broken))


def usable(data: bytes) -> None:
    try:
        found = load_image(data)
    except ImageError as error:
        assert "\n" not in str(error)
    else:
        assert found.mode == "RGB"
        assert max(found.size) <= MAX_SIDE


@pytest.mark.parametrize("key", SAMPLES)
def test_samples_load_and_their_licence_is_stated(key: str) -> None:
    assert min(load_image(sample_bytes(key)).size) >= 300
    licence = (paths.ASSETS / "samples" / "LICENSE.md").read_text()
    assert SAMPLES[key].file in licence
    assert set(SAMPLES[key].title) == {"en", "zh"}
