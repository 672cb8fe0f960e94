"""The bias lesson in a real browser: index, table and matrix against the definition and the model's own numbers."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.engine.trace import Trace
from swin_viz.lessons.bias import bias_lesson, looked_up
from swin_viz.network.windows import relative_index
from swin_viz.paths import BUILTIN
from tests.browser.lesson.hands import EXTRA, drawn, hover, hover_seat, opened, same, shown


@pytest.mark.parametrize(("way", "factor"), [("right", 5), ("none", 1), ("near", 4)])
def test_the_bias_lesson_ends_in_the_chosen_heads_numbers(server, page, scene, way: str, factor: int) -> None:
    opened(page, f"{server}/bias?block=2.1&factor={way}&of_head=4&step=9")
    table = scene.blocks[2].table
    bias = looked_up(table, 3, factor, 3)
    lesson = bias_lesson(3, factor, bias)
    same(shown(page), lesson, 8)
    page.keyboard.press("ArrowRight")
    same(shown(page), lesson, 9)
    assert page.locator(".viz .extra select").input_value() == "3"
    expect(page.locator(".formula")).to_contain_text({5: "× (2M−1)", 1: "× 1", 4: "× (2M−2)"}[factor])


def test_offsets_that_collide_are_named(server, page) -> None:
    opened(page, f"{server}/bias?factor=none&step=7")
    index = relative_index(3, 1).numpy()
    query, key = 0, 5  # (0, 0) − (1, 2)
    offsets = {(q // 3 - k // 3, q % 3 - k % 3) for q, k in np.argwhere(index == index[query, key])}
    note = hover_seat(page, query, key, 9, 9)
    assert f"Index {index[query, key]}: {len(offsets)} offsets" in note
    for dy, dx in offsets:
        assert f"({dy:+d}, {dx:+d})".replace("+0", "0").replace("-", "−") in note
    opened(page, f"{server}/bias?step=7")
    assert "collide" not in hover_seat(page, query, key, 9, 9)


def test_a_map_shows_every_bias_where_its_key_lies(server, page, scene) -> None:
    """The picture's own pixels: right of the middle is the key to the right, whose offset is (0, −1)."""
    opened(page, f"{server}/bias?block=2.1")
    table = scene.blocks[2].table[:, 0].reshape(13, 13)
    most = np.abs(scene.blocks[2].table).max()
    card = page.locator(".tables >> nth=0 >> figure >> nth=1 >> canvas")
    card.scroll_into_view_if_needed()
    found = card.evaluate(
        """canvas => {
            const small = document.createElement("canvas");
            small.width = small.height = 13;
            const context = small.getContext("2d");
            context.imageSmoothingEnabled = false;
            context.drawImage(canvas, 0, 0, 13, 13);
            return Array.from(context.getImageData(0, 0, 13, 13).data);
        }"""
    )
    pixels = np.array(found).reshape(13, 13, 4)[..., :3].astype(int)
    redness = pixels[..., 0] - pixels[..., 2]

    def likeness(values: np.ndarray) -> float:
        return float(np.corrcoef(redness.ravel(), np.clip(values, -most / 2, most / 2).ravel())[0, 1])

    assert likeness(table[::-1, ::-1]) > 0.9  # two frames cover some
    assert likeness(table) < 0.8


def test_content_alone_is_that_of_the_window_in_the_middle(server, page, scene) -> None:
    opened(page, f"{server}/bias?block=2.1")
    point = "layers.1.blocks.0.attn.scaled"
    scaled = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), [point])[point]
    row = scaled[2 * 4 + 2, 0, 24].astype(np.float64)  # 4×4 windows, the later of the two middle ones
    shares = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
    np.testing.assert_allclose(drawn(page, ".alone figure >> nth=0 >> canvas >> nth=1"), shares, atol=1e-6)


