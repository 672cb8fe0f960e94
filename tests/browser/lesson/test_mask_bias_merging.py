"""The mask, bias and merging pages in a real browser, against the tensors of the run and of the small grid."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.lessons.bias import bias_lesson, looked_up
from swin_viz.lessons.mask import border_windows, mask_lesson
from swin_viz.lessons.merging import merged
from swin_viz.lessons.regions import regions_of
from swin_viz.network.windows import relative_index, shift_mask
from swin_viz.paths import BUILTIN
from tests.browser.lesson.test_steps import opened, same, shown

EXTRA = ".viz .extra"


def observed(scene, *names: str) -> list[np.ndarray]:
    found = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), names)
    return [found[name] for name in names]


def hover_seat(page: Page, row: float, column: float, rows: float, columns: float) -> str:
    """Point at the cell of the first board that stands at a row and column of a layout that fits it → the note."""
    canvas = page.locator(".viz canvas.board").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    scale = min(box["width"] / columns, box["height"] / rows, 64)
    x = (box["width"] - columns * scale) / 2 + (column + 0.5) * scale
    y = (box["height"] - rows * scale) / 2 + (row + 0.5) * scale
    canvas.hover(position={"x": x, "y": y})
    return page.locator(".board-note").first.text_content()


def test_the_last_steps_of_the_mask_show_the_real_blocks_own_mask(server, page, scene) -> None:
    opened(page, f"{server}/mask?at=2.2&step=9")
    block = scene.blocks[3]
    lesson = mask_lesson(*block.size, block.window, 3)
    start, tokens = lesson.pairs
    found = shown(page, board=1)
    same(found, lesson, 8)
    real = block.mask_kinds[block.mask_of[-1]]
    np.testing.assert_array_equal(found["values"][start:].reshape(tokens, tokens), real)
    assert (real != 0).any()


def test_a_pair_of_the_mask_says_whose_regions_meet(server, page) -> None:
    opened(page, f"{server}/mask?step=9")
    page.wait_for_timeout(900)
    regions = regions_of(8, 8, 4, 2).numpy()[4:, 4:].reshape(-1)
    for query, key in ((2, 0), (0, 1), (15, 3)):
        note = hover_seat(page, 1.5 + query, 1.5 + key, 17.5, 17.5)
        a, b = regions[query], regions[key]
        assert note.startswith(f"Query slot {query} (region {a}), key slot {key} (region {b})")
        assert note.endswith("so 0." if a == b else "so −100.")


@pytest.mark.parametrize(("h", "m"), [(8, 4), (16, 2), (9, 4)])
def test_every_window_of_the_small_grid_has_its_mask(server, page, h: int, m: int) -> None:
    opened(page, f"{server}/mask?h={h}&w={h}&m={m}&s=1")
    found = page.locator(".small-masks canvas").evaluate_all("all => all.map((each) => Array.from(each.drawn.mask))")
    wanted = shift_mask(regions_of(h, h, m, 1), m).numpy()
    np.testing.assert_array_equal(np.array(found).reshape(wanted.shape), wanted)
    needs = [bool(each.any()) for each in wanted]
    labels = page.locator(".small-masks figcaption").all_text_contents()
    assert [not label.endswith("none") for label in labels] == needs


def test_the_map_of_windows_marks_those_that_need_a_mask(server, page, scene) -> None:
    opened(page, f"{server}/mask?at=2.2")
    block = scene.blocks[3]
    needs = (block.mask_kinds[block.mask_of] != 0).any((1, 2))
    assert page.locator(".window-map canvas").evaluate("canvas => canvas.drawn") == needs.tolist()
    expect(page.locator(".window-map figcaption")).to_contain_text(f"{needs.sum()} of {len(needs)} need a mask")
    assert border_windows(block).tolist() == np.flatnonzero(needs).tolist()


@pytest.mark.parametrize("value", ["-100", "-10", "-inf", "off"])
def test_a_row_of_scores_goes_through_mask_and_softmax(server, page, scene, value: str) -> None:
    opened(page, f"{server}/mask?at=2.2")
    block, head = scene.blocks[3], 2
    (biased,) = observed(scene, f"{block.name}.attn.biased")
    section = page.locator(EXTRA)
    section.locator("select").nth(0).select_option(value=value)
    section.locator("select").nth(1).select_option(index=head)
    page.wait_for_timeout(200)
    query = section.evaluate("node => node.drawn.chosen[0]")
    w, slot = np.argwhere(block.places == query[0] * block.padded[1] + query[1])[0]
    strength = {"-100": -100, "-10": -10, "-inf": -np.inf, "off": 0}[value]
    blocked = block.mask_kinds[block.mask_of[w], slot] != 0
    scores = biased[w, head, slot].astype(np.float64)
    logits = np.where(blocked, scores + strength, scores)
    shares = [np.exp(each - each.max()) / np.exp(each - each.max()).sum() for each in (scores, logits)]
    found = section.locator("h2").last.evaluate("title => title.parentElement.drawn")
    np.testing.assert_allclose(found["scores"], scores, atol=1e-5)
    np.testing.assert_allclose(found["before"], shares[0], atol=1e-6)
    np.testing.assert_allclose(found["after"], shares[1], atol=1e-6)
    if value == "-100":  # and that is what the model itself does
        np.testing.assert_allclose(found["after"], block.shares()[w, head, slot], atol=2e-5)
    assert found["top"] == pytest.approx(max(shares[0].max(), shares[1].max()))
    assert found["scale"] == pytest.approx([min(0, scores.min()), max(0, scores.max())], abs=1e-5)
    rows = section.locator(".softmax-table tbody tr")
    assert rows.count() == 49
    assert section.locator(".softmax-table tr.across").count() == blocked.sum()
    cells = rows.nth(int(np.flatnonzero(blocked)[0])).locator("td").all_text_contents()
    assert cells[2] == f"{scores[blocked][0]:.2f}".replace("-", "−")
    assert cells[3] == {"-100": "−100", "-10": "−10", "-inf": "−∞", "off": "0"}[value]


@pytest.mark.parametrize(("way", "factor"), [("right", 5), ("none", 1), ("near", 4)])
def test_the_bias_lesson_ends_in_the_chosen_heads_numbers(server, page, scene, way: str, factor: int) -> None:
    opened(page, f"{server}/bias?at=2.1&factor={way}&of_head=4&step=9")
    table = scene.blocks[2].table
    bias = looked_up(table, 3, factor, 3)
    lesson = bias_lesson(3, factor, bias)
    same(shown(page), lesson, 8)
    page.locator(".player").first.get_by_role("button", name="Next").click()
    same(shown(page), lesson, 9)
    assert page.locator(".viz .extra select").input_value() == "3"
    expect(page.locator(".formula")).to_contain_text({5: "× (2M−1)", 1: "× 1", 4: "× (2M−2)"}[factor])


def test_offsets_that_collide_are_named(server, page) -> None:
    opened(page, f"{server}/bias?factor=none&step=7")
    page.wait_for_timeout(900)
    index = relative_index(3, 1).numpy()
    query, key = 0, 5  # (0, 0) − (1, 2)
    offsets = {(q // 3 - k // 3, q % 3 - k % 3) for q, k in np.argwhere(index == index[query, key])}
    note = hover_seat(page, query, key, 9, 9)
    assert f"Index {index[query, key]}: {len(offsets)} offsets" in note
    for dy, dx in offsets:
        assert f"({dy:+d}, {dx:+d})".replace("+0", "0").replace("-", "−") in note
    opened(page, f"{server}/bias?step=7")
    page.wait_for_timeout(900)
    assert "collide" not in hover_seat(page, query, key, 9, 9)


def test_a_map_shows_every_bias_where_its_key_lies(server, page, scene) -> None:
    """The picture's own pixels: right of the middle is the key to the right, whose offset is (0, −1)."""
    opened(page, f"{server}/bias?at=2.1")
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
    opened(page, f"{server}/bias?at=2.1")
    (scaled,) = observed(scene, "layers.1.blocks.0.attn.scaled")
    row = scaled[2 * 4 + 2, 0, 24].astype(np.float64)  # 4×4 windows, the later of the two middle ones
    shares = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
    drawn = page.locator(".alone figure >> nth=0 >> canvas >> nth=1").evaluate("canvas => canvas.drawn")
    np.testing.assert_allclose(drawn, shares, atol=1e-6)


