"""The photographs that come with the app; their licences stand in assets/samples/LICENSE.md."""

from dataclasses import dataclass
from typing import Literal

from swin_viz.paths import ASSETS

FOLDER = ASSETS / "samples"


@dataclass(frozen=True)
class Sample:
    """One photograph: its file, its name per language, who made it, and under which terms it is free."""

    file: str
    title: dict[str, str]
    maker: str
    terms: Literal["cc0", "public_domain"]


SAMPLES: dict[str, Sample] = {
    "chelsea": Sample("chelsea.jpg", {"en": "Cat", "zh": "猫"}, "Stefan van der Walt", "cc0"),
    "coffee": Sample("coffee.jpg", {"en": "Cup of coffee", "zh": "一杯咖啡"}, "Rachel Michetti", "cc0"),
    "hubble": Sample("hubble.jpg", {"en": "Deep field", "zh": "深空"}, "NASA", "public_domain"),
    "retina": Sample("retina.jpg", {"en": "Retina", "zh": "视网膜"}, "Mikael Häggström", "cc0"),
}


def sample_bytes(key: str) -> bytes:
    """The file of a sample. Raises KeyError."""
    return (FOLDER / SAMPLES[key].file).read_bytes()
