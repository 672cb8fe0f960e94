"""The step-by-step pages in a real browser: what moves is what Python computed, and stepping asks nobody."""

import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from swin_viz.engine.trace import Trace
from swin_viz.lessons.bias import bias_lesson
from swin_viz.lessons.board import Lesson
from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.merging import merging_lesson
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.windows import windows_lesson

SMALL_GRIDS = {
    "windows": windows_lesson(8, 8, 4),
    "shift": shift_lesson(8, 8, 4, 2),
    "mask": mask_lesson(8, 8, 4, 2),
    "bias": bias_lesson(3, 5),
    "merging": merging_lesson(8, 8),
}
BOARD = ".viz canvas.board >> nth=0"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function("root => Boolean(root.drawn)", arg=page.locator(".viz").element_handle())
    page.wait_for_function("canvas => Boolean(canvas.drawn)", arg=page.locator(BOARD).element_handle())
    return page


def shown(page: Page, board: int = 0) -> dict[str, np.ndarray]:
    page.wait_for_timeout(800)  # the cells' way takes 650 ms
    found = page.locator(f".viz canvas.board >> nth={board}").evaluate(
        """canvas => ({step: canvas.drawn.step, at: Array.from(canvas.drawn.seats, (x) => isNaN(x) ? null : x),
            values: Array.from(canvas.drawn.values, (x) => isNaN(x) ? null : x),
            groups: Array.from(canvas.drawn.groups)})"""
    )
    return {name: np.array(values, dtype=float) for name, values in found.items()}


def same(found: dict[str, np.ndarray], lesson: Lesson, number: int) -> None:
    each = lesson.steps[number]
    assert found["step"] == number
    np.testing.assert_allclose(found["at"].reshape(-1, 2), each.at, atol=1e-6)
    np.testing.assert_allclose(found["values"], each.values, atol=1e-6)
    np.testing.assert_array_equal(found["groups"], each.groups)


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_every_step_shows_the_lessons_arrays_and_asks_nothing(server, page, name: str) -> None:
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    opened(page, f"{server}/{name}")
    page.wait_for_timeout(1200)
    sent.clear()
    lesson = SMALL_GRIDS[name]
    for number in range(len(lesson.steps)):
        same(shown(page), lesson, number)
        expect(page.locator(".formula .lit")).to_contain_text(lesson.formula[lesson.steps[number].formula])
        page.locator(".player").first.get_by_role("button", name="Next").click()
    assert len(sent) <= len(lesson.steps)  # the settled step at most, for the address


def test_the_photo_board_is_the_real_block(server, page, scene) -> None:
    opened(page, f"{server}/shift?at=3.2&step=3")
    block = scene.blocks[5]
    same(shown(page, board=1), shift_lesson(*block.size, block.window, 3), 2)


