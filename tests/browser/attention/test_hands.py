"""The explorer under any hand in a real browser: arrows in every group, two pictures, a finger, a bare picture."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from swin_viz.engine import maps
from swin_viz.engine.trace import Trace

PHOTO = ".panel canvas.photo >> nth=0"
SECOND = ".panel canvas.photo >> nth=1"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function("canvas => Boolean(canvas.drawn)", arg=page.locator(PHOTO).element_handle())
    return page


def state(page: Page) -> dict:
    page.wait_for_timeout(120)
    return page.locator(".viz").evaluate("root => root.drawn.state")


def test_arrows_choose_in_every_group_and_keep_the_focus(server, page) -> None:
    opened(page, f"{server}/?block=2.2&head=2&q=3.3")
    page.locator(".strip button[aria-checked=true]").first.focus()
    for key, block in (("ArrowRight", 4), ("ArrowLeft", 3), ("End", 7), ("Home", 0)):
        page.keyboard.press(key)
        assert state(page)["block"] == block
        expect(page.locator(".strip button[aria-checked=true]").first).to_be_focused()
    page.keyboard.press("]")  # also outside of the picture
    assert state(page)["block"] == 1
    page.locator(".right .heads button[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    assert state(page)["head"] == 2
    page.keyboard.press("Home")
    assert state(page)["head"] == "mean"


def test_every_point_of_the_chart_is_reached_by_keys(server, page) -> None:
    opened(page, f"{server}/?block=2.2")  # the mean over heads: no point is lit
    chart = page.locator(".right .chart")
    assert chart.locator("[tabindex='0']").count() == 1
    chart.locator("[tabindex='0']").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    found = state(page)
    assert (found["block"], found["head"]) == (4, 2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert state(page)["head"] == 1


def test_keys_on_the_second_picture_choose_its_own_block_and_head(server, page) -> None:
    opened(page, f"{server}/?block=2.2&head=1&with=3.1.2")
    page.locator(SECOND).focus()
    for key in ("]", "h", "ArrowDown"):
        page.keyboard.press(key)
    found = state(page)
    assert (found["block"], found["head"]) == (3, 0)
    assert found["other"] == {"block": 5, "head": 2}
    assert found["pinned"]


def drag(page: Page, start: tuple[float, float], step: tuple[float, float]) -> None:
    """One finger, from `start` in eight steps."""
    session = page.context.new_cdp_session(page)
    for part in range(9):
        at = [{"x": start[0] + part * step[0], "y": start[1] + part * step[1]}]
        kind = "touchMove" if part else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_drags_the_query_sideways_and_scrolls_up_and_down(server, browser: Browser) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = opened(phone.new_page(), f"{server}/?block=4.1&head=1")
    page.locator(PHOTO).scroll_into_view_if_needed()
    box = page.locator(PHOTO).bounding_box()
    x, y = box["x"] + box["width"] / 14, box["y"] + box["height"] / 2
    drag(page, (x, y), (box["width"] / 14, 0))
    found = state(page)
    assert found["at"] == pytest.approx([0.5, 4.5 / 7])
    assert not found["pinned"]
    drag(page, (x, y), (0, -20))
    assert state(page)["at"] == found["at"]
    phone.close()


def test_on_a_phone_a_tap_chooses_a_key_and_a_second_one_the_query(server, browser: Browser) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = phone.new_page()
    page.goto(f"{server}/pairs?block=4.1&q=0.0")
    page.locator(".viz canvas.matrix").first.wait_for()
    photo = page.locator(".viz canvas.photo")
    photo.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = photo.bounding_box()
    at = (box["x"] + box["width"] * 4.5 / 7, box["y"] + box["height"] * 2.5 / 7)
    page.touchscreen.tap(*at)
    found = state(page)
    assert (found["key"], found["at"][0] < 1 / 7) == (18, True)
    page.touchscreen.tap(*at)
    found = state(page)
    assert found["key"] is None
    assert found["at"] == pytest.approx([2.5 / 7, 4.5 / 7])
    phone.close()


def test_a_map_that_is_not_there_leaves_the_picture_bare(server, page) -> None:
    """At 1024 pixels only the blocks looked at are in the browser: no other block's map may stand under this name."""
    opened(page, f"{server}/?image=chelsea&size=1024&block=3.1")
    page.wait_for_timeout(500)
    page.locator(".controls select").first.select_option("rollout")
    page.wait_for_timeout(300)
    drawn = page.locator(PHOTO).evaluate("canvas => canvas.drawn")
    assert (drawn["kind"], drawn["block"]) == ("blank", "layers.2.blocks.0")
    assert page.locator(".legend").first.inner_text().strip() == ""
    expect(page.locator(".readout").first).to_contain_text("smaller size")


