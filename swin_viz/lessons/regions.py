"""The regions of a rolled map, numbered as published, with fewer numbers, or by mistake; and the masks they make.

Letters: H W tokens of a map, H' W' of the padded map, M window side, N = M·M, nW windows. In one window,
tokens of one number were one piece before the roll: a pair of two numbers is blocked.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from swin_viz.lessons.cells import padded_size
from swin_viz.network.windows import effective_shift, region_ids, shift_mask

NUMBERINGS = ("nine", "four", "unpadded")


def regions_of(height: int, width: int, window: int, shift: int, numbering: str = "nine") -> Tensor:
    """The region of every token of the rolled and padded map, by one of NUMBERINGS. → (H', W') integers."""
    rows, columns = padded_size(height, width, window)
    moved = effective_shift(rows, columns, window, shift)
    if numbering == "four":
        return four_regions(rows, columns, moved)
    if numbering == "unpadded":
        return unpadded_regions(height, width, window, moved)
    return region_ids(rows, columns, window, moved)


def window_masks(height: int, width: int, window: int, shift: int, numbering: str = "nine") -> np.ndarray:
    """The mask of every window of the map, (nW, N, N) float32, by the function that the model runs."""
    return shift_mask(regions_of(height, width, window, shift, numbering), window).numpy()


def faults(height: int, width: int, window: int, shift: int) -> tuple[int, int]:
    """What the unpadded size gets wrong: how many pairs of all windows are blocked, and left open, by mistake."""
    right, wrong = (window_masks(height, width, window, shift, name) != 0 for name in ("nine", "unpadded"))
    return int((wrong & ~right).sum()), int((right & ~wrong).sum())


@lru_cache(maxsize=16)
def four_regions(rows: int, columns: int, shift: tuple[int, int]) -> Tensor:
    """The fewest regions that give the same mask: rolled in or not, along each axis. → (H', W')."""
    down = torch.arange(rows) >= rows - shift[0]
    across = torch.arange(columns) >= columns - shift[1]
    return down[:, None].long() * 2 + across[None, :].long()


def unpadded_regions(height: int, width: int, window: int, shift: tuple[int, int]) -> Tensor:
    """A mistake: regions made from the size before padding, zeros where the padding comes. → (H', W')."""
    rows, columns = padded_size(height, width, window)
    return F.pad(region_ids(height, width, window, shift), (0, columns - width, 0, rows - height))


def numbered_by(numbering: str) -> tuple[Callable[..., Tensor], ...]:
    """The functions that number the regions that way, to be shown."""
    if numbering == "nine":
        return (region_ids,)
    return (four_regions,) if numbering == "four" else (unpadded_regions, region_ids)
