"""Shares with their 95 % intervals. Tokens of one scene are not independent: scenes are what is counted.

A share is given as {"share", "low", "high", "of": how many scenes}.
"""

import math

import torch
from torch import Tensor

Z = 1.96


def share(right: float, count: int) -> dict[str, float]:
    """A share of scenes, with Wilson's interval."""
    p = right / count
    centre, scale = p + Z * Z / (2 * count), 1 + Z * Z / count
    half = Z * math.sqrt(p * (1 - p) / count + Z * Z / (4 * count * count))
    low, high = max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)  # rounding may leave 0 … 1
    return {"share": p, "low": low, "high": high, "of": count}


def pooled(part: Tensor, whole: Tensor, most: float = 1.0) -> dict[str, float]:
    """A ratio of two sums over scenes, (B,) each (tokens right, tokens asked): its interval treats a scene as one draw.

    The interval is kept between 0 and `most`. Scenes whose `whole` is 0 do not count; not a number where none does.
    """
    counts = whole > 0
    part, whole = part[counts].double(), whole[counts].double()
    ratio = float(part.sum() / whole.sum())
    half = Z * float(((part - ratio * whole) ** 2).sum().sqrt() / whole.sum())
    return {"share": ratio, "low": max(0.0, ratio - half), "high": min(most, ratio + half), "of": int(counts.sum())}


def change(before: Tensor, after: Tensor) -> dict[str, float]:
    """How much a share of the same scenes changes: the mean of after − before, (B,) each, with its interval."""
    difference = after.double() - before.double()
    half = Z * float(difference.std()) / math.sqrt(len(difference))
    mean = float(difference.mean())
    return {"share": mean, "low": mean - half, "high": mean + half, "of": len(difference)}


def ratio(part: list[Tensor], whole: list[Tensor]) -> dict[str, float]:
    """`pooled` of values that came in batches."""
    return pooled(torch.cat(part), torch.cat(whole))
