"""Train the built-in model: `python -m swin_viz.scenes.train --out runs/builtin --minutes 100`.

On a GPU in bfloat16, else in data-parallel processes of one thread each, bfloat16 too. The first 45 % of the time is
spent on pictures of half the size, which cost a quarter; the learning rate falls by a cosine over the time. A run that
was stopped goes on where it was; `log.csv` keeps what was reached. `--export` writes the averaged weights to assets/.
"""

import argparse
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import Tensor, nn

from swin_viz.checkpoints import metadata_of
from swin_viz.model import Swin
from swin_viz.scenes.generate import FIRST_HELD_OUT, FIRST_TRAINED, SIDE, make_scene
from swin_viz.scenes.questions import BUILTIN, Batch, Questions, ask, batch_of, losses
from swin_viz.scenes.shapes import SHAPES

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PEAK_RATE, WARM_UP, SMALL_PART, DECAY = 1e-3, 200, 0.45, 0.05
TABLE_RATE = 10  # bias tables move at most rate × steps, so they get more; and no decay


@dataclass(frozen=True)
class Plan:
    """How to train. `batch` is per process at half size; at full size it is half of that."""

    out: Path
    minutes: float = 100
    processes: int = 2
    batch: int = 32
    most_steps: int | None = None
    seed: int = 0
    sizes: tuple[int, int] = (SIDE // 2, SIDE)


class Trainer:
    """Model, heads, their running averages and the optimiser of one process."""

    def __init__(self, plan: Plan, rank: int, world: int) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.rank, self.world = plan, rank, world
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.live = nn.ModuleDict({"model": Swin(BUILTIN), "questions": Questions(BUILTIN)}).to(self.device)
        self.mean = nn.ModuleDict({"model": Swin(BUILTIN), "questions": Questions(BUILTIN)}).to(self.device)
        self.mean.load_state_dict(self.live.state_dict())
        self.optimiser = torch.optim.AdamW(self._groups(), lr=PEAK_RATE, betas=(0.9, 0.98))
        self.step = self.seen = 0
        self.used = 0.0  # seconds of training so far

    def _groups(self) -> list[dict]:
        named = list(self.live.named_parameters())
        tables = [value for name, value in named if name.endswith("bias_table")]
        matrices = [value for name, value in named if value.ndim > 1 and not name.endswith("bias_table")]
        rest = [value for name, value in named if value.ndim <= 1]
        return [
            {"params": matrices, "weight_decay": DECAY, "times": 1},
            {"params": rest, "weight_decay": 0.0, "times": 1},
            {"params": tables, "weight_decay": 0.0, "times": TABLE_RATE},
        ]

    def run(self) -> None:
        """Train until the time or the steps are spent."""
        start, before, saved = time.time(), self.used, time.time()
        while True:
            self.used = self._agreed(before + time.time() - start)
            part = self.used / (60 * self.plan.minutes)
            if part >= 1 or (self.plan.most_steps is not None and self.step >= self.plan.most_steps):
                break
            log = self._learn(part)
            if self.rank == 0:
                self._report(part, log)
                if time.time() - saved > 120:
                    self.save()
                    saved = time.time()
        if self.rank == 0:
            self.save()

    def _agreed(self, seconds: float) -> float:
        """All processes go by the first one's clock."""
        if self.world == 1:
            return seconds
        shared = torch.tensor([seconds], dtype=torch.float64)
        dist.broadcast(shared, 0)
        return shared.item()

    def _learn(self, part: float) -> dict[str, float]:
        size = self.plan.sizes[part >= SMALL_PART]
        rate = PEAK_RATE * min(1, (self.step + 1) / WARM_UP) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * part)))
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["times"]
        batch = self._batch(size)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits, answers = ask(self.live["model"], self.live["questions"], batch.images)
        total, log = losses(logits, answers, batch)
        total.backward()
        self._share_gradients()
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        self.seen += len(batch.label) * self.world
        with torch.no_grad():
            keep = min(0.999, (1 + self.step) / (10 + self.step))
            torch._foreach_lerp_(list(self.mean.parameters()), list(self.live.parameters()), 1 - keep)
        return log

    def _batch(self, size: int) -> Batch:
        count = self.plan.batch if size < self.plan.sizes[1] else self.plan.batch // 2
        first = FIRST_TRAINED + (self.step * self.world + self.rank) * 2 * self.plan.batch
        assert first + count < FIRST_HELD_OUT
        batch = batch_of([make_scene(first + i, size) for i in range(count)])
        return Batch(**{name: value.to(self.device) for name, value in vars(batch).items()})

    def _share_gradients(self) -> None:
        """Mean over processes, then clipped to a norm of 1."""
        parameters = list(self.live.parameters())
        if self.world > 1:
            flat = torch.cat([parameter.grad.flatten() for parameter in parameters])
            dist.all_reduce(flat)
            for parameter, part in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
                parameter.grad.copy_(part.view_as(parameter) / self.world)
        nn.utils.clip_grad_norm_(parameters, 1.0)

    def _report(self, part: float, log: dict[str, float]) -> None:
        if self.step % 20:
            return
        line = ",".join(
            [
                str(self.step),
                str(self.seen),
                f"{self.used:.0f}",
                *(f"{name}={value:.4f}" for name, value in log.items()),
            ]
        )
        print(f"{part:4.0%} {line}", flush=True)
        with (self.plan.out / "log.csv").open("a") as file:
            file.write(line + "\n")

    def save(self) -> None:
        """Write all that is needed to go on, atomically."""
        state = {name: getattr(self, name).state_dict() for name in ("live", "mean", "optimiser")}
        state |= {name: getattr(self, name) for name in ("step", "seen", "used")}
        part = self.plan.out / "state.pt.part"
        torch.save(state, part)
        os.replace(part, self.plan.out / "state.pt")

    def resume(self) -> None:
        """Go on from the saved state, if there is one."""
        path = self.plan.out / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True, map_location=self.device)
        for name in ("live", "mean", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.seen, self.used = state["step"], state["seen"], state["used"]


def work(rank: int, plan: Plan, world: int, port: int) -> None:
    """One process of the training."""
    if world > 1:
        torch.set_num_threads(1)
        dist.init_process_group("gloo", rank=rank, world_size=world, init_method=f"tcp://127.0.0.1:{port}")
    trainer = Trainer(plan, rank, world)
    trainer.resume()
    trainer.run()
    if world > 1:
        dist.destroy_process_group()


def export(state: dict[str, dict[str, Tensor]], folder: Path) -> None:
    """Write the averaged weights as float16 safetensors: builtin.safetensors and builtin_questions.safetensors."""
    parts: dict[str, dict[str, Tensor]] = {"model": {}, "questions": {}}
    for name, value in state["mean"].items():
        part, rest = name.split(".", 1)
        parts[part][rest] = value.half().contiguous().cpu()
    save_file(parts["model"], folder / "builtin.safetensors", metadata_of(BUILTIN, SHAPES))
    save_file(parts["questions"], folder / "builtin_questions.safetensors")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Train the built-in model on drawn scenes.")
    parser.add_argument("--out", type=Path, default=Path("runs/builtin"))
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--processes", type=int, default=1 if torch.cuda.is_available() else os.cpu_count() or 1)
    parser.add_argument("--batch", type=int, default=256 if torch.cuda.is_available() else 32)
    parser.add_argument("--port", type=int, default=29511)
    parser.add_argument("--export", action="store_true", help="write what was reached to assets/ and stop")
    given = parser.parse_args()
    if given.export:
        export(torch.load(given.out / "state.pt", weights_only=True, map_location="cpu"), ASSETS)
        return
    given.out.mkdir(parents=True, exist_ok=True)
    plan = Plan(given.out, given.minutes, given.processes, given.batch)
    if given.processes == 1:
        work(0, plan, 1, given.port)
    else:
        torch.multiprocessing.spawn(work, (plan, given.processes, given.port), given.processes)


if __name__ == "__main__":
    main()
