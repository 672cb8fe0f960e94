"""What all sessions share is kept under names: a picture's is that of its pixels, its mode and its size."""

import pytest
from PIL import Image

from swin_viz import paths
from swin_viz.engine import shared
from swin_viz.engine.shared import Framed, picture_key
from swin_viz.network.ablation import Ablation


def plain(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), "teal")


def test_a_key_names_pixels_mode_and_size() -> None:
    pictures = [plain(200, 224), plain(224, 200), plain(160, 280), plain(200, 224, "L"), plain(600, 224, "L")]
    pictures.append(Image.new("RGB", (200, 224), "white"))
    assert len({picture_key(image) for image in pictures}) == len(pictures)
    assert Framed(plain(200, 224)).key == picture_key(plain(200, 224))


def test_a_picture_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Image.Image] = []
    monkeypatch.setattr(shared, "picture_key", lambda image: seen.append(image) or "a key of its own")
    picture, loaded = Framed(plain(32, 32)), shared.load(paths.BUILTIN)
    shared.trace(loaded, picture, Ablation())
    shared.observe(loaded, picture, ("logits",), Ablation())
    assert len(seen) == 1


def test_values_of_transposed_pictures_are_their_own() -> None:
    loaded = shared.load(paths.BUILTIN)
    for image in (plain(64, 96), plain(96, 64)):
        assert shared.trace(loaded, Framed(image), Ablation()).image.shape[:2] == image.size[::-1]
        values = shared.observe(loaded, Framed(image), ("features",), Ablation())
        assert values["features"].shape[:2] == tuple(side // 32 for side in image.size[::-1])
