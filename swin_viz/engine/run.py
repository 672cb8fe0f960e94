"""One run: the model on a framed picture, captured, as a `Trace`; or the values at any points."""

import time
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from swin_viz.engine import sections
from swin_viz.engine.store import Store
from swin_viz.engine.trace import UNIT, BlockTrace, Trace
from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import Edit, Tape, capture, points
from swin_viz.network.model import Swin
from swin_viz.network.windows import relative_index, token_places
from swin_viz.reading.picture.frame import to_tensor

_WANTED = (*(f"layers.*.{point}" for point in ("shift", "regions", "attn.mask", "attn.bias")), "logits")

Geometry = dict[str, np.ndarray]  # of a block: what all pictures of a size share, by the names of its trace's fields
GEOMETRY: Store[Geometry] = Store(32 * 2**20, lambda found: sum(each.nbytes for each in found.values()))


def run(model: Swin, image: Image.Image, ablation: Ablation | None = None) -> Trace:
    """Run the model on a framed image (see `reading.picture.frame`) and keep what the pages need.

    Raises KeyError if the ablation names a block that the model lacks.
    """
    ablation = ablation or Ablation()
    maps: list[np.ndarray] = []  # of every block in turn, made small as it passes

    def keep(probs: Tensor) -> Tensor:
        maps.append(_quantised(probs[0]))
        return probs

    start, plain, names = time.perf_counter(), ablation == Ablation(), model.config.block_names
    wanted = (*_WANTED, sections.INPUTS) if plain else _WANTED
    tape = _passed(model, image, wanted, ablation.edits(model) | {"layers.*.attn.probs": keep})
    seconds = time.perf_counter() - start
    return Trace(
        config=model.config,
        ablation=ablation,
        image=_frozen(np.asarray(image)),
        blocks=tuple(_block_trace(model, *each, tape, ablation) for each in zip(names, maps, strict=True)),
        index=_frozen(relative_index(model.config.window).numpy().astype(np.uint16)),
        logits=_array(tape["logits"][0]),
        inputs=_inputs(model, tape) if plain else MappingProxyType({}),
        shapes=MappingProxyType(dict(tape.shapes)),
        axes=MappingProxyType(_axes(model)),
        device=str(next(model.parameters()).device),
        seconds=seconds,
    )


def observe(
    model: Swin,
    image: Image.Image,
    patterns: Iterable[str],
    ablation: Ablation | None = None,
    kept: Trace | None = None,
) -> dict[str, np.ndarray]:
    """Values at any points, for the pages that take one block apart: name → float32 array without the batch axis.

    `kept` is a run of the same picture with nothing ablated: where its inputs will do, only the blocks asked for run.
    Raises KeyError for a pattern that matches no point. Values without a batch axis come as they are.
    """
    patterns, edits, axes = tuple(patterns), (ablation or Ablation()).edits(model), _axes(model)
    tape = _resumed(model, patterns, edits, kept) if kept else None
    tape = _passed(model, image, patterns, edits) if tape is None else tape
    return {name: _array(value[0] if axes[name].startswith("B ") else value) for name, value in tape.items()}


def _resumed(model: Swin, patterns: Iterable[str], edits: Mapping[str, Edit], kept: Trace) -> Tape | None:
    """What passed the points that match when blocks ran alone on their kept inputs; None where those will not do."""
    with torch.no_grad(), capture(model, *patterns, edit=edits) as tape:
        chains = sections.chains(model, tape.wanted)
        if chains is None or not kept.inputs or not sections.hold(model, chains, edits):
            return None
        for start, modules in chains.items():
            x = torch.tensor(kept.inputs[start], device=next(model.parameters()).device)
            sections.passed(modules, x[None])
    return tape


def _axes(model: Swin) -> dict[str, str]:
    return {name: point.axes for name, point in points(model).items()}


def _passed(model: Swin, image: Image.Image, patterns: Iterable[str], edits: Mapping[str, Edit]) -> Tape:
    """What passed the points that match as the picture went through the model, or its embedding if that will do."""
    parameter = next(model.parameters())
    with torch.no_grad(), capture(model, *patterns, edit=edits) as tape:
        first = all(name.startswith("patch_embed.") for name in tape.wanted)
        (model.patch_embed if first else model)(to_tensor(image).to(parameter.device, parameter.dtype))
    return tape


def _block_trace(model: Swin, name: str, probs: np.ndarray, tape: Tape, ablation: Ablation) -> BlockTrace:
    stage, block = (int(part) for part in name.split(".")[1::2])
    window, shift = model.config.window, tape[f"{name}.shift"]
    _, height, width, channels = tape.shapes[f"{name}.resid_pre"]
    _, tall, wide, _ = tape.shapes[f"{name}.padded"]  # H', W'
    regions = tape[f"{name}.regions"].cpu().numpy().astype(np.uint8)
    key = (tall, wide, window, shift, regions.tobytes(), ablation)
    shared = GEOMETRY.get(key, lambda: _geometry((tall, wide), window, shift, regions, tape[f"{name}.attn.mask"]))
    return BlockTrace(
        name=name,
        stage=stage,
        block=block,
        size=(height, width),
        padded=(tall, wide),
        shift=shift,
        window=window,
        heads=model.config.heads[stage],
        channels=channels,
        pixels=model.config.patch * 2**stage,
        probs=probs,
        bias=_array(tape[f"{name}.attn.bias"]),
        table=_array(model.get_parameter(f"{name}.attn.relative_position_bias_table")),
        **shared,
    )


def _geometry(
    padded: tuple[int, int], window: int, shift: tuple[int, int], regions: np.ndarray, mask: Tensor
) -> Geometry:
    """`places`, `regions`, `mask_kinds` and `mask_of`; regions (H', W'), mask (nW, N, N)."""
    tall, wide = padded
    places = token_places(tall, wide, window, shift)
    kinds, mask_of = torch.unique(mask.float().cpu(), dim=0, return_inverse=True)
    cut = regions.reshape(tall // window, window, wide // window, window).transpose(0, 2, 1, 3)
    return {
        "places": _frozen((places[..., 0] * wide + places[..., 1]).numpy().astype(np.uint32)),
        "regions": _frozen(cut.reshape(-1, window * window)),
        "mask_kinds": _frozen(kinds.numpy()),
        "mask_of": _frozen(mask_of.numpy().astype(np.uint8)),
    }


def _inputs(model: Swin, tape: Tape) -> Mapping[str, np.ndarray]:
    """What every block got, if it can be kept as it was and is not too much. → (H, W, C) each."""
    found = {name: tape[f"{name}.resid_pre"][0] for name in model.config.block_names}
    exact = all(value.dtype == torch.float32 for value in found.values())
    if not exact or sum(value.nbytes for value in found.values()) > sections.KEPT:
        return MappingProxyType({})
    return MappingProxyType({name: _array(value) for name, value in found.items()})


def _quantised(shares: Tensor) -> np.ndarray:
    array = (shares.float() * UNIT).round_().to(torch.uint16).cpu().numpy()  # new memory, nobody else's
    array.setflags(write=False)
    return array


def _array(value: Tensor | float | tuple) -> np.ndarray:
    plain = value.detach().float().cpu().numpy() if isinstance(value, Tensor) else value
    return _frozen(np.ascontiguousarray(plain, dtype=np.float32))


def _frozen(array: np.ndarray) -> np.ndarray:
    array = array.copy() if array.base is not None else array  # never a view of what others may change
    array.setflags(write=False)
    return array
