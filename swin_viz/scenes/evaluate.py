"""Does its attention mean something? `python -m swin_viz.scenes.evaluate` measures it on scenes never trained on.

Letters: B scenes, N tokens of the last stage's one window (7×7), h heads. *Lift* is the attention a group of tokens
receives ÷ its share of the tokens: 1 is chance. A head is chosen on one half of the scenes and reported on the other.
Writes assets/builtin_evaluation.json and the tables of the model card, assets/builtin_card.md.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from swin_viz.ablation import Ablation
from swin_viz.capture import capture
from swin_viz.checkpoints import read_checkpoint
from swin_viz.model import Swin, build
from swin_viz.scenes.generate import FIRST_HELD_OUT, Scene, draw, make_plan, make_scene, recolour_cue
from swin_viz.scenes.questions import BUILTIN, Batch, Questions, ask, batch_of, direction, token_ids
from swin_viz.scenes.train import ASSETS

BATCH = 16
FIRST = FIRST_HELD_OUT + 5_000_000  # beyond what the app offers by number
LAST = (f"layers.{BUILTIN.stages - 1}.blocks.0", f"layers.{BUILTIN.stages - 1}.blocks.1")
SWITCHES = {
    "nothing switched off": Ablation(),
    "shift off": Ablation(shift=False),
    "mask off": Ablation(mask=False),
    "position bias off": Ablation(bias=False),
    "index without its factor": Ablation(index_factor=False),
    "scale off": Ablation(scale=False),
} | {f"attention of stage {i + 1} uniform": Ablation(uniform=True, blocks=(f"layers.{i}.*",)) for i in range(4)}


def load_builtin() -> tuple[Swin, Questions]:
    """The shipped weights and their token heads."""
    checkpoint = read_checkpoint(ASSETS / "builtin.safetensors")
    questions = Questions(checkpoint.config)
    heads = load_file(ASSETS / "builtin_questions.safetensors")
    questions.load_state_dict({name: value.float() for name, value in heads.items()})
    return build(checkpoint.config, checkpoint.state), questions.eval().requires_grad_(False)


def batches(count: int, first: int = FIRST) -> Iterator[tuple[list[Scene], Batch]]:
    """Held-out scenes, some at a time."""
    for start in range(first, first + count, BATCH):
        scenes = [make_scene(seed) for seed in range(start, min(start + BATCH, first + count))]
        yield scenes, batch_of(scenes)


def interval(right: int, count: int) -> dict[str, float]:
    """A share with its 95 % interval (Wilson)."""
    p, z = right / count, 1.96
    centre, scale = (p + z * z / (2 * count)), 1 + z * z / count
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return {"share": p, "low": (centre - half) / scale, "high": (centre + half) / scale, "of": count}


def answers(model: Swin, questions: Questions, ablation: Ablation, count: int) -> dict:
    """Accuracy of the scene's question and of the token questions, with something switched off."""
    right = seen = union = common = 0
    where = {"where2": [0, 0], "where3": [0, 0]}
    for _, batch in batches(count):
        logits, found = ask(model, questions, batch.images, ablation.edits(model))
        right += int((logits.argmax(-1) == batch.label).sum())
        seen += len(batch.label)
        for name, total in where.items():
            wanted = direction(batch.cue, found[name].shape[1])
            total[0] += int((found[name].argmax(-1) == wanted).sum())
            total[1] += wanted.numel()
        truth, said = target_tokens(batch), found["target"] > 0
        union, common = union + int((truth | said).sum()), common + int((truth & said).sum())
    return {
        "accuracy": interval(right, seen),
        "target_iou": common / max(1, union),
        "direction_stage_3": where["where2"][0] / where["where2"][1],
        "direction_stage_4": where["where3"][0] / where["where3"][1],
    }


def target_tokens(batch: Batch) -> Tensor:
    """Which tokens of the last stage show the target: (B, 7, 7) bool."""
    which = token_ids(batch.ids, 7)
    return torch.gather(batch.target, 1, which.flatten(1)).view_as(which).bool()


def groups(batch: Batch) -> dict[str, Tensor]:
    """Tokens of the last stage by what they show: (B, 49) bool each."""
    which = token_ids(batch.ids, 7).flatten(1)
    what = torch.gather(batch.what, 1, which)
    target = torch.gather(batch.target, 1, which).bool()
    cue = what == what.max().clamp(min=9)
    return {"cue": cue, "target": target, "distractors": (which > 0) & ~target & ~cue}


