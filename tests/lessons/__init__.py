"""What the tests of the lessons share."""

from PIL import Image

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.engine.trace import Trace
from swin_viz.lessons.board import Lesson, Step
from swin_viz.lessons.fact import Observe
from swin_viz.paths import BUILTIN


def step(lesson: Lesson, key: str) -> Step:
    """A lesson's step, whatever its words are: `pieces` may be `pieces_one`."""
    return next(each for each in lesson.steps if each.key == key or each.key.startswith(f"{key}_"))


def observing(trace: Trace) -> Observe:
    """Values of the built-in model at named points, of the picture that a trace is of."""
    image = Image.fromarray(trace.image)
    return lambda *names, ablation=None: observe(shared.load(BUILTIN).model, image, names, ablation)
