"""Nothing moves: layout shift on load and from page to page, as the browser itself counts it."""

import pytest
from playwright.sync_api import Page, expect

from swin_viz.app.menu import NAMES
from swin_viz.text import Words
from tests.browser.hands import PHONE, answered, standing

SIZES = {"laptop": {"viewport": {"width": 1280, "height": 720}}, "phone": PHONE}
MOST = 0.05
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifts.push(each);
}).observe({ type: "layout-shift", buffered: true });
"""
SHIFTED = """() => window.shifts.map((each) => [each.value, each.sources.map(({ node, previousRect, currentRect }) => [
    (node?.nodeType === 1 ? node : node?.parentElement)?.outerHTML.slice(0, 120), previousRect, currentRect])])"""


def shift(page: Page) -> tuple[float, list]:
    """The sum, and the three largest with what moved."""
    answered(page)
    found = page.evaluate(SHIFTED)
    return sum(value for value, _ in found), sorted(found, key=lambda each: -each[0])[:3]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_when_a_page_opens(server: str, profile, name: str, size: str) -> None:
    page = profile(**SIZES[size])
    page.add_init_script(WATCH)
    page.goto(f"{server}/{name}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    standing(page)
    total, largest = shift(page)
    assert total < MOST, largest


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_from_page_to_page(server: str, profile, name: str) -> None:
    """On a machine so busy that a page comes in pieces, the second time counts."""
    page = profile(**SIZES["laptop"])
    page.add_init_script(WATCH)
    page.goto(f"{server}/{'windows' if name == 'mask' else 'mask'}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    answered(page)
    once, largest = moved_to(page, name)
    if once >= MOST:
        moved_to(page, "shift")
        once, largest = moved_to(page, name)
    assert once < MOST, largest


def moved_to(page: Page, name: str) -> tuple[float, list]:
    """What moves when another page is chosen, but not by a hand: what follows a hand's press is not counted."""
    page.evaluate("window.shifts.length = 0")
    link = page.get_by_role("link", name=Words("en", name)("nav"), exact=True)
    link.evaluate("node => node.click()")
    expect(link).to_have_attribute("aria-current", "page")
    return shift(page)