def test_merging_is_shown_on_the_real_features(server, page, scene) -> None:
    opened(page, f"{server}/merging?at=2.1&step=6")
    groups, out = observed(scene, "layers.1.downsample.groups", "layers.1.downsample.merged")
    arrays = merged(groups, out, shared.load(BUILTIN).model.layers[1].downsample.norm)
    section = page.locator(EXTRA)
    card = section.locator("canvas.photo").nth(2)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    card.hover(position={"x": 3.5 / 14 * box["width"], "y": 10.5 / 14 * box["height"]})
    page.wait_for_timeout(200)
    found = section.evaluate("node => node.drawn")
    assert found["at"] == [10, 3]
    np.testing.assert_allclose(found["groups"], groups[10, 3], atol=1e-6)
    np.testing.assert_allclose(found["normed"], arrays["merge.normed"][10, 3], atol=1e-6)
    np.testing.assert_allclose(found["out"], out[10, 3], atol=1e-6)
    expect(section.locator(".reach-line")).to_contain_text(f"mean {groups[10, 3].mean():.3f}".replace("-", "−"))
    card.press("ArrowDown")
    page.wait_for_timeout(150)
    assert section.evaluate("node => node.drawn.at") == [11, 3]


def test_the_photo_board_is_coloured_by_features_from_the_concat_on(server, page, scene) -> None:
    opened(page, f"{server}/merging?at=2.1&step=6")
    page.wait_for_timeout(900)
    (out,) = observed(scene, "layers.1.downsample.merged")
    (groups,) = observed(scene, "layers.1.downsample.groups")
    wanted = merged(groups, out, shared.load(BUILTIN).model.layers[1].downsample.norm)["merge.colours.out"]
    canvas = page.locator(".viz canvas.board").nth(1)
    middle = canvas.evaluate(
        """canvas => {
            const ratio = canvas.width / canvas.clientWidth;
            const [w, h] = [canvas.clientWidth, canvas.clientHeight];
            const side = Math.min(w / 14, h / 14, 64);
            const [left, top] = [(w - 14 * side) / 2, (h - 14 * side) / 2];
            const context = canvas.getContext("2d");
            return Array.from({ length: 196 }, (_, i) => {
                const [x, y] = [left + (i % 14 + 0.5) * side, top + (Math.floor(i / 14) + 0.5) * side];
                return Array.from(context.getImageData(x * ratio, y * ratio, 1, 1).data).slice(0, 3);
            });
        }"""
    )
    np.testing.assert_allclose(np.array(middle).reshape(14, 14, 3), wanted, atol=1)


