"""The training of the built-in model: a `Recipe` says how, a `Trainer` goes through it, resumable to the bit.

Every step has seeds of its own, so what was drawn and skipped depends on the step and the recipe alone. A run's folder
holds `state.pt`, all that is needed to go on, and `training.csv`, what was reached so far.
"""

import math
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from swin_viz.network.model import Swin
from swin_viz.network.variants import BUILTIN, SwinConfig
from swin_viz.scenes.generate import FIRST_HELD_OUT, FIRST_TRAINED, SIDE, make_scene
from swin_viz.scenes.training.questions import Batch, Questions, ask, batch_of, losses

PEAK_RATE, WARM_UP, SMALL_PART, DECAY = 1e-3, 200, 0.45, 0.05
TABLE_RATE = 10  # bias tables move at most rate × steps, so they get more; and no decay
COLUMNS = ("step", "pictures", "seconds", "side", "rate", "loss", "accuracy", "where2", "where3")
SAVE_EVERY = 120  # seconds
DRAWING = ("seed", "batch", "processes", "sizes")  # a run that went on with others would draw pictures again


@dataclass(frozen=True)
class Recipe:
    """How to train. `batch` is per process at half size; at full size it is half of that."""

    out: Path
    minutes: float = 100
    steps: int | None = None  # instead of minutes
    processes: int = 2
    batch: int = 32
    drawers: int = 0  # processes that draw ahead, for each training process
    seed: int = 0
    config: SwinConfig = BUILTIN
    sizes: tuple[int, int] = (SIDE // 2, SIDE)


@dataclass(frozen=True)
class Drawn(Dataset):
    """Batches of one training process by (step, side): every step has seeds of its own."""

    recipe: Recipe
    rank: int

    def __getitem__(self, wanted: tuple[int, int]) -> Batch:
        """Draw the batch of a step."""
        step, side = wanted
        count = self.recipe.batch if side < self.recipe.sizes[1] else max(1, self.recipe.batch // 2)
        first = FIRST_TRAINED + (step * self.recipe.processes + self.rank) * 2 * self.recipe.batch
        assert first + count < FIRST_HELD_OUT
        return batch_of([make_scene(first + i, side) for i in range(count)])


def saved_state(recipe: Recipe, device: torch.device | str = "cpu") -> dict | None:
    """The state to go on from, if there is one; ends the program where another recipe made it."""
    path = recipe.out / "state.pt"
    if not path.exists():
        return None
    state = torch.load(path, weights_only=True, map_location=device)
    before = state.get("recipe", {})  # older files do not say: they are taken as they are
    given = {name: getattr(recipe, name) for name in before}
    other = [f"{name} {before[name]} (now {given[name]})" for name in before if before[name] != given[name]]
    if other:
        raise SystemExit(f"The run in {recipe.out} has {', '.join(other)}: go on with that, or name another --out.")
    return state


def _deaf(_drawer: int) -> None:
    """Ctrl-C reaches all processes of a terminal; one that draws ahead has to outlive the last step."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Pupil(nn.Module):
    """What is trained together: the model and the heads of the questions to its tokens."""

    def __init__(self, config: SwinConfig) -> None:
        super().__init__()
        self.model, self.questions = Swin(config), Questions(config)


class Trainer:
    """Model, heads, their running averages and the optimiser of one process.

    Once `stop`, one bool, is true, `run` ends after the step at hand: an exception amid a step would leave half of it.
    """

    def __init__(self, recipe: Recipe, rank: int = 0, stop: Tensor | None = None) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.rank = recipe, rank
        self.stop = torch.tensor(False) if stop is None else stop
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.live, self.mean = (Pupil(recipe.config).to(self.device) for _ in range(2))
        self.mean.load_state_dict(self.live.state_dict())
        self.optimiser = torch.optim.AdamW(self._groups(), lr=PEAK_RATE, betas=(0.9, 0.98))
        self.step = self.pictures = 0
        self.used = 0.0  # seconds of training so far
        self.log: dict[str, float] = {}

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

    @property
    def part(self) -> float:
        """How much of the training is done, 0 … 1."""
        recipe = self.recipe
        return self.step / recipe.steps if recipe.steps is not None else self.used / (60 * recipe.minutes)

    def _wanted(self) -> Iterator[tuple[int, int]]:
        """What to draw next, without end: (step, side)."""
        step = self.step
        while True:
            yield step, self.recipe.sizes[self.part >= SMALL_PART]
            step += 1

    def run(self, until: int | None = None) -> None:
        """Train until the time or the steps are spent or it is to stop, or only as far as step `until`; then save."""
        drawn, drawers = Drawn(self.recipe, self.rank), self.recipe.drawers
        loader = DataLoader(drawn, batch_size=None, sampler=self._wanted(), num_workers=drawers, worker_init_fn=_deaf)
        start, before, saved = time.time(), self.used, time.time()
        for batch in loader:
            self._learn(Batch(**{name: value.to(self.device) for name, value in vars(batch).items()}))
            self.used, stopped = self._agreed(before + time.time() - start, bool(self.stop))
            if self.rank == 0 and self.step % 20 == 0:
                self._report()
            if self.part >= 1 or self.step == until or stopped:
                break
            if self.rank == 0 and time.time() - saved > SAVE_EVERY:
                self.save()
                saved = time.time()
        if self.rank == 0:
            self.save()

    def _agreed(self, seconds: float, stopped: bool) -> tuple[float, bool]:
        """All processes go by the first one's clock, and stop at the same step."""
        if self.recipe.processes == 1:
            return seconds, stopped
        shared = torch.tensor([seconds, stopped], dtype=torch.float64)
        dist.broadcast(shared, 0)
        return shared[0].item(), bool(shared[1])

    def rate(self) -> float:
        """The learning rate now: warm-up, then a cosine down to a hundredth."""
        cosine = 0.5 * (1 + math.cos(math.pi * self.part))
        return PEAK_RATE * min(1, (self.step + 1) / WARM_UP) * (0.01 + 0.99 * cosine)

    def _learn(self, batch: Batch) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate() * group["times"]
        recipe = self.recipe
        # drawn anew for every step, so that a resumed run skips the same paths
        torch.manual_seed(((recipe.seed * recipe.processes + self.rank) << 32) + self.step)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits, answers = ask(self.live.model, self.live.questions, batch.images)
        total, log = losses(logits, answers, batch)
        total.backward()
        self._share_gradients()
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        self.pictures += len(batch.label) * recipe.processes
        self.log = {name: 0.97 * self.log.get(name, value) + 0.03 * value for name, value in log.items()}
        with torch.no_grad():
            keep = min(0.999, (1 + self.step) / (10 + self.step))
            torch._foreach_lerp_(list(self.mean.parameters()), list(self.live.parameters()), 1 - keep)

    def _share_gradients(self) -> None:
        """Mean over processes, then clipped to a norm of 1."""
        parameters = list(self.live.parameters())
        if self.recipe.processes > 1:
            gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
            flat = torch.cat([gradient.flatten() for gradient in gradients])
            dist.all_reduce(flat)
            for gradient, part in zip(gradients, flat.split([each.numel() for each in gradients]), strict=True):
                gradient.copy_(part.view_as(gradient) / self.recipe.processes)
        nn.utils.clip_grad_norm_(parameters, 1.0)

    def _report(self) -> None:
        """Print, and add to the log file, running means over some thirty steps."""
        side = self.recipe.sizes[self.part >= SMALL_PART]
        row = {"step": self.step, "pictures": self.pictures, "seconds": f"{self.used:.0f}", "side": side}
        row |= {"rate": f"{self.rate():.2e}"} | {name: f"{value:.3f}" for name, value in self.log.items()}
        line = ",".join(str(row[name]) for name in COLUMNS)
        print(f"{self.part:4.0%} {line}", flush=True)
        path = self.recipe.out / "training.csv"
        if not path.exists():
            path.write_text(",".join(COLUMNS) + "\n")
        with path.open("a") as file:
            file.write(line + "\n")

    def save(self) -> None:
        """Write all that is needed to go on, atomically."""
        state = {name: getattr(self, name).state_dict() for name in ("live", "mean", "optimiser")}
        state |= {name: getattr(self, name) for name in ("step", "pictures", "used", "log")}
        state["recipe"] = {name: getattr(self.recipe, name) for name in DRAWING}
        part = self.recipe.out / "state.pt.part"
        torch.save(state, part)
        os.replace(part, self.recipe.out / "state.pt")

    def resume(self) -> None:
        """Go on from the saved state, if there is one; the log loses the steps that will be taken again."""
        state = saved_state(self.recipe, self.device)
        if state is not None:
            for name in ("live", "mean", "optimiser"):
                getattr(self, name).load_state_dict(state[name])
            self.step, self.pictures, self.used, self.log = (state[k] for k in ("step", "pictures", "used", "log"))
        path = self.recipe.out / "training.csv"
        if self.rank == 0 and path.exists():
            head, *rows = path.read_text().splitlines(keepends=True)
            part = path.with_suffix(".csv.part")
            part.write_text(head + "".join(row for row in rows if int(row.split(",")[0]) <= self.step))
            os.replace(part, path)
