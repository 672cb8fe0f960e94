"""A lesson as a message: what the browser is told instead of guessing it, and colours that are the same everywhere."""

import json
import re

import numpy as np

from swin_viz import paths
from swin_viz.browser.lesson.message import PHOTO, SMALL, lesson_message
from swin_viz.browser.message import Run
from swin_viz.engine.trace import Trace
from swin_viz.lessons.bias import bias_lesson
from swin_viz.lessons.board import NO_WINDOW, PLAIN, Lesson
from swin_viz.lessons.fact import Note
from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.merging import merging_lesson
from swin_viz.lessons.shift import shift_lesson

BROWSER = paths.PACKAGE / "browser"


def told(trace: Trace | None = None, **boards: Lesson) -> tuple[dict, dict[str, np.ndarray]]:
    message = lesson_message(boards, {"words": {}, "block": 0}, trace, Run("run", "model"), 8, {})
    arrays = {name: array for part in message.parts.values() for name, array in part.arrays().items()}
    return json.loads(json.dumps(message.header)), arrays  # as the browser has it


def test_the_own_view_is_named_as_the_lesson_and_needs_a_run(scene) -> None:
    assert told(scene, small=shift_lesson(8, 8, 4, 2))[0]["extra"] == "shift"
    assert told(small=shift_lesson(8, 8, 4, 2))[0]["extra"] is None


def test_a_note_stands_at_its_steps_and_their_variants_and_the_course_beside_them() -> None:
    lesson = shift_lesson(8, 4, 4, 2)  # along one axis: its steps have endings
    notes = [Note(("corner", "cut"), "why?", "so"), Note(("pieces",), "claim", "truth", wrong=True)]
    message = lesson_message({SMALL: lesson}, {"words": {}, "block": 0}, None, Run("run", "model"), 8, {}, notes)
    asked, wrong = message.header["notes"]
    assert [lesson.steps[i].key for i in asked["steps"]] == ["cut_one", "corner_one"]
    assert (wrong["steps"], wrong["wrong"], wrong["title"]) == ([1], True, "claim")
    found = message.header["course"]
    assert [len(lit) for lit in found["lit"]] == [1, 4, 1, 1, 1, 1, 0, 0]
    assert all("as_written" in found["code"][i] or "return M // 2" in found["code"][i] for i in found["struck"])
    assert told(small=bias_lesson(3, 1))[0]["course"] is None


def test_there_is_a_view_for_every_lesson_and_no_other() -> None:
    found = re.search(r"EXTRAS = \{([^}]*)\}", (BROWSER / "lesson/lesson.js").read_text(encoding="utf-8"))
    views = {part.split(":")[0].strip() for part in found[1].split(",")}
    lessons = {path.stem for path in (paths.PACKAGE / "lessons").glob("*.py")}
    assert views <= lessons
    assert views == {path.stem for path in paths.PAGES.glob("*.py")} & lessons


def test_steps_say_of_which_kind_they_are() -> None:
    kinds = [step["kind"] for step in told(small=bias_lesson(3, 1))[0]["steps"]]
    assert kinds == ["slots", *["numbers"] * 5, "offsets", "offsets"]
    kinds = [step["kind"] for step in told(small=mask_lesson(8, 8, 4, 2))[0]["steps"]]
    assert kinds == [*["numbers"] * 4, "rows", "numbers", "numbers", "split", "verdict"]
    assert "offsets" not in [step["kind"] for step in told(small=bias_lesson(3))[0]["steps"]]
    blocks = [step["block"] for step in told(small=shift_lesson(8, 8, 4, 2))[0]["steps"]]
    assert blocks == [0, *[1] * 7]
    features = [step["features"] for step in told(small=merging_lesson(8, 8))[0]["steps"]]
    assert features == ["", "", "", "groups", "normed", "out"]


def test_boards_say_which_cells_are_pairs_and_whether_numbers_are_colours() -> None:
    header, arrays = told(small=bias_lesson(3, 1))
    assert header["boards"][0]["pairs"] == [0, 9]
    assert header["boards"][0]["ramp"]
    assert arrays["small.index"].tolist() == bias_lesson(3, 1).index.tolist()
    header, arrays = told(**{SMALL: mask_lesson(8, 8, 4, 2), PHOTO: mask_lesson(28, 28, 7, 3)})
    assert [board["pairs"] for board in header["boards"]] == [[64 + 16, 16], [28 * 28 + 49, 49]]
    assert not any(board["ramp"] for board in header["boards"])
    assert [board["patch"] for board in header["boards"]] == [0, 8]
    assert "small.index" not in arrays


def test_the_browser_is_told_what_stands_for_no_colour() -> None:
    assert told(small=bias_lesson(2))[0]["colours"] == {"plain": PLAIN, "noWindow": NO_WINDOW}
