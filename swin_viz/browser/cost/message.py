"""What the derivation of the cost formulas gets: terms, limits, words, and the maps of the current model's stages."""

from swin_viz.browser.cost.view import Sizes
from swin_viz.cost.formula import stage_maps
from swin_viz.cost.sweeps import factor
from swin_viz.cost.terms import LIMITS, as_data
from swin_viz.network.variants import SwinConfig
from swin_viz.text import Words

WORDS = (  # what the words of the derivation begin with
    *("presets", "impossible", "msa_", "one_", "windows_", "term_", "unit_", "ratio", "equal_", "overtaken"),
    *("not_overtaken", "padded_to", "window_too_large", "spoken", "curves_", "size_"),
)


def stage_sizes(config: SwinConfig, height: int, width: int) -> list[Sizes]:
    """The map of every stage of a model on a picture of height×width pixels."""
    maps = stage_maps(config, height, width)
    return [{"h": at.height, "w": at.width, "c": at.channels, "m": config.window} for at in maps]


def derivation_message(stages: list[Sizes], first: Sizes, unit: str, t: Words) -> dict:
    """The component's message; `first` must not follow its moves, or it would be told what it just said."""
    presets = [
        {"title": t("preset", stage=stage, h=at["h"], w=at["w"], c=at["c"]), "at": at}
        for stage, at in enumerate(stages, 1)
    ]
    return {
        "words": {key: text for key, text in t.all().items() if key.startswith(WORDS)},
        "language": t.language,
        "terms": as_data(),
        "limits": {name: list(bounds) for name, bounds in LIMITS.items()},
        "presets": presets,
        "first": first,
        "unit": unit,
        "factor": factor(unit),
    }
