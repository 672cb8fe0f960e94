"""The small grid's boxes, in a real browser: a number that cannot be is refused in words, and the grid stays."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import answered
from tests.browser.lesson.hands import SMALL_GRIDS, enter, opened, same, shown


@pytest.mark.parametrize(
    ("name", "box", "value", "reason"),
    [
        ("windows", "Rows H", "20", "H = 20 is more than can be read in a small grid: 16 at most."),
        ("shift", "Columns W", "0", "W = 0 cannot be: a map has at least 1 column."),
        ("mask", "Window M", "-3", "M = -3 cannot be: a window is at least 1 token wide."),
        ("shift", "Shift s", "9", "A shift of 9 is not smaller than the window of 4"),
        ("shift", "Shift s", "-1", "s = -1 cannot be"),
        ("merging", "Rows H", "0", "H = 0 cannot be"),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_words_and_the_grid_stays(server, page, name, box, value, reason) -> None:
    opened(page, f"{server}/{name}?lang=en")
    before = shown(page)["groups"].tolist()
    enter(page, box, value)
    expect(page.locator(".over").get_by_text(reason)).to_be_visible()
    expect(page.locator(".over").get_by_text("The grid from before stays: H = 7, W = 8")).to_be_visible()
    answered(page)
    assert shown(page)["groups"].tolist() == before


def test_an_address_that_cannot_be_is_refused_in_words(server, page) -> None:
    opened(page, f"{server}/windows?h=99")
    expect(page.locator(".over").get_by_text("H = 99 is more than can be read")).to_be_visible()
    same(shown(page), SMALL_GRIDS["windows"], 0)
