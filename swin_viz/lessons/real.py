"""The lessons' facts on the real block: the naive shift, what leaks, features as colour. Arrays and numbers only.

Letters: H W tokens of the block's map, C channels, M window side, N = M·M, nW windows, h heads.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from swin_viz.cost.terms import w_msa
from swin_viz.model import SwinBlock
from swin_viz.trace import BlockTrace
from swin_viz.windows import effective_shift, pad_to_multiple, partition, reverse

MOST_BORDER = 64  # windows whose scores are sent to the browser


def margins(rows: int, columns: int, window: int, shift: int) -> tuple[int, int, int, int]:
    """How far the moved windows stand out over a map of full windows: (left, right, top, bottom)."""
    down, across = effective_shift(rows, columns, window, shift)
    return (window - across if across else 0), across, (window - down if down else 0), down


@torch.no_grad()
def naive_shift(block: SwinBlock, x: Tensor) -> Tensor:
    """Shifted windows without the roll: the map is padded so that the moved windows cover it (paper, section 3.2).

    x: (1, H, W, C), normed → what the block's attention gives, (1, H, W, C).
    """
    window, (height, width) = block.window, x.shape[1:3]
    even = pad_to_multiple(x, window)
    rows, columns = even.shape[1:3]
    left, right, top, bottom = margins(rows, columns, window, block.shift_size)
    padded = F.pad(even, (0, 0, left, right, top, bottom))
    outside = F.pad(torch.zeros(rows, columns, dtype=torch.long), (left, right, top, bottom), value=1)
    windows = block.attn(partition(padded, window), outside)
    x = reverse(windows, window, *padded.shape[1:3])
    return x[:, top : top + height, left : left + width]


@dataclass(frozen=True)
class Way:
    """What shifted windows cost one way: windows, their tokens, multiply-adds of the attention layer."""

    windows: int
    tokens: int
    macs: int


def shift_ways(height: int, width: int, window: int, shift: int, channels: int) -> tuple[Way, Way]:
    """The cyclic way and the naive one, of a map of any size."""
    rows, columns = pad_to_multiple(torch.empty(1, height, width, 0), window).shape[1:3]
    left, right, top, bottom = margins(rows, columns, window, shift)
    sides = ((rows, columns), (top + rows + bottom, left + columns + right))
    return tuple(Way(h * w // window**2, h * w, w_msa(h, w, channels, window)) for h, w in sides)


def border_windows(block: BlockTrace) -> np.ndarray:
    """The windows that need a mask, the last of them first kept: at most MOST_BORDER, in order."""
    needs = np.flatnonzero((block.mask_kinds != 0).any((1, 2))[block.mask_of])
    return needs[-MOST_BORDER:].astype(np.int32)


def middle_window(block: BlockTrace) -> int:
    """The window in the middle of the rolled map: of an even number of rows or columns the later one."""
    rows, columns = (side // block.window for side in block.padded)
    return rows // 2 * columns + columns // 2


def leak(shares: np.ndarray, block: BlockTrace, mask: np.ndarray) -> float:
    """The share of attention that crosses regions in the border windows: shares (nW, h, N, N), mask (nW, N, N)."""
    windows = border_windows(block)
    if not len(windows):
        return 0.0
    across = (mask[windows] != 0)[:, None]
    return float((shares[windows] * across).sum() / shares[windows].sum())


def as_colours(features: np.ndarray) -> np.ndarray:
    """The three strongest principal components of a map as red, green and blue: (H, W, C) → (H, W, 3) uint8.

    Each component is scaled to its own range; the signs are fixed so that the same features give the same colours.
    """
    flat = features.reshape(-1, features.shape[-1]).astype(np.float64)
    flat = flat - flat.mean(0)
    _, _, axes = np.linalg.svd(flat, full_matrices=False)
    axes = axes[:3] * np.sign(axes[:3, np.abs(axes[:3]).argmax(1)].diagonal())[:, None]
    parts = flat @ axes.T
    parts = np.pad(parts, ((0, 0), (0, 3 - parts.shape[1])))
    low, high = np.percentile(parts, [1, 99], axis=0)
    scaled = np.clip((parts - low) / np.where(high > low, high - low, 1), 0, 1)
    return (scaled * 255).round().astype(np.uint8).reshape(*features.shape[:2], 3)


def as_grey(channel: np.ndarray) -> np.ndarray:
    """One channel, its smallest value black and its largest white: (H, W) → (H, W, 3) uint8."""
    low, high = float(channel.min()), float(channel.max())
    grey = ((channel - low) / ((high - low) or 1) * 255).round().astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def with_grid(image: np.ndarray, step: int) -> np.ndarray:
    """The picture with a line every `step` pixels: the single grid of a Vision Transformer."""
    lined = image.copy()
    lined[::step], lined[:, ::step] = 255, 255
    return lined
