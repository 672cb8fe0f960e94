"""Training: resumable to the bit, on seeds of its own, with what it writes readable by everyone."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from swin_viz.network.model import Swin, build
from swin_viz.network.variants import SwinConfig
from swin_viz.reading.checkpoint.read import read_checkpoint
from swin_viz.scenes.generate import FIRST_HELD_OUT, FIRST_TRAINED, make_scene
from swin_viz.scenes.shapes import SHAPES
from swin_viz.scenes.training import train
from swin_viz.scenes.training.questions import CUE, Questions, ask, batch_of, direction, losses, token_ids
from swin_viz.scenes.training.train import export, work
from swin_viz.scenes.training.trainer import COLUMNS, TABLE_RATE, Drawn, Recipe, Trainer

TINY = SwinConfig(8, (1, 1, 1, 2), (1, 2, 2, 4), classes=8, drop_path=0.2)


def recipe(out: Path, **changes: object) -> Recipe:
    given = Recipe(out, steps=4, processes=1, batch=4, config=TINY, sizes=(56, 112))
    return replace(given, **changes)


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def state(trainer: Trainer) -> dict[str, torch.Tensor]:
    """All that training has changed: weights, their averages, the optimiser's memory."""
    memory = trainer.optimiser.state_dict()["state"]
    numbers = {f"memory {i} {key}": value for i, each in memory.items() for key, value in each.items()}
    parts = {"live": trainer.live, "mean": trainer.mean}
    return numbers | {f"{k} {name}": v for k, part in parts.items() for name, v in part.state_dict().items()}


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    straight = Trainer(recipe(folder(tmp_path / "straight")))
    start = {name: value.clone() for name, value in state(straight).items()}
    straight.run()
    stopped = recipe(folder(tmp_path / "stopped"))
    Trainer(stopped).run(until=2)
    resumed = Trainer(stopped)
    resumed.resume()
    assert resumed.step == 2
    resumed.run()
    assert (resumed.step, resumed.pictures, resumed.log) == (straight.step, straight.pictures, straight.log)
    expected, found = state(straight), state(resumed)
    assert expected.keys() == found.keys() and len(expected) > 100
    assert all(torch.equal(value, found[name]) for name, value in expected.items())
    assert all(not torch.equal(value, expected[name]) for name, value in start.items() if "qkv.weight" in name)


def steps_logged(out: Path) -> list[int]:
    """The steps that the log tells of; its head has to be right."""
    head, *rows = (out / "training.csv").read_text().splitlines()
    assert tuple(head.split(",")) == COLUMNS
    return [int(row.split(",")[0]) for row in rows]


@pytest.mark.parametrize("reached", [25, 0])
def test_after_a_crash_no_step_stands_twice_in_the_log(tmp_path: Path, reached: int) -> None:
    """As a crash leaves it: the log tells of steps that had not been saved; or nothing had been saved yet."""
    given = recipe(tmp_path, steps=60, batch=1, sizes=(56, 56))
    if reached:
        Trainer(given).run(until=reached)
    else:
        (tmp_path / "training.csv").write_text(",".join(COLUMNS) + "\n20,lost\n")
    with (tmp_path / "training.csv").open("a") as file:
        file.write("40,lost\n60,lost\n")
    resumed = Trainer(given)
    resumed.resume()
    assert resumed.step == reached and steps_logged(tmp_path) == ([20] if reached else [])
    resumed.run()
    assert steps_logged(tmp_path) == [20, 40, 60] and "lost" not in (tmp_path / "training.csv").read_text()


@pytest.mark.parametrize("changes", [{"seed": 1}, {"batch": 8}, {"processes": 3}, {"sizes": (28, 112)}])
def test_a_run_goes_on_with_its_own_recipe_only(tmp_path: Path, changes: dict[str, object]) -> None:
    before = recipe(tmp_path)
    Trainer(before).run(until=1)
    name = next(iter(changes))
    with pytest.raises(SystemExit, match=r"^[^\n]+$") as refused:
        Trainer(recipe(tmp_path, **changes)).resume()
    assert f"{name} {getattr(before, name)} (now {changes[name]})" in str(refused.value)
    Trainer(recipe(tmp_path, minutes=1, steps=None, drawers=2)).resume()  # how long, and who draws, is free