def test_a_hovered_table_cell_shows_the_learned_number(server, page, scene) -> None:
    opened(page, f"{server}/bias?block=2.1")
    card = page.locator(".tables >> nth=0 >> figure >> nth=2 >> canvas")
    hover(card, 12 - 4, 12 - 8, 13, 13)  # where the key lies: the table turned by half
    learned = float(scene.blocks[2].table[4 * 13 + 8, 1])
    assert card.evaluate("canvas => canvas.drawn") == pytest.approx(learned, abs=1e-6)
    expect(page.locator(".extra .reach-line").last).to_contain_text(
        "Δy = −2, Δx = 2; the key lies at (2, −2) from the query. Index 60, shared by 25 pairs"
    )


def linked(page: Page, scene: Trace, name: str) -> dict:
    """The pair that is lit everywhere, after checking it against the definition of the index and the model's bias."""
    found = drawn(page, f"{EXTRA} > div")
    block = scene.block(name)
    (qy, qx), (ky, kx) = divmod(found["query"], 7), divmod(found["key"], 7)
    assert found["index"] == (qy - ky + 6) * 13 + qx - kx + 6
    assert found["bias"] == pytest.approx(float(block.bias[found["head"], found["query"], found["key"]]), abs=1e-6)
    alike = [p * 49 + k for p in range(49) for k in range(49) if (p // 7 - k // 7, p % 7 - k % 7) == (qy - ky, qx - kx)]
    assert found["alike"] == alike
    expect(page.locator(".board-note.tall")).to_contain_text(f"= {found['index']}. Head {found['head'] + 1}")
    return found


def test_picture_index_matrix_and_table_light_the_same_pair(server, page, scene) -> None:
    name = "layers.1.blocks.1"  # shifted
    opened(page, f"{server}/bias?block=2.2")
    pictures = page.locator(".boards canvas.photo, .extra .two canvas")
    linked(page, scene, name)
    hover(pictures.nth(1), 30, 4, 49, 49)
    found = linked(page, scene, name)
    assert (found["query"], found["key"]) == (30, 4)
    hover(pictures.nth(2), 2, 9, 13, 13)
    found = linked(page, scene, name)
    assert found["index"] == 2 * 13 + 9
    page.locator(".viz").get_by_role("combobox", name="Head").select_option(label="3")
    hover(pictures.nth(0), 12, 12, 28, 28)  # of the middle window, rows and columns 10 to 16
    found = linked(page, scene, name)
    assert (found["key"], found["head"]) == (2 * 7 + 2, 2)
    pictures.first.click(position={"x": 1, "y": 1})
    found = linked(page, scene, name)
    assert scene.block(name).places[found["window"], found["query"]] == 0
    pictures.nth(1).press("ArrowDown")
    assert linked(page, scene, name)["query"] == found["query"] + 1


def test_cells_and_offsets_are_reached_by_keys_alone(server, page, scene) -> None:
    opened(page, f"{server}/bias?block=2.1&step=7")
    board = page.locator(".board").first
    board.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):  # the first press lights pair (0, 0)
        board.press(key)
    expect(page.locator(".board-note").first).to_contain_text("Query token 1, key token 1")
    offsets = page.locator(".tables canvas").first
    offsets.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):  # the key moves down and to the right
        offsets.press(key)
    expect(page.locator(".extra .reach-line").last).to_contain_text("Δy = −1, Δx = 1")  # it starts at (1, 2)
    learned = float(scene.blocks[2].table[5 * 13 + 7, 1])
    assert drawn(page, ".tables >> nth=0 >> figure >> nth=2 >> canvas") == pytest.approx(learned, abs=1e-6)


def test_a_grid_too_large_for_a_gif_says_so(server, page) -> None:
    opened(page, f"{server}/bias?side=7")
    expect(page.get_by_text("No GIF of this grid: its 2401 cells are more than the 800")).to_be_visible()
    expect(page.get_by_role("button", name="Small grid as GIF")).to_have_count(0)
