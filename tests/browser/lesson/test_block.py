"""The block's own view in a real browser: its numbers are the run's tensors, and pointing asks the server nothing."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from swin_viz.browser.lesson.parts.block.message import block_parts
from swin_viz.browser.message import Run
from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.engine.shared import Framed
from swin_viz.lessons.block import band, band_rows, normalised, values_of
from swin_viz.paths import BUILTIN
from tests.browser.hands import answered, sent, until, violations
from tests.browser.lesson.hands import EXTRA, drawn, hover, opened
from tests.lessons import observing

PHOTO = f"{EXTRA} canvas.photo"


def shown(page: Page) -> dict:
    """What the part that is looked at says that it has drawn, once its numbers are here."""
    page.locator(EXTRA).scroll_into_view_if_needed()
    until(lambda: bool((drawn(page) or {}).get("shown")))
    return drawn(page)


def values(scene, name: str) -> np.ndarray:
    return observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), [name])[name]


def test_values_that_are_gone_are_asked_for_anew(scene) -> None:
    """A part keeps neither values nor model alive: without them it is gone, and the page offers it again."""
    block = scene.blocks[2]
    kept = {name: value.copy() for name, value in values_of(block, observing(scene)).items()}
    wanted = band(kept, 1, band_rows(kept))
    later = shared.Later(shared.load(BUILTIN), picture := Framed(Image.fromarray(scene.image)))
    parts = block_parts(scene, Run("run", "model"), block, kept, later)
    for name, value in parts["band.1"].arrays().items():
        np.testing.assert_array_equal(value, wanted[name])
    groups = {each.split(".")[0] for each in parts}
    assert groups == {"stream", "without", "shuffled", "band", "neurons"}
    assert parts["without"].arrays()["without"].shape == (2, 3)
    del kept, value, picture
    with pytest.raises(KeyError):
        parts["band.1"].arrays()
    with pytest.raises(KeyError):
        parts["without"].arrays()


def test_a_tokens_norm_is_the_runs_and_pointing_sends_nothing(server, page, scene) -> None:
    told = sent(page)
    opened(page, f"{server}/block?block=2.1")
    until(lambda: all(shown(page)["shown"]["steps"]))
    answered(page)
    before = len(told)
    for row, column in ((3, 20), (3, 21), (4, 21)):
        hover(page.locator(PHOTO), row, column, 28, 28)
    until(lambda: (shown(page)["at"], all(shown(page)["shown"]["steps"])), ([4, 21], True))
    found = shown(page)["shown"]["steps"]
    x, normed = (values(scene, f"layers.1.blocks.0.{point}") for point in ("resid_pre", "attn_in"))
    np.testing.assert_allclose(found[0], x[4, 21], atol=1e-6)
    np.testing.assert_allclose(found[2], normalised(x, "token", 1e-5)[4, 21], atol=1e-4)
    np.testing.assert_allclose(found[3], normed[4, 21], atol=1e-4)
    assert len(told) == before
    page.locator(PHOTO).click()
    answered(page)
    expect(page).to_have_url(re.compile(r"q=14\.14|q=13\.13"))


@pytest.mark.parametrize(("part", "names"), [("stream", ("mid", "post")), ("mlp", ("hidden",))])
def test_the_other_parts_numbers_are_the_runs(server, page, scene, part: str, names: tuple[str, ...]) -> None:
    opened(page, f"{server}/block?block=2.2&q=9.8&part={part}")
    found = shown(page)["shown"]
    until(lambda: bool(shown(page)["shown"].get(names[0])))
    found = shown(page)["shown"]
    points = {"mid": "resid_mid", "post": "resid_post", "hidden": "mlp.hidden"}
    for name in names:
        wanted = values(scene, f"layers.1.blocks.1.{points[name]}")[9, 8]
        np.testing.assert_allclose(found[name], wanted, atol=1e-6)


def test_draws_come_back_to_the_value_and_each_part_is_sound(server, page, scene) -> None:
    opened(page, f"{server}/block?block=3.1&part=drop&q=2.3")
    shown(page)
    page.get_by_role("button", name="× 1000").click()
    until(lambda: bool(shown(page)["shown"]["mean"]))
    found, x = shown(page)["shown"], values(scene, "layers.2.blocks.0.resid_pre")[2, 3]
    assert found["count"] == 1000
    np.testing.assert_allclose(found["mean"], x, atol=5 * np.abs(x).max() / 1000**0.5)
    for name in ("Dropout and DropPath", "Residual stream", "MLP and GELU"):  # LayerNorm is seen where pages are
        page.get_by_role("radio", name=name, exact=True).click()
        shown(page)
        assert violations(page) == []
    assert page.locator(".block-parts").evaluate("node => node.scrollWidth <= node.clientWidth + 1")
