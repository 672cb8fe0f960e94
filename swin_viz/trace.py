"""One run = (image, model, `Ablation`) → an immutable `Trace`: all that the pages draw, as compact arrays.

Letters: H W tokens of a block's map, H' W' of the padded map, M window side, N = M·M, nW windows, h heads.
Attention is kept as 16-bit integers, value = share·65535: that is what the browser gets, at half of the memory; a
share is off by at most 1/131070.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from swin_viz.ablation import Ablation
from swin_viz.capture import Edit, Tape, capture, points
from swin_viz.images import to_tensor
from swin_viz.model import Swin
from swin_viz.variants import SwinConfig
from swin_viz.windows import relative_index, token_places

UNIT = 65535  # the integer that stands for a share of 1


@dataclass(frozen=True)
class BlockTrace:
    """What one block did. Arrays are read-only."""

    name: str  # its module path: layers.<stage>.blocks.<block>
    stage: int  # 0-based
    block: int  # 0-based within the stage
    size: tuple[int, int]  # H, W
    padded: tuple[int, int]  # H', W'
    shift: tuple[int, int]  # rows, columns; (0, 0) where it does not shift
    window: int  # M
    heads: int
    channels: int
    pixels: int  # side of a token in pixels of the image
    probs: np.ndarray  # (nW, h, N, N) uint16, share·65535: attention after softmax
    places: np.ndarray  # (nW, N) uint32: row·W' + column of each token in the unshifted padded map
    regions: np.ndarray  # (nW, N) uint8: region id of each token
    mask_kinds: np.ndarray  # (K, N, N) float32: the different masks, mostly 1 or 4
    mask_of: np.ndarray  # (nW,) uint8: which of them each window has
    bias: np.ndarray  # (h, N, N) float32: the bias that was really added
    table: np.ndarray  # ((2M−1)², h) float32: the learned table

    def shares(self) -> np.ndarray:
        """Attention as float32 shares, (nW, h, N, N); every row sums to 1 within N/131070."""
        return self.probs.astype(np.float32) / UNIT


@dataclass(frozen=True)
class Trace:
    """Everything one run left, immutable, at home in the store and in every page."""

    config: SwinConfig
    ablation: Ablation
    image: np.ndarray  # (height, width, 3) uint8: the very pixels the model saw
    blocks: tuple[BlockTrace, ...]
    index: np.ndarray  # (N, N) uint16: row of the bias table for query (row) and key (column)
    logits: np.ndarray  # (classes,) float32, or the pooled features (C,) of a model without a head
    shapes: MappingProxyType[str, tuple[int, ...]]  # of every point, by name
    axes: MappingProxyType[str, str]  # what the axes of every point are called
    device: str
    seconds: float  # of the forward pass with capture

    def block(self, name: str) -> BlockTrace:
        """The block of that module path. Raises KeyError."""
        return {block.name: block for block in self.blocks}[name]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays: what the store counts."""
        return sum(array.nbytes for array in trace_arrays(self).values())

    def top(self, count: int = 5) -> list[tuple[int, float]]:
        """The most probable classes: (class, softmax share), best first; empty for a model without a head."""
        if not self.config.classes:
            return []
        shares = np.exp(self.logits - self.logits.max())
        shares /= shares.sum()
        return [(int(i), float(shares[i])) for i in np.argsort(-shares, kind="stable")[:count]]


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


def pack(header: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """One message for the browser: [u32 header length][JSON header, padded][arrays, each at a multiple of 8 bytes].

    The header gains `arrays`: name → [dtype, shape, offset from the end of the header].
    """
    index, offset = {}, 0
    for name, array in arrays.items():
        index[name] = [array.dtype.str[1:], list(array.shape), offset]
        offset += array.nbytes + -array.nbytes % 8
    text = json.dumps(header | {"arrays": index}, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    parts = [len(text).to_bytes(4, "little"), text]
    for array in arrays.values():
        parts += [array.tobytes(), bytes(-array.nbytes % 8)]
    return b"".join(parts)


def unpack(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The inverse of `pack`: the header and read-only views of the arrays. explorer/js/trace.js does the same."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    arrays = {}
    for name, (dtype, shape, offset) in header["arrays"].items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(message, dtype, count, 4 + length + offset).reshape(shape)
    return header, arrays


def describe(trace: Trace) -> dict:
    """All of a trace that is not an array, ready for JSON."""
    return {
        "config": asdict(trace.config),
        "ablation": asdict(trace.ablation) | {"mask_value": str(trace.ablation.mask_value)},  # JSON knows no −∞
        "blocks": [_plain(block) for block in trace.blocks],
        "shapes": dict(trace.shapes),
        "axes": dict(trace.axes),
        "top": trace.top(),
        "device": trace.device,
        "seconds": trace.seconds,
    }


def trace_arrays(trace: Trace, blocks: Iterable[str] | None = None) -> dict[str, np.ndarray]:
    """The arrays by the names they have in the browser: `image`, `index`, `logits`, `<block>.<field>`.

    `blocks` names those whose attention is among them (default: all). The geometry, masks and tables of all blocks
    always are: they are small.
    """
    found = {field.name: getattr(trace, field.name) for field in fields(trace)}
    for block in trace.blocks:
        found |= {f"{block.name}.{field.name}": getattr(block, field.name) for field in fields(block)}
    chosen = None if blocks is None else {f"{name}.probs" for name in blocks}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, np.ndarray) and (chosen is None or not name.endswith(".probs") or name in chosen)
    }


def pack_trace(trace: Trace, blocks: Iterable[str] | None = None) -> bytes:
    """A trace as one message for the browser; `blocks` as in `trace_arrays`."""
    return pack(describe(trace), trace_arrays(trace, blocks))


def _plain(block: BlockTrace) -> dict:
    values = {field.name: getattr(block, field.name) for field in fields(block)}
    return {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
