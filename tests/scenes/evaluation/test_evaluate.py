"""How the built-in model is measured: every measure against a second way, or where its value is known."""

import json
import math
import sys
from pathlib import Path

import pytest
import torch

from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig
from swin_viz.network.windows import token_places
from swin_viz.scenes.evaluation import attention, evaluate
from swin_viz.scenes.evaluation.answers import REACHES, answers, reach, run_from, single_heads
from swin_viz.scenes.evaluation.card import put_into
from swin_viz.scenes.evaluation.evaluate import COUNTS, batches, untrained
from swin_viz.scenes.evaluation.shares import change, pooled, share
from swin_viz.scenes.generate import make_scene
from swin_viz.scenes.training.questions import Batch, Questions, batch_of
from tests.network.test_model import random_swin

SMALL = SwinConfig(8, (2, 2, 2, 2), (1, 2, 2, 4), classes=8)


@pytest.fixture(scope="module")
def some() -> list[Batch]:
    return [batch_of([make_scene(seed) for seed in range(first, first + 3)]) for first in (50, 53)]


def random_model() -> Swin:
    return random_swin(SMALL, dtype=torch.float32).requires_grad_(False)


@pytest.fixture(scope="module")
def model() -> Swin:
    return random_model()


@pytest.fixture(scope="module")
def even() -> Swin:
    """A model that looks at every allowed key alike: no queries, no bias."""
    model = random_model()
    for name, value in model.named_parameters():
        if "bias_table" in name or "qkv" in name:
            value.zero_()
    return model


def test_uniform_attention_has_a_lift_of_one_everywhere(even: Swin, some: list[Batch]) -> None:
    rows = attention.lifts(even, some)
    assert len(rows) == 8 * 6
    for row in rows:
        if not math.isnan(row["mean"]):
            assert row["mean"] == pytest.approx(1, abs=1e-4), row
    assert sum(math.isnan(row["mean"]) for row in rows) < 8  # a cue and its target seldom share a small window


def test_an_untrained_model_has_a_lift_of_about_one(some: list[Batch]) -> None:
    for row in attention.lifts(untrained(Swin(SMALL)), some):
        assert math.isnan(row["mean"]) or 0.95 < row["mean"] < 1.05


def test_the_lift_of_the_cue_equals_a_loop(model: Swin, some: list[Batch]) -> None:
    """Stage 4, block 1: one window, so attention to the cue's tokens over their share of 49."""
    rows = attention.lifts(model, some)
    mean = next(r["mean"] for r in rows if r["block"] == "layers.3.blocks.0" and r["pairs"] == "any token → cue")
    got, chance = 0.0, 0.0
    for batch in some:
        with capture(model, "layers.3.blocks.0.attn.probs") as tape:
            model(batch.images)
        probs = tape["layers.3.blocks.0.attn.probs"][:, 0]
        which = attention.token_ids(batch.ids, 7).flatten(1)
        for b, numbers in enumerate(which):
            cue = int((batch.what[b] == attention.CUE).nonzero())
            for key in (numbers == cue).nonzero().flatten():
                got += float(probs[b, :, :, key].sum()) / probs.shape[1]
                chance += 49 / 49
    assert mean == pytest.approx(got / chance, rel=1e-4)


def test_what_leaks_without_the_mask_is_counted_right(even: Swin, some: list[Batch]) -> None:
    """Looking everywhere alike, a token in a window of two halves (4 and 3 of 7) misses by 24/49, and so on."""
    rows = {row["block"]: row["share_across"] for row in attention.leak(even, some)}
    assert list(rows) == ["layers.0.blocks.1", "layers.1.blocks.1", "layers.2.blocks.1"]
    halves = 2 * 4 * 3 / 49
    quarters = 1 - (16**2 + 12**2 + 12**2 + 9**2) / 49**2
    for block, side in zip(rows, (8, 4, 2), strict=True):
        strips = 2 * (side - 1)  # windows along the last row and column, less the corner
        assert rows[block] == pytest.approx((strips * halves + quarters) / (strips + 1), rel=1e-4)


def test_reach_is_what_the_third_stages_attention_allows(model: Swin) -> None:
    batch = batch_of([make_scene(seed) for seed in range(60, 68)])
    found = reach(batch.cue, 14, 7)
    assert set(found.flatten().tolist()) == set(range(len(REACHES)))
    seen = []
    for name, mask in (("layers.2.blocks.0", True), ("layers.2.blocks.1", True), ("layers.2.blocks.1", False)):
        with capture(model, f"{name}.attn.probs", f"{name}.shift", edit=Ablation(mask=mask).edits(model)) as tape:
            model(batch.images)
        places = token_places(14, 14, 7, tape[f"{name}.shift"])  # (nW, N, 2)
        joined = torch.zeros(14, 14, 14, 14, dtype=torch.bool)
        for window, at in zip(tape[f"{name}.attn.probs"][0].mean(1), places, strict=True):
            rows, columns = at.T
            joined[rows[:, None], columns[:, None], rows[None], columns[None]] = window > 1e-30
        seen.append(joined)
    for each, (row, column) in zip(found, (batch.cue * 14).long(), strict=True):
        own, shifted, unmasked = (joined[:, :, row, column] for joined in seen)
        assert torch.equal(each == 0, own)
        assert torch.equal(each == 1, shifted & ~own)
        assert torch.equal(each == 2, unmasked & ~shifted & ~own)


def test_running_from_a_block_is_running_the_model(model: Swin, some: list[Batch]) -> None:
    images = some[0].images
    with capture(model, "*.resid_pre") as tape:
        logits = model(images)
    for name in model.config.block_names:
        torch.testing.assert_close(run_from(model, tape[f"{name}.resid_pre"], name), logits)


