"""Which head a tile shows, by a rule that the page says; and whose each token is, where a scene's truth is known.

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
    parts = _parts(block, truth)
    pieces = parts[:-1]
    found = np.where(pieces.max(0) > IS_PIECE, pieces.argmax(0) + 1, 0)
    numbers: np.ndarray = np.where(parts[-1] > IS_CUE, truth.cue, found).astype(np.uint8)
    return numbers


def _parts(block: BlockTrace, truth: Truth) -> np.ndarray:
    """The part of every token's pixels that each piece, and at last the cue, has: (cue, H, W)."""
    (rows, columns), side = block.size, block.pixels
    ids = np.zeros((rows * side, columns * side), np.uint8)
    ids[: truth.ids.shape[0], : truth.ids.shape[1]] = truth.ids[: rows * side, : columns * side]
    cut = ids.reshape(rows, side, columns, side)
    return np.stack([(cut == number).mean((1, 3)) for number in range(1, truth.cue + 1)])


def asking(block: BlockTrace, truth: Truth) -> np.ndarray:
    """The tokens that are called after the target; if none is, the one that has most of its pixels: (H, W) bool."""
    found: np.ndarray = objects(block, truth) == truth.target
    part = _parts(block, truth)[truth.target - 1]
    return found if found.any() else np.equal(part, part.max())


def resized(ids: np.ndarray, height: int, width: int) -> np.ndarray:
    """A scene's ids at another size, each pixel the nearest one's."""
    sides = zip((height, width), ids.shape, strict=True)
    rows, columns = (((np.arange(side) + 0.5) * old / side).astype(int) for side, old in sides)
    found: np.ndarray = ids[rows][:, columns]
    return found


def chosen(trace: Trace, truth: Truth | None) -> list[tuple[int, str]]:
    """Of every block the head that its tile shows, and the rule by which it was chosen."""
    return [_chosen(block, truth) for block in trace.blocks]


def _chosen(block: BlockTrace, truth: Truth | None) -> tuple[int, str]:
    shares = block.shares()
    if truth is not None:
        queries = _in_windows(block, asking(block, truth))  # (nW, N)
        cue = _in_windows(block, objects(block, truth) == truth.cue)
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
    asked, seen = queries[some].astype(np.float32), keys[some].astype(np.float32)
    given: np.ndarray = np.einsum("whqk,wq,wk->h", shares[some], asked, seen) / queries.sum()
    return given


def _in_windows(block: BlockTrace, numbers: np.ndarray) -> np.ndarray:
    """Numbers of the tokens as the windows hold them, 0 for padding: (H, W) → (nW, N)."""
    padded = np.zeros(block.padded, numbers.dtype)
    padded[: block.size[0], : block.size[1]] = numbers
    numbers_of: np.ndarray = padded.ravel()[block.places]
    return numbers_of
