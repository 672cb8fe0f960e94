"""What a component gets: a header, and the names of the parts that it fetches; those of a run are the same everywhere.

Groups of a run's arrays: `image`; `geometry`, which all pictures of a model and size share (places, regions, mask
kinds, index: so nothing of windows.py is written again in the browser); and every block's attention by its name.
"""

import base64
import hashlib
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from swin_viz.engine.parts import Arrays, Part, pack
from swin_viz.engine.trace import Trace, describe

GEOMETRY = ("places", "regions", "mask_kinds", "mask_of")


@dataclass(frozen=True)
class Message:
    """A header, its parts by group, and the groups that the first picture needs."""

    header: dict
    parts: Mapping[str, Part] = field(default_factory=dict)
    now: tuple[str, ...] = ()

    def packed(self, offer: Callable[[Part], str], again: object = None) -> bytes:
        """As it travels; `offer` gives every part its name. `again`: what the browser said of a part that was gone.

        Said back, it makes the message another, and so one that the browser gets.
        """
        names = {group: offer(part) for group, part in self.parts.items()}
        return pack(self.header | {"parts": names, "now": list(self.now), "again": again}, {})

    def whole(self) -> tuple[bytes, dict[str, str]]:
        """As it travels in a file: the message, and the bodies (base64) of what the first picture needs, by name."""
        parts = {group: part for group, part in self.parts.items() if group in self.now}
        message = Message(self.header, parts, self.now).packed(lambda part: _name(parts, part))
        bodies = {group: base64.b64encode(pack({}, part.arrays())).decode() for group, part in parts.items()}
        return message, bodies


def _name(parts: Mapping[str, Part], part: Part) -> str:
    return next(group for group, each in parts.items() if each is part)


@dataclass(frozen=True)
class Run:
    """What names a run: `key`, of picture and model, and the `model` alone, of which its geometry is."""

    key: str
    model: str


def described(trace: Trace) -> dict:
    """What a view needs to know of a run beside its arrays."""
    return {name: value for name, value in describe(trace).items() if name not in ("shapes", "axes")}


def run_parts(trace: Trace, run: Run, prefix: str = "") -> dict[str, Part]:
    """A run's parts by group; `prefix` stands before the groups' and the arrays' names."""

    def image(owner: Trace) -> Arrays:
        return {f"{prefix}image": owner.image}

    def geometry(owner: Trace) -> Arrays:
        fields = {f"{b.name}.{name}": getattr(b, name) for b in owner.blocks for name in GEOMETRY}
        return {f"{prefix}{name}": array for name, array in (fields | {"index": owner.index}).items()}

    def attention(name: str) -> Callable[[Trace], Arrays]:
        return lambda owner: {f"{prefix}{name}.probs": owner.block(name).probs}

    size, ablation = trace.image.shape[:2], trace.ablation
    parts = {
        "image": Part(("image", run.key, prefix), image, trace),
        "geometry": Part(("geometry", run.model, size, ablation, prefix), geometry, trace, public=True),
    }
    for block in trace.blocks:
        parts[block.name] = Part((block.name, run.key, ablation, prefix), attention(block.name), trace)
    return {f"{prefix}{group}": part for group, part in parts.items()}


def content_part(arrays: Arrays) -> Part:
    """A part of arrays that are here already: they name themselves."""
    named = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    digest = hashlib.blake2b(digest_size=16)
    for name, array in named.items():
        digest.update(f"{name}{array.dtype}{array.shape}".encode())
        digest.update(array.data if array.size else b"")
    return Part(("content", digest.hexdigest()), lambda _: named)


def kept_part(
    key: tuple, values: Mapping[str, np.ndarray], make: Callable[[Mapping[str, np.ndarray]], Arrays], trace: Trace
) -> Part:
    """A part made of values that are kept elsewhere, and not for it: when they are gone, the page runs again."""
    references = {name: weakref.ref(array) for name, array in values.items()}

    def made(_: Trace) -> Arrays:
        found = {name: array for name, reference in references.items() if (array := reference()) is not None}
        if len(found) < len(references):
            raise KeyError(key)
        return make(found)

    return Part(key, made, trace)
