"""The copied link is the whole address, once what was just chosen stands in it; without permission a field is given."""

from playwright.sync_api import Page, expect

from swin_viz.text import Words
from tests.browser.hands import visit

T = Words("en", "ui")
PHOTO = ".viz canvas.photo >> nth=0"


def test_the_link_is_copied_with_what_was_just_chosen(server: str, profile) -> None:
    page = profile(permissions=["clipboard-read", "clipboard-write"])
    visit(page, f"{server}/attention?block=2.2&q=10.9&pinned=1", PHOTO)
    page.locator(PHOTO).focus()
    page.keyboard.press("ArrowDown")
    page.locator("[data-does=link]").click()
    said = page.locator(".told")
    expect(said).to_have_text(T("copied"))
    expect(said).to_have_attribute("role", "status")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url and "q=11.9" in copied


def test_without_permission_the_link_is_selected_in_a_field(server: str, page: Page) -> None:
    visit(page, f"{server}/attention?block=2.2", PHOTO)
    page.evaluate("""() => {
        Object.defineProperty(navigator, "clipboard", { value: undefined });
        document.execCommand = () => false;
    }""")
    button = page.locator("[data-does=link]")
    button.focus()
    page.keyboard.press("Enter")
    field = page.locator(".told input")
    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    assert field.evaluate("node => node.selectionEnd - node.selectionStart") == len(page.url)
    expect(page.locator(".told")).to_contain_text(T("copy_by_hand"))
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(button).to_be_focused()
