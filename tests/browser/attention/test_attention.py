"""The Attention page in a real browser: what is drawn is what the tensors hold, and the hand never asks the server."""

import re

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from swin_viz.engine import maps
from swin_viz.engine.trace import Trace
from tests.browser.attention.hands import PHOTO, SECOND, check, drawn, hover, opened, show, state
from tests.browser.hands import answered, sent, until, violations


@pytest.mark.parametrize(
    ("address", "number", "head"), [("1.2", 1, 2), ("2.1", 2, None), ("3.2", 5, 0), ("4.2", 7, None)]
)
def test_a_hovered_tokens_drawn_values_are_the_tensors(server, page, scene, address, number, head) -> None:
    opened(page, f"{server}/attention?block={address}&head={'mean' if head is None else head + 1}")
    rng = np.random.default_rng(number)
    rows, columns = scene.blocks[number].size
    for row, column in [(0, 0), (rows - 1, columns - 1), *rng.integers(0, rows, (5, 2)).tolist()]:
        check(hover(page, scene, number, row, column), scene, number, head, (row, column))


@pytest.mark.parametrize(("address", "number"), [("1.2", 1), ("2.2", 3), ("3.2", 5), ("4.1", 6)])
def test_padded_maps_and_wrapped_corners_are_the_tensors_too(server, page, odd, address, number) -> None:
    opened(page, f"{server}/attention?image=chelsea&size=256&whole=1&block={address}&head=1")
    block = odd.blocks[number]
    assert block.padded != block.size
    rows, columns = block.size
    for row, column in [(0, 0), (rows - 1, 0), (0, columns - 1), (rows - 1, columns - 1), (rows // 2, columns // 3)]:
        check(hover(page, odd, number, row, column), odd, number, 0, (row, column))


def test_the_colour_of_a_cell_is_that_of_its_share(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=4.2&head=1&colours=1&arcs=0")
    found = hover(page, scene, 7, 3, 3)
    strongest = max(found["keys"], key=lambda key: key["share"])
    weakest = min(found["keys"], key=lambda key: key["share"])
    pixel = """(canvas, [r, c]) => { const n = 7, x = (c + .5) / n * canvas.width, y = (r + .5) / n * canvas.height;
        return Array.from(canvas.getContext('2d').getImageData(x, y, 1, 1).data) }"""
    read = lambda key: np.array(page.locator(PHOTO).evaluate(pixel, key["seat"])[:3])  # noqa: E731
    for key, colour, opacity in ((strongest, (253, 231, 37), 0.9), (weakest, (68, 1, 84), 0.5)):
        row, column = (32 * part + 16 for part in key["seat"])
        photo = scene.image[row - 1 : row + 1, column - 1 : column + 1].mean((0, 1))
        mixed = opacity * np.array(colour) + (1 - opacity) * photo
        np.testing.assert_allclose(read(key), mixed, atol=16)


def test_two_hundred_moves_send_the_server_nothing(server, page, scene) -> None:
    frames = sent(page)
    opened(page, f"{server}/attention?block=1.2")
    answered(page)
    box = page.locator(PHOTO).bounding_box()
    frames.clear()
    for i in range(200):
        page.mouse.move(box["x"] + 5 + (i * 7) % (box["width"] - 10), box["y"] + 5 + (i * 3) % (box["height"] - 10))
    page.wait_for_timeout(900)  # nothing comes, for longer than a state takes to settle
    assert frames == []


def test_block_and_head_change_in_the_browser(server, page, scene) -> None:
    opened(page, f"{server}/attention")
    page.get_by_role("radio", name="Stage 2, block 1, regular windows").click()
    page.get_by_role("radio", name="Head 4", exact=True).click()
    check(hover(page, scene, 2, 9, 20), scene, 2, 3, (9, 20))
    expect(page).to_have_url(re.compile(r"block=2\.1"))
    expect(page).to_have_url(re.compile("head=4"))
    answered(page)
    check(hover(page, scene, 2, 20, 9), scene, 2, 3, (20, 9))


def test_the_rolled_map_and_the_wrong_overlay_seat_keys_where_they_should(server, page, scene) -> None:
    block = scene.blocks[5]
    opened(page, f"{server}/attention?block=3.2&head=1&q=13.13&rolled=1")
    for key in drawn(page)["keys"]:
        assert key["seat"] == [(key["row"] - 3) % block.padded[0], (key["column"] - 3) % block.padded[1]]
    opened(page, f"{server}/attention?block=3.2&head=1&q=13.13&wrong=1")
    assert [key["seat"] for key in drawn(page)["keys"]] == [[7 + k // 7, 7 + k % 7] for k in range(49)]


@pytest.mark.parametrize("layer", ["received", "entropy", "distance", "rollout"])
def test_maps_over_the_whole_picture_are_those_of_the_definitions(server, page, scene, layer: str) -> None:
    opened(page, f"{server}/attention?block=2.2&head=2&q=9.9&layer={layer}")
    found = drawn(page)
    values = np.array(list(found["values"].values()) if isinstance(found["values"], dict) else found["values"])
    np.testing.assert_allclose(values, defined(scene, 3, 1, layer, (9, 9)), atol=2e-4)


def defined(trace: Trace, number: int, head: int, layer: str, query: tuple[int, int]) -> np.ndarray:
    block = trace.blocks[number]
    if layer == "rollout":
        weight = np.zeros(block.size)
        weight[query] = 1
        for b in range(number, -1, -1):
            each = trace.blocks[b]
            weight, _ = maps.back_through_block(weight, each.shares(), each.places, each.padded)
            if b and trace.blocks[b - 1].stage != each.stage:
                weight = maps.back_through_merging(weight, trace.blocks[b - 1].size)
        return weight.ravel()
    inside = maps.real(block.places, block.padded[1], block.size)
    by_slot = {
        "received": lambda: maps.received(block.shares(), inside),
        "entropy": lambda: maps.entropy(block.shares(), (block.mask_kinds == 0).sum(-1)[block.mask_of]),
        "distance": lambda: maps.distance(block.shares(), maps.positions(block.places, block.padded[1])),
    }[layer]()[:, head]
    flat = np.zeros(block.padded[0] * block.padded[1])
    flat[block.places.ravel()] = by_slot.ravel()
    return flat.reshape(block.padded)[: block.size[0], : block.size[1]].ravel()


def test_two_panels_share_one_query(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=1.2&head=1&with=3.1.4")
    hover(page, scene, 1, 30, 44)
    expect(page.locator(SECOND)).to_be_visible()
    check(drawn(page, SECOND), scene, 4, 3, (7, 11))


def test_distances_are_in_tokens_and_in_pixels(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=2.2&head=1&q=3.3&layer=distance&chart=distance")
    block = scene.blocks[3]
    at = maps.positions(block.places, block.padded[1])
    far = maps.distance(block.shares(), at)
    window, slot = np.argwhere(block.places == 3 * 28 + 3)[0]
    tokens = float(far[window, 0, slot])
    expect(page.locator(".read .strong")).to_contain_text(f"{tokens:.2f} ({tokens * 8:.0f} px)")
    page.locator(".more summary").click()
    title = page.locator(".more .chart circle title").first.text_content()
    mean = float(maps.distance(scene.blocks[0].shares(), maps.positions(scene.blocks[0].places, 56))[:, 0].mean()) * 4
    assert re.search(r"head 1: ([\d.]+) pixels", title)[1] == f"{mean:.2f}"


def test_a_map_that_is_not_there_leaves_the_picture_bare(server, page) -> None:
    """A rollout needs all earlier blocks: until they have come, no other block's map may stand under this name."""
    opened(page, f"{server}/attention?image=chelsea&size=1024&block=3.1")
    held: list[Route] = []
    holding = [True]
    page.route("**/part/*", lambda route: held.append(route) if holding else route.continue_())
    show(page, "rollout")
    for _ in range(2):  # before the server's answer, and after it
        found = drawn(page)
        assert (found["kind"], found["block"]) == ("blank", "layers.2.blocks.0")
        assert page.locator(".legend").first.inner_text().strip() == ""
        expect(page.locator(".readout").first).to_contain_text("earlier blocks")
        answered(page)
    assert state(page)["layer"] == "rollout"
    holding.clear()
    for route in held:
        route.continue_()
    until(lambda: drawn(page)["kind"], "map")
    assert drawn(page)["block"] == "layers.2.blocks.0"
    assert page.locator(".legend").first.inner_text().strip() != ""


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
def test_axe_finds_nothing(server, profile, width: int, scheme: str, language: str) -> None:
    page = profile(viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert violations(opened(page, f"{server}/attention?lang={language}&block=2.2")) == []
