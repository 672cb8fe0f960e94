"""The Attention stage on its screens: what is above the fold, whole pixels, light, labels, the roll, and the hint."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import frame as framed
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes
from tests.browser.attention.hands import PHOTO, as_drawn, drawn, hover, opened, staged, state
from tests.browser.files import CAT
from tests.browser.hands import PHONE, answered, sent, until, violations

LAPTOP = {"viewport": {"width": 1280, "height": 720}}
FOLD = 720 - 48 - 16  # what the head line and the margin leave
BOX = """(root, part) => {
    const [a, b] = [root.getBoundingClientRect(), root.querySelector(part).getBoundingClientRect()];
    return { x: b.left - a.left, y: b.top - a.top, width: b.width, height: b.height, bottom: b.bottom - a.top };
}"""


def box(page: Page, part: str) -> dict[str, float]:
    """Where a part stands in the component."""
    return page.locator(".viz").evaluate(BOX, part)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("block", ["1.2", "2.1", "3.2", "4.1"])  # 3, 6, 12, 24 heads
def test_all_that_matters_is_above_the_fold_of_a_projector(server, profile, block: str, language: str) -> None:
    page = staged(profile(**LAPTOP), f"{server}/attention?lang={language}&block={block}&head=2&q=3.3")
    assert {side: box(page, "canvas.photo")[side] for side in ("width", "height")} == {"width": 560, "height": 560}
    for part in (".strip", ".legend", ".rail .heads", ".read", ".toolbar", ".prediction"):
        assert box(page, part)["bottom"] <= FOLD, part
    assert box(page, ".strip")["height"] == 32
    assert box(page, ".lens")["width"] >= 224
    page.wait_for_timeout(1000)
    assert page.evaluate("document.querySelector('.stMain').scrollTop") == 0


def test_a_wide_screen_gives_the_picture_more_in_whole_pixels(server, profile) -> None:
    page = staged(profile(viewport={"width": 1920, "height": 1080}), f"{server}/attention?block=1.2")
    assert box(page, "canvas.photo")["width"] == 896
    assert box(page, ".legend")["bottom"] <= 1080 - 64


def test_on_a_phone_picture_tools_and_heads_are_on_one_screen(server, profile) -> None:
    page = opened(profile(**PHONE), f"{server}/attention?block=3.2&head=7&q=4.3")
    assert box(page, "canvas.photo")["width"] == 336
    parts = [box(page, part) for part in (".strip", "canvas.photo", ".toolbar", ".rail .heads", ".read", ".prediction")]
    assert [part["y"] for part in parts] == sorted(part["y"] for part in parts)
    assert parts[3]["bottom"] <= 844 - 60 - 96  # Streamlit's header, and the page's title
    for target in page.locator(".tool, .viz > .strip .block, .rail .head").all():
        size = target.bounding_box()
        assert min(size["width"], size["height"]) >= 44, target.inner_text()
    chosen = page.locator(".rail .heads [aria-checked=true]").bounding_box()
    assert 0 <= chosen["x"] <= 390 - chosen["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def lines(picture: np.ndarray) -> list[int]:
    """Where bright lines with dark edges run down a picture from end to end: (height, width, 3)."""
    grey = np.median(picture.mean(-1), axis=0)
    before, here, after = grey[:-2], grey[1:-1], grey[2:]
    return (np.flatnonzero((here - before > 40) & (here - after > 40)) + 1).tolist()


def borders(block: BlockTrace, axis: int) -> list[int]:
    """Before which rows or columns of the map windows meet."""
    owner = np.empty(block.padded, int)
    owner.ravel()[block.places] = np.arange(len(block.places))[:, None]
    apart = (np.diff(owner, axis=axis) != 0).any(axis=1 - axis)
    return (np.flatnonzero(apart) + 1).tolist()


@pytest.mark.parametrize(("block", "query"), [("1.1", "0.0"), ("1.2", "5.5"), ("2.2", "5.5"), ("3.1", "0.0")])
@pytest.mark.parametrize("size", [224, 256, 320, 512])
def test_every_line_between_windows_is_drawn_where_it_belongs(server, profile, size, block, query) -> None:
    address = f"{server}/attention?image=chelsea&whole=1&size={size}&block={block}&q={query}&arcs=0"
    page = staged(profile(**LAPTOP), address)
    trace = run(shared.load(BUILTIN).model, framed(load_image(sample_bytes("chelsea")), size, whole=True))
    found = trace.blocks[["1.1", "1.2", "2.1", "2.2", "3.1"].index(block)]
    picture, current = as_drawn(page), np.array([key["seat"] for key in drawn(page)["keys"]])
    side = picture.shape[1] / found.padded[1]
    for axis in (0, 1):
        along = 1 - axis  # the window that is framed has other lines: beside it
        beside = np.ones(picture.shape[along], bool)
        beside[round(current[:, along].min() * side) - 4 : round((current[:, along].max() + 1) * side) + 4] = False
        beside[:4] = False
        turned = picture[:, beside].swapaxes(0, 1) if axis == 0 else picture[beside]
        assert lines(turned) == [round(part * side) for part in borders(found, axis)]


@pytest.mark.parametrize("dark", [False, True])
def test_light_is_each_keys_own_pixels_darkened_by_its_weight(server, profile, scene, dark: bool) -> None:
    page = staged(
        profile(**LAPTOP, color_scheme="dark" if dark else "light"),
        f"{server}/attention?block=4.2&head=1&arcs=0&grid=0",
    )
    found = hover(page, scene, 7, 3, 3)
    picture, high, floor = as_drawn(page), found["high"], 0.25 if dark else 0.35
    for key in found["keys"]:
        (row, column), rim = key["seat"], 12  # inside the rings
        if [key["row"], key["column"]] == [3, 3]:
            continue
        seen = picture[80 * row + rim : 80 * row + 80 - rim, 80 * column + rim : 80 * column + 80 - rim].mean((0, 1))
        photo = scene.image[32 * row + 5 : 32 * row + 27, 32 * column + 5 : 32 * column + 27].mean((0, 1))
        np.testing.assert_allclose(seen, photo * (floor + (1 - floor) * key["share"] / high), atol=4)


def overlap(a: list[float], b: list[float]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


@pytest.mark.parametrize(
    ("address", "number"), [("block=3.2&head=7", 5), ("block=1.2&head=2", 1), ("block=4.1&head=3", 6)]
)
def test_labels_cover_neither_query_nor_letters_nor_each_other(server, profile, scene, address, number) -> None:
    page = staged(profile(**LAPTOP), f"{server}/attention?{address}")
    block, count = scene.blocks[number], 0
    side = 560 / block.padded[1]
    for row, column in np.random.default_rng(number).integers(0, block.size, (16, 2)).tolist():
        found = hover(page, scene, number, row, column)
        boxes = [label["box"] for label in found["overlay"]["labels"]]
        letters = [[letter["x"], letter["y"], letter["side"], letter["side"]] for letter in found["letters"]]
        others = [[column * side, row * side, side, side], *letters]
        others += [[seat[1] * side, seat[0] * side, side, side] for seat in found["overlay"]["seats"]]
        for i, label in enumerate(boxes):
            assert not any(overlap(label, other) for other in others + boxes[:i])
            assert label[0] >= 0 and label[1] >= 0 and label[0] + label[2] <= 560 and label[1] + label[3] <= 560
        shares = sorted(key["share"] for key in found["keys"] if [key["row"], key["column"]] != [row, column])[::-1]
        widths = [arc["width"] for arc in found["overlay"]["arcs"]]
        np.testing.assert_allclose(widths, [1 + 11 * share for share in shares[:3] if share >= 0.002], atol=1e-5)
        count += len(boxes)
    assert count > 30  # nearly all of three each have a place


def test_light_and_colours_change_by_a_key_and_stand_in_the_address(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=3.2&head=7&q=4.3")
    photo = page.locator(PHOTO)
    photo.focus()
    before = as_drawn(page)
    page.keyboard.press("c")
    answered(page)
    assert state(page)["colours"] and "colours=1" in page.url
    assert (np.abs(as_drawn(page) - before).max(-1) > 20).mean() > 0.1
    page.wait_for_timeout(3000)
    expect(photo).to_be_focused()
    page.keyboard.press("c")
    answered(page)
    assert "colours" not in page.url
    np.testing.assert_array_equal(as_drawn(page), before)


def test_the_hint_goes_with_the_first_move(server, profile, page, scene) -> None:
    opened(page, f"{server}/attention?block=3.2&q=4.3")
    expect(page.locator(".hint").first).to_have_text("Move over the picture")
    hover(page, scene, 5, 7, 7)
    expect(page.locator(".hint").first).to_be_hidden()
    answered(page)
    expect(page.locator(".hint").first).to_be_hidden()
    phone = opened(profile(**PHONE), f"{server}/attention?block=3.2&q=4.3&lang=en")
    expect(phone.locator(".hint").first).to_have_text("Drag across the picture")


def test_the_rulers_mark_the_query_and_the_strongest_key(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=3.2&head=7&rolled=1")
    block = scene.blocks[5]
    for row, column in [(4, 3), (12, 1), (0, 13)]:
        photo = page.locator(PHOTO)
        seat = [(part - 3) % 14 for part in (row, column)]
        side = photo.bounding_box()["width"] / 14
        photo.hover(position={"x": (seat[1] + 0.5) * side, "y": (seat[0] + 0.5) * side})
        strongest = max(drawn(page)["keys"], key=lambda key: key["share"])
        for axis, name in enumerate(("rows", "columns")):
            ruler = page.locator(f".panel >> nth=0 >> .ruler.{name}")
            expect(ruler.locator(".of-query")).to_have_text(str((row, column)[axis]))
            mark = ruler.locator(".of-query").bounding_box()
            middle = mark["y"] + mark["height"] / 2 if axis == 0 else mark["x"] + mark["width"] / 2
            start = photo.bounding_box()["y" if axis == 0 else "x"]
            assert middle - start == pytest.approx((seat[axis] + 0.5) * side, abs=1)
            expect(ruler.locator(".of-key")).to_have_text(str((strongest["row"], strongest["column"])[axis]))
    assert block.shift == (3, 3) or list(block.shift) == [3, 3]


def test_another_number_of_device_pixels_draws_anew(server, page) -> None:
    opened(page, f"{server}/attention?block=3.2&head=7&q=4.3")
    size = page.locator(PHOTO).evaluate("canvas => [canvas.width, canvas.clientWidth]")
    view = page.viewport_size
    devices = page.context.new_cdp_session(page)
    metrics = {"width": view["width"], "height": view["height"] - 1, "deviceScaleFactor": 2, "mobile": False}
    devices.send("Emulation.setDeviceMetricsOverride", metrics)
    until(lambda: page.locator(PHOTO).evaluate("canvas => canvas.width / canvas.clientWidth"), 2)
    assert size[0] == size[1]


@pytest.mark.parametrize(
    ("more", "dark"),
    [
        ("block=3.2&head=7&q=12.1", False),
        (f"{CAT}&block=3.2&q=10.9&lang=zh", True),
        ("block=2.2&with=3.1.4&lang=zh", False),
    ],
)
def test_axe_finds_nothing_inside_either(server, profile, more: str, dark: bool) -> None:
    page = staged(profile(**LAPTOP, color_scheme="dark" if dark else "light"), f"{server}/attention?{more}")
    assert violations(page) == []
    page.locator(".tool[data-tool=layer]").click()
    assert violations(page) == []
    page.locator(".tool[data-tool=save]").click()
    page.locator(".prediction summary").click()
    page.locator(".more summary").click()
    assert violations(page) == []


def test_tools_are_one_stop_of_the_tab_key_and_say_their_names(server, page) -> None:
    opened(page, f"{server}/attention?block=3.1&head=7")
    tools = page.locator(".tool")
    assert [tool.get_attribute("aria-label") for tool in tools.all()] == [
        *("Attention as light", "Window grid", "Rolled map", "Arcs", "Show", "Compare", "Save the picture")
    ]
    assert page.locator(".tool[tabindex='0']").count() == 1
    expect(page.locator(".tool[data-tool=rolled]")).to_have_attribute("aria-disabled", "true")  # nothing is shifted
    page.locator(".tool[tabindex='0']").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert not state(page)["arcs"]
    page.wait_for_timeout(3000)
    expect(page.locator(".tool[data-tool=arcs]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".card >> nth=0")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".card >> nth=0")).to_be_hidden()
    expect(page.locator(".tool[data-tool=layer]")).to_be_focused()


def test_who_listens_hears_what_is_new_and_no_more(server, page) -> None:
    opened(page, f"{server}/attention?block=3.2&head=7&q=4.3")
    live = page.locator(".viz .live")
    expect(live).to_contain_text("Stage 3, block 2, shifted windows, Head 7. Query (4, 3) looks most at (7, 3)")
    page.locator(PHOTO).focus()
    page.keyboard.press("ArrowDown")
    expect(live).to_contain_text("Query (5, 3) looks most at")
    assert "Stage 3" not in live.inner_text()
    page.keyboard.press("h")
    expect(live).to_contain_text("Stage 3, block 2, shifted windows, Head 8.")


def test_a_photograph_gets_no_class_names_from_the_model_of_drawn_scenes(server, page, scene) -> None:
    opened(page, f"{server}/attention?{CAT}")
    expect(page.locator(".prediction")).to_contain_text("published weights")
    assert page.locator(".prediction .name").count() == 0
    assert "True answer" not in page.locator(".viz").inner_text()
    opened(page, f"{server}/attention")
    expect(page.locator(".prediction .name").first).to_have_text("star")


@pytest.mark.parametrize("forth", [True, False])
def test_a_roll_is_seen_to_roll(server, profile, scene: Trace, forth: bool) -> None:
    page = staged(
        profile(**LAPTOP, reduced_motion="no-preference"),
        f"{server}/attention?block=3.2&head=7&q=4.3&grid=0&arcs=0&rolled={int(not forth)}",
    )
    frames = sent(page)
    page.locator(PHOTO).press("r")
    ways: list[float] = []  # how far down the map has come, look by look
    for _ in range(30):
        found = drawn(page)
        if found["kind"] == "rolling":
            ways.append(found["by"][0])
        elif ways:
            break
        page.wait_for_timeout(30)
    assert ways and ways == sorted(ways, reverse=not forth)
    assert min(ways) >= 0 and max(ways) <= 120
    until(lambda: drawn(page)["kind"], "attention")
    assert len(frames) <= 2
