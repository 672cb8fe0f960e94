"""One patch and one filter in a real browser: the numbers are the run's, and the hand is answered at once."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.paths import BUILTIN
from tests.browser.hands import answered, frame, middle, sent, until
from tests.browser.lesson.hands import EXTRA, drawn, hover, offline, opened, opened_alone


def test_a_patch_and_a_filter_are_the_runs_own_numbers_and_pointing_asks_nobody(server, page, scene) -> None:
    points = [f"patch_embed.{name}" for name in ("padded", "projected", "tokens")]
    values = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), points)
    padded, projected, tokens = (values[name] for name in points)
    frames = sent(page)
    opened(page, f"{server}/patches?patch=5.9&filter=7")
    until(lambda: page.locator(EXTRA).evaluate("node => typeof node.drawn.run"), "number")
    found = drawn(page)
    assert (found["at"], found["channel"]) == ([5, 9], 6)
    np.testing.assert_allclose(found["values"], padded[:, 20:24, 36:40].ravel(), atol=1e-6)
    assert found["value"] == pytest.approx(projected[5, 9, 6], abs=1e-5)
    assert found["run"] == pytest.approx(float(projected[5, 9, 6]), abs=1e-9)
    normed = page.locator(f"{EXTRA} .reach-line").nth(1)
    np.testing.assert_allclose(normed.evaluate("node => node.drawn.normed"), tokens[5, 9], atol=1e-4)
    answered(page)
    frames.clear()
    photo = page.locator(f"{EXTRA} canvas.photo").first
    hover(photo, 30, 40, 56, 56)
    assert drawn(page)["at"] == [30, 40]
    assert drawn(page)["value"] == pytest.approx(projected[30, 40, 6], abs=1e-5)
    answered(page)
    assert frames == []
    photo.click(position=middle(photo, 30, 41, 56, 56))
    page.locator(f"{EXTRA} .patch-filters").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"patch=30\.41"))
    expect(page).to_have_url(re.compile("filter=8"))
    assert drawn(page)["value"] == pytest.approx(projected[30, 41, 7], abs=1e-5)


def test_covering_a_patch_shows_the_tokens_that_have_changed(server, page) -> None:
    opened(page, f"{server}/patches?patch=5.9")
    page.get_by_role("button", name="Cover patch (5, 9)").click()
    expect(page.get_by_text("After the embedding: 1 of 3136")).to_be_visible()
    frame(page)
    one, window, _ = page.locator(f"{EXTRA} > div:last-child").evaluate("node => node.drawn")
    assert one == [5 * 56 + 9]
    assert sorted(window) == [r * 56 + c for r in range(7) for c in range(7, 14)]
    expect(page).to_have_url(re.compile("cover=1"))


def test_the_offline_file_computes_alone_and_holds_the_padding(server, page, profile) -> None:
    opened(page, f"{server}/patches?patch=5.9&filter=7")
    until(lambda: drawn(page)["run"] is not None)
    wanted, table = drawn(page), page.locator("table tbody tr").all_inner_texts()
    alone = opened_alone(profile(offline=True), offline(page, "Lesson as one offline HTML file"))
    assert [drawn(alone)[name] for name in ("value", "run")] == [wanted[name] for name in ("value", "run")]
    assert alone.locator("table tbody tr").all_inner_texts() == table
    assert alone.get_by_role("button", name="Cover patch").count() == 0
