"""What every token of the last stage votes: features·W + b. The mean of the votes is the logit: by linearity."""

import numpy as np
import torch

from swin_viz.network.model import Swin


def votes(model: Swin, last: np.ndarray) -> np.ndarray:
    """Every token's vote for every class: (tokens, classes) float32. last: (H, W, C), what leaves the last block."""
    weight = model.norm.weight
    with torch.no_grad():
        found = model.head(model.norm(torch.tensor(last).to(weight.device, weight.dtype)))
    array: np.ndarray = found.flatten(0, 1).float().cpu().numpy()
    return array


def point(model: Swin) -> str:
    """The point where the last block is left."""
    return f"{model.config.block_names[-1]}.resid_post"
