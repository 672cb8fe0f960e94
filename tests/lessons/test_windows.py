"""Every step of the windows lesson against brute force: tokens stand where the arithmetic of indices puts them."""

import numpy as np
import pytest

from swin_viz.lessons.board import Lesson
from swin_viz.lessons.source import lit
from swin_viz.lessons.windows import padding_shares, windows_lesson
from tests.lessons import step

GRIDS = [(8, 8, 4), (7, 9, 4), (5, 3, 3), (1, 1, 1), (14, 14, 7), (6, 4, 1)]


def cells(lesson: Lesson):
    """(cell, row, column) of the padded map."""
    columns = 1 + int(np.nanmax(lesson.steps[-1].at[:, 1])) if lesson.name == "windows" else None
    for i in range(len(lesson.sources)):
        yield (i, *divmod(i, columns))


@pytest.mark.parametrize(("height", "width", "window"), GRIDS)
def test_tokens_stand_where_index_arithmetic_puts_them(height: int, width: int, window: int) -> None:
    lesson = windows_lesson(height, width, window)
    columns = -(-width // window) * window
    for i, row, column in cells(lesson):
        assert divmod(i, columns) == (row, column)
        w = (row // window) * (columns // window) + column // window
        slot = (row % window) * window + column % window
        lines = -(-window * window // 24)  # long rows of a few windows go over several lines
        assert lines == 1 or len(lesson.sources) // window**2 == 4
        long = -(-window * window // lines)
        found, seat = step(lesson, "reshape").at[i], [w * (lines + 0.6 * (lines > 1)) + slot // long, slot % long]
        np.testing.assert_allclose(found, seat, atol=1e-5)
        for key in ("view", "permute", "reshape", "reverse"):
            assert step(lesson, key).windows[i] == w
        assert step(lesson, "reverse").at[i].tolist() == [row, column]
        view = [row + 0.3 * (row // window), column + 0.3 * (column // window)]
        np.testing.assert_allclose(step(lesson, "view").at[i], view, atol=1e-5)
        assert step(lesson, "permute").at[i].tolist() == [
            row + row // window,
            column + column // window,
        ]  # in its place
        real = row < height and column < width
        assert (lesson.sources[i] >= 0).all() == real
        if real:
            assert step(lesson, "map").at[i].tolist() == [row, column]
            assert step(lesson, "map").values[i] == row * width + column
        else:
            assert np.isnan(step(lesson, "map").at[i]).all()
            assert np.isnan(step(lesson, "pad").values[i])


@pytest.mark.parametrize("grid", [(8, 8, 4), (8, 3, 4), (5, 9, 1), (9, 8, 4)])
def test_view_without_permute_takes_tokens_as_they_lie_in_memory(grid: tuple[int, int, int]) -> None:
    """What the step says of it is true: the shape is that of the view, and words and picture agree on what is mixed."""
    lesson, right, tokens = windows_lesson(*grid, scramble=True), windows_lesson(*grid), grid[2] ** 2
    for i in range(len(lesson.sources)):
        assert step(lesson, "reshape").at[i].tolist() == [i // tokens, i % tokens]
    mixed = not np.array_equal(step(lesson, "reshape").at, step(right, "reshape").at)
    assert mixed == (not np.array_equal(step(lesson, "reverse").at, step(lesson, "pad").at))
    ending = "scrambled" if mixed else "unchanged"
    assert [each.key for each in lesson.steps[3:]] == [f"{key}_{ending}" for key in ("permute", "reshape", "reverse")]
    assert step(lesson, "permute").shape == step(lesson, "view").shape
    assert "permute" not in "".join(lesson.code[number] for number in lit(list(lesson.code), *lesson.steps[3].marks))


def test_padding_shares_are_those_of_the_facts() -> None:
    assert [round(100 * share) for *_, share in padding_shares((64, 64), 7, 4)] == [16, 16, 42, 67]
