"""What holds for every lesson: words for each step, code for each mark, data for each cell, reasons for refusals."""

import re

import numpy as np
import pytest

from swin_viz import paths
from swin_viz.lessons.bias import bias_lesson
from swin_viz.lessons.board import KINDS, PALETTE, Lesson, LessonError
from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.merging import merging_lesson
from swin_viz.lessons.patches import patches_lesson, picture_lesson
from swin_viz.lessons.regions import NUMBERINGS
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.source import listing, lit, source_lines
from swin_viz.lessons.windows import windows_lesson
from swin_viz.network.windows import pad_to_multiple, partition
from swin_viz.text import LANGUAGES, Words

ALL = [
    windows_lesson(7, 9, 4),
    windows_lesson(8, 8, 4, scramble=True),
    windows_lesson(8, 4, 4, scramble=True),
    shift_lesson(8, 8, 4, 2),
    shift_lesson(4, 9, 4, 2),
    shift_lesson(8, 8, 4, 0),
    *(mask_lesson(9, 8, 4, 2, numbering) for numbering in NUMBERINGS),
    *(mask_lesson(4, 8, 4, 2, numbering) for numbering in NUMBERINGS),
    mask_lesson(8, 8, 4, 0),
    *(bias_lesson(3, factor, bias=np.zeros((9, 9))) for factor in (5, 1, 4)),
    merging_lesson(5, 7),
    patches_lesson(7, 10),
    picture_lesson(33, 40, norm=False),
]


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_its_paragraph(lesson: Lesson, language: str) -> None:
    assert all(Words(language, lesson.name)(f"step_{each.key}") for each in lesson.steps)


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
def test_every_mark_lights_a_line_and_every_cell_has_its_data(lesson: Lesson) -> None:
    for each in lesson.steps:
        assert len(lit(list(lesson.code), *each.marks)) == len(each.marks) > 0
        assert each.at.shape == (len(lesson.sources), 2)
        assert len(each.values) == len(each.groups) == len(lesson.sources)
        assert 0 <= each.formula < len(lesson.formula)


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
def test_every_number_of_a_shape_names_its_axis(lesson: Lesson) -> None:
    for each in lesson.steps:
        assert each.kind in KINDS
        counted = re.findall(r"nW|\d*C|\d+", each.shape.split("[")[0])  # which window it is counts nothing
        assert len(counted) == len(each.axes.split()), each.key


def test_the_hues_are_those_of_the_tokens() -> None:
    tokens = (paths.PACKAGE / "browser/kit/look/tokens.css").read_text(encoding="utf-8")
    assert tuple(re.findall(r"--g\d: (#\w{6})", tokens)[: len(PALETTE)]) == PALETTE


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: windows_lesson(3, 4, 5), "window_too_large"),
        (lambda: shift_lesson(8, 8, 4, 4), "shift_too_large"),
        (lambda: windows_lesson(0, 4, 2), "not_positive"),
        (lambda: bias_lesson(8), "bias_window"),
        (lambda: merging_lesson(0, 1), "not_positive"),
        (lambda: patches_lesson(1, 0), "not_positive"),
    ],
)
def test_grids_that_cannot_be_say_why(make, key: str) -> None:
    with pytest.raises(LessonError) as refused:
        make()
    assert refused.value.key == key


def test_the_code_of_a_lesson_is_its_functions_with_a_line_between() -> None:
    both = listing(pad_to_multiple, partition)
    assert both == (*source_lines(pad_to_multiple), "", *source_lines(partition))
    assert not any('"""' in line for line in both)
