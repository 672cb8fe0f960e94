"""What a visitor does in a lesson, and what its boards show."""

from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page, expect

from swin_viz.lessons.bias import bias_lesson
from swin_viz.lessons.block import block_lesson
from swin_viz.lessons.board import Lesson
from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.merging import merging_lesson
from swin_viz.lessons.patches import patches_lesson
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.windows import windows_lesson
from tests.browser import hands
from tests.browser.hands import frame, middle, until

SMALL_GRIDS = {
    "patches": patches_lesson(7, 10),
    "windows": windows_lesson(7, 8, 4),
    "shift": shift_lesson(7, 8, 4, 2),
    "mask": mask_lesson(7, 8, 4, 2),
    "bias": bias_lesson(3, 5),
    "block": block_lesson(3),
    "merging": merging_lesson(7, 8),
}
BOARD = ".viz canvas.board >> nth=0"
EXTRA = ".viz .extra"


def opened(page: Page, address: str) -> Page:
    return hands.visit(page, address, BOARD)


def offline(page: Page, button: str) -> Path:
    """The lesson as one file."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    path = Path(waiting.value.path())
    return path.rename(path.with_suffix(".html"))


def opened_alone(page: Page, path: Path) -> Page:
    page.goto(path.as_uri())
    until(lambda: page.locator(BOARD).evaluate("canvas => Boolean(canvas.drawn)"))
    return page


def arrived(page: Page) -> None:
    """The cells have arrived at the player's step."""
    there = "root => [...root.querySelectorAll('.board')].every(({ drawn }) => drawn?.step === root.drawn.step)"
    frame(page)
    until(lambda: page.locator(".viz").evaluate(there))


def shown(page: Page, board: int = 0) -> dict[str, np.ndarray]:
    """A board's step, seats, values and groups, once its cells have arrived."""
    arrived(page)
    found = page.locator(f".viz canvas.board >> nth={board}").evaluate(
        """canvas => ({step: canvas.drawn.step, at: Array.from(canvas.drawn.seats, (x) => isNaN(x) ? null : x),
            values: Array.from(canvas.drawn.values, (x) => isNaN(x) ? null : x),
            groups: Array.from(canvas.drawn.groups)})"""
    )
    return {name: np.array(values, dtype=float) for name, values in found.items()}


def same(found: dict[str, np.ndarray], lesson: Lesson, number: int) -> None:
    """What a board shows is a lesson's step."""
    each = lesson.steps[number]
    assert found["step"] == number
    np.testing.assert_allclose(found["at"].reshape(-1, 2), each.at, atol=1e-6)
    np.testing.assert_allclose(found["values"], each.values, atol=1e-6)
    np.testing.assert_array_equal(found["groups"], each.groups)


def drawn(page: Page, part: str = EXTRA) -> object:
    """What a part of the page below the boards says that it has drawn."""
    frame(page)
    return page.locator(part).first.evaluate("node => node.drawn")


def hover(target: Locator, row: float, column: float, rows: int, columns: int) -> None:
    """Move the mouse to the middle of a cell of a picture of rows × columns cells."""
    target.hover(position=middle(target, row, column, rows, columns))
    frame(target.page)


def hover_seat(page: Page, row: float, column: float, rows: float, columns: float, board: int = 0) -> str:
    """Point at the cell of a board that stands at a row and column of a layout that fits it → the note."""
    canvas = page.locator(".viz canvas.board").nth(board)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    scale = min(box["width"] // columns, box["height"] // rows, 105)  # whole pixels
    x = (box["width"] - columns * scale) // 2 + (column + 0.5) * scale
    y = (box["height"] - rows * scale) // 2 + (row + 0.5) * scale
    canvas.hover(position={"x": x, "y": y})
    return page.locator(".board-note").nth(board).text_content()


def own_grid(page: Page) -> Locator:
    """What the boards are made from, unfolded."""
    folded = page.locator(".st-key-own_grid")
    if folded.locator("details").get_attribute("open") is None:
        folded.locator("summary").click()
    return folded


def current(page: Page) -> Locator:
    """The tick of the step that is shown: where the keys are."""
    return page.locator(".ticks [aria-current=step]").first


def enter(page: Page, box: str, value: str) -> None:
    """Type a number into a box of the small grid."""
    own_grid(page)
    page.get_by_label(box).fill(value)
    page.get_by_label(box).press("Enter")


def at_step(page: Page, step: int, count: int) -> None:
    expect(page.locator(".player .number").first).to_have_text(f"{step} / {count}")