def test_a_state_of_before_recipes_were_kept_is_taken(tmp_path: Path) -> None:
    Trainer(recipe(tmp_path)).run(until=1)
    old = torch.load(tmp_path / "state.pt", weights_only=True)
    del old["recipe"]
    torch.save(old, tmp_path / "state.pt")
    resumed = Trainer(recipe(tmp_path, batch=8))
    resumed.resume()
    assert resumed.step == 1


def command(*options: object) -> list[str]:
    return [sys.executable, "-m", "swin_viz.scenes.training.train", *map(str, options)]


@pytest.mark.parametrize(("processes", "drawers"), [(1, 1), (2, 0)])
def test_ctrl_c_saves_and_says_in_one_line_how_to_go_on(tmp_path: Path, processes: int, drawers: int) -> None:
    sizes = ("--batch", 1, "--processes", processes, "--drawers", drawers, "--port", 29600 + os.getpid() % 1000)
    running = subprocess.Popen(
        command("--out", tmp_path, "--steps", 100_000, *sizes),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": ""},
    )
    try:
        latest = time.time() + 120
        while not (tmp_path / "training.csv").exists() and running.poll() is None and time.time() < latest:
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to every process
        told = running.communicate(timeout=60)[1]
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    expected = f"Stopped; what was reached is saved in {tmp_path}. The same command goes on from there.\n"
    assert (running.returncode, told) == (1, expected)
    kept = torch.load(tmp_path / "state.pt", weights_only=True)
    assert kept["step"] >= max(steps_logged(tmp_path)) and kept["recipe"]["processes"] == processes
    assert kept["pictures"] == kept["step"] * processes


def ended(monkeypatch: pytest.MonkeyPatch, *options: object) -> str:
    """What the command says as it ends before it has done anything."""
    monkeypatch.setattr(sys, "argv", command(*options)[2:])
    with pytest.raises(SystemExit, match=r"^[^\n]+$") as end:
        train.main()
    return str(end.value)


def test_the_command_refuses_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = folder(tmp_path / "assets")
    monkeypatch.setattr(train, "ASSETS", assets)
    monkeypatch.setattr(train, "work", None)  # nothing is started
    told = ended(monkeypatch, "--out", tmp_path / "nowhere", "--export")
    assert told.startswith(f"No state.pt and no training.csv in {tmp_path / 'nowhere'}: ")
    assert not (tmp_path / "nowhere").exists() and not list(assets.iterdir())
    Trainer(recipe(tmp_path)).run(until=1)
    assert "training.csv" in ended(monkeypatch, "--out", tmp_path, "--export") and not list(assets.iterdir())
    told = ended(monkeypatch, "--out", tmp_path, "--batch", 9, "--processes", 1)
    assert "batch 4 (now 9)" in told and "processes" not in told


def test_another_seed_is_another_run(tmp_path: Path) -> None:
    first, second = Trainer(recipe(tmp_path)), Trainer(recipe(tmp_path, seed=1))
    name = "model.head.weight"
    assert not torch.equal(first.live.state_dict()[name], second.live.state_dict()[name])


