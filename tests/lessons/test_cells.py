"""Colours and layouts of cells, by looking at every neighbour."""

import numpy as np
import pytest

from swin_viz.lessons.cells import window_hues


@pytest.mark.parametrize(
    ("down", "across"), [(1, 5), (5, 1), (2, 2), (3, 9), (4, 10), (3, 8), (12, 18), (16, 16), (2, 1)]
)
def test_windows_that_touch_differ_in_colour(down: int, across: int) -> None:
    colours = window_hues(np.arange(down * across), down, across).reshape(down, across)
    for row in range(down):
        for column in range(across):
            near = colours[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            assert (near == colours[row, column]).sum() == 1
