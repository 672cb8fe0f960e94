"""Where the attention of the built-in model goes, measured against where it would go if every allowed key got alike.

Letters: B scenes, nW windows, N tokens of a window, h heads. *Lift* is the attention that reaches some tokens ÷ what
uniform attention inside the window's regions would give them: 1 is chance, at any size and place. A head is chosen on
one half of the scenes and reported on the other.
"""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.model import Swin
from swin_viz.network.windows import cyclic_shift, partition
from swin_viz.scenes.evaluation.shares import pooled, share
from swin_viz.scenes.training.questions import CUE, Batch, token_ids


def in_windows(grid: Tensor, window: int, shift: tuple[int, int]) -> Tensor:
    """Numbers on a map, as the windows of a block see them: (B, H, W) → (B, nW, N)."""
    return partition(cyclic_shift(grid[..., None], shift), window)[..., 0]


def pairs_of(number: Tensor, batch: Batch) -> dict[str, Tensor]:
    """What each query → key pair is: (B, nW, N) object numbers → (B, nW, N, N) bool by name."""
    cue = number == (batch.what == CUE).long().argmax(1)[:, None, None]
    target = number == batch.target.argmax(1)[:, None, None]
    thing = (number > 0) & ~cue
    every = torch.ones_like(thing)
    self_ = torch.eye(number.shape[-1], dtype=torch.bool)
    alike = thing[..., :, None] & (number[..., :, None] == number[..., None, :]) & ~self_

    def to(queries: Tensor, keys: Tensor) -> Tensor:
        return queries[..., :, None] & keys[..., None, :]

    return {
        "any token → objects": to(every, thing),
        "object → rest of the same object": alike,
        "any token → cue": to(every, cue),
        "target → cue": to(target, cue),
        "any token → target": to(every, target),
        "any token → other objects": to(every, thing & ~target),
    }


@torch.no_grad()
def lifts(model: Swin, batches: Iterable[Batch]) -> list[dict]:
    """One row per block and kind of pair: mean lift of the heads, and the best head's with its interval."""
    got: dict[tuple[str, str], list[Tensor]] = {}
    chance: dict[tuple[str, str], list[Tensor]] = {}
    for batch in batches:
        with capture(model, "*.attn.probs", "*.shift", "*.regions") as tape:
            model(batch.images)
        for name in model.config.block_names:
            probs, regions = tape[f"{name}.attn.probs"], tape[f"{name}.regions"]  # (B, nW, h, N, N), (H', W')
            number = in_windows(token_ids(batch.ids, len(regions)), model.config.window, tape[f"{name}.shift"])
            inside = in_windows(regions[None], model.config.window, (0, 0))[0]  # (nW, N), rolled already
            allowed = inside[:, :, None] == inside[:, None, :]  # (nW, N, N)
            for kind, pairs in pairs_of(number, batch).items():
                expected = ((pairs & allowed).sum(-1) / allowed.sum(-1)).sum((1, 2))
                got.setdefault((name, kind), []).append((probs * pairs[:, :, None]).sum((1, 3, 4)))
                chance.setdefault((name, kind), []).append(expected)
    return [_row(*key, torch.cat(got[key]), torch.cat(chance[key])) for key in got]


def _row(name: str, kind: str, got: Tensor, chance: Tensor) -> dict:
    """got (B, h) attention received, chance (B,) what uniform attention would give."""
    half = len(got) // 2
    best = int(got[:half].sum(0).argmax())
    found = pooled(got[half:, best], chance[half:], most=torch.inf)
    return {
        "block": name,
        "pairs": kind,
        "mean": float(got.mean(1).sum() / chance.sum()),
        "best_head": best + 1,
        "best_head_lift": {"lift" if key == "share" else key: value for key, value in found.items()},
    }


@torch.no_grad()
def leak(model: Swin, batches: Iterable[Batch]) -> list[dict]:
    """With the mask off: the share of attention that crosses regions, in the windows that hold several regions."""
    crossed: dict[str, list[Tensor]] = {}
    for batch in batches:
        edits = Ablation(mask=False).edits(model)
        with capture(model, "*.blocks.1.attn.probs", "*.blocks.1.regions", edit=edits) as tape:
            model(batch.images)
        for name in (name for name in tape if name.endswith("probs")):
            block = name.removesuffix(".attn.probs")
            inside = in_windows(tape[f"{block}.regions"][None], model.config.window, (0, 0))[0]
            across = inside[:, :, None] != inside[:, None, :]  # (nW, N, N)
            border = across.any(-1).any(-1)
            if border.any():
                lost = (tape[name] * across[:, None]).sum(-1)[:, border]  # (B, border windows, h, N)
                crossed.setdefault(block, []).append(lost.mean((1, 2, 3)))
    return [{"block": block, "share_across": float(torch.cat(values).mean())} for block, values in crossed.items()]


def tables(model: Swin) -> list[dict]:
    """Per block: bias near the query less bias far from it (mean and extremes of the heads), and smoothness.

    Near is at most one token away, far at least five; smoothness is the autocorrelation of neighbours, 0 for noise.
    """
    rows = []
    side = 2 * model.config.window - 1
    at = np.abs(np.arange(side) - side // 2)
    ring = np.maximum(at[:, None], at[None, :])
    for name in model.config.block_names:
        table = model.get_parameter(f"{name}.attn.relative_position_bias_table").detach()
        maps = table.T.reshape(-1, side, side).numpy()
        slope = maps[:, ring <= 1].mean(1) - maps[:, ring >= 5].mean(1)
        flat = maps - maps.mean((1, 2), keepdims=True)
        smooth = (flat[:, :, 1:] * flat[:, :, :-1]).mean((1, 2)) / (flat**2).mean((1, 2))
        slopes = {"near_minus_far": slope.mean(), "lowest_head": slope.min(), "highest_head": slope.max()}
        numbers = slopes | {"spread": maps.std(), "smoothness": smooth.mean()}
        rows.append({"block": name} | {key: float(value) for key, value in numbers.items()})
    return rows


@torch.no_grad()
def hottest(model: Swin, batches: Iterable[Batch], block: str) -> dict[str, dict]:
    """Does the token that receives most attention in a shifted block lie on an object or on the cue?

    Once with the shift undone, once as those see it who forget to; and the share of such tokens in the picture.
    """
    found: dict[str, list[Tensor]] = {"shift undone": [], "shift forgotten": [], "any token (chance)": []}
    for batch in batches:
        with capture(model, f"{block}.attn.probs", f"{block}.shift") as tape:
            model(batch.images)
        probs, shift = tape[f"{block}.attn.probs"], tape[f"{block}.shift"]  # (B, nW, h, N, N)
        side = int((probs.shape[1] * probs.shape[3]) ** 0.5)
        which = token_ids(batch.ids, side)
        most = probs.mean(2).sum(2).flatten(1).argmax(-1)[:, None]  # place among all windows' tokens
        for name, undo in (("shift undone", shift), ("shift forgotten", (0, 0))):
            seen = in_windows(which, model.config.window, undo).flatten(1)
            found[name].append((torch.gather(seen, 1, most)[:, 0] > 0).float())
        found["any token (chance)"].append((which > 0).float().mean((1, 2)))
    return {name: share(float(torch.cat(v).sum()), sum(map(len, v))) for name, v in found.items()}
