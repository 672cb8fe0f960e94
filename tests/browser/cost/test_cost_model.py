"""The page of a whole model's cost in a real browser."""

from playwright.sync_api import Page, expect

from swin_viz.cost.formula import items, total
from swin_viz.network.variants import VARIANTS
from swin_viz.text import Words
from tests.browser.cost import hands
from tests.browser.cost.hands import opened


def test_the_chosen_chart_is_in_the_address(server: str, page: Page) -> None:
    opened(page, f"{server}/cost_model?of=swin_b_384&costs=partners")
    expect(page.get_by_text("20.9 times, and Swin-B 384 (M = 12)")).to_be_visible()
    page.get_by_role("radio", name=Words("en", "cost_model")("tab_maps")).click()
    page.wait_for_url("**costs=maps*")


def test_counter_and_formula_agree_on_the_page(server: str, page: Page) -> None:
    opened(page, f"{server}/cost_model?of=swin_t&px=1080x1920&counted=1")
    macs = total(items(VARIANTS["swin_t"], 1080, 1920))
    agree = Words("en", "cost_model")("agree", total=f"{macs:,} MACs")
    expect(page.get_by_text(agree)).to_be_visible()


@hands.SCREENS
def test_axe_finds_nothing_and_nothing_sticks_out(server, profile, width: int, scheme: str, language: str) -> None:
    hands.axe_finds_nothing_and_nothing_sticks_out(profile, f"{server}/cost_model", width, scheme, language)