def test_keys_scrub_and_links_lead_to_the_same_step(server, page, browser: Browser) -> None:
    opened(page, f"{server}/windows")
    page.locator(".player input").first.focus()
    for key in ("End", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    same(shown(page), SMALL_GRIDS["windows"], 3)
    expect(page).to_have_url(re.compile("step=4"))
    again = browser.new_context().new_page()
    same(shown(opened(again, page.url)), SMALL_GRIDS["windows"], 3)
    again.context.close()


def test_impossible_grids_say_why_and_keep_the_last(server, page) -> None:
    opened(page, f"{server}/shift?h=8&w=8&m=4&s=2")
    box = page.get_by_label("Shift s")
    box.fill("6")
    box.press("Enter")
    expect(page.get_by_text("A shift of 6 is not smaller than the window of 4")).to_be_visible()
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
    section = page.locator(".extra")
    found = section.evaluate("node => node.drawn")
    assert found["at"] == [28, 28]
    for shares, shifted in zip(found["shares"], (True, False), strict=True):
        np.testing.assert_allclose(shares, reach_by_flooding(scene, (28, 28), shifted))
    photo = section.locator("canvas.photo").first
    photo.scroll_into_view_if_needed()
    box = photo.bounding_box()
    photo.hover(position={"x": 2, "y": box["height"] - 3})
    page.wait_for_timeout(200)
    found = section.evaluate("node => node.drawn")
    assert found["at"] == [55, 0]
    np.testing.assert_allclose(found["shares"][0], reach_by_flooding(scene, (55, 0), True))


@pytest.mark.parametrize(("number", "at"), [(2, (20, 9)), (3, (27, 1)), (3, (12, 12))])
def test_a_token_sees_what_shares_its_window_and_region(server, page, scene, number: int, at: tuple[int, int]) -> None:
    block = scene.blocks[number]
    opened(page, f"{server}/windows?at=2.{number - 1}")
    photo = page.locator(".extra canvas.photo").first
    photo.scroll_into_view_if_needed()
    box = photo.bounding_box()
    photo.hover(position={"x": (at[1] + 0.5) / 28 * box["width"], "y": (at[0] + 0.5) / 28 * box["height"]})
    page.wait_for_timeout(200)
    found = page.locator(".extra").evaluate("node => ({ at: node.drawn.at, seen: Array.from(node.drawn.seen) })")
    probs = block.shares().sum(1)  # what gets any attention at all is what is seen
    w, slot = np.argwhere(block.places == at[0] * 28 + at[1])[0]
    allowed = block.mask_kinds[block.mask_of[w], slot] == 0
    assert not probs[w, slot][~allowed].any()
    seen = np.zeros(28 * 28, int)
    seen[block.places[w][allowed]] = 1
    assert found == {"at": list(at), "seen": seen.tolist()}


def test_why_a_pair_is_blocked_is_judged_by_the_real_mask(server, page, scene) -> None:
    opened(page, f"{server}/mask?at=2.2")
    block = scene.blocks[3]
    section = page.locator(".extra")
    section.locator("canvas.photo").scroll_into_view_if_needed()
    box = section.locator("canvas.photo").bounding_box()

    def click(row: int, column: int) -> None:
        section.locator("canvas.photo").click(
            position={"x": (column + 0.5) / 28 * box["width"], "y": (row + 0.5) / 28 * box["height"]}
        )

    pairs = [((27, 27), (0, 0)), ((27, 27), (26, 26)), ((10, 10), (24, 3)), ((5, 0), (5, 27))]
    for first, second in pairs:
        click(*first)
        click(*second)
        page.wait_for_timeout(150)
        found = section.evaluate("node => node.drawn")
        assert found["chosen"] == [list(first), list(second)]
        assert found["verdict"] == verdict(block, first, second)


def test_a_cell_of_a_mask_chooses_its_pair(server, page, scene) -> None:
    opened(page, f"{server}/mask?at=2.2")
    block = scene.blocks[3]
    section = page.locator(".extra")
    for kind in range(len(block.mask_kinds)):
        card = section.locator("canvas.pairs-of-mask").nth(kind)
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        card.click(position={"x": (3 + 0.5) / 49 * box["width"], "y": (30 + 0.5) / 49 * box["height"]})
        page.wait_for_timeout(150)
        found = section.evaluate("node => node.drawn")
        windows = np.flatnonzero(block.mask_of == kind)
        pairs = [[list(divmod(int(block.places[w, slot]), block.padded[1])) for slot in (30, 3)] for w in windows]
        assert found["chosen"] in pairs
        assert (found["verdict"] == "verdict_blocked") == bool(block.mask_kinds[kind, 30, 3])


def test_the_first_pair_is_a_blocked_one_of_real_tokens(server, page) -> None:
    opened(page, f"{server}/mask?at=2.2&image=chelsea&whole=1&size=256")  # 22×32 tokens, padded to 28×35
    found = page.locator(".extra").evaluate("node => node.drawn")
    assert found["verdict"] == "verdict_blocked"
    assert all(row < 22 and column < 32 for row, column in found["chosen"])


def verdict(block, first: tuple[int, int], second: tuple[int, int]) -> str:
    (w, p), (v, q) = (np.argwhere(block.places == at[0] * block.padded[1] + at[1])[0] for at in (first, second))
    if w != v:
        return "verdict_apart"
    return "verdict_blocked" if block.mask_kinds[block.mask_of[w], p, q] else "verdict_free"


def test_a_hovered_table_cell_shows_the_learned_number(server, page, scene) -> None:
    opened(page, f"{server}/bias?at=2.1")
    card = page.locator(".tables >> nth=0 >> figure >> nth=2 >> canvas")
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    at = {"x": (12 - 8 + 0.5) / 13 * box["width"], "y": (12 - 4 + 0.5) / 13 * box["height"]}
    card.hover(position=at)  # where the key lies: the table turned by half
    page.wait_for_timeout(150)
    assert card.evaluate("canvas => canvas.drawn") == pytest.approx(
        float(scene.blocks[2].table[4 * 13 + 8, 1]), abs=1e-6
    )
    expect(page.locator(".extra .reach-line").last).to_contain_text(
        "Δy = -2, Δx = 2; the key lies at (2, -2) from the query. Index 60, shared by 25 pairs"
    )


def linked(page: Page, scene: Trace, name: str) -> dict:
    """The pair that is lit everywhere, after checking it against the definition of the index and the model's bias."""
    page.wait_for_timeout(150)
    found = page.locator(".extra > div").first.evaluate("node => node.drawn")
    block = scene.block(name)
    (qy, qx), (ky, kx) = divmod(found["query"], 7), divmod(found["key"], 7)
    assert found["index"] == (qy - ky + 6) * 13 + qx - kx + 6
    assert found["bias"] == pytest.approx(float(block.bias[found["head"], found["query"], found["key"]]), abs=1e-6)
    alike = [p * 49 + k for p in range(49) for k in range(49) if (p // 7 - k // 7, p % 7 - k % 7) == (qy - ky, qx - kx)]
    assert found["alike"] == alike
    expect(page.locator(".extra .reach-line").first).to_contain_text(f"= {found['index']}. Head {found['head'] + 1}")
    return found


def at_cell(page: Page, picture: int, row: int, column: int, side: int) -> None:
    canvas = page.locator(".three canvas").nth(picture)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.hover(position={"x": (column + 0.5) / side * box["width"], "y": (row + 0.5) / side * box["height"]})


def test_picture_index_matrix_and_table_light_the_same_pair(server, page, scene) -> None:
    name = "layers.1.blocks.1"  # shifted
    opened(page, f"{server}/bias?at=2.2")
    linked(page, scene, name)
    at_cell(page, 1, 30, 4, 49)
    found = linked(page, scene, name)
    assert (found["query"], found["key"]) == (30, 4)
    at_cell(page, 2, 2, 9, 13)
    found = linked(page, scene, name)
    assert found["index"] == 2 * 13 + 9
    page.locator(".viz").get_by_role("combobox", name="Head").select_option(label="3")
    at_cell(page, 0, 12, 12, 28)  # of the middle window, rows and columns 10 to 16
    found = linked(page, scene, name)
    assert (found["key"], found["head"]) == (2 * 7 + 2, 2)
    page.locator(".three canvas").first.click(position={"x": 1, "y": 1})
    found = linked(page, scene, name)
    assert scene.block(name).places[found["window"], found["query"]] == 0
    page.locator(".three canvas").nth(1).press("ArrowDown")
    assert linked(page, scene, name)["query"] == found["query"] + 1


def test_cells_and_offsets_are_reached_by_keys_alone(server, page, scene) -> None:
    opened(page, f"{server}/bias?at=2.1&step=7")
    board = page.locator(".board").first
    board.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):  # the first press lights pair (0, 0)
        board.press(key)
    page.wait_for_timeout(150)
    expect(page.locator(".board-note").first).to_contain_text("Query token 1, key token 1")
    offsets = page.locator(".tables canvas").first
    offsets.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):  # the key moves down and to the right
        offsets.press(key)
    expect(page.locator(".extra .reach-line").last).to_contain_text("Δy = -1, Δx = 1")  # it starts at (1, 2)
    drawn = page.locator(".tables >> nth=0 >> figure >> nth=2 >> canvas").evaluate("canvas => canvas.drawn")
    assert drawn == pytest.approx(float(scene.blocks[2].table[5 * 13 + 7, 1]), abs=1e-6)


def test_a_lesson_works_offline_as_one_file(server, page, browser: Browser) -> None:
    opened(page, f"{server}/mask?lang=zh")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="整课存为离线 HTML 文件").click()
    path = Path(waiting.value.path()).rename(Path(waiting.value.path()).with_suffix(".html"))
    alone = browser.new_context(offline=True).new_page()
    problems: list[str] = []
    alone.on("pageerror", lambda error: problems.append(str(error)))
    opened(alone, path.as_uri())
    same(shown(alone), SMALL_GRIDS["mask"], 0)
    alone.get_by_role("button", name="下一步").click()
    same(shown(alone), SMALL_GRIDS["mask"], 1)
    assert problems == []
    alone.context.close()


