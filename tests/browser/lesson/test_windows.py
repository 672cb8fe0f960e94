"""The Windows lesson in a real browser: which tokens belong together, on the small grid and on the real block."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from swin_viz.lessons.windows import windows_lesson
from tests.browser.hands import frame
from tests.browser.lesson.hands import EXTRA, arrived, current, enter, hover, opened, own_grid, same, shown


def hovered(page: Page, board: int, cell: int) -> dict:
    """What a board lights when the pointer is on a cell, read back from the canvas."""
    canvas = page.locator(f".viz canvas.board >> nth={board}")
    canvas.scroll_into_view_if_needed()
    seats = canvas.evaluate("canvas => Array.from(canvas.drawn.boxes)")
    left, top, width, height = np.array(seats).reshape(-1, 4)[cell]
    x, y = left + width / 2, top + height / 2
    canvas.hover(position={"x": x, "y": y})
    frame(page)
    found = canvas.evaluate("canvas => ({ lit: canvas.drawn.lit, alike: Array.from(canvas.drawn.alike ?? []) })")
    return found | {"note": page.locator(f".board-note >> nth={board}").inner_text()}


def test_the_cells_of_one_window_light_and_no_others_on_both_boards(server, page) -> None:
    """16 windows of the picture have nine colours: one window's 49 tokens light all the same."""
    opened(page, f"{server}/windows?block=2.1&step=3")
    for board, lesson, columns, cell in ((0, windows_lesson(7, 8, 4), 8, 13), (1, windows_lesson(28, 28, 7), 28, 500)):
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
    found = hovered(page, 0, 14)
    assert sum(found["alike"]) == 1 and found["note"] == "Token (1, 2)."
    current(page).press("End")
    arrived(page)
    found = hovered(page, 0, 8)
    assert "In window 2: 16 tokens, 12 of them padding." in found["note"]


@pytest.mark.parametrize(("number", "at"), [(2, (20, 9)), (3, (27, 1)), (3, (12, 12))])
def test_a_token_sees_what_shares_its_window_and_region(server, page, scene, number: int, at: tuple[int, int]) -> None:
    block = scene.blocks[number]
    opened(page, f"{server}/windows?block=2.{number - 1}")
    hover(page.locator(f"{EXTRA} canvas.photo").first, *at, 28, 28)
    found = page.locator(EXTRA).evaluate("node => ({ at: node.drawn.at, seen: Array.from(node.drawn.seen) })")
    probs = block.shares().sum(1)  # what gets any attention at all is what is seen
    w, slot = np.argwhere(block.places == at[0] * 28 + at[1])[0]
    allowed = block.mask_kinds[block.mask_of[w], slot] == 0
    assert not probs[w, slot][~allowed].any()
    seen = np.zeros(28 * 28, int)
    seen[block.places[w][allowed]] = 1
    assert found == {"at": list(at), "seen": seen.tolist()}


def test_a_refused_box_beside_a_switch_leaves_the_grid_from_before(server, page) -> None:
    opened(page, f"{server}/windows?h=6&w=8&m=2")
    enter(page, "Window M", "30")
    expect(page.locator(".over").get_by_text("The grid from before stays: H = 6, W = 8, M = 2.")).to_be_visible()
    own_grid(page).get_by_text("View without permute").click()
    expect(page.locator(".viz .formula")).to_contain_text("✗")
    same(shown(page), windows_lesson(6, 8, 2, scramble=True), 0)
