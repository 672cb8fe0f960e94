"""One run: the model on a framed picture, captured, as a `Trace`; or the values at any points."""

import time
from collections.abc import Iterable
from types import MappingProxyType

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from swin_viz.engine.trace import UNIT, BlockTrace, Trace
from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import Edit, Tape, capture, points
from swin_viz.network.model import Swin
from swin_viz.network.windows import relative_index, token_places
from swin_viz.reading.picture.frame import to_tensor

_WANTED = ("shift", "regions", "attn.mask", "attn.bias")


def run(model: Swin, image: Image.Image, ablation: Ablation | None = None) -> Trace:
    """Run the model on a framed image (see `images.frame`) and keep what the pages need.

    Raises KeyError if the ablation names a block that the model lacks.
    """
    ablation = ablation or Ablation()
    device = next(model.parameters()).device
    patterns = [f"layers.*.{point}" for point in _WANTED]
    maps: list[np.ndarray] = []  # of every block in turn, made small as it passes

    def keep(probs: Tensor) -> Tensor:
        maps.append(_quantised(probs[0]))
        return probs

    edits = ablation.edits(model) | {"layers.*.attn.probs": keep}
    start = time.perf_counter()
    with torch.no_grad(), capture(model, *patterns, edit=edits) as tape:
        logits = model(to_tensor(image).to(device, next(model.parameters()).dtype))
    seconds = time.perf_counter() - start
    return Trace(
        config=model.config,
        ablation=ablation,
        image=_frozen(np.asarray(image)),
        blocks=tuple(
            _block_trace(model, name, probs, tape) for name, probs in zip(model.config.block_names, maps, strict=True)
        ),
        index=_frozen(relative_index(model.config.window).numpy().astype(np.uint16)),
        logits=_array(logits[0]),
        shapes=MappingProxyType(dict(tape.shapes)),
        axes=MappingProxyType({name: point.axes for name, point in points(model).items()}),
        device=str(device),
        seconds=seconds,
    )


def observe(
    model: Swin, image: Image.Image, patterns: Iterable[str], ablation: Ablation | None = None
) -> dict[str, np.ndarray]:
    """Values at any points, for the pages that take one block apart: name → float32 array without the batch axis.

    Raises KeyError for a pattern that matches no point. Values without a batch axis come as they are.
    """
    edits: dict[str, Edit] = (ablation or Ablation()).edits(model)
    parameter = next(model.parameters())
    with torch.no_grad(), capture(model, *patterns, edit=edits) as tape:
        model(to_tensor(image).to(parameter.device, parameter.dtype))
    axes = {name: point.axes for name, point in points(model).items()}
    return {name: _array(value[0] if axes[name].startswith("B ") else value) for name, value in tape.items()}


def _block_trace(model: Swin, name: str, probs: np.ndarray, tape: Tape) -> BlockTrace:
    stage, block = (int(part) for part in name.split(".")[1::2])
    window, shift = model.config.window, tuple(tape[f"{name}.shift"])
    _, height, width, channels = tape.shapes[f"{name}.resid_pre"]
    padded = tape.shapes[f"{name}.padded"][1:3]
    places = token_places(*padded, window, shift)
    kinds, mask_of = torch.unique(tape[f"{name}.attn.mask"].float().cpu(), dim=0, return_inverse=True)
    regions = tape[f"{name}.regions"].cpu().view(padded[0] // window, window, padded[1] // window, window)
    return BlockTrace(
        name=name,
        stage=stage,
        block=block,
        size=(height, width),
        padded=tuple(padded),
        shift=shift,
        window=window,
        heads=model.config.heads[stage],
        channels=channels,
        pixels=model.config.patch * 2**stage,
        probs=probs,
        places=_frozen((places[..., 0] * padded[1] + places[..., 1]).numpy().astype(np.uint32)),
        regions=_frozen(regions.transpose(1, 2).reshape(-1, window * window).numpy().astype(np.uint8)),
        mask_kinds=_frozen(kinds.numpy()),
        mask_of=_frozen(mask_of.numpy().astype(np.uint8)),
        bias=_array(tape[f"{name}.attn.bias"]),
        table=_array(model.get_submodule(f"{name}.attn").relative_position_bias_table),
    )


def _quantised(shares: Tensor) -> np.ndarray:
    array = (shares.float() * UNIT).round_().to(torch.uint16).cpu().numpy()  # new memory, nobody else's
    array.setflags(write=False)
    return array


def _array(value: Tensor | float | tuple) -> np.ndarray:
    if isinstance(value, Tensor):
        value = value.detach().float().cpu().numpy()
    return _frozen(np.ascontiguousarray(value, dtype=np.float32))


def _frozen(array: np.ndarray) -> np.ndarray:
    array = array.copy() if array.base is not None else array  # never a view of what others may change
    array.setflags(write=False)
    return array
