"""Who voted for a class? The head is linear: of the mean of the tokens it makes the mean of what it makes of each.

Letters: H W tokens of the last stage, n of them, C channels. logit = W·mean(x) + b = mean(W·x + b): a vote is W·x + b
of one token, and the mean of all votes is the logit, exactly.
"""

import numpy as np
import torch

from swin_viz.lessons.fact import Observe
from swin_viz.lessons.overview.row import normed, stage_ends
from swin_viz.network.model import Swin

MANY = 2**16  # votes that travel at once


def together(tokens: int) -> int:
    """How many classes' votes travel at once."""
    return max(1, MANY // tokens)


@torch.no_grad()
def votes(model: Swin, features: np.ndarray, first: int = 0, count: int | None = None) -> np.ndarray:
    """The votes of all tokens for some classes. features (H, W, C), normed → (classes, n) float32."""
    head, x = model.head, torch.from_numpy(features.reshape(-1, features.shape[-1]).copy()).to(model.norm.weight)
    assert isinstance(head, torch.nn.Linear)
    chosen = slice(first, None if count is None else first + count)
    found: np.ndarray = torch.nn.functional.linear(x, head.weight[chosen], head.bias[chosen]).T.float().cpu().numpy()
    return found


def last_tokens(model: Swin, observe: Observe) -> np.ndarray:
    """The last stage's tokens as the head gets them: (H, W, C)."""
    ends = stage_ends(model.config)
    return normed(model, observe(*ends)[ends[-1]])


def alone(cast: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What each token would answer if it were alone. cast (classes, n) → class and softmax share, (n,) each."""
    shares = np.exp(cast - cast.max(0))
    shares /= shares.sum(0)
    best = shares.argmax(0)
    return best.astype(np.uint32), shares[best, np.arange(cast.shape[1])].astype(np.float32)
