"""What a visitor does on Pair by pair, and what is drawn there."""

import numpy as np
from playwright.sync_api import Page

from tests.browser import hands
from tests.browser.hands import frame

NAME = "layers.1.blocks.1"  # stage 2, block 2: shifted


def opened(page: Page, address: str) -> Page:
    return hands.visit(page, address, ".viz")


def drawn(page: Page) -> dict:
    """What the component drew last, its stages as 49×49 arrays."""
    frame(page)
    found = page.locator(".viz").evaluate(
        """root => ({...root.drawn, stages: Object.fromEntries(
            Object.entries(root.drawn.stages).map(([name, values]) => [name, Array.from(values)]))})"""
    )
    found["stages"] = {name: np.array(values).reshape(49, 49) for name, values in found["stages"].items()}
    return found
