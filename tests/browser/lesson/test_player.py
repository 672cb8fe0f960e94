"""The player that all lessons share, in a real browser: keys, what lights, what stays, what a grid is refused for."""

import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.windows import windows_lesson
from tests.browser.lesson.test_steps import BOARD, SMALL_GRIDS, opened, same, shown

NOTE = ".board-note >> nth="


def count(page: Page) -> str:
    return page.locator(".player .number").first.inner_text()


def hovered(page: Page, board: int, cell: int) -> dict:
    """What a board lights when the pointer is on a cell, read back from the canvas."""
    canvas = page.locator(f".viz canvas.board >> nth={board}")
    canvas.scroll_into_view_if_needed()
    seats = canvas.evaluate("canvas => Array.from(canvas.drawn.seats)")
    at = np.array(seats).reshape(-1, 2)
    box = canvas.bounding_box()
    rows, columns = np.nanmax(at, axis=0) + 1
    side = min(box["width"] / columns, box["height"] / rows, 64)
    y, x = (at[cell] + 0.5) * side + ((box["height"] - rows * side) / 2, (box["width"] - columns * side) / 2)
    canvas.hover(position={"x": x, "y": y})
    page.wait_for_timeout(150)
    found = canvas.evaluate("canvas => ({ lit: canvas.drawn.lit, alike: Array.from(canvas.drawn.alike ?? []) })")
    return found | {"note": page.locator(f"{NOTE}{board}").inner_text()}


