"""Attention answers at / and under its own name, with one entry in the menu, and what was looked at goes along."""

import re

from playwright.sync_api import Page, expect

PHOTO = ".viz canvas.photo >> nth=0"
SHOWS = "([canvas, block, query]) => canvas.drawn?.block === block && String(canvas.drawn.query) === query"


def shows(page: Page, block: str, query: str) -> None:
    photo = page.locator(PHOTO)
    expect(photo).to_be_visible()
    page.wait_for_function(SHOWS, arg=[photo.element_handle(), block, query])


def test_attention_answers_under_its_own_name_and_keeps_its_address(server: str, page: Page) -> None:
    page.goto(f"{server}/attention?lang=en&block=2.2&head=3&q=5.20")
    shows(page, "layers.1.blocks.1", "5,20")
    page.locator(PHOTO).press("ArrowDown")
    expect(page).to_have_url(re.compile(r"/attention\?.*q=6\.20"))
    assert "block=2.2" in page.url and "head=3" in page.url
    shows(page, "layers.1.blocks.1", "6,20")


def test_the_menu_has_one_entry_for_attention_and_comes_back_to_what_was_looked_at(server: str, page: Page) -> None:
    page.goto(f"{server}/attention?lang=en&block=2.2&head=3&q=5.20&pinned=1")
    shows(page, "layers.1.blocks.1", "5,20")
    menu = page.get_by_test_id("stSidebarNav")
    expect(menu.get_by_role("link", name="Attention", exact=True)).to_have_count(1)
    menu.get_by_role("link", name="Pair by pair").click()
    expect(page).to_have_url(re.compile(r"/pairs\?.*q=5\.20"))
    menu.get_by_role("link", name="Attention", exact=True).click()
    shows(page, "layers.1.blocks.1", "5,20")
    expect(page).to_have_url(re.compile(r"block=2\.2.*q=5\.20"))