def test_the_last_stage_has_no_merging_to_show(server, page) -> None:
    opened(page, f"{server}/merging?at=4.1")
    expect(page.get_by_text("The last stage has no merging after it").first).to_be_visible()
    assert page.locator(".viz canvas.board").count() == 1


def test_a_channel_that_a_stage_lacks_is_said_to_be_missing(server, page) -> None:
    opened(page, f"{server}/merging?channel=60")
    captions = page.locator("figure:has(img)").all_text_contents()
    assert [("there is no channel 60" in text, "Shown: channel 60" in text) for text in captions[:4]] == [
        (True, False),  # 48 channels
        *[(False, True)] * 3,
    ]
    assert "14×14×384" in captions[4]


def test_a_pair_with_padding_says_why_it_is_not_chosen(server, page, odd) -> None:
    opened(page, f"{server}/mask?at=2.2&image=chelsea&whole=1&size=256")  # 22×32 tokens, padded to 28×35
    section, block = page.locator(EXTRA), odd.blocks[3]
    before = section.evaluate("node => node.drawn.chosen")
    assert block.places[-1, 0] // block.padded[1] >= block.size[0]  # the corner window begins below the picture
    section.locator("canvas.pairs-of-mask").nth(int(block.mask_of[-1])).click(position={"x": 1, "y": 1})
    expect(section.get_by_text("One token of this pair is padding")).to_be_visible()
    assert section.evaluate("node => node.drawn.chosen") == before


@pytest.mark.parametrize("name", ["mask", "bias", "merging"])
def test_headings_go_down_one_level_at_a_time(server, page, name: str) -> None:
    opened(page, f"{server}/{name}")
    levels = (
        page.locator(".stMain").locator("h1, h2, h3, h4").evaluate_all("all => all.map((h) => Number(h.tagName[1]))")
    )
    assert levels[0] == 1
    assert len(levels) > 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
