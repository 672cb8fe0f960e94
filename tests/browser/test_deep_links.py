"""A cold link to any page: it opens inside the app, and no request leaves the machine."""

import pytest
from playwright.sync_api import Page, expect

from swin_viz.app.menu import FIRST, NAMES
from swin_viz.text import Words
from tests.browser.hands import standing


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_cold_deep_link_opens_its_page_inside_the_app(server: str, page: Page, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/{name}?lang=zh")
    expect(page.get_by_test_id("stSidebarNav")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    standing(page)
    expect(page).to_have_title(f"{Words('zh', name or FIRST)('nav')} · swin_viz")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert all(url.startswith((server, "data:", "blob:")) for url in asked)
    assert errors == []
