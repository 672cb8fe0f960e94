"""Colours and layouts of cells, by looking at every neighbour."""

import numpy as np
import pytest

from swin_viz.lessons.cells import abreast, window_hues


@pytest.mark.parametrize(
    ("down", "across"), [(1, 5), (5, 1), (2, 2), (3, 9), (4, 10), (3, 8), (12, 18), (16, 16), (2, 1)]
)
def test_windows_that_touch_differ_in_colour(down: int, across: int) -> None:
    colours = window_hues(np.arange(down * across), down, across).reshape(down, across)
    for row in range(down):
        for column in range(across):
            near = colours[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            assert (near == colours[row, column]).sum() == 1


def test_the_list_of_windows_never_looks_like_the_map() -> None:
    for down, across in [(2, 2), (4, 4), (1, 1), (3, 2), (8, 8), (1, 6)]:
        laid = abreast(down * across, across)
        assert laid != across or down == 1
        assert abs(laid - (down * across) ** 0.5) < 2
