"""A lesson on one screen: what is seen of every step without a scroll, and no step that looks like another."""

import hashlib
import re

import pytest
from playwright.sync_api import Page, expect

from swin_viz.app.menu import NAMES
from tests.browser.hands import PHONE, answered, frame, violations
from tests.browser.lesson.hands import SMALL_GRIDS, arrived, at_step, opened

LAPTOP = {"viewport": {"width": 1280, "height": 720}}
BAR = 60  # pixels of a phone's player
SEEN = """root => {
    const box = (node) => node.getBoundingClientRect();
    const [all, lit] = [box(root.querySelector(".running .code")), box(root.querySelector(".running .lit"))];
    return {
        top: box(root).top, width: root.clientWidth,
        ends: [".formula .lit", ".lesson-text", ".boards", ".foot"].map((part) => box(root.querySelector(part)).bottom),
        boards: [...root.querySelectorAll(".boards canvas")].map((node) => [box(node).width, box(node).height]),
        lit: lit.top >= all.top - 1 && lit.bottom <= all.bottom + 1, litEnd: lit.bottom,
        player: box(root.querySelector(".player")),
        shown: [...root.querySelectorAll(".running code:not([hidden])")].length,
    };
}"""


def seen(page: Page) -> dict:
    arrived(page)
    return page.locator(".viz").evaluate(SEEN)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_every_step_is_seen_whole_on_a_laptop(server, profile, name: str, language: str) -> None:
    page = opened(profile(**LAPTOP), f"{server}/{name}?lang={language}")
    for number in range(len(SMALL_GRIDS[name].steps)):
        found = seen(page)
        assert found["lit"], number
        assert found["shown"] >= min(8, len(SMALL_GRIDS[name].code))
        assert max(found["ends"]) - found["top"] <= 720 - 48 - 16, (number, found)
        assert found["litEnd"] - found["top"] <= 720 - 48 - 16
        assert found["player"]["height"] == 36
        assert found["top"] == 48  # right below the head line: the grid's own boxes push nothing down
        assert all(min(sides) >= 400 for sides in found["boards"]), found["boards"]
        page.keyboard.press("ArrowRight")
        frame(page)


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_boards_grow_with_the_screen(server, profile, name: str) -> None:
    found = seen(opened(profile(viewport={"width": 1920, "height": 1080}), f"{server}/{name}?step=2"))
    assert all(min(sides) >= 560 for sides in found["boards"])
    assert max(found["ends"]) - found["top"] <= 1080 - 48 - 16


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_on_a_phone_the_player_stands_at_the_bottom_and_its_buttons_are_large(server, profile, name: str) -> None:
    page = opened(profile(**PHONE), f"{server}/{name}?step=3")
    found = seen(page)
    assert (found["player"]["height"], found["player"]["bottom"]) == (BAR, 844)
    assert all(width >= 340 for width, _ in found["boards"])
    formula = page.locator(".formula")
    box, lit = formula.bounding_box(), formula.locator(".lit").bounding_box()
    assert box["x"] - 1 <= lit["x"] and lit["x"] + lit["width"] <= box["x"] + box["width"] + 1
    for button in page.locator(".player button:visible").all():
        assert button.bounding_box()["height"] >= 44
    assert violations(page) == []
    page.keyboard.press("Home")
    for _ in SMALL_GRIDS[name].steps:
        lit = page.locator(".code .lit").first.bounding_box()
        assert lit["y"] + lit["height"] <= 844 - BAR, "the lit line is behind the player"
        page.keyboard.press("ArrowRight")
        frame(page)


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_no_two_steps_look_the_same(server, profile, name: str) -> None:
    """The boards' own pixels, before any word is read."""
    page = opened(profile(**LAPTOP), f"{server}/{name}")
    looks = []
    for _ in SMALL_GRIDS[name].steps:
        arrived(page)
        pictures = page.locator(".viz canvas.board").evaluate_all("all => all.map((each) => each.toDataURL())")
        looks.append([hashlib.sha1(each.encode()).hexdigest() for each in pictures])
        page.keyboard.press("ArrowRight")
        frame(page)
    for board in zip(*looks, strict=True):
        assert len(set(board)) == len(board), board


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_the_last_step_leads_to_the_next_screen_of_the_menu_without_a_reload(server, page, name: str) -> None:
    opened(page, f"{server}/{name}")
    page.evaluate("() => { window.same = true; }")
    page.keyboard.press("End")
    link = page.locator(".player a.main")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    after = NAMES[NAMES.index(name) + 1]
    expect(page).to_have_url(re.compile(f"/{after}(\\?|$)"))
    answered(page)
    assert page.evaluate("window.same") is True
    if after in SMALL_GRIDS:
        expect(page.get_by_role("button", name="Next", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"/{after}\\?.*step=2"))


def test_the_focus_goes_from_next_to_the_next_lesson_and_back(server, page) -> None:
    opened(page, f"{server}/merging?step=5")
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    at_step(page, 6, 6)
    expect(page.locator(".player a.main")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    at_step(page, 5, 6)
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_focused()


def test_the_whole_source_can_be_opened(server, page) -> None:
    opened(page, f"{server}/shift?step=3")
    lines = page.locator(".running code:visible")
    few = lines.count()
    page.get_by_role("button", name="Whole source").click()
    assert lines.count() > few + 8
    page.get_by_role("button", name="Only these lines").click()
    assert lines.count() == few


def test_a_pair_of_two_regions_is_a_split_cell_and_a_blocked_one_is_hatched(server, profile) -> None:
    """Pixels of the small grid's table: both hues where the regions differ, one where not; a hatch, and plain."""
    page = opened(profile(**LAPTOP), f"{server}/mask?step=8")
    read = """(canvas, pair) => {
        const at = 4 * pair, [x, y, w, h] = canvas.drawn.boxes.slice(at, at + 4).map((each) => each * devicePixelRatio);
        const data = canvas.getContext("2d").getImageData(x, y, w - 1, h - 1).data;
        const found = new Set();
        for (let i = 0; i < data.length; i += 4) found.add(data.slice(i, i + 3).join());
        return { kinds: found.size, corners: [data.slice(0, 3).join(), data.slice(-4, -1).join()] };
    }"""
    board, (start, _) = page.locator(".viz canvas.board").first, SMALL_GRIDS["mask"].pairs
    same, other = start + 0, start + 2  # of the last window: slots 0 and 0, and 0 and 2, which lies across the seam
    split = board.evaluate(read, other)["corners"]
    assert split[0] != split[1]
    whole = board.evaluate(read, same)["corners"]
    assert whole[0] == whole[1]
    page.keyboard.press("ArrowRight")
    arrived(page)
    assert board.evaluate(read, other)["kinds"] > board.evaluate(read, same)["kinds"]