def test_no_picture_is_drawn_twice_nor_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []

    def noted(seed: int, side: int):
        seeds.append(seed)
        return make_scene(seed, side)

    monkeypatch.setattr("swin_viz.scenes.training.trainer.make_scene", noted)
    given = recipe(tmp_path, processes=2)
    for wanted in ((0, 56), (1, 56), (2, 112)):
        for rank in range(2):
            Drawn(given, rank)[wanted]
    assert len(seeds) == len(set(seeds)) == 2 * (4 + 4 + 2)
    assert all(FIRST_TRAINED <= seed < FIRST_HELD_OUT for seed in seeds)
    with pytest.raises(AssertionError):
        Drawn(given, 0)[FIRST_HELD_OUT // 8, 56]


def test_the_rate_warms_up_falls_and_is_higher_for_bias_tables(tmp_path: Path) -> None:
    trainer = Trainer(recipe(tmp_path, steps=1000))
    rates = []
    for trainer.step in range(0, 1001, 50):
        rates.append(trainer.rate())
    top = rates.index(max(rates))
    assert rates[:top] == sorted(rates[:top]) and rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[0] < 1e-5 and 0.8e-3 < max(rates) <= 1e-3 and rates[-1] == pytest.approx(1e-5)
    tables = trainer.optimiser.param_groups[2]
    assert len(tables["params"]) == sum(TINY.depths) and tables["times"] == TABLE_RATE and not tables["weight_decay"]


def test_small_pictures_come_first(tmp_path: Path) -> None:
    trainer = Trainer(recipe(tmp_path, steps=100))
    wanted = trainer._wanted()
    sides = [next(wanted)[1] for trainer.step in range(100)]
    assert sides == [56] * 45 + [112] * 55


def test_what_is_exported_is_a_plain_checkpoint(tmp_path: Path) -> None:
    trainer = Trainer(recipe(tmp_path))
    export(trainer.mean.state_dict(), TINY, tmp_path)
    checkpoint = read_checkpoint(tmp_path / "builtin.safetensors")
    assert checkpoint.config == replace(TINY, drop_path=0.0) and checkpoint.classes == SHAPES
    images = batch_of([make_scene(1, 112)]).images
    torch.testing.assert_close(
        build(TINY, checkpoint.state)(images), trainer.mean.model.eval()(images), atol=2e-3, rtol=0
    )


def test_the_log_says_what_its_head_says(tmp_path: Path) -> None:
    work(0, recipe(tmp_path, steps=20, batch=2), port=0)
    lines = (tmp_path / "training.csv").read_text().splitlines()
    assert tuple(lines[0].split(",")) == COLUMNS and len(lines) == 2
    row = dict(zip(COLUMNS, lines[1].split(","), strict=True))
    assert (row["step"], row["pictures"], row["side"]) == ("20", str(9 * 2 + 11 * 1), "112")
    before = (tmp_path / "state.pt").read_bytes()
    work(0, recipe(tmp_path, steps=20, batch=2), port=0)  # nothing is left to do
    assert (tmp_path / "state.pt").read_bytes() == before


def test_the_loss_is_smaller_for_the_truth_than_for_anything_else() -> None:
    batch = batch_of([make_scene(seed) for seed in range(3)])
    questions = Questions(TINY)
    model = build(TINY, Swin(TINY).state_dict())
    logits, answers = ask(model, questions, batch.images)
    blind, _ = losses(logits, answers, batch)
    for name, value in answers.items():
        which = token_ids(batch.ids, value.shape[1]).flatten(1)
        truth = {"what": batch.what, "colour": batch.colour, "target": batch.target}.get(name.rstrip("0123"))
        wanted = direction(batch.cue, value.shape[1]) if truth is None else torch.gather(truth, 1, which)
        wanted = wanted.view(value.shape[:3])
        answers[name] = 40.0 * (wanted * 2 - 1 if name == "target" else torch.eye(value.shape[-1])[wanted])
    right = 40 * torch.eye(8)[batch.label]
    told, log = losses(right, answers, batch)
    assert told < 1e-3 < 1 < blind
    assert log["accuracy"] == log["where2"] == log["where3"] == 1


def test_tokens_show_what_covers_them() -> None:
    """Against a slow count of pixels: most of a token's pixels, or most of a small thing."""
    scenes = [make_scene(seed) for seed in range(4)]
    found = token_ids(batch_of(scenes).ids, 14)
    for scene, tokens in zip(scenes, found, strict=True):
        for row in range(14):
            for column in range(14):
                pixels = scene.ids[16 * row : 16 * row + 16, 16 * column : 16 * column + 16]
                shares = {i: float((pixels == i).mean()) for i in range(1, scene.plan.cue_id + 1)}
                best = max(shares, key=lambda i: shares[i])
                if shares[best] > 0.6:
                    assert tokens[row, column] == best
                if not pixels.any():
                    assert tokens[row, column] == 0
        assert (tokens == scene.plan.cue_id).any()


def test_every_token_knows_its_own_direction_to_the_cue() -> None:
    cue = torch.tensor([[0.5, 0.25]])
    found = direction(cue, 4)[0]
    for row in range(4):
        for column in range(4):
            down, right = 0.5 - (row + 0.5) / 4, 0.25 - (column + 0.5) / 4
            sideways = abs(right) > abs(down)
            name = ("right" if right > 0 else "left") if sideways else ("down" if down > 0 else "up")
            assert ("left", "right", "up", "down")[found[row, column]] == name


def test_the_cue_is_a_class_of_its_own() -> None:
    batch = batch_of([make_scene(3)])
    cue = make_scene(3).plan.cue_id
    assert batch.what[0, cue] == CUE == len(SHAPES) + 1
    assert batch.colour[0, cue] == batch.colour[0, batch.target[0].argmax()]