def test_a_silenced_head_is_measured_as_in_the_lab(model: Swin, some: list[Batch]) -> None:
    rows = single_heads(model, some)
    assert len(rows) == 2 * sum(model.config.heads)
    questions = Questions(model.config)
    before = answers(model, questions, some).right.double()
    for row in rows[::5]:
        off = Ablation(silenced=(row["head"] - 1,), blocks=(row["block"],))
        after = answers(model, questions, some, off).right.double()
        assert row["change"]["share"] == pytest.approx(float((after - before).mean()))


def test_answers_count_tokens_and_scenes(model: Swin, some: list[Batch]) -> None:
    questions = Questions(model.config)
    found = answers(model, questions, some)
    assert found.right.shape == (6,)
    asked = [torch.cat(found.tokens[f"direction, stage 3, cue reached {name}"][1]) for name in REACHES]
    assert torch.equal(sum(asked), torch.full((6,), 196))  # every token is reached in exactly one way
    whole = torch.cat(found.tokens["direction of the cue, stage 3"][0])
    parts = [torch.cat(found.tokens[f"direction, stage 3, cue reached {name}"][0]) for name in REACHES]
    assert torch.equal(sum(parts), whole)


def test_a_share_has_wilsons_interval() -> None:
    found = share(8, 10)  # the textbook's example
    assert (round(found["low"], 3), round(found["high"], 3)) == (0.490, 0.943)


def test_a_share_of_all_or_none_stays_between_0_and_1() -> None:
    for count in range(1, 300):  # unclamped, 208 of 208 reached 1.0000000000000002
        none, every = share(0, count), share(count, count)
        assert none["low"] == pytest.approx(0) and 0 <= none["low"] < none["high"] < 1
        assert every["high"] == pytest.approx(1) and 0 < every["low"] < every["high"] <= 1


def test_intervals_of_pooled_tokens_equal_a_bootstrap_over_scenes() -> None:
    random = torch.Generator().manual_seed(3)
    whole = torch.randint(5, 50, (300,), generator=random)
    part = (whole * torch.rand(300, generator=random)).round()
    found = pooled(part, whole)
    draws = torch.randint(300, (4000, 300), generator=random)
    shares = part[draws].sum(1) / whole[draws].sum(1)
    assert found["share"] == pytest.approx(float(part.sum() / whole.sum()))
    assert (found["high"] - found["low"]) / 2 == pytest.approx(1.96 * float(shares.std()), rel=0.06)
    nobody_asked = pooled(torch.cat((part, torch.zeros(5))), torch.cat((whole, torch.zeros(5))))
    assert nobody_asked == found


def test_a_change_is_measured_on_the_same_scenes() -> None:
    before, after = torch.tensor([1, 1, 0, 1, 0, 1]), torch.tensor([1, 0, 0, 1, 0, 0])
    found = change(before, after)
    assert found["share"] == pytest.approx(-1 / 3) and found["low"] < found["share"] < found["high"]
    same = change(before, before)
    assert same["low"] == same["share"] == same["high"] == 0


def test_a_table_that_falls_with_distance_says_so() -> None:
    model = random_model()
    steps = torch.arange(13) - 6
    ramp = -torch.maximum(steps[:, None].abs(), steps[None].abs()).float()
    model.layers[0].blocks[0].attn.relative_position_bias_table.copy_(ramp.flatten()[:, None])
    first = attention.tables(model)[0]
    near, far = -8 / 9, -(5 * 40 + 6 * 48) / 88
    assert first["near_minus_far"] == first["lowest_head"] == pytest.approx(near - far)
    assert first["smoothness"] > 0.7


def test_held_out_scenes_come_whole_and_in_order() -> None:
    found = list(batches(20))
    assert [len(batch.label) for batch in found] == [16, 4]
    assert torch.equal(found[1].images, next(batches(20, first=1_005_000_016)).images[:4])


@pytest.mark.parametrize(
    ("options", "written"), [([], True), (["--scenes", "4096"], True), (["--looked", "32"], False)]
)
def test_figures_of_fewer_scenes_never_replace_the_shipped_ones(
    options: list[str], written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    shipped = evaluate.ASSETS
    found = json.loads((shipped / "builtin_evaluation.json").read_text("utf-8"))
    found["accuracy"]["shape of the target"]["share"] = 0.123
    (tmp_path / "builtin_evaluation.json").write_text("shipped")
    card = (shipped / "builtin_card.md").read_text("utf-8")
    (tmp_path / "builtin_card.md").write_text(card, "utf-8")
    monkeypatch.setattr(evaluate, "ASSETS", tmp_path)
    asked: dict[str, int] = {}
    monkeypatch.setattr(evaluate, "evaluate", lambda **given: asked.update(given) or found.items())
    monkeypatch.setattr(sys, "argv", ["evaluate", *options])
    evaluate.main()
    assert asked == {name: count for name, (count, _) in COUNTS.items()} | (
        {options[0].removeprefix("--"): int(options[1])} if options else {}
    )
    told = capsys.readouterr().out
    assert "**12.3%" in told and ("Nothing was written" in told) != written
    assert (tmp_path / "builtin_card.md").read_text("utf-8") == (put_into(card, found) if written else card)
    kept = (tmp_path / "builtin_evaluation.json").read_text("utf-8")
    assert json.loads(kept) == found if written else kept == "shipped"


def test_so_few_scenes_that_no_lift_is_told_are_printed_all_the_same() -> None:
    found = json.loads((evaluate.ASSETS / "builtin_evaluation.json").read_text("utf-8"))
    for row in found["lifts"] + found["lifts_untrained"]:
        row["best_head_lift"]["of"] = 16
    told = put_into("", found)
    assert "| stage 4, block 2 | – | – | – | – | – | – |" in told and "untrained twin" not in told
