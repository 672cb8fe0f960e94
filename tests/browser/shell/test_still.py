"""Nothing moves: layout shift on load and from page to page, as the browser itself counts it."""

import pytest
from playwright.sync_api import Page, expect

from swin_viz.app.menu import NAMES
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
    page = profile(**SIZES["laptop"])
    page.add_init_script(WATCH)
    page.goto(f"{server}/{NAMES[NAMES.index(name) - 1]}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    answered(page)
    page.evaluate("window.shifts.length = 0")
    page.locator(f"[data-testid=stSidebarNavLink][href$='/{name}']").evaluate(
        "link => link.click()"
    )  # no input of a hand
    expect(page.locator("[aria-current=page]")).to_have_attribute("href", f"{server}/{name}".removeprefix(server))
    total, largest = shift(page)
    assert total < MOST, largest