def test_distances_are_in_tokens_and_in_pixels(server, page, scene: Trace) -> None:
    opened(page, f"{server}/?block=2.2&head=1&q=3.3&layer=distance&chart=distance")
    block = scene.blocks[3]
    at = maps.positions(block.places, block.padded[1])
    far = maps.distance(block.shares(), at)
    window, slot = np.argwhere(block.places == 3 * 28 + 3)[0]
    tokens = float(far[window, 0, slot])
    expect(page.locator(".strong").first).to_contain_text(f"{tokens:.2f} ({tokens * 8:.0f} px)")
    title = page.locator(".right .chart circle title").first.text_content()
    mean = float(maps.distance(scene.blocks[0].shares(), maps.positions(scene.blocks[0].places, 56))[:, 0].mean()) * 4
    assert re.search(r"head 1: ([\d.]+) pixels", title)[1] == f"{mean:.2f}"


def test_who_listens_hears_all_that_is_read(server, page) -> None:
    opened(page, f"{server}/?block=2.2&head=1&q=0.0&image=chelsea&size=256&whole=1")
    page.wait_for_timeout(600)
    heard = page.locator(".live").inner_text()
    for part in (".strong", ".readout div >> nth=0", ".readout div >> nth=1"):
        assert page.locator(f".panel >> nth=0 >> {part}").inner_text() in heard
    assert "blocked by the mask" in heard


def test_another_factor_than_the_models_says_so_everywhere(server, page) -> None:
    page.goto(f"{server}/pairs?block=2.2&head=1&q=12.6&key=3&factor=100")
    page.locator(".viz canvas.matrix").first.wait_for()
    page.wait_for_timeout(600)
    expect(page.locator(".altered")).to_contain_text("1.000 instead of 1/√d")
    expect(page.locator(".ledger th", has_text="× 1.000")).to_be_visible()
    expect(page.locator(".pair-line")).to_contain_text("× 1.000 =")
    expect(page.locator("[data-vector=z]")).not_to_contain_text("equal to the last sum")
    page.get_by_role("button", name="Back to 1/√d").click()
    expect(page.locator(".altered")).to_be_empty()
    expect(page.locator("[data-vector=z]")).to_contain_text("equal to the last sum")
    expect(page).not_to_have_url(re.compile("factor"))


def test_vectors_light_at_their_steps_and_the_sum_builds_up(server, page, scene: Trace) -> None:
    page.goto(f"{server}/pairs?block=2.2&head=1&q=12.6&step=1")
    page.locator(".viz canvas.matrix").first.wait_for()
    page.wait_for_timeout(600)
    lit = lambda: page.locator(".vector.lit").evaluate_all("rows => rows.map((row) => row.dataset.vector)")  # noqa: E731
    assert lit() == ["x", "x·W", "q"]
    for _ in range(6):
        page.get_by_role("button", name="Next").click()
    page.wait_for_timeout(150)
    assert lit() == ["Σ 49", "z"]
    page.get_by_role("slider", name="Add up the strongest keys").fill("1")
    block = scene.blocks[3]
    window, slot = np.argwhere(block.places == 12 * 28 + 6)[0]
    strongest = block.shares()[window, 0, slot].max()
    expect(page.locator("[data-vector='Σ 1']")).to_contain_text(f"{100 * strongest:.1f} %")
    assert lit() == ["Σ 1", "z"]
    page.get_by_role("button", name="Next").click()
    page.wait_for_timeout(150)
    assert lit() == ["concat", "out"]