def test_the_cells_of_one_window_light_and_no_others_on_both_boards(server, page) -> None:
    """16 windows of the picture have nine colours: one window's 49 tokens light all the same."""
    opened(page, f"{server}/windows?at=2.1&step=3")
    page.wait_for_timeout(800)
    for board, lesson, columns, cell in ((0, windows_lesson(8, 8, 4), 8, 13), (1, windows_lesson(28, 28, 7), 28, 500)):
        found = hovered(page, board, cell)
        assert found["lit"] == cell
        side = int(len(lesson.sources) ** 0.5) // (2 if board == 0 else 4)
        home = lambda i, n=columns, m=side: (i // n // m, i % n // m)  # noqa: E731
        wanted = [int(home(i) == home(cell)) for i in range(len(lesson.sources))]
        assert found["alike"] == wanted
        window = home(cell)[0] * (columns // side) + home(cell)[1]
        assert f"In window {window}: {side * side} tokens." in found["note"]


def test_a_cell_without_a_window_lights_alone_and_padding_is_counted(server, page) -> None:
    opened(page, f"{server}/windows?h=7&w=9&m=4")
    page.wait_for_timeout(800)
    found = hovered(page, 0, 14)
    assert sum(found["alike"]) == 1 and found["note"] == "Token (1, 2)."
    page.locator(".player input").first.press("End")
    page.wait_for_timeout(800)
    found = hovered(page, 0, 8)
    assert "In window 2: 16 tokens, 12 of them padding." in found["note"]


def test_a_note_does_not_outlive_its_step(server, page) -> None:
    opened(page, f"{server}/shift?step=4")
    page.wait_for_timeout(800)
    assert hovered(page, 0, 3)["note"]
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    expect(page.locator(f"{NOTE}0")).to_have_text("")


def test_arrow_keys_step_without_choosing_the_player_and_leave_boxes_alone(server, page) -> None:
    opened(page, f"{server}/shift")
    for key, wanted in (("ArrowRight", "2 / 8"), ("End", "8 / 8"), ("ArrowLeft", "7 / 8"), ("Home", "1 / 8")):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        assert count(page) == wanted
    page.locator(".stMain h1").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(60)
    assert count(page) == "2 / 8"
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert count(page) == "3 / 8"
    for owner in (page.get_by_label("Shift s"), page.locator(BOARD), page.locator(".extra input[type=range]")):
        owner.focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(60)
        assert count(page) == "3 / 8"


def test_the_lesson_plays_on_in_another_language_and_can_be_stopped(server, page) -> None:
    opened(page, f"{server}/shift")
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_text("中文", exact=True).click()
    pause = page.get_by_role("button", name="暂停", exact=True)
    expect(pause).to_have_attribute("aria-pressed", "true")
    pause.click()
    expect(page.get_by_role("button", name="播放", exact=True)).to_have_attribute("aria-pressed", "false")
    before = count(page)
    page.wait_for_timeout(3200)
    assert count(page) == before


def test_a_lesson_left_and_opened_again_is_at_its_step(server, page) -> None:
    opened(page, f"{server}/windows")
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("step=6"))
    page.get_by_role("link", name="Shift and reach").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shift")
    page.get_by_role("link", name="Windows", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Windows")
    expect(page.locator(".player .number").first).to_have_text("6 / 6")


@pytest.mark.parametrize(
    ("name", "box", "value", "reason"),
    [
        ("windows", "Rows H", "20", "H = 20 is more than can be read in a small grid: 16 at most."),
        ("shift", "Columns W", "0", "W = 0 cannot be: a map has at least 1 column."),
        ("mask", "Window M", "-3", "M = -3 cannot be: a window is at least 1 token wide."),
        ("shift", "Shift s", "9", "A shift of 9 is not smaller than the window of 4"),
        ("shift", "Shift s", "-1", "s = -1 cannot be"),
        ("merging", "Rows H", "0", "H = 0 cannot be"),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_words_and_the_grid_stays(server, page, name, box, value, reason) -> None:
    opened(page, f"{server}/{name}?lang=en")
    before = page.locator(BOARD).evaluate("canvas => Array.from(canvas.drawn.groups).join()")
    page.get_by_label(box).fill(value)
    page.get_by_label(box).press("Enter")
    expect(page.get_by_text(reason)).to_be_visible()
    expect(page.get_by_text("The grid from before stays: H = 8, W = 8")).to_be_visible()
    assert page.locator(BOARD).evaluate("canvas => Array.from(canvas.drawn.groups).join()") == before


def test_an_address_that_cannot_be_is_refused_in_words(server, page) -> None:
    opened(page, f"{server}/windows?h=99")
    expect(page.get_by_text("H = 99 is more than can be read")).to_be_visible()
    same(shown(page), windows_lesson(8, 8, 4), 0)


def test_what_is_shown_follows_the_grid_that_was_accepted(server, page) -> None:
    """A refused box beside a switch, and beside the masks: both show the grid from before."""
    opened(page, f"{server}/mask?h=9&w=8&m=4&s=1")
    page.get_by_label("Shift s").fill("7")
    page.get_by_label("Shift s").press("Enter")
    expect(page.get_by_text("The grid from before stays: H = 9, W = 8, M = 4, s = 1.")).to_be_visible()
    same(shown(page), mask_lesson(9, 8, 4, 1), 0)
    expect(page.locator(".extra .masks").first.locator("canvas")).to_have_count(6)  # 3×2 windows
    opened(page, f"{server}/windows?h=6&w=8&m=2")
    page.get_by_label("Window M").fill("30")
    page.get_by_label("Window M").press("Enter")
    expect(page.get_by_text("The grid from before stays: H = 6, W = 8, M = 2.")).to_be_visible()
    page.get_by_text("View without permute").click()
    page.wait_for_function(
        "root => root.querySelector('.formula').textContent.includes('✗')", arg=page.locator(".viz").element_handle()
    )
    same(shown(page), windows_lesson(6, 8, 2, scramble=True), 0)


def test_the_shift_is_half_the_window_until_it_is_chosen(server, page) -> None:
    opened(page, f"{server}/shift")
    for window, shift in (("6", "3"), ("3", "1"), ("4", "2")):
        page.get_by_label("Window M").fill(window)
        page.get_by_label("Window M").press("Enter")
        expect(page.get_by_label("Shift s")).to_have_value(shift)
    page.get_by_label("Shift s").fill("1")
    page.get_by_label("Shift s").press("Enter")
    expect(page).to_have_url(re.compile("s=1"))
    page.get_by_label("Window M").fill("6")
    page.get_by_label("Window M").press("Enter")
    expect(page).to_have_url(re.compile("m=6"))
    expect(page.get_by_label("Shift s")).to_have_value("1")
    page.wait_for_timeout(600)
    same(shown(page), shift_lesson(8, 8, 6, 1), 0)


@pytest.mark.parametrize("name", ["windows", "shift", "mask", "bias", "merging"])
def test_boards_formula_and_code_are_seen_together_on_a_laptop(server, browser: Browser, name: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.set_default_timeout(60_000)
    page = opened(context.new_page(), f"{server}/{name}?step=4")
    page.locator(".player").first.evaluate("node => node.scrollIntoView({ block: 'start' })")
    ends = [page.locator(each).first.bounding_box() for each in (".player", ".viz .boards ~ .code .lit")]
    visible = page.locator(".viz .boards ~ .code").evaluate("""box => {
        const [outer, lit] = [box, box.querySelector(".lit")].map((node) => node.getBoundingClientRect());
        return lit.top >= outer.top && lit.bottom <= outer.bottom + 1;
    }""")
    context.close()
    assert visible
    assert ends[1]["y"] + ends[1]["height"] - ends[0]["y"] <= 800 - 60  # Streamlit's own bar


def test_the_pair_of_blocks_is_a_picture_and_lights_with_the_step(server, page, scene) -> None:
    opened(page, f"{server}/shift?at=2.2")
    pair = page.locator(".block-pair figure")
    expect(pair.nth(0)).to_have_class("lit")
    assert [pair.nth(i).inner_text() for i in (0, 1)] == ["Block 2.1: W-MSA", "Block 2.2: SW-MSA"]
    page.keyboard.press("ArrowRight")
    expect(pair.nth(1)).to_have_class("lit")
    pixels = [pair.nth(i).locator("canvas").evaluate("canvas => canvas.toDataURL()") for i in (0, 1)]
    assert pixels[0] != pixels[1]


def test_both_ways_stand_in_a_table_with_their_counts_and_results(server, page) -> None:
    opened(page, f"{server}/shift?at=2.2&h=7&w=9&m=4&s=1")
    rows = page.locator("table tbody tr").all_inner_texts()
    assert [row.split("\t")[1:4] for row in rows] == [
        ["cyclic (roll)", "16", "784"],
        ["naive (padding)", "25", "1,225"],
        ["cyclic (roll)", "6", "96"],
        ["naive (padding)", "12", "192"],
    ]
    assert "4.00" not in rows[0] and rows[1].endswith("1.56") and rows[3].endswith("2.00")
    expect(page.get_by_text("both ways give the same: the largest difference is")).to_be_visible()


def test_degenerate_grids_have_their_own_words(server, page) -> None:
    opened(page, f"{server}/shift?at=2.2&h=4&w=9&m=4&s=2&step=2")
    text = page.locator(".lesson-text")
    expect(text).to_contain_text("A small grid of your own: The map has more than one window along one axis only")
    expect(text).to_contain_text("Your picture, at this block's real size: The seams of the roll")
    opened(page, f"{server}/shift?at=2.2&s=0&step=2")
    expect(text).to_contain_text("Nothing will move: s is 0")


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_headings_come_in_their_order(server, page, name: str) -> None:
    opened(page, f"{server}/{name}")
    page.wait_for_timeout(900)
    found = Axe().run(page, context=".stMain", options={"runOnly": {"type": "rule", "values": ["heading-order"]}})
    assert found.response["violations"] == []


def test_the_offline_file_holds_the_pages_facts(server, page, browser: Browser) -> None:
    opened(page, f"{server}/shift?at=2.2")
    table = page.locator("table tbody tr").all_inner_texts()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Lesson as one offline HTML file").click()
    path = Path(waiting.value.path()).rename(Path(waiting.value.path()).with_suffix(".html"))
    alone = opened(browser.new_context(offline=True).new_page(), path.as_uri())
    expect(alone.get_by_role("heading", level=2).last).to_contain_text("Without the roll")
    assert alone.locator("table tbody tr").all_inner_texts() == table
    assert "**" not in alone.locator("section").last.inner_text()
    alone.keyboard.press("ArrowRight")
    expect(alone.locator(".player .number").first).to_have_text("2 / 8")
    alone.context.close()


def test_a_grid_too_large_for_a_gif_says_so(server, page) -> None:
    opened(page, f"{server}/bias?side=7")
    expect(page.get_by_text("No GIF of this grid: its 2401 cells are more than the 800")).to_be_visible()
    expect(page.get_by_role("button", name="Small grid as GIF")).to_have_count(0)