@pytest.mark.parametrize("name", SMALL_GRIDS)
@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
def test_axe_finds_nothing(server, browser: Browser, name: str, width: int, scheme: str, language: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = opened(context.new_page(), f"{server}/{name}?lang={language}&step=2")
    page.wait_for_timeout(900)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, context=".stMain", options=options).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert wide <= width


def test_a_step_just_taken_does_not_clear_the_page_that_opens_on_a_slow_network(server, page) -> None:
    """What settles after the click on a link, told while the server makes the new page, would call the old one back."""
    held: list[bytes | str] = []
    slow, upstreams = [False], []

    def between(socket: WebSocketRoute) -> None:
        upstreams.append(socket.connect_to_server())
        socket.on_message(lambda message: held.append(message) if slow[0] else upstreams[-1].send(message))

    page.route_web_socket(re.compile("_stcore/stream"), between)
    opened(page, f"{server}/windows")
    page.wait_for_timeout(600)
    slow[0] = True
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("link", name="Shift and reach").click()
    page.wait_for_timeout(900)  # a step settles after 350 ms
    assert held
    slow[0] = False
    for message in held:
        upstreams[-1].send(message)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shift")
    page.wait_for_timeout(1000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shift")
    expect(page.locator(BOARD)).to_be_visible()
