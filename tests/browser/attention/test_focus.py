"""Focus and place on the page stay when the server has answered: real keys, before and after, on both screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.browser.hands import PHONE, frame, visit

SCREENS = {"attention": "/attention?block=2.2&head=2&q=10.9&pinned=1", "pairs": "/pairs?block=2.2&head=2&q=10.9"}
SIZES = [{"width": 1280, "height": 900}, PHONE["viewport"]]


def at(page: Page) -> list[float]:
    return page.locator(".viz").evaluate("root => root.drawn.state.at")


def answered(page: Page, query: str) -> None:
    """The server has the state, and what it sends back has arrived."""
    expect(page).to_have_url(re.compile(re.escape(query)))
    hands.answered(page)


def scroll(page: Page) -> float:
    return page.evaluate("document.querySelector('.stMain').scrollTop")


def focused(page: Page, attribute: str) -> str | None:
    return page.locator(".viz").evaluate(f"root => root.getRootNode().activeElement?.getAttribute('{attribute}')")


@pytest.mark.parametrize("size", SIZES, ids=["laptop", "phone"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_key_after_the_servers_answer_moves_on(server, profile, screen: str, size: dict[str, int]) -> None:
    page = visit(profile(viewport=size), server + SCREENS[screen], ".viz")
    photo = page.locator(".viz canvas.photo").first
    photo.focus()
    page.evaluate("document.querySelector('.stMain').scrollBy(0, 150)")
    frame(page)
    before, place = at(page), scroll(page)
    assert place > 0
    page.keyboard.press("ArrowDown")
    answered(page, "q=11.9")
    expect(photo).to_be_focused()
    page.keyboard.press("ArrowDown")
    answered(page, "q=12.9")
    expect(photo).to_be_focused()
    assert at(page)[0] - before[0] == pytest.approx(2 / 28, abs=1e-3)
    assert scroll(page) == place


@pytest.mark.parametrize("screen", SCREENS)
def test_another_block_leaves_the_focus_on_the_picture(server, page, screen: str) -> None:
    visit(page, server + SCREENS[screen], ".viz")
    photo = page.locator(".viz canvas.photo").first
    photo.focus()
    page.evaluate("document.querySelector('.stMain').scrollBy(0, 150)")
    frame(page)
    place = scroll(page)
    page.keyboard.press("]")
    answered(page, "block=3.1")
    expect(photo).to_be_focused()
    page.keyboard.press("]")
    hands.answered(page)
    expect(photo).to_be_focused()
    assert page.locator(".viz").evaluate("root => root.drawn.state.block") == 5
    assert scroll(page) == place


def test_a_head_chosen_by_keys_keeps_the_focus(server, page) -> None:
    visit(page, server + SCREENS["attention"], ".viz")
    page.locator(".rail .heads button[aria-checked=true]").focus()
    for head in ("3", "4"):
        page.keyboard.press("ArrowRight")
        answered(page, f"head={head}")
        assert focused(page, "aria-label") == f"Head {head}"
    page.keyboard.press("]")  # from six heads to twelve: made anew
    answered(page, "block=3.1")
    assert focused(page, "aria-label") == "Head 4"


def test_selects_sliders_and_buttons_keep_the_focus(server, page) -> None:
    visit(page, server + SCREENS["attention"], ".viz")
    tool = page.locator(".tool[data-tool=light]")
    tool.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answered(page, "grid=0")
    expect(page.locator(".tool[data-tool=grid]")).to_be_focused()
    page.locator(".tool[data-tool=layer]").click()
    page.locator(".layer .option[aria-checked=true]").focus()
    page.keyboard.press("ArrowDown")
    answered(page, "layer=received")
    expect(page.locator(".layer .option[value=received]")).to_be_focused()
    visit(page, server + SCREENS["pairs"], ".viz")
    page.locator(".player select").focus()
    page.keyboard.press("ArrowDown")
    answered(page, "head=3")
    expect(page.locator(".player select")).to_be_focused()
    page.get_by_role("button", name="Next").press("Enter")
    answered(page, "step=2")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    page.locator(".strip button[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    answered(page, "block=3.1")
    assert (focused(page, "aria-label") or "").startswith("Stage 3, block 1")
