"""What the network is asked while it learns: the scene's question, and small ones put to every token.

Letters: B scenes, g tokens a side of a stage's map. The answers come from the scene's truth; the token questions are
linear heads on the residual stream at the end of each stage, used for training and evaluation only:

- *what* is here (ground, one of eight shapes, cue) and in which *colour*: at every stage;
- is this the *target*: at the last stage;
- *where* is the cue from here (left, right, up, down): at the last two stages. It needs positions; and at the third
  stage, where windows see a quarter of the picture each, it needs the shift as well.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from swin_viz.network.capture import capture
from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig
from swin_viz.reading.picture.frame import MEAN, STD
from swin_viz.scenes.generate import COLOURS, Scene
from swin_viz.scenes.shapes import SHAPES

CUE = len(SHAPES) + 1  # the class of the cue among what-classes; 0 is ground
STAGE_WEIGHTS = (0.15, 0.25, 0.5, 1.0)
MOST_IDS = 8  # ground, at most five objects, cue


@dataclass(frozen=True)
class Batch:
    """Scenes and their truth. images (B, 3, H, W); ids (B, H, W); per id: what, colour, target (B, 8); cue (B, 2)."""

    images: Tensor
    ids: Tensor
    what: Tensor
    colour: Tensor
    target: Tensor
    cue: Tensor  # row and column as parts of the picture
    label: Tensor  # (B,)


def batch_of(scenes: list[Scene]) -> Batch:
    """Stack scenes of one size."""
    pixels = torch.from_numpy(np.stack([scene.image for scene in scenes])).float() / 255
    images = ((pixels - torch.tensor(MEAN)) / torch.tensor(STD)).permute(0, 3, 1, 2).contiguous()
    what, colour, target = (torch.zeros(len(scenes), MOST_IDS, dtype=torch.long) for _ in range(3))
    for i, scene in enumerate(scenes):
        plan = scene.plan
        for number, piece in enumerate(plan.pieces, 1):
            what[i, number], colour[i, number] = 1 + piece.shape, 1 + piece.colour
        what[i, plan.cue_id], colour[i, plan.cue_id] = CUE, 1 + plan.pieces[plan.target].colour
        target[i, plan.target + 1] = 1
    return Batch(
        images=images,
        ids=torch.from_numpy(np.stack([scene.ids for scene in scenes])),
        what=what,
        colour=colour,
        target=target,
        cue=torch.tensor([[part / scene.plan.size for part in scene.plan.cue[:2]] for scene in scenes]),
        label=torch.tensor([scene.plan.label for scene in scenes]),
    )


def token_ids(ids: Tensor, grid: int) -> Tensor:
    """Which object each token shows: (B, H, W) → (B, g, g); 0 unless something covers enough of the token.

    A small thing counts if most of *it* lies in the token, so that the cue is not lost in large tokens.
    """
    step = max(1, ids.shape[1] // 56)
    sampled = F.one_hot(ids[:, step // 2 :: step, step // 2 :: step].long(), MOST_IDS).permute(0, 3, 1, 2).float()
    side = sampled.shape[-1]
    share = F.interpolate(sampled, size=(grid, grid), mode="area" if grid < side else "nearest")
    area = sampled.sum((2, 3), keepdim=True).clamp(min=1) * (grid / side) ** 2
    strength = torch.maximum(share, share / area * 0.8)
    strength[:, 0] = 0
    best, which = strength.max(1)
    return torch.where(best > 0.2, which, torch.zeros_like(which))


def direction(cue: Tensor, grid: int) -> Tensor:
    """Where the cue lies from every token: (B, 2) → (B, g, g), 0 left, 1 right, 2 up, 3 down (the larger offset)."""
    at = (torch.arange(grid, device=cue.device) + 0.5) / grid
    dy, dx = torch.broadcast_tensors(cue[:, 0, None, None] - at[:, None], cue[:, 1, None, None] - at)
    return torch.where(dx.abs() > dy.abs(), (dx > 0).long(), 2 + (dy > 0).long())


class Questions(nn.Module):
    """The token heads. They read `layers.<stage>.blocks.<last>.resid_post`."""

    def __init__(self, config: SwinConfig) -> None:
        super().__init__()
        channels = [config.channels(stage) for stage in range(config.stages)]
        self.norms = nn.ModuleList(nn.LayerNorm(c) for c in channels)
        self.what = nn.ModuleList(nn.Linear(c, CUE + 1) for c in channels)
        self.colour = nn.ModuleList(nn.Linear(c, len(COLOURS) + 1) for c in channels)
        self.target = nn.Linear(channels[-1], 1)
        self.where = nn.ModuleList(nn.Linear(c, 4) for c in channels[-2:])

    def names(self, config: SwinConfig) -> list[str]:
        """The points the heads read, one per stage."""
        return [f"layers.{stage}.blocks.{depth - 1}.resid_post" for stage, depth in enumerate(config.depths)]

    def answers(self, streams: list[Tensor]) -> dict[str, Tensor]:
        """Logits (B, g, g, classes) by question and stage: what0 … what3, colour0 …, target, where2, where3."""
        last = len(streams) - 1
        normed = [norm(stream.float()) for norm, stream in zip(self.norms, streams, strict=True)]
        found = {f"what{i}": head(normed[i]) for i, head in enumerate(self.what)}
        found |= {f"colour{i}": head(normed[i]) for i, head in enumerate(self.colour)}
        found |= {f"where{last - 1 + i}": head(normed[last - 1 + i]) for i, head in enumerate(self.where)}
        return found | {"target": self.target(normed[last])[..., 0]}


def ask(
    model: Swin, questions: Questions, images: Tensor, edit: dict | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Run the model: class logits (B, 8) and the token questions' logits."""
    names = questions.names(model.config)
    with capture(model, *names, edit=edit) as tape:
        logits = model(images)
    with torch.autocast(images.device.type, enabled=False):  # the heads are small and want all their digits
        return logits.float(), questions.answers([tape[name] for name in names])


def losses(logits: Tensor, answers: dict[str, Tensor], batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """The training loss, and what is worth logging."""
    main = F.cross_entropy(logits, batch.label)
    log = {"loss": main.item(), "accuracy": (logits.argmax(-1) == batch.label).float().mean().item()}
    total = main
    for stage, weight in enumerate(STAGE_WEIGHTS):
        which = token_ids(batch.ids, answers[f"what{stage}"].shape[1]).flatten(1)
        importance = torch.where(which > 0, 1.0, 0.25).flatten()
        for question, truth in (("what", batch.what), ("colour", batch.colour)):
            wanted = torch.gather(truth, 1, which).flatten()
            each = F.cross_entropy(answers[f"{question}{stage}"].flatten(0, 2), wanted, reduction="none")
            total = total + weight * (each * importance).sum() / importance.sum()
    is_target = torch.gather(batch.target, 1, which).flatten().float()
    total = total + 2 * F.binary_cross_entropy_with_logits(answers["target"].flatten(), is_target)
    for name in [name for name in answers if name.startswith("where")]:
        wanted = direction(batch.cue, answers[name].shape[1])
        total = total + 0.5 * F.cross_entropy(answers[name].flatten(0, 2), wanted.flatten())
        log[name] = (answers[name].argmax(-1) == wanted).float().mean().item()
    return total, log
