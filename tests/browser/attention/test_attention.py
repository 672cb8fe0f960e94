"""The Attention page in a real browser: what is drawn is what the tensors hold, and the hand never asks the server."""

import io
import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from swin_viz.engine import maps, shared
from swin_viz.engine.run import run
from swin_viz.engine.trace import Trace
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene
from swin_viz.scenes.shapes import SHAPES

PHOTO = ".viz canvas.photo >> nth=0"
DRAWN = "canvas => canvas.drawn && JSON.parse(JSON.stringify(canvas.drawn))"


@pytest.fixture(scope="module")
def model():
    return shared.load(BUILTIN).model


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    photo = page.locator(PHOTO)
    expect(photo).to_be_visible()
    page.wait_for_function("element => Boolean(element.drawn)", arg=photo.element_handle())
    return page


def drawn(page: Page) -> dict:
    page.wait_for_timeout(60)
    return page.locator(PHOTO).evaluate(DRAWN)


def hover(page: Page, trace: Trace, block: int, row: int, column: int) -> dict:
    """Move the mouse to the middle of a token and read back what was drawn."""
    photo = page.locator(PHOTO)
    box, (rows, columns) = photo.bounding_box(), trace.blocks[block].padded
    photo.hover(position={"x": (column + 0.5) / columns * box["width"], "y": (row + 0.5) / rows * box["height"]})
    return drawn(page)


def check(found: dict, trace: Trace, block: int, head: int | None, query: tuple[int, int]) -> None:
    """Every drawn key has the tensor's place, share and verdict."""
    b = trace.blocks[block]
    assert found["query"] == list(query)
    window, slot = np.argwhere(b.places == query[0] * b.padded[1] + query[1])[0]
    shares = b.shares()[window, :, slot]
    wanted = shares.mean(0) if head is None else shares[head]
    assert found["window"] == window
    assert len(found["keys"]) == b.window**2
    for k, key in enumerate(found["keys"]):
        place = divmod(int(b.places[window, k]), b.padded[1])
        assert (key["row"], key["column"]) == place
        assert key["share"] == pytest.approx(float(wanted[k]), abs=1e-6)
        assert key["blocked"] == bool(b.mask_kinds[b.mask_of[window], slot, k])
        assert key["padding"] == (place[0] >= b.size[0] or place[1] >= b.size[1])


@pytest.mark.parametrize(
    ("address", "number", "head"), [("1.2", 1, 2), ("2.1", 2, None), ("3.2", 5, 0), ("4.2", 7, None)]
)
def test_a_hovered_tokens_drawn_values_are_the_tensors(server, page, scene, address, number, head) -> None:
    opened(page, f"{server}/?block={address}&head={'mean' if head is None else head + 1}")
    rng = np.random.default_rng(number)
    rows, columns = scene.blocks[number].size
    for row, column in [(0, 0), (rows - 1, columns - 1), *rng.integers(0, rows, (5, 2)).tolist()]:
        check(hover(page, scene, number, row, column), scene, number, head, (row, column))


@pytest.mark.parametrize(("address", "number"), [("1.2", 1), ("2.2", 3), ("3.2", 5), ("4.1", 6)])
def test_padded_maps_and_wrapped_corners_are_the_tensors_too(server, page, odd, address, number) -> None:
    opened(page, f"{server}/?image=chelsea&size=256&whole=1&block={address}&head=1")
    block = odd.blocks[number]
    assert block.padded != block.size
    rows, columns = block.size
    for row, column in [(0, 0), (rows - 1, 0), (0, columns - 1), (rows - 1, columns - 1), (rows // 2, columns // 3)]:
        check(hover(page, odd, number, row, column), odd, number, 0, (row, column))


def test_the_colour_of_a_cell_is_that_of_its_share(server, page, scene) -> None:
    opened(page, f"{server}/?block=4.2&head=1")
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
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(1)))
    opened(page, f"{server}/?block=1.2")
    page.wait_for_timeout(1500)
    box = page.locator(PHOTO).bounding_box()
    frames.clear()
    for i in range(200):
        page.mouse.move(box["x"] + 5 + (i * 7) % (box["width"] - 10), box["y"] + 5 + (i * 3) % (box["height"] - 10))
    page.wait_for_timeout(900)
    assert frames == []


def test_block_and_head_change_in_the_browser(server, page, scene) -> None:
    opened(page, server)
    page.get_by_role("radio", name="Stage 2, block 1, regular windows").click()
    page.get_by_role("radio", name="Head 4", exact=True).click()
    page.wait_for_timeout(100)
    check(hover(page, scene, 2, 9, 20), scene, 2, 3, (9, 20))
    expect(page).to_have_url(re.compile(r"block=2\.1"))
    expect(page).to_have_url(re.compile("head=4"))


def test_the_keyboard_alone_does_everything(server, page, scene) -> None:
    opened(page, f"{server}/?block=2.2&head=1&q=10.10")
    page.locator(PHOTO).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    check(drawn(page), scene, 3, 0, (12, 4))
    page.keyboard.press("]")
    assert drawn(page)["block"] == "layers.2.blocks.0"
    page.keyboard.press("[")
    page.keyboard.press("3")
    check(drawn(page), scene, 3, 2, (12, 4))
    page.keyboard.press("m")
    check(drawn(page), scene, 3, None, (12, 4))
    expect(page.locator(".viz .live")).to_contain_text("Query (12, 4) looks most at")


