"""What a component gets: a header, and the names of the parts that it fetches; those of a run are the same everywhere.

Groups of a run's arrays: `image`; `geometry`, which all pictures of a model and size share (places, regions, mask
kinds, index: so nothing of windows.py is written again in the browser); and every block's attention by its name.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from swin_viz.engine.parts import Part, pack
from swin_viz.engine.trace import Trace

GEOMETRY = ("places", "regions", "mask_kinds", "mask_of")


@dataclass(frozen=True)
class Message:
    """A header, its parts by group, and the groups that the first picture needs."""

    header: dict
    parts: Mapping[str, Part] = field(default_factory=dict)
    now: tuple[str, ...] = ()

    def packed(self, offer: Callable[[Part], str]) -> bytes:
        """As it travels; `offer` gives every part its name."""
        names = {group: offer(part) for group, part in self.parts.items()}
        return pack(self.header | {"parts": names, "now": list(self.now)}, {})

    def whole(self) -> tuple[bytes, dict[str, str]]:
        """As it travels in a file: the message, and the bodies (base64) of what the first picture needs, by name."""
        parts = {group: part for group, part in self.parts.items() if group in self.now}
        message = Message(self.header, parts, self.now).packed(lambda part: _name(parts, part))
        bodies = {group: base64.b64encode(pack({}, part.arrays())).decode() for group, part in parts.items()}
        return message, bodies


def _name(parts: Mapping[str, Part], part: Part) -> str:
    return next(group for group, each in parts.items() if each is part)


def run_parts(trace: Trace, run: str, model: str, prefix: str = "") -> dict[str, Part]:
    """A run's parts by group; `run` and `model` name them in keys, `prefix` stands before the arrays' names."""

    def image(owner: Trace) -> dict[str, np.ndarray]:
        return {f"{prefix}image": owner.image}

    def geometry(owner: Trace) -> dict[str, np.ndarray]:
        fields = {f"{b.name}.{name}": getattr(b, name) for b in owner.blocks for name in GEOMETRY}
        return {f"{prefix}{name}": array for name, array in (fields | {"index": owner.index}).items()}

    def attention(name: str) -> Callable[[Trace], dict[str, np.ndarray]]:
        return lambda owner: {f"{prefix}{name}.probs": owner.block(name).probs}

    size, ablation = trace.image.shape[:2], trace.ablation
    parts = {"image": Part(("image", run, prefix), image, trace)}
    parts["geometry"] = Part(("geometry", model, size, ablation, prefix), geometry, trace, public=True)
    blocks = {b.name: Part((b.name, run, ablation, prefix), attention(b.name), trace) for b in trace.blocks}
    return {f"{prefix}{group}": part for group, part in (parts | blocks).items()}
