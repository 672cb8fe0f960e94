"""The shift lesson in a real browser: the real block's own steps, how far a token reaches, and both ways compared."""

import re

import numpy as np
from playwright.sync_api import expect

from swin_viz.engine.trace import Trace
from swin_viz.lessons.shift import shift_lesson
from tests.browser.hands import answered
from tests.browser.lesson.hands import EXTRA, SMALL_GRIDS, drawn, enter, hover, opened, same, shown


def test_the_photo_board_is_the_real_block(server, page, scene) -> None:
    opened(page, f"{server}/shift?block=3.2&step=3")
    block = scene.blocks[5]
    same(shown(page, board=1), shift_lesson(*block.size, block.window, 3), 2)


def test_impossible_grids_say_why_and_keep_the_last(server, page) -> None:
    opened(page, f"{server}/shift?h=7&w=8&m=4&s=2")
    enter(page, "Shift s", "6")
    expect(page.locator(".over").get_by_text("A shift of 6 is not smaller than the window of 4")).to_be_visible()
    answered(page)
    same(shown(page), SMALL_GRIDS["shift"], 0)


def reach_by_flooding(trace: Trace, token: tuple[int, int], shifted: bool) -> list[float]:
    """Second way: tokens join whom they may attend to by their coordinates alone."""
    reached = {token}
    shares = []
    for number, block in enumerate(trace.blocks):
        if number and trace.blocks[number - 1].stage != block.stage:
            reached = {(row // 2, column // 2) for row, column in reached}
        shift = block.shift if shifted else (0, 0)

        def home(at: tuple[int, int], block=block, shift=shift) -> tuple:
            moved = tuple((at[i] - shift[i]) % block.padded[i] // block.window for i in (0, 1))
            return moved + tuple(at[i] < shift[i] for i in (0, 1))

        homes = {home(at) for at in reached}
        reached = {at for at in np.ndindex(*block.size) if home(at) in homes}
        shares.append(len(reached) / (block.size[0] * block.size[1]))
    return shares


def test_reach_is_that_of_flooding_with_and_without_the_shift(server, page, scene) -> None:
    opened(page, f"{server}/shift")
    found = drawn(page)
    assert found["at"] == [28, 28]
    for shares, shifted in zip(found["shares"], (True, False), strict=True):
        np.testing.assert_allclose(shares, reach_by_flooding(scene, (28, 28), shifted))
    hover(page.locator(f"{EXTRA} canvas.photo").first, 55, 0, 56, 56)
    found = drawn(page)
    assert found["at"] == [55, 0]
    np.testing.assert_allclose(found["shares"][0], reach_by_flooding(scene, (55, 0), True))


def test_the_shift_is_half_the_window_until_it_is_chosen(server, page) -> None:
    opened(page, f"{server}/shift")
    for window, shift in (("6", "3"), ("3", "1"), ("4", "2")):
        enter(page, "Window M", window)
        expect(page.get_by_label("Shift s")).to_have_value(shift)
    enter(page, "Shift s", "1")
    expect(page).to_have_url(re.compile("s=1"))
    enter(page, "Window M", "6")
    expect(page).to_have_url(re.compile("m=6"))
    expect(page.get_by_label("Shift s")).to_have_value("1")
    answered(page)
    same(shown(page), shift_lesson(7, 8, 6, 1), 0)


def test_the_pair_of_blocks_is_a_picture_and_lights_with_the_step(server, page, scene) -> None:
    opened(page, f"{server}/shift?block=2.2")
    pair = page.locator(".block-pair figure")
    expect(pair.nth(0)).to_have_class("lit")
    assert [pair.nth(i).inner_text() for i in (0, 1)] == ["Block 2.1: W-MSA", "Block 2.2: SW-MSA"]
    page.keyboard.press("ArrowRight")
    expect(pair.nth(1)).to_have_class("lit")
    pixels = [pair.nth(i).locator("canvas").evaluate("canvas => canvas.toDataURL()") for i in (0, 1)]
    assert pixels[0] != pixels[1]


def test_both_ways_stand_in_a_table_with_their_counts_and_results(server, page) -> None:
    opened(page, f"{server}/shift?block=2.2&h=7&w=9&m=4&s=1")
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
    opened(page, f"{server}/shift?block=2.2&h=4&w=9&m=4&s=2&step=2")
    text = page.locator(".lesson-text")
    expect(text).to_contain_text("A small grid of your own: The map has more than one window along one axis only")
    expect(text).to_contain_text("Your picture, in block 2.2: The seams of the roll")
    opened(page, f"{server}/shift?block=2.2&s=0&step=2")
    expect(text).to_contain_text("Nothing will move: s is 0")
