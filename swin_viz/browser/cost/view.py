"""What the derivation is asked: a model's stage on a picture of some size, and the sizes h, w, C and M that follow.

All of it is checked when it comes from the browser or from an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from swin_viz.cost.formula import stage_maps
from swin_viz.cost.terms import LIMITS
from swin_viz.network.variants import SwinConfig
from swin_viz.text import Words

Sizes = dict[str, int]
UNITS = ("macs", "flops")


@dataclass(frozen=True)
class Asked:
    """One stage (from 1) of one model on one picture; at first that of the model and the picture in use."""

    of: str = "own"
    stage: int = 1
    px: str = "picture"
    unit: str = "macs"


@dataclass(frozen=True)
class Choices:
    """What can be asked about: models by key, with their titles, and pictures by key as height and width in pixels."""

    models: Mapping[str, SwinConfig]
    titles: Mapping[str, str]
    pictures: Mapping[str, tuple[int, int]]

    def sizes(self, asked: Asked) -> Sizes:
        """The map of that stage, within the limits of the sliders."""
        config = self.models[asked.of]
        at = stage_maps(config, *self.pictures[asked.px])[asked.stage - 1]
        found = {"h": at.height, "w": at.width, "c": at.channels, "m": config.window}
        return {name: max(least, min(most, found[name])) for name, (least, most) in LIMITS.items()}

    def asked(self, found: Mapping[str, object], before: Asked) -> Asked:
        """A question from untrusted values: what cannot be asked stays as it was."""
        of, px, unit = (found.get(name) for name in ("of", "px", "unit"))
        of = of if isinstance(of, str) and of in self.models else before.of
        stage = self._stage(of, found.get("stage"), before.stage)
        px = px if isinstance(px, str) and px in self.pictures else before.px
        unit = unit if isinstance(unit, str) and unit in UNITS else before.unit
        return Asked(of, stage, px, unit)

    def about(self, asked: Asked, at: Sizes, t: Words) -> str:
        """What numbers of these sizes are about, in words; where the sizes are the visitor's own, that."""
        found, (height, width) = self.sizes(asked), self.pictures[asked.px]
        layer = (at["c"], at["m"]) == (found["c"], found["m"])
        of_map = (at["h"], at["w"]) == (found["h"], found["w"])
        named = {"model": self.titles[asked.of], "stage": asked.stage, "height": height, "width": width}
        key = {(1, 1): "stage_on", (1, 0): "stage_of", (0, 1): "stage_map", (0, 0): "sizes_own"}[layer, of_map]
        return t(key, **named)

    def _stage(self, of: str, found: object, before: int) -> int:
        stages = self.models[of].stages
        good = isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= stages
        return int(found) if good and isinstance(found, int) else min(before, stages)


def checked(found: object, before: Sizes) -> Sizes:
    """Sizes from untrusted values: what is no whole number within its limits stays as it was."""
    found = found if isinstance(found, Mapping) else {}

    def good(name: str) -> bool:
        value, (least, most) = found.get(name), LIMITS[name]
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return {name: found[name] if good(name) else before[name] for name in LIMITS}


def whole(query: Mapping[str, str], *names: str) -> dict[str, int]:
    """The whole numbers that an address has under these names."""
    return {name: int(query[name]) for name in names if query.get(name, "").isdecimal() and len(query[name]) < 6}


def from_query(query: Mapping[str, str], before: Sizes) -> Sizes | None:
    """The sizes of an address, None if it has none; parts that make no sense are as `before`."""
    return checked(whole(query, *LIMITS), before) if any(name in query for name in LIMITS) else None


def to_query(asked: Asked, own: Sizes | None) -> dict[str, str | None]:
    """All keys of the address that bring the question back, and the visitor's `own` sizes; None is what is usual."""
    plain = Asked()
    texts: dict[str, str | None] = {
        name: None if getattr(asked, name) == getattr(plain, name) else str(getattr(asked, name))
        for name in ("of", "stage", "px", "unit")
    }
    return texts | {name: str(own[name]) if own else None for name in LIMITS}
