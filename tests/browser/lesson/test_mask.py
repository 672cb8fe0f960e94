"""The mask lesson in a real browser: which pairs are blocked, why, and what that makes of a real row of scores."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.lessons.mask import border_windows, mask_lesson
from swin_viz.lessons.regions import regions_of
from swin_viz.network.windows import shift_mask
from swin_viz.paths import BUILTIN
from tests.browser.hands import answered, frame, middle
from tests.browser.lesson.hands import EXTRA, drawn, enter, hover_seat, opened, same, shown


def test_the_last_steps_of_the_mask_show_the_real_blocks_own_mask(server, page, scene) -> None:
    opened(page, f"{server}/mask?block=2.2&step=9")
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
    regions = regions_of(7, 8, 4, 2).numpy()[4:, 4:].reshape(-1)
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
    opened(page, f"{server}/mask?block=2.2")
    block = scene.blocks[3]
    needs = (block.mask_kinds[block.mask_of] != 0).any((1, 2))
    assert page.locator(".window-map canvas").evaluate("canvas => canvas.drawn") == needs.tolist()
    expect(page.locator(".window-map figcaption")).to_contain_text(f"{needs.sum()} of {len(needs)} need a mask")
    assert border_windows(block).tolist() == np.flatnonzero(needs).tolist()


@pytest.mark.parametrize("value", ["-100", "-10", "-inf", "off"])
def test_a_row_of_scores_goes_through_mask_and_softmax(server, page, scene, value: str) -> None:
    opened(page, f"{server}/mask?block=2.2")
    block, head = scene.blocks[3], 2
    point_of = f"{block.name}.attn.biased"
    biased = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), [point_of])[point_of]
    section = page.locator(EXTRA)
    section.locator("select").nth(0).select_option(value=value)
    section.locator("select").nth(1).select_option(index=head)
    frame(page)
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


def verdict(block, first: tuple[int, int], second: tuple[int, int]) -> str:
    (w, p), (v, q) = (np.argwhere(block.places == at[0] * block.padded[1] + at[1])[0] for at in (first, second))
    if w != v:
        return "verdict_apart"
    return "verdict_blocked" if block.mask_kinds[block.mask_of[w], p, q] else "verdict_free"


def test_why_a_pair_is_blocked_is_judged_by_the_real_mask(server, page, scene) -> None:
    opened(page, f"{server}/mask?block=2.2")
    block = scene.blocks[3]
    photo = page.locator(f"{EXTRA} canvas.photo")
    pairs = [((27, 27), (0, 0)), ((27, 27), (26, 26)), ((10, 10), (24, 3)), ((5, 0), (5, 27))]
    for first, second in pairs:
        for at in (first, second):
            photo.click(position=middle(photo, *at, 28, 28))
        found = drawn(page)
        assert found["chosen"] == [list(first), list(second)]
        assert found["verdict"] == verdict(block, first, second)


def test_a_cell_of_a_mask_chooses_its_pair(server, page, scene) -> None:
    opened(page, f"{server}/mask?block=2.2")
    block = scene.blocks[3]
    for kind in range(len(block.mask_kinds)):
        card = page.locator(f"{EXTRA} canvas.pairs-of-mask").nth(kind)
        card.click(position=middle(card, 30, 3, 49, 49))
        found = drawn(page)
        windows = np.flatnonzero(block.mask_of == kind)
        pairs = [[list(divmod(int(block.places[w, slot]), block.padded[1])) for slot in (30, 3)] for w in windows]
        assert found["chosen"] in pairs
        assert (found["verdict"] == "verdict_blocked") == bool(block.mask_kinds[kind, 30, 3])


def test_the_first_pair_is_a_blocked_one_of_real_tokens(server, page) -> None:
    opened(page, f"{server}/mask?block=2.2&image=chelsea&whole=1&size=256")  # 22×32 tokens, padded to 28×35
    found = drawn(page)
    assert found["verdict"] == "verdict_blocked"
    assert all(row < 22 and column < 32 for row, column in found["chosen"])


def test_a_pair_with_padding_says_why_it_is_not_chosen(server, page, odd) -> None:
    opened(page, f"{server}/mask?block=2.2&image=chelsea&whole=1&size=256")  # 22×32 tokens, padded to 28×35
    section, block = page.locator(EXTRA), odd.blocks[3]
    before = drawn(page)["chosen"]
    assert block.places[-1, 0] // block.padded[1] >= block.size[0]  # the corner window begins below the picture
    section.locator("canvas.pairs-of-mask").nth(int(block.mask_of[-1])).click(position={"x": 1, "y": 1})
    expect(section.get_by_text("One token of this pair is padding")).to_be_visible()
    assert drawn(page)["chosen"] == before


def test_a_refused_box_leaves_the_masks_of_the_grid_from_before(server, page) -> None:
    opened(page, f"{server}/mask?h=9&w=8&m=4&s=1")
    enter(page, "Shift s", "7")
    expect(page.locator(".over").get_by_text("The grid from before stays: H = 9, W = 8, M = 4, s = 1.")).to_be_visible()
    same(shown(page), mask_lesson(9, 8, 4, 1), 0)
    expect(page.locator(".extra .masks").first.locator("canvas")).to_have_count(6)  # 3×2 windows


def test_the_pair_is_in_the_address_and_an_opened_link_has_it(server, page, profile) -> None:
    opened(page, f"{server}/mask?block=2.2")
    photo = page.locator(f"{EXTRA} canvas.photo")
    for at in ((27, 27), (0, 0)):
        photo.click(position=middle(photo, *at, 28, 28))
    expect(page).to_have_url(re.compile(r"pair=27\.27\.0\.0"))
    answered(page)
    assert drawn(page)["chosen"] == [[27, 27], [0, 0]]
    found = opened(profile(), page.url)
    assert drawn(found)["chosen"] == [[27, 27], [0, 0]]
    expect(found.get_by_text("the mask blocks the pair")).to_be_in_viewport()
    found = opened(profile(), f"{server}/mask?block=3.2&pair=27.27.0.0")  # no such tokens there
    assert drawn(found)["chosen"][0][0] < 14


def test_the_pair_that_is_lit_stands_in_its_window_beside_the_boards(server, page) -> None:
    opened(page, f"{server}/mask?step=5")
    card = page.locator(".pair-window")
    expect(card).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(card).to_be_visible()
    hover_seat(page, 1.5 + 4, 1.5 + 6, 17.5, 17.5)
    assert drawn(page, ".pair-window canvas") == {"board": 0, "pair": [4, 6]}
    expect(card).to_contain_text("your grid")


def test_a_pair_chosen_on_the_board_is_kept_and_its_link_shows_it_in_its_window(server, page, profile, scene) -> None:
    block = scene.blocks[3]
    window = 7  # at the right edge: two regions
    opened(page, f"{server}/mask?block=2.2&window={window}&step=8")
    lesson = mask_lesson(*block.size, block.window, block.shift[0], which=window)
    same(shown(page, board=1), lesson, 7)
    hover_seat(page, 1.5 + 3, 1.5 + 33, 50.5, 50.5, board=1)
    page.mouse.down()
    page.mouse.up()
    query, key = (divmod(int(block.places[window, slot]), block.padded[1]) for slot in (3, 33))
    wanted = ".".join(str(part) for place in (query, key) for part in place)
    expect(page).to_have_url(re.compile(rf"pair={re.escape(wanted)}"))
    answered(page)
    assert drawn(page)["chosen"] == [list(query), list(key)]
    opened(link := profile(), page.url)
    assert drawn(link, ".pair-window canvas") == {"board": 1, "pair": [3, 33]}
