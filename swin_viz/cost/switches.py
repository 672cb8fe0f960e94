"""What the built-in model answers with one of its switches off: measured by `scenes.evaluation.evaluate`, read here.

Another model on another task than the paper's table 4, and switched off after training, not trained without: a number
to stand beside the paper's, not to compare it with. Leaf module: neither torch nor the screen.
"""

import json
from dataclasses import dataclass
from functools import cache

from swin_viz.paths import ASSETS

EVALUATION = ASSETS / "builtin_evaluation.json"
SWITCHES = {  # ours → its name in the evaluation
    "none": "nothing off",
    "shift": "shift off",
    "mask": "mask off",
    "bias": "position bias off",
}
QUESTIONS = {"answer": "shape of the target", "cue": "direction of the cue, stage 3"}


@dataclass(frozen=True)
class Share:
    """A share of right answers, the 95 % interval over scenes, and how many scenes there were."""

    share: float
    low: float
    high: float
    of: int


@cache
def measured_switches() -> dict[str, dict[str, Share]]:
    """Switch → question → how many answers were right. Raises OSError or KeyError where nothing was evaluated."""
    found = json.loads(EVALUATION.read_text(encoding="utf-8"))["switches"]
    return {
        switch: {question: Share(**found[name][asked]) for question, asked in QUESTIONS.items()}
        for switch, name in SWITCHES.items()
    }
