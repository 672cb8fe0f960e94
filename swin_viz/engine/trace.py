"""One run = (image, model, `Ablation`) → an immutable `Trace`: all that the pages draw, as compact arrays.

Letters: H W tokens of a block's map, H' W' of the padded map, M window side, N = M·M, nW windows, h heads.
Attention is kept as 16-bit integers, value = share·65535: that is what the browser gets, at half of the memory; a
share is off by at most 1/131070.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType

import numpy as np

from swin_viz.network.ablation import Ablation
from swin_viz.network.variants import SwinConfig

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
    inputs: Mapping[str, np.ndarray]  # (H, W, C) float32 of every block, by name: where they are kept, see sections.py
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
        return sum(array.nbytes for array in (*trace_arrays(self).values(), *self.inputs.values()))

    def top(self, count: int = 5) -> list[tuple[int, float]]:
        """The most probable classes: (class, softmax share), best first; empty for a model without a head."""
        return top(self.logits, count) if self.config.classes else []


def top(logits: np.ndarray, count: int = 5) -> list[tuple[int, float]]:
    """The classes of the largest logits: (class, softmax share), best first."""
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    return [(int(i), float(shares[i])) for i in np.argsort(-shares, kind="stable")[:count]]


def describe(trace: Trace) -> dict:
    """All of a trace that is not an array, ready for JSON."""
    return {
        "config": asdict(trace.config),
        "ablation": asdict(trace.ablation) | {"mask_value": str(trace.ablation.mask_value)},  # JSON knows no −∞
        "unit": UNIT,
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


def _plain(block: BlockTrace) -> dict:
    values = {field.name: getattr(block, field.name) for field in fields(block)}
    return {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
