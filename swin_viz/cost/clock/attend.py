"""One attention layer in the six ways that the clock compares: whole map, windows, shifted windows, sliding windows.

Letters: B images, n side of a square map of tokens, C channels, h heads, d = C/h, M window side, N tokens that attend
to each other, nW windows. All six share one set of weights; the two shifted ones give the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from swin_viz.cost.terms import msa, padded_w_msa, w_msa
from swin_viz.network.windows import (
    cyclic_shift,
    effective_shift,
    pad_to_multiple,
    partition,
    region_ids,
    relative_index,
    reverse,
    shift_mask,
    undo_shift,
)

CHANNELS, HEADS, WINDOW = 96, 3, 7  # the first stage of Swin-T
Product = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]


@dataclass(frozen=True)
class Layer:
    """The weights of one attention layer: qkv (3C, C), proj (C, C), bias of each pair (h, N, N)."""

    qkv: Tensor
    proj: Tensor
    bias: Tensor


def make_layer(device: torch.device, seed: int = 0) -> Layer:
    """A layer with random weights (their values cost nothing), always the same."""
    draw = torch.Generator().manual_seed(seed)
    table = 0.1 * torch.randn((2 * WINDOW - 1) ** 2, HEADS, generator=draw)
    bias = table[relative_index(WINDOW)].permute(2, 0, 1).contiguous()
    qkv = torch.randn(3 * CHANNELS, CHANNELS, generator=draw) * CHANNELS**-0.5
    proj = torch.randn(CHANNELS, CHANNELS, generator=draw) * CHANNELS**-0.5
    return Layer(qkv.to(device), proj.to(device), bias.to(device))


def explicit(q: Tensor, k: Tensor, v: Tensor, added: Tensor | None) -> Tensor:
    """softmax(QKᵀ/√d + added)·V with every map in memory. q, k, v: (…, h, N, d)."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
    shares: Tensor = (scores if added is None else scores + added).softmax(dim=-1)
    return shares @ v


def fused(q: Tensor, k: Tensor, v: Tensor, added: Tensor | None) -> Tensor:
    """The same by torch's fused kernel, which never writes the maps: it wants four axes. q, k, v: (B, nW, h, N, d)."""
    flat_q, flat_k, flat_v = (value.flatten(0, 1) for value in (q, k, v))
    return F.scaled_dot_product_attention(flat_q, flat_k, flat_v, attn_mask=added).view(q.shape)


def attend(layer: Layer, groups: Tensor, added: Tensor | None, product: Product = explicit) -> Tensor:
    """Attention inside each group of tokens: (B, nW, N, C) → (B, nW, N, C)."""
    batch, count, tokens, channels = groups.shape
    q, k, v = F.linear(groups, layer.qkv).view(batch, count, tokens, 3, HEADS, -1).permute(3, 0, 1, 4, 2, 5)
    z = product(q, k, v, added)  # (B, nW, h, N, d)
    return F.linear(z.transpose(2, 3).reshape(batch, count, tokens, channels), layer.proj)


def global_msa(layer: Layer, x: Tensor, product: Product) -> Tensor:
    """Every token attends to every token. x (B, n, n, C) → the same shape."""
    return attend(layer, x.flatten(1, 2)[:, None], None, product).view(x.shape)


