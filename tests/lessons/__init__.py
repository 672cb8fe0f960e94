"""What the tests of the lessons share."""

from swin_viz.lessons.board import Lesson


def step(lesson: Lesson, key: str):
    """A lesson's step, whatever its words are: `pieces` may be `pieces_one`."""
    return next(each for each in lesson.steps if each.key == key or each.key.startswith(f"{key}_"))
