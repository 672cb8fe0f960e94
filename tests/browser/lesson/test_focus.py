"""What the server answers when a step has settled changes nothing that is the same: focus, light and choices stay."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import hands
from tests.browser.hands import until
from tests.browser.lesson.hands import BOARD, at_step, current, opened


def settled(page: Page) -> None:
    """A step further by a tick, which the server is told of half a second later."""
    current(page).press("ArrowRight")


def answered(page: Page, node: Locator) -> None:
    """The server has answered, and the element is the one that was there, with the focus."""
    handle = node.element_handle()
    expect(page).to_have_url(re.compile("step=2"))
    hands.answered(page)
    assert handle.evaluate("node => node.isConnected && node.getRootNode().activeElement === node")


def test_the_ticks_keep_the_focus(server, page) -> None:
    opened(page, f"{server}/shift")
    current(page).focus()
    settled(page)
    answered(page, current(page))
    page.keyboard.press("ArrowRight")
    at_step(page, 3, 8)


@pytest.mark.parametrize("name", ["windows", "bias"])
def test_a_board_keeps_focus_and_light(server, page, name: str) -> None:
    opened(page, f"{server}/{name}")
    settled(page)
    board = page.locator(BOARD)
    board.focus()
    page.keyboard.press("ArrowRight")
    answered(page, board)
    assert board.evaluate("canvas => canvas.drawn.lit") == 0
    page.keyboard.press("ArrowRight")
    until(lambda: board.evaluate("canvas => canvas.drawn.lit"), 1)


VIEWS = {  # the canvas with the keys, what it tells, and what two moves to the right make of a token or an offset
    "windows": ("canvas.photo >> nth=0", "node.drawn.at", [0, 2]),
    "shift": ("canvas.photo >> nth=0", "node.drawn.at", [0, 2]),
    "block": ("canvas.photo >> nth=0", "node.drawn.at", [0, 2]),
    "merging": ("canvas.photo >> nth=0", "node.drawn.at", [0, 2]),
    "patches": ("canvas.photo >> nth=0", "node.drawn.at", [0, 2]),
    "bias": ("canvas.photo >> nth=0", "[0, node.firstElementChild.drawn.key]", [0, 2]),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_lessons_own_view_keeps_focus_and_choice(server, page, name: str) -> None:
    canvas, told, moved = VIEWS[name]
    opened(page, f"{server}/{name}")
    view, focused = page.locator(".extra"), page.locator(f".extra {canvas}")
    read = lambda: view.evaluate(f"node => Array.from({told})")  # noqa: E731
    settled(page)
    focused.focus()
    before = read()
    page.keyboard.press("ArrowRight")
    answered(page, focused)
    page.keyboard.press("ArrowRight")
    until(lambda: [now - then for then, now in zip(before, read(), strict=True)], moved)


def test_another_language_builds_the_page_anew_and_keeps_the_step(server, page) -> None:
    opened(page, f"{server}/windows?step=3")
    text = page.locator(".lesson-text").inner_text()
    page.get_by_text("中文", exact=True).click()
    expect(page.locator(".lesson-text")).not_to_have_text(text)
    at_step(page, 3, 6)
