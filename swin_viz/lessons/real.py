"""The lessons' facts on the real block: the naive shift, what leaks, features as colour. Arrays and numbers only.

Letters: H W tokens of the block's map, C channels, M window side, N = M·M, nW windows, h heads.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from swin_viz.model import SwinBlock
from swin_viz.trace import BlockTrace
from swin_viz.windows import effective_shift, pad_to_multiple, partition, reverse

MOST_BORDER = 64  # windows whose scores are sent to the browser


@torch.no_grad()
def naive_shift(block: SwinBlock, x: Tensor) -> tuple[Tensor, int, int]:
    """Shifted windows without the roll: the map is padded so that the moved windows cover it (paper, section 3.2).

    x: (1, H, W, C), normed → what the block's attention gives, (1, H, W, C); the number of windows; and that of the
    cyclic way.
    """
    window, (height, width) = block.window, x.shape[1:3]
    even = pad_to_multiple(x, window)
    rows, columns = even.shape[1:3]
    down, across = effective_shift(rows, columns, window, block.shift_size)
    top, left = (window - down if down else 0), (window - across if across else 0)
    padded = F.pad(even, (0, 0, left, across, top, down))
    outside = F.pad(torch.zeros(rows, columns, dtype=torch.long), (left, across, top, down), value=1)
    sides = padded.shape[1:3]
    windows = partition(padded, window)
    out = reverse(block.attn(windows, outside), window, *sides)[:, top : top + height, left : left + width]
    return out, windows.shape[1], (rows // window) * (columns // window)


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
