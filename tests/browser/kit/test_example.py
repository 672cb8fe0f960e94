"""The example of CONTRIBUTING.md: a view of a run in thirty lines, drawn from a packed message without the app."""

from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from swin_viz.browser.offline import offline_page
from swin_viz.engine.parts import pack
from swin_viz.engine.trace import Trace, describe, trace_arrays

EXAMPLE = Path(__file__).with_name("example_view.js")


def test_a_view_takes_thirty_lines() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 120


def test_the_example_draws_the_trace(page: Page, scene: Trace, tmp_path: Path) -> None:
    header = {"run": describe(scene), "key": "run", "language": "en", "words": {"line": "({query}): {share}"}}
    message = pack(header, trace_arrays(scene, ["layers.0.blocks.0"]))
    file = tmp_path / "example.html"
    file.write_bytes(offline_page(message, str(EXAMPLE), ("kit/look/tokens.css", "kit/look/base.css"), "Example", "en"))
    page.goto(file.as_uri())
    canvas = page.locator("canvas.photo")
    page.wait_for_function("canvas => canvas.drawn", arg=canvas.element_handle())
    cell = 448 / 56
    canvas.hover(position={"x": 20.5 * cell, "y": 9.5 * cell})
    page.wait_for_function("canvas => String(canvas.drawn.query) === '9,20'", arg=canvas.element_handle())
    block = scene.blocks[0]
    window, slot = np.argwhere(block.places == 9 * 56 + 20)[0]
    shares = block.shares()[window, :, slot].mean(0)
    drawn = canvas.evaluate("canvas => canvas.drawn.keys.map((key) => key.share)")
    np.testing.assert_allclose(drawn, shares, atol=1e-6)
    assert page.locator(".viz p").inner_text().startswith(f"(9, 20): {100 * shares.max():.1f}")
