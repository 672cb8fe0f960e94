"""The rail, the head line and the header are where every page expects them; Streamlit promises none of their names."""

import pytest
from playwright.sync_api import Page, expect

from swin_viz.app.menu import NAMES, SCREENS
from swin_viz.text import Words
from tests.browser.hands import PHONE, settings, standing, until, violations

WIDE = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]
LINKS = "[data-testid=stSidebarNavLink]"
SHELL = "[data-testid=stSidebar], .st-key-stage_head"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    standing(page)
    return page


def box(page: Page, selector: str) -> list[float]:
    """x, y, width and height of the first that matches."""
    return page.locator(selector).first.evaluate(
        "node => { const { x, y, width, height } = node.getBoundingClientRect(); return [x, y, width, height]; }"
    )


@pytest.mark.parametrize("size", WIDE, ids=lambda size: str(size["width"]))
def test_rail_main_links_and_header_have_their_boxes(server: str, profile, size: dict[str, int]) -> None:
    page = opened(profile(viewport=size), f"{server}/windows")
    width, height = size["width"], size["height"]
    assert box(page, "[data-testid=stSidebar]") == [0, 0, 56, height]
    assert box(page, "[data-testid=stMain]") == [56, 0, width - 56, height]
    assert box(page, "[data-testid=stHeader]")[3] == 0
    left, _, wide, high = box(page, f"li:nth-of-type(1) {LINKS}")
    assert (left, wide) == (8, 40) and 32 <= high <= 40  # as many screens as there are, above the languages
    assert box(page, f"{LINKS} >> nth=-1")[1] + high <= box(page, ".st-key-lang")[1]
    assert sum(box(page, ".st-key-lang")[1::2]) <= height
    assert box(page, ".st-key-stage_head")[0] == 72 and box(page, ".st-key-stage_head")[2] == width - 88
    assert box(page, "[data-testid=stLayoutWrapper]:has(> .st-key-stage_head)")[3] == 48
    until(lambda: box(page, ".viz")[0], 72)
    assert page.locator(LINKS).count() == len(NAMES)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width - 56


def test_what_comes_first_on_a_page_stands_right_below_the_head_line(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    until(lambda: box(page, ".viz")[:3], [72, 48, 1192])


def test_every_link_is_read_by_its_name_and_shows_it_when_it_has_the_focus(server: str, page: Page) -> None:
    opened(page, f"{server}/mask?lang=zh")
    for name in NAMES:
        link = page.get_by_role("link", name=Words("zh", name)("nav"), exact=True)
        expect(link).to_have_count(1)
    links = page.locator(LINKS)
    name = links.nth(2).locator("p")
    seen = "node => getComputedStyle(node.closest('a > span')).clipPath"
    assert name.evaluate(seen) != "none"
    links.nth(1).focus()
    page.keyboard.press("Tab")
    expect(links.nth(2)).to_be_focused()
    assert name.evaluate(seen) == "none"
    assert name.bounding_box()["x"] >= 56
    assert links.nth(2).evaluate("node => getComputedStyle(node).outlineWidth") == "3px"
    links.nth(5).hover()
    assert links.nth(5).locator("p").evaluate(seen) == "none"


def test_the_open_screen_is_lit_and_the_groups_are_parted(server: str, page: Page) -> None:
    opened(page, f"{server}/mask")
    lit = page.locator(f"{LINKS}[aria-current=page]")
    expect(lit).to_have_count(1)
    expect(lit).to_have_accessible_name(Words("en", "mask")("nav"))
    assert lit.evaluate("node => getComputedStyle(node).backgroundColor") != "rgba(0, 0, 0, 0)"
    lines = "all => all.map((group) => parseFloat(getComputedStyle(group).borderTopWidth))"
    assert page.locator("[data-testid=stSidebarNavItems] > div").evaluate_all(lines) == [0] + [1] * (len(SCREENS) - 1)


def test_the_lead_stands_behind_its_button_and_the_title_is_no_tab_stop(server: str, page: Page) -> None:
    opened(page, f"{server}/mask")
    t = Words("en", "mask")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(t("title"))
    assert heading.locator("a").count() == 0
    assert heading.evaluate("node => getComputedStyle(node).fontSize") == "24px"
    about = page.get_by_role("button", name=Words("en", "ui")("about"))
    about.focus()
    page.keyboard.press("Enter")
    lead = page.get_by_role("dialog").get_by_text(t("lead")[:40])
    expect(lead).to_be_visible()
    page.keyboard.press("Escape")
    expect(lead).to_have_count(0)
    expect(about).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shell_is_accessible_with_its_panel_open(server: str, profile, theme: str, language: str) -> None:
    page = opened(profile(color_scheme=theme), f"{server}/windows?lang={language}")
    until(lambda: page.locator("html").get_attribute("data-theme"), theme)
    expect(page.locator("html")).to_have_attribute("lang", language)
    settings(page)
    assert violations(page, within=SHELL) == []


def test_on_a_telephone_the_menu_closes_after_a_choice(server: str, profile) -> None:
    page = opened(profile(**PHONE), f"{server}/windows")
    page.get_by_test_id("stExpandSidebarButton").tap()
    link = page.get_by_role("link", name=Words("en", "mask")("nav"), exact=True)
    expect(link).to_be_in_viewport()
    link.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(Words("en", "mask")("title"))
    expect(link).not_to_be_in_viewport()


def test_on_a_telephone_what_is_pressed_is_a_finger_wide(server: str, profile) -> None:
    page = opened(profile(**PHONE), f"{server}/windows")
    buttons = page.locator(".st-key-stage_head").get_by_role("button").filter(visible=True)
    expect(page.locator(".does button").last).to_be_attached()
    until(lambda: buttons.count() >= 3)
    sizes = buttons.evaluate_all("all => all.map((b) => [b.offsetWidth, b.offsetHeight, b.ariaLabel ?? b.textContent])")
    outside = [size for size in sizes if size[0]]
    assert len(outside) == 3 and all(min(size[:2]) >= 44 for size in outside), sizes
    menu = page.get_by_test_id("stExpandSidebarButton").bounding_box()
    assert min(menu["width"], menu["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
