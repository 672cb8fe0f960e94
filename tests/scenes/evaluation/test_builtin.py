"""The weights that ship: what the card says of them is true of the file. Few scenes, so with wide margins."""

import csv
import json
import math

import pytest
import torch
from safetensors import safe_open

from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.model import Swin
from swin_viz.network.variants import BUILTIN
from swin_viz.network.windows import token_places
from swin_viz.paths import ASSETS
from swin_viz.scenes.evaluation import attention
from swin_viz.scenes.evaluation.answers import Answers, answers
from swin_viz.scenes.evaluation.card import put_into
from swin_viz.scenes.evaluation.evaluate import FIRST_ALONE, batches, counterfactual, load_builtin
from swin_viz.scenes.shapes import SHAPES
from swin_viz.scenes.training.questions import Batch, Questions
from swin_viz.scenes.training.trainer import COLUMNS

GOAL = 0.85  # the least that a model trained on a CPU has to reach
SHAPE, MAP = "shape of the target", "map of the target (IoU)"
BY_SHIFT = "direction, stage 3, cue reached only by the shift"
PAST_MASK = "direction, stage 3, cue reached only past the mask"
BY_WINDOW = "direction, stage 3, cue reached by its own window"


@pytest.fixture(scope="module")
def loaded() -> tuple[Swin, Questions]:
    return load_builtin()


@pytest.fixture(scope="module")
def some() -> list[Batch]:
    return list(batches(48))


@pytest.fixture(scope="module")
def whole(loaded: tuple[Swin, Questions], some: list[Batch]) -> Answers:
    return answers(*loaded, some)


@pytest.fixture(scope="module")
def measured() -> dict:
    return json.loads((ASSETS / "builtin_evaluation.json").read_text("utf-8"))


def off(loaded: tuple[Swin, Questions], some: list[Batch], **switch: bool) -> dict[str, float]:
    return {name: row["share"] for name, row in answers(*loaded, some, Ablation(**switch)).summary().items()}


def test_the_file_is_small_half_precise_finite_and_says_what_it_is() -> None:
    path = ASSETS / "builtin.safetensors"
    assert path.stat().st_size < 12e6
    with safe_open(path, framework="pt") as file:
        values = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        about = file.metadata()
    assert all(value.dtype == torch.float16 and value.isfinite().all() for value in values.values())
    assert json.loads(about["classes"]) == list(SHAPES)
    config = json.loads(about["config"])
    assert (config["embed_dim"], tuple(config["depths"]), config["window"]) == (48, BUILTIN.depths, 7)
    assert values.keys() == Swin(BUILTIN).state_dict().keys()


def test_it_answers_scenes_it_has_never_seen(whole: Answers, measured: dict) -> None:
    """Within three standard errors of what the card says, and far above chance."""
    said = measured["accuracy"]
    right = float(whole.right.double().mean())
    p = said[SHAPE]["share"]
    assert p >= GOAL
    assert abs(right - p) <= 3 * math.sqrt(p * (1 - p) / len(whole.right))
    assert whole.summary()[MAP]["share"] == pytest.approx(said[MAP]["share"], abs=0.08)


def test_without_the_shift_only_what_the_shift_reached_is_lost(
    loaded: tuple[Swin, Questions], some: list[Batch], whole: Answers
) -> None:
    before, after = {k: row["share"] for k, row in whole.summary().items()}, off(loaded, some, shift=False)
    assert before[BY_SHIFT] > 0.9 and after[BY_SHIFT] < 0.6
    assert abs(before[BY_WINDOW] - after[BY_WINDOW]) < 0.05


def test_without_the_mask_the_far_edge_is_taken_for_a_neighbour(
    loaded: tuple[Swin, Questions], some: list[Batch], whole: Answers
) -> None:
    before, after = {k: row["share"] for k, row in whole.summary().items()}, off(loaded, some, mask=False)
    assert before[PAST_MASK] > 0.4 and after[PAST_MASK] < 0.1
    assert abs(before[BY_SHIFT] - after[BY_SHIFT]) < 0.1


def test_without_the_position_bias_no_token_knows_a_direction(
    loaded: tuple[Swin, Questions], some: list[Batch], whole: Answers
) -> None:
    before, after = {k: row["share"] for k, row in whole.summary().items()}, off(loaded, some, bias=False)
    for name in (BY_WINDOW, "direction of the cue, stage 4"):
        assert before[name] > 0.9 and after[name] < 0.6


def test_attention_goes_to_the_cue_and_to_what_it_names(loaded: tuple[Swin, Questions], some: list[Batch]) -> None:
    rows = {(row["block"], row["pairs"]): row for row in attention.lifts(loaded[0], some)}
    assert rows["layers.3.blocks.0", "target → cue"]["mean"] > 5
    assert rows["layers.3.blocks.1", "any token → target"]["best_head_lift"]["lift"] > 10
    assert rows["layers.2.blocks.0", "object → rest of the same object"]["mean"] > 1.5


