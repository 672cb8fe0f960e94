"""What a visitor does on the Attention page, and what is drawn there."""

import numpy as np
import pytest
from playwright.sync_api import Page

from swin_viz.engine.trace import Trace
from tests.browser import hands
from tests.browser.files import picture_of, pixels
from tests.browser.hands import frame, standing

PHOTO = ".panel canvas.photo >> nth=0"
SECOND = ".panel canvas.photo >> nth=1"
DRAWN = "canvas => canvas.drawn && JSON.parse(JSON.stringify(canvas.drawn))"


def opened(page: Page, address: str) -> Page:
    return hands.visit(page, address, PHOTO)


def drawn(page: Page, picture: str = PHOTO) -> dict:
    frame(page)
    return page.locator(picture).evaluate(DRAWN)


def state(page: Page) -> dict:
    """What the browser has chosen; `answered` first where what the server makes of it matters."""
    frame(page)
    return page.locator(".viz").evaluate("root => root.drawn.state")


def hover(page: Page, trace: Trace, block: int, row: int, column: int) -> dict:
    """Move the mouse to the middle of a token and read back what was drawn."""
    photo = page.locator(PHOTO)
    photo.hover(position=hands.middle(photo, row, column, *trace.blocks[block].padded))
    return drawn(page)


def as_drawn(page: Page) -> np.ndarray:
    """The canvas's pixels."""
    url = page.locator(PHOTO).evaluate("canvas => canvas.toDataURL()")
    return pixels(page.evaluate("url => fetch(url).then(r => r.arrayBuffer()).then(b => [...new Uint8Array(b)])", url))


def staged(page: Page, address: str) -> Page:
    """Opened, with the component as wide as the stage gives it."""
    opened(page, address)
    wide = page.viewport_size["width"] - 56 - 32
    page.wait_for_function(
        "([root, wide]) => root.clientWidth === wide", arg=[page.locator(".viz").element_handle(), wide]
    )
    frame(page)
    return page


def show(page: Page, layer: str) -> None:
    """Another layer, from the toolbar's card."""
    page.locator(".tool[data-tool=layer]").click()
    page.locator(f".layer .option[value={layer}]").click()
    page.keyboard.press("Escape")


def saved(page: Page, kind: str) -> tuple[str, bytes]:
    """The name and content of the picture, from the toolbar's card."""
    page.locator(".tool[data-tool=save]").click()
    found = picture_of(page, kind)
    page.keyboard.press("Escape")
    return found


def choose(page: Page, second: str) -> None:
    """Another picture to compare with, by typing, once the page stands still: what moves closes an open list."""
    standing(page)
    box = page.locator("[data-testid=stSelectbox]").filter(has_text="Compare with another picture").locator("input")
    box.click()
    box.fill(second)
    box.press("Enter")


def check(found: dict, trace: Trace, block: int, head: int | None, query: tuple[int, int]) -> None:
    """Every drawn key has the tensor's place, share and verdict."""
    b = trace.blocks[block]
    assert found["query"] == list(query)
    window, slot = np.argwhere(b.places == query[0] * b.padded[1] + query[1])[0]
    shares = b.shares()[window, :, slot]
    wanted = shares.mean(0) if head is None else shares[head]
    assert found["window"] == window
    assert len(found["keys"]) == b.window**2
    for k, key in enumerate(found["keys"]):
        place = divmod(int(b.places[window, k]), b.padded[1])
        assert (key["row"], key["column"]) == place
        assert key["share"] == pytest.approx(float(wanted[k]), abs=1e-6)
        assert key["blocked"] == bool(b.mask_kinds[b.mask_of[window], slot, k])
        assert key["padding"] == (place[0] >= b.size[0] or place[1] >= b.size[1])
