"""What the derivation of the cost formulas gets: terms, limits, words, and the models and pictures to ask about."""

from dataclasses import asdict

from swin_viz.browser.cost.view import UNITS, Asked, Choices, Sizes
from swin_viz.cost.sweeps import factor
from swin_viz.cost.terms import LIMITS, as_data
from swin_viz.text import Words

WORDS = (  # what the words of the derivation begin with
    *("ask_", "answer_", "own_", "stage_", "sizes_", "save_", "impossible", "one_", "term_", "unit", "equal_"),
    *("overtaken", "not_overtaken", "padded_", "window_too_large", "spoken", "curves_", "size_", "column_", "total"),
)


def derivation_message(choices: Choices, asked: Asked, at: Sizes, t: Words) -> dict:
    """The component's message; `asked` and `at` must not follow its moves, or it would be told what it just said."""
    models = [
        {
            "key": key,
            "title": choices.titles[key],
            "patch": config.patch,
            "window": config.window,
            "channels": [config.channels(stage) for stage in range(config.stages)],
        }
        for key, config in choices.models.items()
    ]
    return {
        "words": {key: text for key, text in t.all().items() if key.startswith(WORDS)},
        "language": t.language,
        "terms": as_data(),
        "limits": {name: list(bounds) for name, bounds in LIMITS.items()},
        "models": models,
        "pictures": [{"key": key, "sides": list(sides)} for key, sides in choices.pictures.items()],
        "first": asdict(asked) | at,
        "factors": {unit: factor(unit) for unit in UNITS},
    }
