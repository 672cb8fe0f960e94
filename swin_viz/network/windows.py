"""Window geometry as pure functions: pad, shift, partition, reverse, regions, mask, relative index.

Letters: B images, H W tokens of the map, C channels, M window side, N = M·M tokens of a window, nW windows.
A window keeps an axis of its own, (B, nW, N, C), so that a picture can always say which window it shows.
The model runs these functions and the lessons show their source: there is no second copy.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def pad_to_multiple(x: Tensor, multiple: int) -> Tensor:
    """Pad a map with zeros on its right and bottom, each side on its own, to full multiples.

    x: (B, H, W, C) → (B, H', W', C) with H' = ⌈H/multiple⌉·multiple, and W' likewise.
    """
    height, width = x.shape[1:3]
    bottom, right = -height % multiple, -width % multiple
    return F.pad(x, (0, 0, 0, right, 0, bottom)) if bottom or right else x


def effective_shift(height: int, width: int, window: int, shift: int) -> tuple[int, int]:
    """The (rows, columns) by which a padded map is really shifted: none along an axis with a single window."""
    return (shift if height > window else 0, shift if width > window else 0)


def cyclic_shift(x: Tensor, shift: tuple[int, int]) -> Tensor:
    """Roll a map up and left, what leaves comes in again at the other side (paper, figure 4). x: (B, H, W, C)."""
    return torch.roll(x, (-shift[0], -shift[1]), dims=(1, 2)) if any(shift) else x


def undo_shift(x: Tensor, shift: tuple[int, int]) -> Tensor:
    """Roll a map back down and right: the inverse of `cyclic_shift`. x: (B, H, W, C)."""
    return cyclic_shift(x, (-shift[0], -shift[1]))


def partition(x: Tensor, window: int) -> Tensor:
    """Cut a map into windows, row by row. x: (B, H, W, C), H and W multiples of M → (B, nW, N, C).

    Raises ValueError if a side is not a multiple of the window.
    """
    batch, height, width, channels = x.shape
    if height % window or width % window:
        raise ValueError(f"a {height}×{width} map is not cut evenly by windows of {window}×{window}: pad it first.")
    x = x.view(batch, height // window, window, width // window, window, channels)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(batch, -1, window * window, channels)


def reverse(windows: Tensor, window: int, height: int, width: int) -> Tensor:
    """Put windows back into a map: the inverse of `partition`. (B, nW, N, C) → (B, H, W, C)."""
    batch, channels = windows.shape[0], windows.shape[-1]
    x = windows.view(batch, height // window, width // window, window, window, channels)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(batch, height, width, channels)


def region_ids(
    height: int, width: int, window: int, shift: tuple[int, int], device: torch.device | str = "cpu"
) -> Tensor:
    """Number the pieces of a shifted map that were neighbours before the roll: (H', W') integers, nine at most.

    Along a shifted axis the three slices are: whole windows, the last window's own part, the part rolled in.
    """

    def slices(size: int, step: int) -> Tensor:
        at = torch.arange(size, device=device)
        return (at >= size - window).long() + (at >= size - step).long() if step else torch.zeros_like(at)

    return slices(height, shift[0])[:, None] * 3 + slices(width, shift[1])[None, :]


def shift_mask(regions: Tensor, window: int, value: float = -100.0) -> Tensor:
    """What each pair of a window's tokens gets added before softmax: 0 inside a region, `value` across regions.

    regions: (H', W') → (nW, N, N), query on the second axis, key on the third (paper, section 3.2).
    """
    ids = partition(regions[None, :, :, None], window)[0, :, :, 0]  # (nW, N)
    across = ids[:, :, None] != ids[:, None, :]  # (nW, N, N)
    return torch.where(across, value, 0.0)


def relative_index(window: int, factor: int | None = None) -> Tensor:
    """Which row of the bias table each pair of a window's tokens reads: (N, N) integers below (2M−1)².

    For query p and key q it is (yp − yq + M−1)·factor + (xp − xq + M−1), the factor being 2M−1. Another factor is
    the lesson's mistake: offsets collide. On the CPU, also where a model is made on another device.
    """
    factor = 2 * window - 1 if factor is None else factor
    side = torch.arange(window, device="cpu")
    y, x = torch.meshgrid(side, side, indexing="ij")
    at = torch.stack((y.flatten(), x.flatten()))  # (2, N)
    dy, dx = at[:, :, None] - at[:, None, :] + window - 1  # (N, N) each
    return dy * factor + dx


def token_places(height: int, width: int, window: int, shift: tuple[int, int]) -> Tensor:
    """Where each window's tokens really lie in the map, the shift undone. → (nW, N, 2) integers (row, column).

    height and width are the padded sides H', W'; a place at or beyond the unpadded side is padding.
    """
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return partition(cyclic_shift(torch.stack((y, x), dim=-1)[None], shift), window)[0]
