"""Which head a tile shows, by a rule that the page says; and whose every token is, where a drawn scene's truth is known.

Letters: H W tokens of a block's map, nW windows, h heads, N tokens of a window.
"""

from dataclasses import dataclass

import numpy as np

from swin_viz.engine import maps
from swin_viz.engine.trace import BlockTrace, Trace

CUE, TARGET, EVEN = "cue", "target", "even"  # the rules: to the cue; to the target or the cue; the least even head
NOTICED = 0.1  # the least mean weight by which a head is chosen for looking at the cue
IS_CUE, IS_PIECE = 0.12, 0.15  # the part of a token's pixels from which on it is the cue's, or a piece's


@dataclass(frozen=True)
class Truth:
    """A drawn scene's truth. ids: (height, width) of every pixel, 0 ground, 1 … cue − 1 the pieces, then the cue."""

    ids: np.ndarray
    cue: int
    target: int


def objects(block: BlockTrace, truth: Truth) -> np.ndarray:
    """The number of the cue or the piece that every token is called after, else 0: (H, W) uint8.

    The cue from 12 % of the token's pixels on; else the piece that has most of them, from 15 % on.
    """
    (rows, columns), side = block.size, block.pixels
    ids = np.zeros((rows * side, columns * side), np.uint8)
    ids[: truth.ids.shape[0], : truth.ids.shape[1]] = truth.ids[: rows * side, : columns * side]
    cut = ids.reshape(rows, side, columns, side)
    parts = np.stack([(cut == number).mean((1, 3)) for number in range(1, truth.cue + 1)])
    pieces = parts[:-1]
    found = np.where(pieces.max(0) > IS_PIECE, pieces.argmax(0) + 1, 0)
    return np.where(parts[-1] > IS_CUE, truth.cue, found).astype(np.uint8)


def resized(ids: np.ndarray, height: int, width: int) -> np.ndarray:
    """A scene's ids at another size, each pixel the nearest one's."""
    rows, columns = (np.arange(side) * old // side for side, old in zip((height, width), ids.shape, strict=True))
    return ids[rows][:, columns]


def chosen(trace: Trace, truth: Truth | None) -> list[tuple[int, str]]:
    """Of every block the head that its tile shows, and the rule by which it was chosen."""
    return [_chosen(block, truth) for block in trace.blocks]


def _chosen(block: BlockTrace, truth: Truth | None) -> tuple[int, str]:
    shares = block.shares()
    if truth is not None:
        own = _in_windows(block, objects(block, truth))  # (nW, N)
        queries, cue = own == truth.target, own == truth.cue
        if queries.any():
            to_cue = weight(shares, queries, cue)
            if to_cue.max() >= NOTICED:
                return int(to_cue.argmax()), CUE
            return int(weight(shares, queries, queries | cue).argmax()), TARGET
    allowed = (block.mask_kinds == 0).sum(axis=-1)[block.mask_of]
    inside = maps.real(block.places, block.padded[1], block.size)
    return int(maps.head_means(maps.entropy(shares, allowed), inside).argmin()), EVEN


def weight(shares: np.ndarray, queries: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """What some queries give to some keys of their windows, their mean per head. shares (nW, h, N, N) → (h,)."""
    some = queries.any(axis=1)  # windows without a query add nothing
    given = np.einsum("whqk,wq,wk->h", shares[some], queries[some].astype(np.float32), keys[some].astype(np.float32))
    return given / queries.sum()


def _in_windows(block: BlockTrace, numbers: np.ndarray) -> np.ndarray:
    """Numbers of the tokens as the windows hold them, 0 for padding: (H, W) → (nW, N)."""
    padded = np.zeros(block.padded, numbers.dtype)
    padded[: block.size[0], : block.size[1]] = numbers
    return padded.ravel()[block.places]
