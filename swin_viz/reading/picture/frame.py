"""A picture → the very pixels that the model sees → its input tensor."""

import numpy as np
import torch
from PIL import Image
from PIL.Image import Resampling
from torch import Tensor

from swin_viz.reading.picture.slim import ImageError

MIN_SIZE, MAX_SIZE = 32, 1024  # of what the model sees: 1024² already costs 21 times 224²

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def check_size(size: int) -> int:
    """The size the model is to see, if it can be run. Raises ImageError with the bounds."""
    if not MIN_SIZE <= size <= MAX_SIZE:
        raise ImageError("image_size", size=size, least=MIN_SIZE, most=MAX_SIZE)
    return size


def frame(image: Image.Image, size: int, whole: bool = False) -> Image.Image:
    """The very pixels that the model sees.

    As published (`whole` False): the shorter side is resized to ⌊256/224·size⌋ (bicubic), then the centre size × size
    is cropped; at 384 the picture is squashed to a square instead. `whole`: the longer side becomes `size`, the
    proportions stay. Raises ImageError for a size out of bounds.
    """
    check_size(size)
    width, height = image.size
    if whole:
        scale = size / max(width, height)
        return image.resize((max(1, round(width * scale)), max(1, round(height * scale))), Resampling.BICUBIC)
    if size == 384:
        return image.resize((384, 384), Resampling.BICUBIC)
    image = _middle(image)
    short = int(256 / 224 * size)  # cut off, not rounded, as the official evaluation does
    scaled = [short if side == min(image.size) else int(short * side / min(image.size)) for side in image.size]
    left, top = (round((side - size) / 2) for side in scaled)
    return image.resize(scaled, Resampling.BICUBIC).crop((left, top, left + size, top + size))


def _middle(image: Image.Image) -> Image.Image:
    """The picture without what no crop can show: of a long strip its middle, anything else whole."""
    half = 2 * min(image.size)
    left, top = (max(0, side // 2 - half) for side in image.size)
    right, bottom = (min(side, side // 2 + half) for side in image.size)
    return image.crop((left, top, right, bottom))


def to_tensor(image: Image.Image) -> Tensor:
    """A framed picture as the model's input: (1, 3, height, width) float32, normalised by ImageNet's mean and std."""
    pixels = torch.from_numpy(np.array(image.convert("RGB"), dtype=np.float32) / 255)
    return ((pixels - torch.tensor(MEAN)) / torch.tensor(STD)).permute(2, 0, 1)[None].contiguous()
