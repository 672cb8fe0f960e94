"""The glossary in a real browser: a link from the written tour lands at its word, and a word leads to its screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from swin_viz.text import Words
from tests.browser.hands import standing, violations

SAY = Words("en", "glossary")


def test_a_link_lands_at_its_word_and_the_word_leads_to_its_screen(server: str, page: Page) -> None:
    page.goto(f"{server}/glossary#head")
    heading = page.get_by_role("heading", name=SAY("term_head"), exact=True)
    expect(heading).to_be_in_viewport()
    standing(page)
    expect(heading).to_be_in_viewport()
    page.get_by_role("link", name=SAY("seen", screen=Words("en", "cost_model")("nav"))).click()
    page.wait_for_url("**/cost_model*")
    expect(page.get_by_role("heading", level=1)).to_have_text(Words("en", "cost_model")("title"))


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    server: str, profile: Callable[..., Page], width: int, scheme: str, language: str
) -> None:
    page = profile(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{server}/glossary?lang={language}")
    expect(page.get_by_role("heading", name=Words(language, "glossary")("term_parameters"))).to_be_visible()
    assert violations(page) == []
    assert page.locator(".stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
