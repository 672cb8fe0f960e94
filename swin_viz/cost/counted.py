"""What a real operator counter sees when the real model runs, beside the formula.

The model runs on the meta device: every operator is dispatched with its true shapes, nothing is computed and nothing
stored, so sizes are counted that no machine could run. The counter (torch's FlopCounterMode) reports floating-point
operations, two for each multiply-add; softmax, LayerNorm and GELU are counted here as elements.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from swin_viz.cost.attend import CHANNELS, Product, make_layer, ways
from swin_viz.cost.formula import FLOPS_PER_MAC, Item, items
from swin_viz.model import Swin
from swin_viz.variants import SwinConfig

ATEN = torch.ops.aten
PRODUCTS = {ATEN.mm, ATEN.addmm, ATEN.bmm, ATEN.convolution}
OWNERS = {  # end of a module's path → component; the attention itself multiplies its scores and values
    "patch_embed.proj": "patch_embed",
    "attn.qkv": "qkv",
    "attn.proj": "proj",
    "attn": "attention",
    "mlp.fc1": "mlp",
    "mlp.fc2": "mlp",
    "downsample.reduction": "merging",
    "head": "head",
    "patch_embed.norm": "patch_norm",
    "norm1": "norms",
    "norm2": "norms",
    "mlp": "gelu",
    "downsample.norm": "merging_norm",
    "norm": "last_norm",
}
MERGED = {"scores": "attention", "values": "attention", "softmax": "attention"}  # one module runs all three


@dataclass(frozen=True)
class Comparison:
    """One step: multiply-adds and elements by formula and by counter; None where the counter sees nothing."""

    stage: int | None
    block: int | None
    component: str
    macs: int
    counted_macs: int | None
    elements: int
    counted_elements: int | None


def _elements(*_shapes: Any, out_shape: Any, **_options: Any) -> int:
    """Elements of the first result of an operator."""
    shape = out_shape[0] if isinstance(out_shape[0], tuple | list | torch.Size) else out_shape
    return torch.Size(shape).numel()


ELEMENTWISE = {ATEN._softmax: _elements, ATEN.native_layer_norm: _elements, ATEN.gelu: _elements}


def counts(model: Swin, height: int, width: int) -> dict[tuple[int | None, int | None, str], tuple[int, int]]:
    """(stage, block, component) → (multiply-adds, elements of softmax, LayerNorm and GELU), as the operators ran."""
    counter = FlopCounterMode(display=False, custom_mapping=ELEMENTWISE)
    device = next(model.parameters()).device
    with torch.no_grad(), counter:
        model(torch.zeros(1, model.config.in_channels, height, width, device=device))
    by_module = {path.removeprefix("Swin."): found for path, found in counter.get_flop_counts().items()}
    seen = {}
    for path, found in by_module.items():
        owner = next((name for end, name in OWNERS.items() if path == end or path.endswith(f".{end}")), None)
        if owner is None:
            continue
        own = {op: count - _below(by_module, path, op) for op, count in found.items()}
        macs = sum(count for op, count in own.items() if op in PRODUCTS) // FLOPS_PER_MAC
        key = (*_place(path), owner)
        before = seen.get(key, (0, 0))
        seen[key] = (before[0] + macs, before[1] + sum(own.values()) - macs * FLOPS_PER_MAC)
    return seen


def _below(by_module: dict[str, dict[Any, int]], path: str, op: Any) -> int:
    """What an operator did in the children of a module."""
    depth = path.count(".") + 1
    children = (found for name, found in by_module.items() if name.startswith(f"{path}.") and name.count(".") == depth)
    return sum(found.get(op, 0) for found in children)


def _place(path: str) -> tuple[int | None, int | None]:
    """Stage and block of a module path."""
    parts = path.split(".")
    numbers = [int(part) for part in parts if part.isdigit()]
    return (numbers[0] if numbers else None, numbers[1] if len(numbers) > 1 else None)


def compare(config: SwinConfig, height: int, width: int) -> list[Comparison]:
    """Formula and counter, step by step, for one image of height × width pixels, on the meta device."""
    with torch.device("meta"):
        model = Swin(config).eval()
    counted = counts(model, height, width)
    table: dict[tuple[int | None, int | None, str], list[Item]] = {}
    for item in items(config, height, width):
        table.setdefault((item.stage, item.block, MERGED.get(item.component, item.component)), []).append(item)
    return [_compared(key, group, counted.get(key)) for key, group in table.items()]


def _compared(
    key: tuple[int | None, int | None, str], group: list[Item], counted: tuple[int, int] | None
) -> Comparison:
    """One row; the attention's elements are those of its softmax alone, the one step there that is counted."""
    inner = [item for item in group if item.component == "softmax"] or group
    macs, elements = sum(item.macs for item in group), sum(item.elements for item in inner)
    products = macs > 0 and counted is not None
    elementwise = counted is not None and (not macs or key[2] == "attention")
    return Comparison(*key, macs, counted[0] if products else None, elements, counted[1] if elementwise else None)


def count_attention(tokens: int, channels: int, heads: int, product: Product) -> int:
    """Multiply-adds a counter sees in the attention products of one layer that runs for real on the CPU.

    Shows the counter's gap: of a fused attention on a CPU it sees nothing (scores and values count zero).
    """
    q, k, v = torch.zeros(3, 1, 1, heads, tokens, channels // heads)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        product(q, k, v, None)
    return counter.get_total_flops() // FLOPS_PER_MAC


def counted_ratios(sides: tuple[int, ...]) -> dict[int, float]:
    """Side of the map → how many times more one layer of MSA multiplies than W-MSA, as the operators were counted."""
    meta = torch.device("meta")
    layer, found = make_layer(meta), {}
    for side in sides:
        made, totals = ways(layer, side, meta), {}
        for way in ("msa", "w_msa"):
            with torch.no_grad(), FlopCounterMode(display=False) as counter:
                made[way](torch.zeros(1, side, side, CHANNELS, device=meta))
            totals[way] = counter.get_total_flops()
        found[side] = totals["msa"] / totals["w_msa"]
    return found
