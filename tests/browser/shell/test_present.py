"""Presenting: by key, button and link, without the server; larger type inside the components too. And on paper."""

import re

from playwright.sync_api import Page, expect

from swin_viz.text import Words
from tests.browser.hands import answered, sent, settings, until, visit

T = Words("en", "ui")
PHOTO = ".viz canvas.photo >> nth=0"
RAIL = "[data-testid=stSidebar]"


def opened(page: Page, address: str) -> Page:
    return visit(page, address, PHOTO)


def size_of_a_sentence(page: Page) -> float:
    """What 16 px of the tokens are inside a component."""
    return page.locator(".viz").evaluate("""root => {
        const node = root.appendChild(document.createElement("p"));
        node.style.fontSize = "var(--t-m)";
        const found = parseFloat(getComputedStyle(node).fontSize);
        node.remove();
        return found;
    }""")


def test_a_key_presents_and_leaves_without_the_server(server: str, page: Page) -> None:
    messages = sent(page)
    opened(page, f"{server}/attention")
    answered(page)
    before = len(messages)
    assert size_of_a_sentence(page) == 16
    page.locator(PHOTO).focus()
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("present=1"))
    expect(page.locator(RAIL)).to_be_hidden()
    expect(page.locator("[data-testid=stHeader]")).to_be_hidden()
    expect(page.locator(".st-key-stage_in_force button")).to_be_hidden()
    expect(page.locator(PHOTO)).to_be_focused()
    until(lambda: page.locator(".stMain").bounding_box()["x"], 0)
    assert size_of_a_sentence(page) == 20
    label = "canvas => parseInt(canvas.drawn.overlay.labels[0].font.split(' ')[1])"
    assert page.locator(PHOTO).evaluate(label) == 18  # 14 × 1.25
    answered(page)
    assert len(messages) == before
    page.locator("body").press("Escape")
    expect(page.locator(RAIL)).to_be_visible()
    assert "present" not in page.url


def test_the_button_presents_and_says_how_to_leave(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    page.get_by_role("button", name=T("present"), exact=True).click()
    expect(page.locator(RAIL)).to_be_hidden()
    leave = page.get_by_role("button", name=T("present_leave"))
    expect(leave).to_have_attribute("aria-pressed", "true")
    leave.click()
    expect(page.locator(RAIL)).to_be_visible()


def test_a_link_presents_and_what_is_chosen_leaves_it_in_the_address(server: str, page: Page) -> None:
    opened(page, f"{server}/attention?present=1")
    expect(page.locator(RAIL)).to_be_hidden()
    page.locator(PHOTO).focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("q="))
    answered(page)
    assert "present=1" in page.url


def test_a_p_that_is_typed_is_a_letter(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    settings(page).get_by_role("combobox").first.click()
    page.keyboard.press("p")
    answered(page)
    expect(page.locator(RAIL)).to_be_visible()
    assert "present" not in page.url


def test_on_paper_there_is_neither_rail_nor_button_and_the_component_is_as_wide_as_the_page(server, page) -> None:
    opened(page, f"{server}/windows".replace("windows", "attention"))
    page.emulate_media(media="print")
    expect(page.locator(RAIL)).to_be_hidden()
    expect(page.locator(".does")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    until(lambda: page.locator(".viz").bounding_box()["x"], 0)
    assert page.locator(".viz").bounding_box()["width"] >= 1270
    assert page.locator(".stMain").evaluate("node => node.scrollHeight <= node.clientHeight + 1")  # nothing is cut off
