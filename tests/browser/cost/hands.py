"""What a visitor does on the cost pages, and the numbers that stand there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from swin_viz.cost import terms
from swin_viz.text import Words
from tests.browser.hands import standing, violations

SAY = Words("en", "cost")
SCREENS = pytest.mark.parametrize(
    ("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")]
)  # of a laptop and of a phone


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    standing(page)
    return page


def derivation(page: Page, address: str) -> Page:
    """The page of the formulas, with both of its sums."""
    opened(page, address)
    expect(page.locator("[data-total]")).to_have_count(2)
    return page


def box(page: Page, name: str) -> Locator:
    return page.locator(f"#size-{name}")


def numbers(page: Page, attribute: str) -> list[int]:
    script = "(nodes, name) => nodes.map((node) => Number(node.getAttribute(name)))"
    return page.locator(f"[{attribute}]").evaluate_all(script, attribute)


def expected(h: int, w: int, c: int, m: int) -> list[int]:
    """Every term of the two formulas, as the page shows them: one below the other, layer by layer."""
    rows = zip(terms.MSA, terms.ONE_WINDOW, terms.W_MSA, strict=True)
    return [term.macs(h, w, c, m) for row in rows for term in row]


def axe_finds_nothing_and_nothing_sticks_out(
    profile: Callable[..., Page], address: str, width: int, scheme: str, language: str
) -> None:
    page = opened(
        profile(viewport={"width": width, "height": 900}, color_scheme=scheme), f"{address}?lang={language}&counted=1"
    )
    assert violations(page) == []
    assert page.locator(".stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