def window_msa(layer: Layer, x: Tensor, mask: Tensor | None = None) -> Tensor:
    """Attention inside windows; with a mask (nW, N, N), inside windows shifted by ⌊M/2⌋. x (B, n, n, C)."""
    height, width = x.shape[1:3]
    padded = pad_to_multiple(x, WINDOW)
    tall, wide = padded.shape[1:3]
    shift = (0, 0) if mask is None else effective_shift(tall, wide, WINDOW, WINDOW // 2)
    added = layer.bias if mask is None else layer.bias + mask[:, None]
    groups = attend(layer, partition(cyclic_shift(padded, shift), WINDOW), added)
    return undo_shift(reverse(groups, WINDOW, tall, wide), shift)[:, :height, :width]


def cyclic_mask(side: int, device: torch.device) -> Tensor:
    """The mask of `window_msa` shifted by ⌊M/2⌋ on a map of side × side tokens: (nW, N, N)."""
    padded = -(-side // WINDOW) * WINDOW
    shift = effective_shift(padded, padded, WINDOW, WINDOW // 2)
    return shift_mask(region_ids(padded, padded, WINDOW, shift, device), WINDOW)


def padded_shift(layer: Layer, x: Tensor, mask: Tensor) -> Tensor:
    """The naive shift: windows stick out over the rim, padding fills them: one more each way. x (B, n, n, C)."""
    height, width = x.shape[1:3]
    step = WINDOW // 2
    before = WINDOW - step
    padded = pad_to_multiple(F.pad(x, (0, 0, before, 0, before, 0)), WINDOW)
    groups = attend(layer, partition(padded, WINDOW), layer.bias + mask[:, None])
    whole = reverse(groups, WINDOW, *padded.shape[1:3])
    return whole[:, before : before + height, before : before + width]


def padding_mask(side: int, device: torch.device) -> Tensor:
    """The mask of `padded_shift`: no token looks at padding. (nW, 1, N), the same for every query."""
    before = WINDOW - WINDOW // 2
    real = F.pad(torch.ones(1, side, side, 1, device=device), (0, 0, before, 0, before, 0))
    blocked = partition(pad_to_multiple(real, WINDOW), WINDOW)[0, :, :, 0] == 0  # (nW, N)
    return torch.zeros(blocked.shape, device=device).masked_fill(blocked, -100.0)[:, None]


def sliding_window(layer: Layer, x: Tensor, mask: Tensor) -> Tensor:
    """Every token in the middle of a window of its own: the naive way gathers M² keys and values for each token.

    Keys beyond the rim are masked. x (B, n, n, C) → the same shape; mask (n·n, 1, N).
    """
    batch, height, width, channels = x.shape
    q, k, v = F.linear(x, layer.qkv).chunk(3, dim=-1)  # (B, n, n, C) each
    tokens, keys = height * width, WINDOW**2
    q = q.reshape(batch, tokens, HEADS, 1, -1)
    k, v = (_neighbours(value).view(batch, HEADS, -1, keys, tokens).permute(0, 4, 1, 3, 2) for value in (k, v))
    bias = layer.bias[:, keys // 2, None]  # (h, 1, N): what the token in the middle of a window adds
    z = explicit(q, k, v, bias + mask[:, None])  # (B, n·n, h, 1, d)
    return F.linear(z.reshape(batch, height, width, channels), layer.proj)


def _neighbours(value: Tensor) -> Tensor:
    """The M×M tokens around each token, zeros beyond the rim: (B, n, n, C) → (B, C·N, n·n)."""
    return F.unfold(value.permute(0, 3, 1, 2), WINDOW, padding=WINDOW // 2)


def rim_mask(side: int, device: torch.device) -> Tensor:
    """The mask of `sliding_window`: no token looks beyond the rim. (n·n, 1, N)."""
    inside = _neighbours(torch.ones(1, side, side, 1, device=device))[0].T  # (n·n, N)
    return (inside - 1).mul(100.0)[:, None]  # 0 or −100


def ways(layer: Layer, side: int, device: torch.device) -> dict[str, Callable[[Tensor], Tensor]]:
    """The six ways by name, ready for maps (B, side, side, C); masks are made beforehand, as in the model."""
    cyclic, padding, rim = cyclic_mask(side, device), padding_mask(side, device), rim_mask(side, device)
    return {
        "msa": lambda x: global_msa(layer, x, explicit),
        "msa_fused": lambda x: global_msa(layer, x, fused),
        "w_msa": lambda x: window_msa(layer, x),
        "sw_msa": lambda x: window_msa(layer, x, cyclic),
        "padded": lambda x: padded_shift(layer, x, padding),
        "sliding": lambda x: sliding_window(layer, x, rim),
    }


def macs(way: str, side: int, batch: int = 1) -> int:
    """Multiply-adds of one way on maps of side × side tokens. Raises KeyError for an unknown way."""
    further = WINDOW - WINDOW // 2 + side
    return (
        batch
        * {
            "msa": msa(side, side, CHANNELS),
            "msa_fused": msa(side, side, CHANNELS),
            "w_msa": padded_w_msa(side, side, CHANNELS, WINDOW),
            "sw_msa": padded_w_msa(side, side, CHANNELS, WINDOW),
            "padded": padded_w_msa(further, further, CHANNELS, WINDOW),
            "sliding": w_msa(side, side, CHANNELS, WINDOW),  # M² keys for each token, as in a window
        }[way]
    )
