"""Patch merging on the real features: what stands on the lesson's cells, and a token's numbers before and after.

Letters: H W tokens at a stage's end, C channels; n = ⌈H/2⌉·⌈W/2⌉ new tokens of 4C, normed, projected to 2C.
"""

import numpy as np
import torch
from torch import nn

from swin_viz.lessons.real import as_colours

CONCAT, NORM, LINEAR = 3, 4, 5  # the lesson's steps that show features


@torch.no_grad()
def merged(groups: np.ndarray, out: np.ndarray, norm: nn.LayerNorm) -> dict[str, np.ndarray]:
    """groups (h, w, 4C), out (h, w, 2C), the stage's norm → arrays for the browser.

    photo.colours.<step> (H'·W', 3): every cell by the features that it stands for; merge.colours.<kind> (h, w, 3):
    the new tokens; merge.groups, .normed, .out: their numbers; merge.stats (h, w, 6): mean and variance, of
    the 4C numbers, of the same scaled by them, and after the learned γ and β.
    """
    x = torch.from_numpy(groups.copy()).to(norm.weight)
    scaled = torch.nn.functional.layer_norm(x, norm.normalized_shape, eps=norm.eps).float().cpu().numpy()
    normed = norm(x).float().cpu().numpy()
    stats = [part for each in (groups, scaled, normed) for part in (each.mean(-1), each.var(-1))]
    arrays = {"merge.groups": groups, "merge.normed": normed, "merge.out": out}
    arrays["merge.stats"] = np.stack(stats, axis=-1).astype(np.float32)
    colours = as_colours(out)
    arrays |= {f"photo.colours.{CONCAT}": _apart(groups), f"photo.colours.{NORM}": _apart(normed)}
    arrays[f"photo.colours.{LINEAR}"] = colours.repeat(2, 0).repeat(2, 1).reshape(-1, 3)
    arrays |= {f"merge.colours.{name}": as_colours(value) for name, value in (("groups", groups), ("normed", normed))}
    return arrays | {"merge.colours.out": colours}


def _apart(groups: np.ndarray) -> np.ndarray:
    """Colours of the four tokens of every group, at their places in the map. (h, w, 4C) → (4·h·w, 3)."""
    rows, columns, channels = groups.shape
    parts = groups.reshape(rows, columns, 2, 2, channels // 4)  # x0 x1 x2 x3: column offset, then row offset
    tokens = parts.transpose(0, 3, 1, 2, 4).reshape(2 * rows, 2 * columns, channels // 4)
    return as_colours(tokens).reshape(-1, 3)
