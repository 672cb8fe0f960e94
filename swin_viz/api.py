"""What a notebook asks for, in three words: a model, a picture as its input, and what the model did with it.

These three and the network's own names are what `swin_viz` itself offers (see `swin_viz/__init__.py`).
"""

from pathlib import Path
from typing import BinaryIO

from PIL import Image
from torch import Tensor

from swin_viz.engine.run import run
from swin_viz.engine.trace import Trace
from swin_viz.network.ablation import Ablation
from swin_viz.network.model import Swin, build
from swin_viz.paths import BUILTIN
from swin_viz.reading.checkpoint.read import read_checkpoint
from swin_viz.reading.picture.frame import frame, to_tensor
from swin_viz.reading.picture.load import load_image

Picture = Image.Image | bytes | str | Path | BinaryIO


def load(checkpoint: str | Path | bytes | BinaryIO = BUILTIN) -> Swin:
    """A Swin on the CPU, in evaluation mode, without gradients, its architecture read from the checkpoint's shapes.

    `checkpoint` is a file of any family, or its bytes; nothing in it is executed. Without one: the built-in model.
    Raises CheckpointError, whose text says what the file is instead, and OSError.
    """
    found = read_checkpoint(checkpoint)
    return build(found.config, found.state)


def prepare(picture: Picture, side: int = 224, whole: bool = False) -> Tensor:
    """A picture as a model's input: (1, 3, height, width) float32, normalised by ImageNet's mean and deviation.

    It is scaled so that its centre square of `side` pixels is seen, as published; `whole`: all of it, its longer side
    `side`. Raises ImageError for what is no picture, and for a side out of bounds.
    """
    return to_tensor(_framed(picture, side, whole))


def trace(
    model: Swin, picture: Picture, ablation: Ablation | None = None, *, side: int | None = None, whole: bool = False
) -> Trace:
    """One run of a model on a picture: attention, places, regions, masks and biases of every block, and the logits.

    `side` is in pixels (default: as the model was trained), `whole` as for `prepare`; `ablation` says what is switched
    off. Raises ImageError, and KeyError where the ablation names a block that the model lacks.
    """
    return run(model, _framed(picture, side or model.config.image_size, whole), ablation)


def _framed(picture: Picture, side: int, whole: bool) -> Image.Image:
    image = picture.convert("RGB") if isinstance(picture, Image.Image) else load_image(picture)
    return frame(image, side, whole)
