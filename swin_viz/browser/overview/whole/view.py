"""What is chosen on the Overview below its opening: texts by key, checked when they come from browser or address."""

from collections.abc import Mapping

from swin_viz.lessons.overview.sides import SIDES
from swin_viz.network.variants import SwinConfig

Choices = dict[str, str]
MODELS = ("own", "swin_t", "swin_s", "swin_b", "swin_l")
QUESTIONS = ("what", "colour", "where", "target")
TOP = "top"  # the class that the picture is taken for


def offered(config: SwinConfig) -> dict[str, tuple[str, ...]]:
    """The choices by key of the address, the default first."""
    stages = tuple(str(stage + 1) for stage in range(config.stages))
    third = stages[min(2, config.stages - 1)]
    return {
        "row_of": MODELS,
        "lens_ask": QUESTIONS,
        "lens_stage": (third, *stages),
        "votes_class": (TOP, *(str(each) for each in range(config.classes))),
        "sides_px": tuple(str(side) for side in SIDES),
        "sides_in": ("all", "windows"),
        "rulers_stage": stages,
        "stage_code": stages,
    }


def checked(found: object, before: Mapping[str, str], config: SwinConfig) -> Choices:
    """Choices from untrusted values: what is not offered stays as it was, or is the default."""
    told = found if isinstance(found, Mapping) else {}

    def good(key: str, options: tuple[str, ...]) -> str:
        return next((each for each in (told.get(key), before.get(key)) if each in options), options[0])

    return {key: str(good(key, options)) for key, options in offered(config).items()}


def to_query(choices: Choices, config: SwinConfig) -> dict[str, str | None]:
    """All keys of the address; None is the default."""
    return {key: None if choices[key] == options[0] else choices[key] for key, options in offered(config).items()}