def test_target_map_and_answer_follow_a_recoloured_cue(loaded: tuple[Swin, Questions], measured: dict) -> None:
    head = int(measured["counterfactual_head"].split()[-1]) - 1
    found = counterfactual(*loaded, 32, head)
    assert found["target map follows"]["share"] >= 0.96
    assert found["attention follows"]["share"] > 0.6
    assert found["both answers right"]["share"] > 0.7


@pytest.mark.parametrize("block", ["layers.1.blocks.1", "layers.2.blocks.1"])
def test_the_hottest_token_of_a_shifted_block_lies_on_the_one_object(
    loaded: tuple[Swin, Questions], block: str
) -> None:
    found = attention.hottest(loaded[0], list(batches(16, FIRST_ALONE, objects=1)), block)
    assert found["shift undone"]["share"] > 0.7
    assert found["shift forgotten"]["share"] < 0.3


def outline_distances(batch: Batch) -> torch.Tensor:
    """From the middle of every token of stage 1 to the nearest outline, in pixels: (B, 56 · 56)."""
    middles = torch.cartesian_prod(*[torch.arange(56) * 4 + 1.5] * 2)
    found = []
    for thing in batch.ids > 0:
        inside = torch.nn.functional.avg_pool2d(thing[None].float(), 3, 1, 1)[0] > 0.999
        found.append(torch.cdist(middles, (thing & ~inside).nonzero().float()).amin(1))
    return torch.stack(found)


def test_the_hottest_token_of_the_first_shifted_block_lies_just_outside_an_outline(
    loaded: tuple[Swin, Questions],
) -> None:
    """As the card says of 64 scenes: a median of 6 pixels away where any token lies 57 away, and on the ground."""
    block, away, any_token = "layers.0.blocks.1", [], []
    for batch in batches(16, FIRST_ALONE, objects=1):
        with capture(loaded[0], f"{block}.attn.probs", f"{block}.shift") as tape:
            loaded[0](batch.images)
        received = tape[f"{block}.attn.probs"].mean(2).sum(2)  # (B, nW, N)
        places = token_places(56, 56, 7, tape[f"{block}.shift"]).flatten(0, 1)
        row, column = places[received.flatten(1).argmax(1)].T
        distances = outline_distances(batch)
        away.append(distances.gather(1, (row * 56 + column)[:, None])[:, 0])
        any_token.append(distances.flatten())
    hottest, chance = torch.cat(away), torch.cat(any_token)
    assert 4 < hottest.median() < 8 and (hottest <= 24).double().mean() >= 0.85
    assert chance.median() > 40 and (chance <= 24).double().mean() < 0.3


def test_the_cards_words_quote_the_measured_numbers(measured: dict) -> None:
    card = (ASSETS / "builtin_card.md").read_text("utf-8")
    words = " ".join(card.split("## What its attention does")[1].split("## What it is not")[0].split())
    rows = {(row["block"], row["pairs"]): row for row in measured["lifts"]}
    stage_1, stage_3 = rows["layers.0.blocks.1", "any token → objects"], rows["layers.2.blocks.0", "any token → cue"]
    cue, target, others = (
        rows[f"layers.3.blocks.{i}", f"any token → {what}"]
        for i, what in ((0, "cue"), (1, "target"), (1, "other objects"))
    )
    forgotten = measured["one_object"]["layers.0.blocks.1"]["shift forgotten"]["share"]
    for said in (
        f"less than their share ({stage_1['mean']:.2f})",
        f"in {100 * forgotten:.0f} % of the scenes",
        f"{stage_3['mean']:.1f} times as much as chance",
        f"head {stage_3['best_head']} reaches {stage_3['best_head_lift']['lift']:.1f} times",
        f"block 1 looks at the cue {cue['mean']:.2f} times",
        f"block 2 at the target {target['mean']:.2f} times",
        f"at the other objects {others['mean']:.2f} times",
        f"{cue['best_head_lift']['lift']:.1f} times at the cue",
        f"{target['best_head_lift']['lift']:.1f} times at the target",
        f"(without it {100 * measured['switches']['position bias off'][SHAPE]['share']:.0f} %",
    ):
        assert said in words, said


def test_the_card_shows_the_measured_numbers(measured: dict) -> None:
    card = (ASSETS / "builtin_card.md").read_text("utf-8")
    assert put_into(card, measured) == card


def test_the_training_log_lies_beside_the_weights() -> None:
    with (ASSETS / "builtin_training.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    steps = [int(row["step"]) for row in rows]
    assert steps == sorted(set(steps)) and {row["side"] for row in rows} == {"112", "224"}
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])
