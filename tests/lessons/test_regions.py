"""Region numbers pair by pair: who is blocked, and who should be."""

import numpy as np
import pytest

from swin_viz.lessons.regions import faults, four_regions, regions_of, window_masks
from swin_viz.network.windows import shift_mask


@pytest.mark.parametrize(
    ("size", "window", "shift"), [((9, 9), 4, 2), ((10, 7), 4, 1), ((8, 8), 4, 2), ((5, 13), 3, 1)]
)
def test_what_the_unpadded_size_gets_wrong(size: tuple[int, int], window: int, shift: int) -> None:
    """Pair by pair: who is blocked, and who should be: tokens that the roll brought from another place."""
    rows, columns = (-(-side // window) * window for side in size)
    wrong = regions_of(*size, window, shift, "unpadded")
    blocked = left_open = 0
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    for a in cells:
        for b in cells:
            if (a[0] // window, a[1] // window) != (b[0] // window, b[1] // window):
                continue
            apart = any(
                (p >= side - shift) != (q >= side - shift) for p, q, side in zip(a, b, (rows, columns), strict=True)
            )
            differ = wrong[a] != wrong[b]
            blocked += bool(differ and not apart)
            left_open += bool(apart and not differ)
    assert faults(*size, window, shift) == (blocked, left_open)
    assert (blocked + left_open > 0) == ((rows, columns) != size)


def test_four_regions_are_numbered_by_what_was_rolled_in() -> None:
    regions = four_regions(8, 12, (2, 3))
    for row in range(8):
        for column in range(12):
            assert regions[row, column] == 2 * (row >= 6) + (column >= 9)
    assert (shift_mask(regions, 4) != 0).any()


def test_masks_are_of_every_window_and_the_same_by_either_numbering() -> None:
    masks = window_masks(9, 7, 4, 1)
    assert masks.shape == (6, 16, 16)
    np.testing.assert_array_equal(masks, window_masks(9, 7, 4, 1, "four"))
    assert [bool(mask.any()) for mask in masks] == [False, True, False, True, True, True]
