"""Focus and place on the page stay when the server has answered: real keys, before and after, on both screens."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

SCREENS = {"": "/?block=2.2&head=2&q=10.9&pinned=1", "pairs": "/pairs?block=2.2&head=2&q=10.9"}
SIZES = [(1280, 900), (390, 844)]
FOCUSED = "root => root.getRootNode().activeElement"


def opened(browser: Browser, address: str, size: tuple[int, int] = SIZES[0]) -> Page:
    """The screen on a page of its own, its state drawn and its first answers here."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("root => Boolean(root.drawn)", arg=page.locator(".viz").element_handle())
    page.wait_for_timeout(1000)
    return page


def at(page: Page) -> list[float]:
    return page.locator(".viz").evaluate("root => root.drawn.state.at")


def answered(page: Page, query: str) -> None:
    """The server has the state, and what it sends back has arrived."""
    expect(page).to_have_url(re.compile(re.escape(query)))
    page.wait_for_timeout(2500)


def scroll(page: Page) -> float:
    return page.evaluate("document.querySelector('.stMain').scrollTop")


def focused(page: Page, attribute: str) -> str | None:
    return page.locator(".viz").evaluate(f"root => root.getRootNode().activeElement?.getAttribute('{attribute}')")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_key_after_the_servers_answer_moves_on(server, browser: Browser, screen: str, size: tuple[int, int]) -> None:
    page = opened(browser, server + SCREENS[screen], size)
    photo = page.locator(".viz canvas.photo").first
    photo.focus()
    page.evaluate("document.querySelector('.stMain').scrollBy(0, 150)")
    page.wait_for_timeout(300)
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
    page.context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_another_block_leaves_the_focus_on_the_picture(server, browser: Browser, screen: str) -> None:
    page = opened(browser, server + SCREENS[screen])
    photo = page.locator(".viz canvas.photo").first
    photo.focus()
    page.evaluate("document.querySelector('.stMain').scrollBy(0, 150)")
    page.wait_for_timeout(300)
    place = scroll(page)
    page.keyboard.press("]")
    answered(page, "block=3.1")
    expect(photo).to_be_focused()
    page.keyboard.press("]")
    page.wait_for_timeout(2500)
    expect(photo).to_be_focused()
    assert page.locator(".viz").evaluate("root => root.drawn.state.block") == 5
    assert scroll(page) == place
    page.context.close()


def test_a_head_chosen_by_keys_keeps_the_focus(server, browser: Browser) -> None:
    page = opened(browser, server + SCREENS[""])
    page.locator(".right .heads button[aria-checked=true]").focus()
    for head in ("3", "4"):
        page.keyboard.press("ArrowRight")
        answered(page, f"head={head}")
        assert focused(page, "aria-label") == f"Head {head}"
    page.keyboard.press("]")  # from six heads to twelve: made anew
    answered(page, "block=3.1")
    assert focused(page, "aria-label") == "Head 4"
    page.context.close()


def test_selects_sliders_and_buttons_keep_the_focus(server, browser: Browser) -> None:
    page = opened(browser, server + SCREENS[""])
    page.locator(".controls select").first.focus()
    page.keyboard.press("ArrowDown")
    answered(page, "layer=received")
    expect(page.locator(".controls select").first).to_be_focused()
    page.goto(server + SCREENS["pairs"])
    page.wait_for_function("root => Boolean(root.drawn?.stages)", arg=page.locator(".viz").element_handle())
    page.locator(".player select").focus()
    page.keyboard.press("ArrowDown")
    answered(page, "head=3")
    expect(page.locator(".player select")).to_be_focused()
    page.get_by_role("button", name="Next").press("Enter")
    answered(page, "step=3")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    page.locator(".strip button[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    answered(page, "block=3.1")
    assert (focused(page, "aria-label") or "").startswith("Stage 3, block 1")
    page.context.close()
