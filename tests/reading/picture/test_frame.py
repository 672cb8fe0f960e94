"""The very pixels that the model sees, beside what the official evaluation and others make of a picture."""

import numpy as np
import pytest
from PIL import Image
from PIL.Image import Resampling

from swin_viz.app.settings import SIZES
from swin_viz.reading.picture.frame import MEAN, STD, frame, to_tensor
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes
from swin_viz.reading.picture.slim import ImageError

RNG = np.random.default_rng(0)
SMOOTH = np.kron(RNG.integers(0, 255, (4, 6, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))


def published(image: Image.Image, size: int) -> Image.Image:
    """Resize(int(256/224·size)) and CenterCrop(size) of the official evaluation, in whole numbers and by a box."""
    short = 8 * size // 7
    width, height = (short * side // min(image.size) for side in image.size)
    left, top = ((side - size) // 2 + ((side - size) % 4 == 3) for side in (width, height))  # halves go to the even
    return image.resize((width, height), Resampling.BICUBIC).crop((left, top, left + size, top + size))


@pytest.mark.parametrize("size", [size for size in SIZES if size != 384])
@pytest.mark.parametrize("shape", [(451, 300), (300, 451), (331, 333), (400, 400)])
def test_the_published_framing_is_that_of_the_official_evaluation(size: int, shape: tuple[int, int]) -> None:
    image = load_image(sample_bytes("chelsea")).resize(shape)
    np.testing.assert_array_equal(np.asarray(frame(image, size)), np.asarray(published(image, size)))


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 2), (224, 224), (640, 427)])
def test_any_shape_can_be_framed(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "teal")
    assert frame(image, 224).size == (224, 224)
    assert frame(image, 384).size == (384, 384)
    whole = frame(image, 224, whole=True)
    assert max(whole.size) == 224
    assert min(whole.size) == max(1, round(224 * min(image.size) / max(image.size)))


def test_a_long_strip_is_framed_like_its_middle() -> None:
    strip = Image.fromarray(np.kron(RNG.integers(0, 255, (2, 40, 3), dtype=np.uint8), np.ones((50, 50, 1), np.uint8)))
    resized = strip.resize((5120, 256), Resampling.BICUBIC).crop((2448, 16, 2672, 240))
    assert np.abs(np.asarray(frame(strip, 224)).astype(int) - np.asarray(resized)).mean() < 2


def test_a_picture_of_the_right_size_is_left_as_it_is() -> None:
    image = Image.fromarray(RNG.integers(0, 255, (224, 224, 3), dtype=np.uint8))
    np.testing.assert_array_equal(np.asarray(frame(image, 224, whole=True)), np.asarray(image))


@pytest.mark.parametrize("size", [0, -5, 31, 1025, 10**9])
def test_sizes_out_of_bounds_are_refused_with_the_bounds(size: int) -> None:
    with pytest.raises(ImageError, match="from 32 to 1024"):
        frame(Image.new("RGB", (8, 8)), size)


def test_the_tensor_is_normalised_by_the_formula() -> None:
    tensor = to_tensor(Image.fromarray(SMOOTH)).numpy()
    assert tensor.shape == (1, 3, 32, 48)
    for channel in range(3):
        wanted = (SMOOTH[..., channel] / 255 - MEAN[channel]) / STD[channel]
        np.testing.assert_allclose(tensor[0, channel], wanted, atol=1e-6)


def test_preprocessing_equals_that_of_hugging_face() -> None:
    from transformers import ViTImageProcessorPil

    image = frame(load_image(sample_bytes("coffee")), 224)
    peer = ViTImageProcessorPil(do_resize=False, image_mean=list(MEAN), image_std=list(STD))
    np.testing.assert_allclose(to_tensor(image).numpy(), peer(image, return_tensors="np")["pixel_values"], atol=1e-5)