def lifts(model: Swin, count: int) -> dict[str, dict]:
    """Lift of cue, target and distractors in the last stage's two blocks, from all queries and from target queries."""
    found: dict[str, list[Tensor]] = {}
    for _, batch in batches(count):
        with capture(model, *(f"{name}.attn.probs" for name in LAST)) as tape:
            model(batch.images)
        tokens = groups(batch)
        for block, name in enumerate(LAST, 1):
            probs = tape[f"{name}.attn.probs"][:, 0]  # (B, h, N, N)
            for group, members in tokens.items():
                for source in ("all", "target"):
                    queries = tokens["target"] if source == "target" else torch.ones_like(members)
                    found.setdefault(f"block {block}, {source} → {group}", []).append(lift(probs, queries, members))
    return {key: halves(torch.cat(values)) for key, values in found.items()}


def lift(probs: Tensor, queries: Tensor, members: Tensor) -> Tensor:
    """(B, h), NaN where a scene has no such query or member."""
    got = (probs * members[:, None, None]).sum(-1)  # (B, h, N): what each query gives the group
    got = (got * queries[:, None]).sum(-1) / queries.sum(-1)[:, None]
    return got / members.float().mean(-1)[:, None]


def halves(values: Tensor) -> dict[str, float]:
    """Mean over heads and scenes; and the best head of the first half of the scenes, measured on the second."""
    first, second = values[: len(values) // 2].nanmean(0), values[len(values) // 2 :].nanmean(0)
    best = int(first.argmax())
    return {"mean": float(values.nanmean()), "best_head": best + 1, "best_head_lift": float(second[best])}


def counterfactual(model: Swin, questions: Questions, count: int) -> dict:
    """Recolour the cue: do the target map, the attention and the answer go to the other object?"""
    follows = attends = both = total = 0
    for start in range(0, count, BATCH):
        plans = [make_plan(FIRST + 100_000 + start + i) for i in range(min(BATCH, count - start))]
        others = [recolour_cue(plan, (plan.target + 1) % len(plan.pieces)) for plan in plans]
        right = []
        hits = []
        for drawn in (plans, others):
            batch = batch_of([draw(plan) for plan in drawn])
            maps: list[Tensor] = []
            logits, found = ask(model, questions, batch.images, {f"{LAST[1]}.attn.probs": kept_in(maps)})
            truth = target_tokens(batch).flatten(1)
            said = found["target"].flatten(1).argmax(-1)
            most = maps[0][:, 0].mean(1).sum(1).argmax(-1)  # the token that receives most
            hits.append([torch.gather(truth, 1, at[:, None])[:, 0] for at in (said, most)])
            right.append(logits.argmax(-1) == batch.label)
        follows += int((hits[0][0] & hits[1][0]).sum())
        attends += int((hits[0][1] & hits[1][1]).sum())
        both += int((right[0] & right[1]).sum())
        total += len(plans)
    names = {"target_map_follows": follows, "attention_follows": attends, "both_answers_right": both}
    return {name: interval(value, total) for name, value in names.items()}


def kept_in(found: list[Tensor]) -> Callable[[Tensor], Tensor]:
    """An edit that changes nothing and keeps what passes."""

    def keep(value: Tensor) -> Tensor:
        found.append(value)
        return value

    return keep


def tables(model: Swin) -> list[dict]:
    """Per block: bias near the query less bias far from it, and how smooth the table is (lag-1 autocorrelation)."""
    rows = []
    for name in model.config.block_names:
        table = model.get_submodule(f"{name}.attn").relative_position_bias_table
        side = 2 * model.config.window - 1
        maps = table.T.reshape(-1, side, side).numpy()
        at = np.abs(np.arange(side) - side // 2)
        ring = np.maximum(at[:, None], at[None, :])
        near, far = maps[:, ring <= 1].mean(1), maps[:, ring >= 5].mean(1)
        flat = maps - maps.mean((1, 2), keepdims=True)
        smooth = (flat[:, :, 1:] * flat[:, :, :-1]).mean((1, 2)) / (flat**2).mean((1, 2))
        rows.append({"block": name, "near_minus_far": float((near - far).mean()), "smoothness": float(smooth.mean())})
    return rows


def single_heads(model: Swin, questions: Questions, count: int) -> list[dict]:
    """Accuracy with one head silenced at a time, the five that matter most first."""
    rows = []
    for name in model.config.block_names:
        for head in range(model.config.heads[int(name.split(".")[1])]):
            found = answers(model, questions, Ablation(silenced=(head,), blocks=(name,)), count)
            rows.append({"block": name, "head": head + 1, "accuracy": found["accuracy"]["share"]})
    return sorted(rows, key=lambda row: row["accuracy"])


def one_object(model: Swin, count: int) -> dict:
    """Scenes with one object: does the token that receives most in a *shifted* block lie on object or cue?

    Once with the shift undone, once as those see it who forget to.
    """
    name = "layers.2.blocks.1"
    undone = forgotten = 0
    for start in range(0, count, BATCH):
        scenes = [make_scene(FIRST + 200_000 + start + i, objects=1) for i in range(min(BATCH, count - start))]
        batch = batch_of(scenes)
        with capture(model, f"{name}.attn.probs") as tape:
            model(batch.images)
        got = tape[f"{name}.attn.probs"].mean(2).sum(2)  # (B, nW, N): what each token receives
        which = token_ids(batch.ids, 14)
        for scene in range(len(scenes)):
            window, slot = divmod(int(got[scene].argmax()), got.shape[2])
            row, column = (window // 2) * 7 + slot // 7, (window % 2) * 7 + slot % 7
            forgotten += int(which[scene, row, column] > 0)
            undone += int(which[scene, (row + 3) % 14, (column + 3) % 14] > 0)
    return {"shift_undone": interval(undone, count), "shift_forgotten": interval(forgotten, count)}


@torch.no_grad()
def evaluate(scenes: int, heads: int) -> dict:
    """All: `scenes` for the accuracy, a quarter of them for each switch, `heads` for each silenced head (0: none)."""
    model, questions = load_builtin()
    torch.manual_seed(1)
    twin = Swin(model.config).eval()
    part = max(BATCH, scenes // 4)
    return {
        "accuracy": answers(model, questions, Ablation(), scenes),
        "lifts": lifts(model, part),
        "lifts_untrained": lifts(twin, max(BATCH, part // 4)),
        "counterfactual": counterfactual(model, questions, 200 if scenes >= 800 else 16),
        "switches": {name: answers(model, questions, switch, part) for name, switch in SWITCHES.items()},
        "tables": tables(model),
        "one_object": one_object(model, 200 if scenes >= 800 else 16),
        "single_heads": single_heads(model, questions, heads)[:8] if heads else [],
    }


def as_markdown(found: dict) -> str:
    """The card's tables."""
    first, twin = found["accuracy"], found["lifts_untrained"]
    parts = [
        f"Accuracy on {first['accuracy']['of']} held-out scenes: **{_share(first['accuracy'])}** (chance 12.5 %); "
        f"target map IoU {first['target_iou']:.2f}.",
        _table(
            ["attention in stage 4", "mean lift", "best head", "its lift", "untrained twin, mean"],
            [
                [
                    name,
                    f"{row['mean']:.2f}",
                    row["best_head"],
                    f"{row['best_head_lift']:.1f}",
                    f"{twin[name]['mean']:.2f}",
                ]
                for name, row in found["lifts"].items()
            ],
        ),
        _table(
            ["switched off", "accuracy (95 %)", "target IoU", "cue's direction, stage 3", "stage 4"],
            [
                [name, _share(row["accuracy"]), f"{row['target_iou']:.2f}"]
                + [f"{row[f'direction_stage_{stage}']:.1%}" for stage in (3, 4)]
                for name, row in found["switches"].items()
            ],
        ),
        _table(["cue recoloured", "share (95 %)"], _shares(found["counterfactual"])),
        _table(
            ["one object: the hottest token of stage 3, block 2 lies on it", "share (95 %)"],
            _shares(found["one_object"]),
        ),
        _table(
            ["bias tables", "near − far", "smoothness (lag 1)"],
            [[row["block"], f"{row['near_minus_far']:+.2f}", f"{row['smoothness']:.2f}"] for row in found["tables"]],
        ),
        _table(
            ["one head silenced", "accuracy"],
            [[f"{row['block']}, head {row['head']}", f"{row['accuracy']:.1%}"] for row in found["single_heads"]],
        ),
    ]
    return "\n\n".join(parts)


def _share(value: dict) -> str:
    return f"{value['share']:.1%} ({value['low']:.1%} – {value['high']:.1%})"


def _shares(rows: dict[str, dict]) -> list[list[str]]:
    return [[name.replace("_", " "), _share(row)] for name, row in rows.items()]


def _table(head: list[str], rows: list[list]) -> str:
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure the built-in model on held-out scenes.")
    parser.add_argument("--scenes", type=int, default=2048)
    parser.add_argument("--heads", type=int, default=128, help="scenes for each silenced head; 0 leaves that out")
    given = parser.parse_args()
    found = evaluate(given.scenes, given.heads)
    (ASSETS / "builtin_evaluation.json").write_text(json.dumps(found, indent=1) + "\n")
    card = ASSETS / "builtin_card.md"
    before, _, after = card.read_text(encoding="utf-8").partition("<!-- measured -->")
    after = after.partition("<!-- /measured -->")[2]
    card.write_text(f"{before}<!-- measured -->\n{as_markdown(found)}\n<!-- /measured -->{after}", encoding="utf-8")
    print(as_markdown(found))


if __name__ == "__main__":
    main()
