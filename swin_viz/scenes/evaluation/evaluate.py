"""Does its attention mean something? `python -m swin_viz.scenes.evaluation.evaluate` measures it on unseen scenes.

Writes assets/builtin_evaluation.json and the tables of the model card, assets/builtin_card.md; with fewer scenes than
the card was made with, it only prints them. What is measured, and how, stands in `answers` and `attention`; the
intervals in `shares`.
"""

import argparse
import json
import time
from collections.abc import Iterator

import torch

from swin_viz.network.ablation import Ablation
from swin_viz.network.model import Swin, build
from swin_viz.paths import ASSETS
from swin_viz.reading.checkpoint.read import read_checkpoint
from swin_viz.scenes.evaluation import attention
from swin_viz.scenes.evaluation.answers import answers, single_heads, swapped
from swin_viz.scenes.evaluation.card import as_markdown, put_into
from swin_viz.scenes.evaluation.shares import share
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_plan, make_scene
from swin_viz.scenes.lens import token_heads
from swin_viz.scenes.training.questions import Batch, Questions, batch_of

BATCH = 16
FIRST = FIRST_HELD_OUT + 5_000_000  # beyond what the app offers by number
FIRST_SWAPPED, FIRST_ALONE = FIRST + 100_000, FIRST + 200_000
COUNTS = {  # the scenes of the shipped figures, and what they are for
    "scenes": (2048, "the accuracy"),
    "switched": (512, "every switch"),
    "looked": (208, "what looks at attention"),
    "silenced": (256, "every silenced head"),
}
TARGET_BLOCK, TARGET_PAIRS = "layers.3.blocks.1", "any token → target"
SWITCHES = {
    "nothing off": Ablation(),
    "shift off": Ablation(shift=False),
    "mask off": Ablation(mask=False),
    "position bias off": Ablation(bias=False),
    "index without its factor": Ablation(index_factor=False),
    "scale off": Ablation(scale=False),
} | {f"stage {i + 1} uniform": Ablation(uniform=True, blocks=(f"layers.{i}.*",)) for i in range(4)}


def load_builtin() -> tuple[Swin, Questions]:
    """The shipped weights and their token heads."""
    checkpoint = read_checkpoint(ASSETS / "builtin.safetensors")
    return build(checkpoint.config, checkpoint.state), token_heads(checkpoint.config)


def batches(count: int, first: int = FIRST, objects: int | None = None) -> Iterator[Batch]:
    """Held-out scenes, some at a time."""
    for start in range(first, first + count, BATCH):
        seeds = range(start, min(start + BATCH, first + count))
        yield batch_of([make_scene(seed, objects=objects) for seed in seeds])


def untrained(model: Swin) -> Swin:
    """The same architecture as it was before training."""
    torch.manual_seed(1)
    return Swin(model.config).eval().requires_grad_(False)


def counterfactual(model: Swin, questions: Questions, count: int, head: int) -> dict[str, dict]:
    """`swapped` over many pairs, as shares."""
    found: dict[str, list[torch.Tensor]] = {}
    for start in range(0, count, BATCH):
        plans = [make_plan(FIRST_SWAPPED + i) for i in range(start, min(start + BATCH, count))]
        for name, right in swapped(model, questions, plans, TARGET_BLOCK, head).items():
            found.setdefault(name, []).append(right)
    return {name: share(int(torch.cat(right).sum()), count) for name, right in found.items()}


def evaluate(scenes: int, switched: int, looked: int, silenced: int) -> Iterator[tuple[str, object]]:
    """Everything, one named part at a time.

    How many scenes each part gets: `scenes` the accuracy, `switched` every switch, `looked` what looks at attention,
    `silenced` every silenced head.
    """
    model, questions = load_builtin()
    twin = untrained(model)
    yield "accuracy", answers(model, questions, batches(scenes)).summary()
    lifts = attention.lifts(model, batches(looked))
    yield "lifts", lifts
    yield "lifts_untrained", attention.lifts(twin, batches(looked))
    best = next(row["best_head"] for row in lifts if (row["block"], row["pairs"]) == (TARGET_BLOCK, TARGET_PAIRS))
    yield "counterfactual", counterfactual(model, questions, looked, best - 1)
    yield "counterfactual_head", f"stage 4, block 2, head {best}"
    some = list(batches(switched))
    yield "switches", {name: answers(model, questions, some, off).summary() for name, off in SWITCHES.items()}
    shifted = [name for name in model.config.block_names if name.endswith(".1")][:-1]
    alone = list(batches(looked, FIRST_ALONE, objects=1))
    yield "one_object", {name: attention.hottest(model, alone, name) for name in shifted}
    yield "leak", attention.leak(model, some[: max(1, looked // BATCH)])
    yield "tables", attention.tables(model)
    yield "tables_untrained", attention.tables(twin)
    yield "single_heads", single_heads(model, batches(silenced))


def write(found: dict) -> None:
    """What was found, and the card that shows it, into assets/."""
    (ASSETS / "builtin_evaluation.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    card = ASSETS / "builtin_card.md"
    card.write_text(put_into(card.read_text("utf-8"), found), "utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure the built-in model on held-out scenes.")
    for name, (count, what) in COUNTS.items():
        parser.add_argument(f"--{name}", type=int, default=count, help=f"for {what}; with fewer nothing is written")
    given, found, start = vars(parser.parse_args()), {}, time.time()
    for name, value in evaluate(**given):
        found[name] = value
        print(f"{time.time() - start:5.0f} s  {name}", flush=True)
    print(as_markdown(found))
    if all(given[name] >= count for name, (count, _) in COUNTS.items()):
        write(found)
    else:
        print("\nNothing was written: assets/ keeps the figures of more scenes.")


if __name__ == "__main__":
    main()
