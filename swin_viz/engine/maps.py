"""From attention to maps and numbers over the picture: the definitions, in numpy; browser/kit/measures.js has them too.

Letters: H W tokens of the map, H' W' padded, N tokens of a window, nW windows, h heads. Shares are (nW, h, N, N), query
on the third axis, key on the fourth; places (nW, N) are row·W' + column in the unshifted padded map. Padded tokens
are neither queries nor receivers: they are not in the picture.
"""

import numpy as np


def positions(places: np.ndarray, padded_width: int) -> np.ndarray:
    """(row, column) of every token of every window: (nW, N, 2) float32."""
    return np.stack((places // padded_width, places % padded_width), axis=-1).astype(np.float32)


def real(places: np.ndarray, padded_width: int, size: tuple[int, int]) -> np.ndarray:
    """Which tokens of every window are in the picture, not padding: (nW, N) bool."""
    return (places // padded_width < size[0]) & (places % padded_width < size[1])


def entropy(shares: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Entropy of every query's shares ÷ that of a uniform choice among its allowed keys: (nW, h, N), 0 to 1.

    allowed: (nW, N) how many keys each query may attend to; with one key alone the entropy is 0.
    """
    logs = np.log(shares, where=shares > 0, out=np.zeros_like(shares))
    raw = -np.einsum("whqk,whqk->whq", shares, logs)
    most = np.log(np.maximum(allowed, 1))[:, None, :]
    return np.divide(raw, most, where=most > 0, out=np.zeros_like(raw))


def distance(shares: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Mean distance in tokens from every query to its keys in the picture, weighted by share: (nW, h, N)."""
    apart = np.linalg.norm(at[:, :, None] - at[:, None, :], axis=-1).astype(np.float32)  # (nW, N, N)
    return np.einsum("whqk,wqk->whq", shares, apart)


def received(shares: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """What every token gets from all real queries of its window: (nW, h, N)."""
    return np.einsum("whqk,wq->whk", shares, inside.astype(shares.dtype))


def head_means(values: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Mean over all real queries, per head. values (nW, h, N), inside (nW, N) → (h,)."""
    return np.einsum("whq,wq->h", values, inside.astype(values.dtype)) / inside.sum()


def back_through_block(
    weight: np.ndarray, shares: np.ndarray, places: np.ndarray, padded: tuple[int, int]
) -> tuple[np.ndarray, float]:
    """One step of rollout: half of each token's weight stays (residual), half follows the mean over heads.

    weight: (H, W) over the block's output tokens → the same over its input tokens, and what flowed into padding.
    """
    height, width = weight.shape
    flat = np.zeros(padded)
    flat[:height, :width] = weight
    out = flat.ravel() / 2
    moved = np.einsum("wq,wqk->wk", flat.ravel()[places], shares.mean(axis=1, dtype=np.float64)) / 2
    np.add.at(out, places.ravel(), moved.ravel())
    out = out.reshape(padded)
    return out[:height, :width], float(out.sum() - out[:height, :width].sum())


def back_through_merging(weight: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A merged token's weight, divided equally among the (at most four) tokens it was made of. → `size`."""
    out = np.zeros(size)
    for row, column in np.argwhere(weight):
        children = out[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        children += weight[row, column] / children.size
    return out
