"""Train the built-in model: `python -m swin_viz.scenes.training.train --out runs/builtin --minutes 100`.

On a GPU in bfloat16, with processes that draw ahead; else in data-parallel processes of one thread each, bfloat16 too.
The first 45 % is spent on pictures of half the size, which cost a quarter; the learning rate falls by a cosine. A run
that was stopped (Ctrl-C saves first) goes on where it was; `training.csv` keeps what was reached. `--export` writes the
averaged weights and that log to assets/. With `--steps` instead of `--minutes` the schedule goes by steps: the same
run every time.
"""

import argparse
import os
import shutil
import signal
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import Tensor

from swin_viz.network.variants import BUILTIN, SwinConfig
from swin_viz.paths import ASSETS
from swin_viz.reading.checkpoint.read import metadata_of
from swin_viz.scenes.shapes import SHAPES
from swin_viz.scenes.training.trainer import Recipe, Trainer, saved_state


def work(rank: int, recipe: Recipe, port: int, stop: Tensor | None = None) -> None:
    """One process of the training."""
    if recipe.processes > 1:
        torch.set_num_threads(1)
        address = f"tcp://127.0.0.1:{port}"
        dist.init_process_group("gloo", rank=rank, world_size=recipe.processes, init_method=address)
    trainer = Trainer(recipe, rank, stop)
    trainer.resume()
    if trainer.part < 1:
        trainer.run()
    if recipe.processes > 1:
        dist.destroy_process_group()


def export(mean: dict[str, Tensor], config: SwinConfig, folder: Path) -> None:
    """Write averaged weights as float16 safetensors: builtin.safetensors and builtin_questions.safetensors."""
    parts: dict[str, dict[str, Tensor]] = {"model": {}, "questions": {}}
    for name, value in mean.items():
        part, rest = name.split(".", 1)
        parts[part][rest] = value.half().contiguous().cpu()
    for part, name in (("model", "builtin.safetensors"), ("questions", "builtin_questions.safetensors")):
        new = folder / f"{name}.part"
        save_file(parts[part], new, metadata_of(config, SHAPES) if part == "model" else None)
        new.chmod(0o644)
        os.replace(new, folder / name)  # at once: an app may have the old file open


def export_reached(out: Path) -> None:
    """Write what a run reached to assets/: averaged weights and log."""
    if missing := [name for name in ("state.pt", "training.csv") if not (out / name).exists()]:
        raise SystemExit(f"No {' and no '.join(missing)} in {out}: train first, or name the run's folder with --out.")
    export(torch.load(out / "state.pt", weights_only=True, map_location="cpu")["mean"], BUILTIN, ASSETS)
    shutil.copyfile(out / "training.csv", ASSETS / "builtin_training.csv")


def train(recipe: Recipe, port: int) -> None:
    """All processes of the training; Ctrl-C saves, and ends the program with a line that says how to go on."""
    recipe.out.mkdir(parents=True, exist_ok=True)
    saved_state(recipe)  # here, so that a refusal is one sentence and not one of every process
    stop = torch.tensor(False).share_memory_()  # seen by all processes; no lock that a signal could find taken
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other processes inherit that: they hear of it by `stop`
    if recipe.processes > 1:
        running = torch.multiprocessing.spawn(work, (recipe, port, stop), recipe.processes, join=False)
    signal.signal(signal.SIGINT, lambda *_: stop.fill_(True))
    if recipe.processes > 1:
        while not running.join():
            pass
    else:
        work(0, recipe, port, stop)
    if stop:
        raise SystemExit(f"Stopped; what was reached is saved in {recipe.out}. The same command goes on from there.")


def main() -> None:
    """The command."""
    gpu, cores = torch.cuda.is_available(), os.cpu_count() or 1
    parser = argparse.ArgumentParser(description="Train the built-in model on drawn scenes.")
    parser.add_argument("--out", type=Path, default=Path("runs/builtin"))
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--steps", type=int, help="instead of minutes: the same run every time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1 if gpu else cores)
    parser.add_argument("--drawers", type=int, default=max(1, cores - 1) if gpu else 0)
    parser.add_argument("--batch", type=int, default=256 if gpu else 32)
    parser.add_argument("--port", type=int, default=29511)
    parser.add_argument("--export", action="store_true", help="write what was reached to assets/ and stop")
    given = vars(parser.parse_args())
    port, wanted = given.pop("port"), given.pop("export")
    recipe = Recipe(**given)
    if wanted:
        export_reached(recipe.out)
    else:
        train(recipe, port)


if __name__ == "__main__":
    main()
