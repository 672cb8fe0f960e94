"""Where the cells of a lesson stand, what is written on them, and which colours they have.

Letters: H W tokens of a map, H' W' of the padded map, M window side, N = M·M, nW windows. Seats are rows and columns,
fractions of a cell too: (…, 2) float32. A cell is known by its number in the padded map: `index_map` is sent through
the model's own function, and `seats` reads off where each has come to stand.
"""

import numpy as np
import torch
from torch import Tensor

from swin_viz.lessons.board import PALETTE
from swin_viz.network.windows import cyclic_shift, pad_to_multiple, partition

ONE_LINE = 24  # tokens of a window that can be read on one line
HUES = len(PALETTE)


def index_map(height: int, width: int) -> Tensor:
    """(1, H, W, 1): every token's own number."""
    return torch.arange(height * width).view(1, height, width, 1)


def seats(ids: Tensor, at: np.ndarray, count: int) -> np.ndarray:
    """Where each cell stands: ids (…) of a function's output, at (…, 2) the seats of that output → (count, 2)."""
    found = np.full((count, 2), np.nan, np.float32)
    found[ids.reshape(-1).numpy()] = at.reshape(-1, 2)
    return found


def grid(rows: int, columns: int, cut: int = 0, gap: float = 0.0) -> np.ndarray:
    """Seats of a map (rows, columns, 2), with a gap after every `cut` cells."""
    r, c = np.mgrid[:rows, :columns].astype(np.float32)
    if cut:
        r, c = r + gap * (r // cut), c + gap * (c // cut)
    return np.stack((r, c), axis=-1)


def window_list(count: int, window: int, across: int, gap: float = 1.0) -> np.ndarray:
    """Seats of windows laid out one after the other, `across` in a row: (nW, M, M, 2)."""
    r, c = np.mgrid[:window, :window].astype(np.float32)
    w = np.arange(count)[:, None, None]
    return np.stack((r + (w // across) * (window + gap), c + (w % across) * (window + gap)), axis=-1)


def rows_of(count: int, tokens: int) -> np.ndarray:
    """Seats of a matrix whose rows are windows, (nW, N, 2); long rows of few windows go over several lines each."""
    lines = -(-tokens // ONE_LINE)
    if lines == 1 or count * lines > tokens // lines:  # then the cells would be smaller than in long rows
        return grid(count, tokens)
    slot, row = np.arange(tokens), np.arange(count)[:, None]
    long = -(-tokens // lines)
    down = row * (lines + 0.6) + slot // long
    return np.stack((down, np.broadcast_to(slot % long, down.shape)), axis=-1).astype(np.float32)


def places(height: int, width: int, real: tuple[int, int]) -> np.ndarray:
    """Row and column of every cell of a padded map, −1 where it is padding: (H'·W', 2)."""
    at = np.moveaxis(np.indices((height, width)), 0, -1).reshape(-1, 2)
    at[(at[:, 0] >= real[0]) | (at[:, 1] >= real[1])] = -1
    return at


def padded_size(height: int, width: int, window: int) -> tuple[int, int]:
    """H', W': the sides after padding to multiples of the window."""
    rows, columns = pad_to_multiple(torch.empty(1, height, width, 0), window).shape[1:3]
    return rows, columns


def owners(rows: int, columns: int, window: int, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Which window each cell of the map falls into: (H'·W',)."""
    ids = partition(cyclic_shift(index_map(rows, columns), shift), window)[0, :, :, 0]
    owner = np.zeros(rows * columns, int)
    owner[ids.reshape(-1).numpy()] = np.repeat(np.arange(ids.shape[0]), ids.shape[1])
    return owner


def hues(numbers: np.ndarray) -> np.ndarray:
    """Colour groups of any numbers: the palette, again and again."""
    return (numbers % HUES).astype(np.uint8)


def window_hues(owner: np.ndarray, down: int, across: int) -> np.ndarray:
    """Colour groups of windows, `down` × `across` of them: no two that touch, be it at a corner, have the same."""
    step = across if across % HUES not in (0, 1, HUES - 1) or min(down, across) == 1 else 4
    return hues(owner // across * step + owner % across)


def numbers(sources: np.ndarray, width: int) -> np.ndarray:
    """What is written on the cells: the token's number in the unpadded map; nothing on padding."""
    return np.where(sources[:, 0] < 0, np.nan, sources[:, 0] * width + sources[:, 1]).astype(np.float32)
