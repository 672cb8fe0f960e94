"""Models and runs of the whole process: loaded once, kept within bounds, run through one gate.

Everything here is shared by all sessions and knows no Streamlit. Keys are sha256 sums: of content, or of a file's path,
size and date.
"""

import copy
import hashlib
import io
import json
import os
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image

from swin_viz.engine import run
from swin_viz.engine.parts import Parts
from swin_viz.engine.store import Gate, Store, Waiting
from swin_viz.engine.trace import Trace
from swin_viz.network.ablation import Ablation
from swin_viz.network.model import Swin, build
from swin_viz.network.variants import SwinConfig
from swin_viz.reading.checkpoint.read import Checkpoint, read_checkpoint

MEBIBYTE = 2**20
Value = TypeVar("Value")


@dataclass(frozen=True)
class Loaded:
    """A model in memory, ready to run."""

    model: Swin
    family: str  # whose naming the file had
    classes: tuple[str, ...]  # names, or () where none are known
    notes: tuple[str, ...]
    key: str  # names file and class names: see `load`

    @property
    def config(self) -> SwinConfig:
        """The architecture."""
        return self.model.config

    @property
    def nbytes(self) -> int:
        """Bytes of the parameters."""
        return sum(parameter.nbytes for parameter in self.model.parameters())


def best_device() -> torch.device:
    """The GPU where there is one, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


DEVICE = best_device()
PLACES = 2 if DEVICE.type != "cpu" else max(1, os.cpu_count() or 1)
MODELS: Store[Loaded] = Store(1024 * MEBIBYTE, lambda loaded: loaded.nbytes)
TRACES: Store[Trace] = Store(384 * MEBIBYTE, lambda trace: trace.nbytes)
VALUES: Store[dict[str, np.ndarray]] = Store(128 * MEBIBYTE, lambda found: sum(a.nbytes for a in found.values()))
PARTS = Parts(96 * MEBIBYTE)
NUMBERS: Store[list] = Store(4096, lambda numbers: 1)  # small summaries of runs, counted by entries
GATE = Gate(PLACES, patience=60)


def digest(data: bytes | memoryview) -> str:
    """The sha256 sum that names some content, in hex."""
    return hashlib.sha256(data).hexdigest()


def picture_key(image: Image.Image) -> str:
    """What stores, sessions and browsers know a picture by: its mode, its size and its pixels."""
    return digest(f"{image.mode}{image.size}".encode() + image.tobytes())


@dataclass(frozen=True)
class Framed:
    """A picture framed, the very pixels that the model sees, and its name, computed once."""

    image: Image.Image

    @cached_property
    def key(self) -> str:
        """See `picture_key`."""
        return picture_key(self.image)


def load(path: Path, names: tuple[str, ...] = ()) -> Loaded:
    """The model of a checkpoint file, from the store or read now. Raises CheckpointError, OSError.

    `names` are those of its classes, where they are known from elsewhere.
    """
    status = path.stat()
    key = digest(json.dumps([str(path.resolve()), status.st_size, status.st_mtime_ns, names]).encode())
    return MODELS.get(key, lambda: _loaded(read_checkpoint(path), key, names))


def load_upload(data: bytes, names: tuple[str, ...] = ()) -> Loaded:
    """The model of an uploaded checkpoint; `names` are class names that came beside it. Raises CheckpointError."""
    key = digest(digest(data).encode() + json.dumps(names).encode())
    return MODELS.get(key, lambda: _loaded(read_checkpoint(io.BytesIO(data)), key, names))


def _loaded(checkpoint: Checkpoint, key: str, names: tuple[str, ...] = ()) -> Loaded:
    classes = names or tuple(checkpoint.classes or ())
    if len(classes) != checkpoint.config.classes:
        classes = ()
    model = build(checkpoint.config, checkpoint.state).to(DEVICE)
    return Loaded(model, checkpoint.family, classes, tuple(checkpoint.notes), key)


def gated(loaded: Loaded, work: Callable[[Swin], Value], waiting: Waiting = lambda place: None) -> Value:
    """Do the work on the model when its turn comes; on the CPU if the GPU's memory is full."""
    with GATE.enter(waiting):
        try:
            return work(loaded.model)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            return work(copy.deepcopy(loaded.model).cpu())


def trace(loaded: Loaded, picture: Framed, ablation: Ablation, waiting: Waiting = lambda place: None) -> Trace:
    """One run, from the store or made now. Raises BusyError, KeyError (a block that the model lacks)."""
    key = (picture.key, loaded.key, ablation)
    return TRACES.get(key, lambda: gated(loaded, lambda model: run.run(model, picture.image, ablation), waiting))


def kept_trace(loaded: Loaded, picture: Framed, ablation: Ablation) -> Trace | None:
    """That run if it is in the store."""
    return TRACES.peek((picture.key, loaded.key, ablation))


def kept_values(
    loaded: Loaded, picture: Framed, patterns: tuple[str, ...], ablation: Ablation
) -> dict[str, np.ndarray] | None:
    """Those values if they are in the store."""
    return VALUES.peek((picture.key, loaded.key, ablation, patterns))


def observe(
    loaded: Loaded,
    picture: Framed,
    patterns: tuple[str, ...],
    ablation: Ablation,
    waiting: Waiting = lambda place: None,
) -> dict[str, np.ndarray]:
    """Values at points, from the store or made now. Raises BusyError, KeyError (no such point or block).

    Of a picture whose run is kept, only the blocks asked for run again.
    """
    key, kept = (picture.key, loaded.key, ablation, patterns), kept_trace(loaded, picture, Ablation())

    def made(model: Swin) -> dict[str, np.ndarray]:
        return run.observe(model, picture.image, patterns, ablation, kept)

    return VALUES.get(key, lambda: gated(loaded, made, waiting))


class Later:
    """A model and a picture for parts that are made when somebody looks at them: neither is kept for it.

    Raises KeyError once they are gone.
    """

    def __init__(self, loaded: Loaded, picture: Framed) -> None:
        self._kept = weakref.ref(loaded), weakref.ref(picture)

    def _both(self) -> tuple[Loaded, Framed]:
        loaded, picture = self._kept[0](), self._kept[1]()
        if loaded is None or picture is None:
            raise KeyError("gone")
        return loaded, picture

    @property
    def model(self) -> Swin:
        """The running model."""
        return self._both()[0].model

    def observe(self, *patterns: str, ablation: Ablation | None = None) -> dict[str, np.ndarray]:
        """Values at points, as `observe` has them."""
        return observe(*self._both(), patterns, ablation or Ablation())

    def once(self, *patterns: str) -> dict[str, np.ndarray]:
        """The same, and not kept: where of many values little is wanted."""
        loaded, picture = self._both()
        kept = kept_trace(loaded, picture, Ablation())
        return gated(loaded, lambda model: run.observe(model, picture.image, patterns, kept=kept))


def device_title() -> str:
    """The device's name for people."""
    if DEVICE.type == "cuda":
        return torch.cuda.get_device_name(DEVICE)
    return {"mps": "Apple GPU"}.get(DEVICE.type, "CPU")
