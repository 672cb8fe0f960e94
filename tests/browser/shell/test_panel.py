"""Picture and model: what is in force stands on the button; the panel opens and closes by keys, and loses no value."""

import re

from playwright.sync_api import Page, expect

from swin_viz.scenes.generate import FIRST_HELD_OUT
from swin_viz.text import Words
from tests.browser.hands import answered, settings, standing

BUTTON = ".st-key-stage_in_force button"
SEED = FIRST_HELD_OUT + 5
T = Words("en", "ui")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(BUTTON)).to_be_visible()
    standing(page)
    return page


def test_the_button_says_what_is_in_force(server: str, page: Page) -> None:
    opened(page, f"{server}/mask?seed={SEED}&size=256")
    button = page.locator(BUTTON)
    expect(button).to_have_accessible_name(
        f"{T('settings')}: " + T("in_force", picture=T("scene_title", seed=SEED), model=T("builtin"), size=256)
    )
    settings(page).get_by_role("spinbutton").fill(str(SEED + 1))
    page.keyboard.press("Enter")
    expect(button).to_contain_text(str(SEED + 1))
    expect(button).to_have_attribute("aria-expanded", "true")  # though it was made anew


def test_keys_open_it_walk_through_it_and_close_it(server: str, page: Page) -> None:
    opened(page, f"{server}/mask")
    button, panel = page.locator(BUTTON), page.locator(".st-key-stage_settings")
    expect(panel).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("combobox")).to_have_count(3)  # Streamlit draws a widget when its script is there
    page.keyboard.press("Tab")
    expect(panel.locator("[data-does=own]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("combobox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_press_beside_it_closes_it_and_a_choice_in_its_lists_does_not(server: str, page: Page) -> None:
    opened(page, f"{server}/mask")
    panel = settings(page)
    panel.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Cat").click()
    expect(page).to_have_url(re.compile("image=chelsea"))
    expect(panel).to_be_visible()
    page.mouse.click(400, 600)
    expect(panel).to_be_hidden()


def test_what_was_never_opened_keeps_its_values(server: str, page: Page) -> None:
    """Streamlit forgets the value of a widget that is not in the page: a closed st.popover gave the default back."""
    opened(page, f"{server}/windows?seed={SEED}&size=256")
    page.locator(".st-key-own_grid summary").click()
    for rows in ("5", "6"):  # two runs that say nothing of the panel
        page.locator(".st-key-h input").fill(rows)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"h={rows}"))
        answered(page)
    panel = settings(page)
    expect(panel.get_by_role("spinbutton")).to_have_value(str(SEED))
    expect(panel.get_by_role("combobox").nth(2)).to_have_value("256 px")
    answered(page)
    assert f"seed={SEED}" in page.url and "size=256" in page.url
