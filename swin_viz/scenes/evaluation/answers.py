"""What the built-in model answers, whole and with something switched off: the scene's question and the tokens'.

Letters: B scenes, g tokens a side of a stage's map, M window side. *Where is the cue from here?* is asked of every
token; the third stage has four windows, so it also matters how its blocks join a token with the cue (`reach`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import Tape, capture
from swin_viz.network.model import Stage, Swin
from swin_viz.network.windows import region_ids, token_places
from swin_viz.scenes.evaluation.shares import change, ratio, share
from swin_viz.scenes.generate import Plan, draw, recolour_cue
from swin_viz.scenes.training.questions import Batch, Questions, ask, batch_of, direction, token_ids

REACHES = (
    "by its own window",  # the cue is in the token's window of block 1
    "only by the shift",  # it is in the same window only when windows are shifted
    "only past the mask",  # it is in the shifted window, from the other edge of the picture: the mask is between
    "not in this stage",
)


def reach(cue: Tensor, grid: int, window: int) -> Tensor:
    """How a stage's two blocks join each token with the cue's token: (B, 2) → (B, g, g), an index into REACHES."""

    def with_cue(number: Tensor) -> Tensor:
        row, column = (cue * grid).long().clamp(max=grid - 1).T
        return number == number[row, column][:, None, None]

    def windows(step: tuple[int, int]) -> Tensor:
        places = token_places(grid, grid, window, step)  # (nW, N, 2)
        number = torch.zeros(grid, grid, dtype=torch.long)
        number[places[..., 0], places[..., 1]] = torch.arange(len(places))[:, None]
        return number

    shift = (window // 2, window // 2)
    regions = region_ids(grid, grid, window, shift).roll(shift, (0, 1))
    own, shifted, region = with_cue(windows((0, 0))), with_cue(windows(shift)), with_cue(regions)
    return torch.where(own, 0, torch.where(shifted & region, 1, torch.where(shifted, 2, 3)))


def target_tokens(batch: Batch) -> Tensor:
    """Which tokens of the last stage show the target: (B, 7, 7) bool."""
    which = token_ids(batch.ids, 7)
    return torch.gather(batch.target, 1, which.flatten(1)).view_as(which).bool()


@dataclass(frozen=True)
class Answers:
    """Per scene: right (B,) bool; by token question the tokens that were right and those that were asked, (B,) each."""

    right: Tensor
    tokens: dict[str, tuple[list[Tensor], list[Tensor]]]

    def summary(self) -> dict[str, dict]:
        """All shares with their intervals."""
        found = {"shape of the target": share(int(self.right.sum()), len(self.right))}
        return found | {name: ratio(*counts) for name, counts in self.tokens.items()}


@torch.no_grad()
def answers(model: Swin, questions: Questions, batches: Iterable[Batch], ablation: Ablation | None = None) -> Answers:
    """Ask every question, with something switched off."""
    right: list[Tensor] = []
    tokens: dict[str, tuple[list[Tensor], list[Tensor]]] = {}
    for batch in batches:
        logits, found = ask(model, questions, batch.images, (ablation or Ablation()).edits(model))
        right.append(logits.argmax(-1) == batch.label)
        for name, (hits, asked) in _tokens(batch, found, model.config.window).items():
            mine = tokens.setdefault(name, ([], []))
            mine[0].append((hits & asked).sum((1, 2)))
            mine[1].append(asked.sum((1, 2)))
    return Answers(torch.cat(right), tokens)


def _tokens(batch: Batch, found: dict[str, Tensor], window: int) -> dict[str, tuple[Tensor, Tensor]]:
    """By token question: which tokens are right and which are asked, (B, g, g) bool each."""
    truth, said = target_tokens(batch), found["target"] > 0
    rows = {"map of the target (IoU)": (truth & said, truth | said)}
    for stage in (3, 2):
        hits = found[f"where{stage}"].argmax(-1) == direction(batch.cue, found[f"where{stage}"].shape[1])
        rows[f"direction of the cue, stage {stage + 1}"] = (hits, torch.ones_like(hits))
    how = reach(batch.cue, hits.shape[1], window)
    return rows | {f"direction, stage 3, cue reached {name}": (hits, how == i) for i, name in enumerate(REACHES)}


def run_from(model: Swin, x: Tensor, name: str) -> Tensor:
    """The rest of the network, given what enters a block: (B, H, W, C) → logits."""
    stage, block = (int(part) for part in name.split(".")[1::2])
    for i, layer in enumerate(model.layers[stage:]):
        assert isinstance(layer, Stage)
        for each in layer.blocks[block if i == 0 else 0 :]:
            x = each(x)
        x = x if layer.downsample is None else layer.downsample(x)
    return model.head(model.norm(x).mean(dim=(1, 2)))


@torch.no_grad()
def single_heads(model: Swin, batches: Iterable[Batch]) -> list[dict]:
    """How the accuracy changes with one head silenced at a time, on the same scenes; what hurts most comes first."""
    whole: list[Tensor] = []
    silenced: dict[tuple[str, int], list[Tensor]] = {}
    for batch in batches:
        with capture(model, "*.resid_pre") as tape:
            whole.append(model(batch.images).argmax(-1) == batch.label)
        for name in model.config.block_names:
            for head in range(model.config.heads[int(name.split(".")[1])]):
                right = _without(model, tape, name, head) == batch.label
                silenced.setdefault((name, head), []).append(right)
    before = torch.cat(whole)
    rows = [
        {"block": name, "head": head + 1, "change": change(before, torch.cat(right))}
        for (name, head), right in silenced.items()
    ]
    return sorted(rows, key=lambda row: row["change"]["share"])


def _without(model: Swin, tape: Tape, name: str, head: int) -> Tensor:
    edits = Ablation(silenced=(head,), blocks=(name,)).edits(model)
    with capture(model, edit=edits):
        return run_from(model, tape[f"{name}.resid_pre"], name).argmax(-1)


@torch.no_grad()
def swapped(model: Swin, questions: Questions, plans: list[Plan], block: str, head: int) -> dict[str, Tensor]:
    """Recolour the cue so that it names another object: are map, attention and answer right before and after?

    The attention is one head's (from 0) in a block of the last stage: the token that receives most. → (B,) bool each.
    """
    others = [recolour_cue(plan, (plan.target + 1) % len(plan.pieces)) for plan in plans]
    hits: dict[str, list[Tensor]] = {"target map follows": [], "attention follows": [], "both answers right": []}
    for drawn in (plans, others):
        batch = batch_of([draw(plan) for plan in drawn])
        with capture(model, f"{block}.attn.probs", *questions.names(model.config)) as tape:
            logits = model(batch.images)
        found = questions.answers([tape[name] for name in questions.names(model.config)])
        got = tape[f"{block}.attn.probs"][:, 0, head].sum(1)  # (B, N): what each token receives
        truth = target_tokens(batch).flatten(1)
        for name, most in (("target map follows", found["target"].flatten(1)), ("attention follows", got)):
            hits[name].append(torch.gather(truth, 1, most.argmax(-1)[:, None])[:, 0])
        hits["both answers right"].append(logits.argmax(-1) == batch.label)
    return {name: first & second for name, (first, second) in hits.items()}
