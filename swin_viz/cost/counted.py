"""What an operator counter sees when the real model runs, beside the formula.

The model runs on the meta device: every operator is dispatched with its true shapes, nothing is computed and nothing
stored, so sizes are counted that no machine could run. What an operator costs is torch's own table (that of its
FlopCounterMode: floating-point operations, two for each multiply-add); softmax, LayerNorm and GELU, which that table
does not know, are counted as elements. FlopCounterMode itself hooks every module of the process, other visitors'
models included; this counter hooks its own model and its own thread alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from swin_viz.cost.clock.attend import CHANNELS, Product, make_layer, ways
from swin_viz.cost.formula import FLOPS_PER_MAC, Item, items
from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig

ATEN = torch.ops.aten
ELEMENTWISE = {ATEN._softmax, ATEN.native_layer_norm, ATEN.gelu}
OWNERS = {  # end of a module's path → the components whose operators run in it, in their order
    "patch_embed.proj": ("patch_embed",),
    "patch_embed.norm": ("patch_norm",),
    "norm1": ("norms",),
    "norm2": ("norms",),
    "attn.qkv": ("qkv",),
    "attn": ("scores", "softmax", "values"),
    "attn.proj": ("proj",),
    "mlp.fc1": ("mlp",),
    "mlp": ("gelu",),
    "mlp.fc2": ("mlp",),
    "downsample.norm": ("merging_norm",),
    "downsample.reduction": ("merging",),
    "norm": ("last_norm",),
    "head": ("head",),
}
Place = tuple[int | None, int | None, str]  # stage, block, component


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


class Counter(TorchDispatchMode):
    """Sees every operator of this thread. `seen`: module path → (multiply-adds, elements) of each that costs."""

    def __init__(self, model: nn.Module | None = None) -> None:
        super().__init__()
        self.seen: dict[str, list[tuple[int, int]]] = {}
        self._path = [""]
        for name, module in model.named_modules() if model else ():
            module.register_forward_pre_hook(lambda _module, _args, name=name: self._path.append(name))
            module.register_forward_hook(lambda _module, _args, _value: self._leave())

    def _leave(self) -> None:
        self._path.pop()

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run the operator and note what it cost."""
        result = func(*args, **(kwargs or {}))
        operator = func._overloadpacket
        if operator in ELEMENTWISE:
            first = result[0] if isinstance(result, tuple) else result
            self.seen.setdefault(self._path[-1], []).append((0, first.numel()))
        elif operator in flop_registry:
            flops = flop_registry[operator](*args, **(kwargs or {}), out_val=result)
            self.seen.setdefault(self._path[-1], []).append((flops // FLOPS_PER_MAC, 0))
        return result

    @property
    def macs(self) -> int:
        """All multiply-adds seen."""
        return sum(macs for steps in self.seen.values() for macs, _ in steps)


def count(model: Swin, height: int, width: int) -> dict[Place, tuple[int, int]]:
    """(stage, block, component) → (multiply-adds, elements) as the operators of the model ran. The model is spent."""
    counter = Counter(model)
    device = next(model.parameters()).device
    with torch.no_grad(), counter:
        model(torch.zeros(1, model.config.in_channels, height, width, device=device))
    found: dict[Place, tuple[int, int]] = {}
    for path, steps in counter.seen.items():
        owner = next(names for end, names in OWNERS.items() if path == end or path.endswith(f".{end}"))
        for component, (macs, elements) in zip(owner, steps, strict=True):
            key = (*_place(path), component)
            before = found.get(key, (0, 0))
            found[key] = (before[0] + macs, before[1] + elements)
    return found


def _place(path: str) -> tuple[int | None, int | None]:
    """Stage and block of a module path."""
    numbers = [int(part) for part in path.split(".") if part.isdigit()]
    return (numbers[0] if numbers else None, numbers[1] if len(numbers) > 1 else None)


@lru_cache(maxsize=32)
def compare(config: SwinConfig, height: int, width: int) -> tuple[Comparison, ...]:
    """Formula and counter, step by step, for one image of height × width pixels, on the meta device."""
    with torch.device("meta"):
        model = Swin(config).eval().to("meta")  # its index tables too
    counted = count(model, height, width)
    return tuple(_compared(item, counted) for item in items(config, height, width))


def _compared(item: Item, counted: dict[Place, tuple[int, int]]) -> Comparison:
    place = (item.stage, item.block, item.component)
    macs, elements = counted.get(place, (None, None))
    return Comparison(*place, item.macs, macs if item.macs else None, item.elements, None if item.macs else elements)


def count_attention(tokens: int, channels: int, heads: int, product: Product) -> int:
    """Multiply-adds a counter sees in the attention products of one layer that runs for real on the CPU.

    Shows the counter's gap: of a fused attention on a CPU it sees nothing (scores and values count zero).
    """
    q, k, v = torch.zeros(3, 1, 1, heads, tokens, channels // heads)
    return _counted(lambda x: product(x, k, v, None), q)


def _counted(call: Callable[[Tensor], Tensor], x: Tensor) -> int:
    counter = Counter()
    with torch.no_grad(), counter:
        call(x)
    return counter.macs


@cache
def counted_ratios(sides: tuple[int, ...]) -> dict[int, float]:
    """Side of the map → how many times more one layer of MSA multiplies than W-MSA, as the operators were counted."""
    meta = torch.device("meta")
    layer, found = make_layer(meta), {}
    for side in sides:
        made, x = ways(layer, side, meta), torch.zeros(1, side, side, CHANNELS, device=meta)
        found[side] = _counted(made["msa"], x) / _counted(made["w_msa"], x)
    return found