def test_a_link_opens_the_same_view_in_another_browser(server, browser: Browser, scene) -> None:
    first = browser.new_context(viewport={"width": 1280, "height": 900})
    page = opened(first.new_page(), f"{server}/?block=2.2&head=3&q=5.20&scope=block&rolled=1")
    page.locator(PHOTO).focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"q=6\.20"))
    seen, link = drawn(page), page.url
    first.close()
    second = browser.new_context(viewport={"width": 1000, "height": 800})
    again = drawn(opened(second.new_page(), link))
    second.close()
    assert json.dumps(again["keys"]) == json.dumps(seen["keys"])
    assert again["high"] == seen["high"]
    check(again, scene, 3, 2, (6, 20))


def test_the_rolled_map_and_the_wrong_overlay_seat_keys_where_they_should(server, page, scene) -> None:
    block = scene.blocks[5]
    opened(page, f"{server}/?block=3.2&head=1&q=13.13&rolled=1")
    for key in drawn(page)["keys"]:
        assert key["seat"] == [(key["row"] - 3) % block.padded[0], (key["column"] - 3) % block.padded[1]]
    opened(page, f"{server}/?block=3.2&head=1&q=13.13&wrong=1")
    assert [key["seat"] for key in drawn(page)["keys"]] == [[7 + k // 7, 7 + k % 7] for k in range(49)]


@pytest.mark.parametrize("layer", ["received", "entropy", "distance", "rollout"])
def test_maps_over_the_whole_picture_are_those_of_the_definitions(server, page, scene, layer: str) -> None:
    opened(page, f"{server}/?block=2.2&head=2&q=9.9&layer={layer}")
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
    opened(page, f"{server}/?block=1.2&head=1&with=3.1.4")
    hover(page, scene, 1, 30, 44)
    second = page.locator(".viz canvas.photo >> nth=1")
    expect(second).to_be_visible()
    check(second.evaluate(DRAWN), scene, 4, 3, (7, 11))


def choose(page: Page, second: str) -> None:
    box = page.locator("[data-testid=stSelectbox]").filter(has_text="Compare with another picture").locator("input")
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list that opens while the page scrolls is closed again
    box.click()
    box.fill(second)
    box.press("Enter")


def test_a_second_picture_is_shown_beside_the_first_at_once(server, page) -> None:
    opened(page, f"{server}/?block=4.2&head=1")
    second = page.locator(".viz canvas.photo >> nth=1")
    expect(second).to_be_hidden()
    choose(page, "the same scene, cue recoloured")
    expect(second).to_be_visible()
    expect(page).to_have_url(re.compile("second=recoloured.*with=4.2.1|with=4.2.1.*second=recoloured"))
    names = page.locator(".about").all_inner_texts()
    plan = make_scene(FIRST_HELD_OUT).plan
    shapes = [plan.pieces[i % len(plan.pieces)].shape for i in (plan.target, plan.target + 1)]
    assert [SHAPES[shape] in name for shape, name in zip(shapes, names, strict=True)] == [True, True]
    choose(page, "none")
    expect(second).to_be_hidden()


def test_a_touch_moves_the_query_on_a_phone(server, browser: Browser, scene) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = opened(phone.new_page(), f"{server}/?block=4.1&head=1")
    photo = page.locator(PHOTO)
    photo.scroll_into_view_if_needed()
    box = photo.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.93, box["y"] + box["height"] * 0.5)
    check(drawn(page), scene, 6, 0, (3, 6))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.close()


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
def test_axe_finds_nothing(server, browser: Browser, width: int, scheme: str, language: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = opened(context.new_page(), f"{server}/?lang={language}&block=2.2")
    page.wait_for_timeout(800)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, context=".stMain", options=options).response["violations"]
    context.close()
    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == []


def upload(page: Page, name: str, data: bytes) -> None:
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )


def test_a_bad_upload_says_its_sentence_and_keeps_what_was_there(server, page, scene) -> None:
    opened(page, f"{server}/?image=upload")
    upload(page, "<img src=x>.png", b"<!DOCTYPE html><html></html>")
    expect(page.get_by_text("This is a web page, not a picture")).to_be_visible()
    check(hover(page, scene, 5, 4, 4), scene, 5, None, (4, 4))


def test_your_own_photo_works(server, page, odd, model, tmp_path) -> None:
    picture = load_image(sample_bytes("coffee"))
    trace = run(model, frame(picture, 224))
    opened(page, f"{server}/?image=upload&block=2.1&head=1")
    before = drawn(page)

    out = io.BytesIO()
    picture.save(out, "PNG")
    upload(page, "coffee.png", out.getvalue())
    page.wait_for_function(
        "([element, before]) => JSON.stringify(element.drawn.keys) !== before",
        arg=[page.locator(PHOTO).element_handle(), json.dumps(before["keys"], separators=(",", ":"))],
    )
    check(hover(page, trace, 2, 20, 3), trace, 2, 0, (20, 3))
