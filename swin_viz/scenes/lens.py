"""The built-in model's trained readouts as a lens: what every token says at the end of every stage, and what is true.

Letters: g rows or columns of a stage's map. A question's name is `what`, `colour`, `where` or `target`; with the stage
from 0 behind it, it names one head: what0 … what3, colour0 …, where2, where3, target3.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from swin_viz.network.variants import BUILTIN, SwinConfig
from swin_viz.paths import ASSETS
from swin_viz.scenes.generate import COLOURS, RGB, Plan, draw
from swin_viz.scenes.shapes import SHAPES
from swin_viz.scenes.training.questions import Questions, batch_of, direction, token_ids

DIRECTIONS = ("left", "right", "up", "down")
ANSWERS: dict[str, tuple[str, ...]] = {  # question → its answers by number, as keys of words
    "what": ("ground", *SHAPES, "cue"),
    "colour": ("ground", *COLOURS),
    "where": DIRECTIONS,
    "target": ("no", "yes"),
}
HUES = tuple("#{:02x}{:02x}{:02x}".format(*(int(part) for part in rgb)) for rgb in RGB)  # of the colours, in order


@cache
def token_heads(config: SwinConfig) -> Questions:
    """The shipped token heads, read once."""
    questions = Questions(config)
    state = load_file(ASSETS / "builtin_questions.safetensors")
    questions.load_state_dict({name: value.float() for name, value in state.items()})
    return questions.eval().requires_grad_(False)


def first_stages() -> dict[str, int]:
    """By question, the first stage (from 0) that has a head for it; all later ones have one too."""
    last = BUILTIN.stages - 1
    return {"what": 0, "colour": 0, "where": last - 1, "target": last}


@torch.no_grad()
def readings(streams: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """What every token says, from what leaves each stage's last block, (H, W, C) each.

    <head> (H, W) uint8: the answer's number; <head>.share (H, W) uint16: its softmax share · 65535.
    """
    logits = token_heads(BUILTIN).answers([torch.from_numpy(stream.copy())[None] for stream in streams])
    logits[f"target{len(streams) - 1}"] = _two(logits.pop("target"))
    found = {}
    for name, values in logits.items():
        share, best = values[0].softmax(-1).max(-1)
        found[name] = best.numpy().astype(np.uint8)
        found[f"{name}.share"] = (share * 65535).round().numpy().astype(np.uint16)
    return found


def _two(yes: Tensor) -> Tensor:
    """A yes-or-no logit as those of two answers."""
    return torch.stack((torch.zeros_like(yes), yes), dim=-1)


def truths(plan: Plan, sides: Mapping[int, tuple[int, int]], size: int) -> dict[str, np.ndarray]:
    """What is true of every token: <head> (g, g) uint8, as in `readings`.

    sides: stage → rows of its map and pixels of a token, of a picture of size × size pixels that shows the scene. Where
    the tokens reach beyond the picture, ground is there.
    """
    batch, found = batch_of([draw(plan)]), {}
    for stage, (grid, pixels) in sides.items():
        reach = grid * pixels
        which = token_ids(_enlarged(batch.ids, size, reach), grid)
        for question, truth in (("what", batch.what), ("colour", batch.colour), ("target", batch.target)):
            if stage >= first_stages()[question]:
                answer = torch.gather(truth, 1, which.flatten(1)).view_as(which)
                found[f"{question}{stage}"] = answer[0].numpy().astype(np.uint8)
        if stage >= first_stages()["where"]:
            found[f"where{stage}"] = direction(batch.cue * (size / reach), grid)[0].numpy().astype(np.uint8)
    return found


def _enlarged(ids: Tensor, size: int, reach: int) -> Tensor:
    """The scene's ids at the picture's size, then ground as far as the tokens reach: (1, reach, reach)."""
    if (size, reach) == (ids.shape[1], ids.shape[1]):
        return ids
    at = (torch.arange(size) + 0.5) * ids.shape[1] / size
    scaled = ids[:, at.long()][:, :, at.long()]
    return torch.nn.functional.pad(scaled, (0, reach - size, 0, reach - size))
