"""Hands and eyes of all browser tests. What is awaited is named: a frame, a fact, the server's answer; never a time."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 60  # seconds, of a busy machine
QUIET_MS = 700  # a view waits up to 500 ms before it tells the server what has settled
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def until(look: Callable[[], object], wanted: object = True) -> None:
    """Look again and again until what is seen is what is wanted; in vain, the last look is the message."""
    deadline = time.monotonic() + PATIENCE
    while (seen := look()) != wanted:
        assert time.monotonic() < deadline, f"{seen} is not {wanted}"
        time.sleep(0.03)  # between two looks


def refusing(page: Page, urls: str | re.Pattern[str], enough: Callable[[list[str]], bool]) -> list[str]:
    """Make what is asked for gone until `enough` is true of what was refused so far, which is returned and grows."""
    refused: list[str] = []

    def answer(route: Route) -> None:
        if enough(refused):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=404)

    page.route(urls, answer)
    return refused


def frame(page: Page) -> None:
    """What a hand asked for is drawn: a view draws in the next frame, and in the one after what follows from that."""
    page.evaluate("""async () => {
        for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
    }""")


def standing(page: Page) -> None:
    """The script that makes the page has ended."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def answered(page: Page) -> None:
    """The server has heard of all that was done and has answered: its script stands still for QUIET_MS."""
    page.evaluate("() => { window.still = performance.now(); }")
    page.wait_for_function(
        """(quiet) => {
            const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
            if (state !== "notRunning") window.still = performance.now();
            return performance.now() - window.still > quiet;
        }""",
        arg=QUIET_MS,
    )


def visit(page: Page, address: str, drawn: str) -> Page:
    """Open an address and wait until that part of the page is drawn and its script has ended."""
    page.goto(address)
    until(lambda: page.locator(drawn).first.evaluate("node => Boolean(node.drawn)"))
    standing(page)
    return page


def settings(page: Page) -> Locator:
    """The panel of picture and model, open."""
    button = page.locator(".st-key-stage_in_force button")
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    panel = page.locator(".st-key-stage_settings")
    expect(panel).to_be_visible()
    return panel


def middle(target: Locator, row: float, column: float, rows: int, columns: int) -> dict[str, float]:
    """Where the middle of a cell is on a picture of rows × columns cells, in its pixels: a position for Playwright."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    return {"x": (column + 0.5) / columns * box["width"], "y": (row + 0.5) / rows * box["height"]}


def sent(page: Page) -> list[int]:
    """Grows by one with every message that the page sends to the server; to be called before the page is opened."""
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(1)))
    return frames


def violations(page: Page, rules: dict = WCAG, within: str = ".stMain") -> list[tuple[str, str]]:
    """What axe finds on a page that stands still: rule and element."""
    answered(page)
    found = Axe().run(page, context=within, options={"runOnly": rules}).response["violations"]
    return [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]]


def taken(page: Page, button: Locator) -> tuple[str, bytes]:
    """The name and content of what a button hands out."""
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
