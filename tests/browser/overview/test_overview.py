"""The Overview's opening in the browser: what is drawn is the tensor's, and a hand is answered without the server."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from swin_viz.engine.trace import Trace
from swin_viz.text import LANGUAGES, Words
from tests.browser import hands
from tests.browser.hands import PHONE, answered, frame, sent, until, violations

ROOT, PHOTO, STACK = ".viz:has(.opening)", ".opening canvas.photo", ".stack > canvas"
DRAWN = "canvas => JSON.parse(JSON.stringify(canvas.drawn))"


def opened(page: Page, address: str) -> Page:
    """With every tile lit, and the beam there."""
    hands.visit(page, address, PHOTO)
    until(lambda: bool(page.locator(STACK).evaluate("canvas => canvas.drawn.beam")))
    return page


def root(page: Page) -> dict:
    frame(page)
    return page.locator(ROOT).evaluate("root => JSON.parse(JSON.stringify(root.drawn))")


def hover(page: Page, row: int, column: int, side: int) -> None:
    photo: Locator = page.locator(PHOTO)
    photo.hover(position=hands.middle(photo, row, column, side, side))
    frame(page)


def test_every_tile_shows_the_tensors_shares_and_a_move_tells_nobody(server: str, page: Page, scene: Trace) -> None:
    told = sent(page)
    opened(page, f"{server}/")
    heads = page.locator(ROOT).evaluate("root => root.drawn.heads")
    answered(page)
    hover(page, 9, 3, 14)
    before = len(told)
    for row, column in ((5, 8), (2, 12), (13, 0)):
        hover(page, row, column, 14)
        tiles = page.locator(STACK).evaluate(DRAWN)
        for block, head in zip(scene.blocks, heads, strict=True):
            side = block.size[0]
            own = [int((part + 0.5) / 14 * side) for part in (row, column)]
            assert tiles[block.name]["token"] == own
            window, slot = np.argwhere(block.places == own[0] * block.padded[1] + own[1])[0]
            shares = block.shares()[window, head, slot]
            found = [tiles[block.name]["shares"][str(k)] for k in range(len(shares))]
            np.testing.assert_allclose(found, shares, atol=1e-6)
    assert len(told) == before


def test_a_key_after_the_servers_answer_moves_on(server: str, page: Page) -> None:
    opened(page, f"{server}/overview?tile=3.2&token=4.3")
    page.locator(PHOTO).focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("token=5.3"))
    answered(page)
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("token=6.3"))
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile("tile=4.1"))
    assert root(page)["panel"]["query"] == [3, 1]


def test_a_tile_comes_to_the_picture_and_the_link_leads_to_its_attention(server: str, page: Page) -> None:
    opened(page, f"{server}/overview?token=4.3")
    tiles = page.get_by_role("radiogroup", name=Words("en", "overview")("tiles")).get_by_role("radio")
    assert tiles.count() == 8
    expect(tiles.nth(3)).to_have_accessible_name(re.compile("^Stage 2, block 2, .*Token .* takes .*%"))
    tiles.nth(5).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    tiles.nth(0).press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    assert root(page)["panel"]["block"] == "layers.0.blocks.1"
    expect(page).to_have_url(re.compile("tile=1.2"))
    state = root(page)["state"]
    link = page.get_by_role("link", name=Words("en", "overview")("to_attention"))
    link.focus()
    answered(page)
    link.click()
    until(
        lambda: page.locator(".panel canvas.photo").first.evaluate("canvas => canvas.drawn?.block ?? ''"),
        "layers.0.blocks.1",
    )
    expect(page).to_have_url(re.compile(rf"attention\?.*head={state['head'] + 1}"))
    assert page.locator(".panel canvas.photo").first.evaluate("canvas => canvas.drawn.query") == [18, 14]


def test_the_disc_recoloured_turns_the_answer_and_leaves_the_key_that_lost(server: str, page: Page) -> None:
    opened(page, f"{server}/overview?tile=3.2&token=4.3")
    before = root(page)["panel"]
    won = page.locator(".answer-box .won b")
    expect(won).to_have_text("star")
    strongest = max(before["keys"], key=lambda key: key["share"])
    page.get_by_role("radio", name="purple", exact=True).click()
    expect(won).to_have_text("disc")
    expect(page).to_have_url(re.compile("disc=purple"))
    until(lambda: "lost" in root(page)["panel"])
    lost = root(page)["panel"]["lost"]
    assert lost["place"] == [strongest["row"], strongest["column"]]
    after = next(key for key in root(page)["panel"]["keys"] if [key["row"], key["column"]] == lost["place"])
    assert after["share"] < strongest["share"] / 2
    page.get_by_role("radio", name="yellow", exact=True).click()
    expect(won).to_have_text("star")
    answered(page)
    assert "disc=" not in page.url


def test_the_story_runs_once_and_any_hand_ends_it(server: str, profile) -> None:
    page = profile(reduced_motion="no-preference")
    page.goto(f"{server}/")
    until(lambda: page.locator(".says").first.inner_text().startswith("The picture is cut"))
    until(lambda: root(page)["frame"]["line"], "story_border")
    page.keyboard.press("Shift")
    page.mouse.move(300, 300)
    until(lambda: root(page)["frame"]["line"], "")
    expect(page.locator(".says")).to_contain_text("Token (")


def test_without_motion_the_story_is_three_stills(server: str, page: Page) -> None:
    t = Words("en", "overview")
    opened(page, f"{server}/overview")
    for number, line in ((1, "story_border"), (2, "story_both"), (3, "story_beam")):
        page.get_by_role("button", name=t("still", number=number, count=3)).click()
        assert root(page)["frame"]["line"] == line
    page.get_by_role("button", name=t("still_end")).click()
    assert root(page)["frame"]["line"] == ""


def test_a_photograph_is_told_by_places_and_gets_no_classes(server: str, page: Page) -> None:
    opened(page, f"{server}/overview?image=chelsea&whole=1&size=256")
    expect(page.locator(".opening .answers li")).to_have_count(0)
    expect(page.locator(".opening .asked")).to_have_text(Words("en", "overview")("foreign"))
    expect(page.locator(".says")).to_contain_text(re.compile(r"Token \(\d+, \d+\) looks most at"))
    expect(page.locator(".how")).to_contain_text(Words("en", "overview")("rule_even"))


@pytest.mark.parametrize(("language", "theme"), [*zip(LANGUAGES, ("dark", "light"), strict=True)])
def test_it_is_accessible_and_on_a_phone_wide_enough_for_a_finger(
    server: str, profile, language: str, theme: str
) -> None:
    page = opened(profile(**PHONE, color_scheme=theme), f"{server}/overview?lang={language}")
    assert violations(page) == []
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    sizes = page.locator(".acts button, .acts a").evaluate_all("all => all.map((b) => [b.offsetWidth, b.offsetHeight])")
    assert len(sizes) >= 6 and all(min(size) >= 44 for size in sizes), sizes
    box = page.locator(PHOTO).bounding_box()
    assert box["width"] >= 330 and box["y"] < 140
