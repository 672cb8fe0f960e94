"""The Attention page under any hand: arrows in every group, two pictures, a finger, and who only listens."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.attention.hands import PHOTO, SECOND, check, drawn, opened, state
from tests.browser.hands import PHONE, answered, middle, until


def test_the_keyboard_alone_does_everything(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=2.2&head=1&q=10.10")
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
    answered(page)
    page.keyboard.press("ArrowUp")
    check(drawn(page), scene, 3, None, (11, 4))


def test_arrows_choose_in_every_group_and_keep_the_focus(server, page) -> None:
    opened(page, f"{server}/attention?block=2.2&head=2&q=3.3")
    page.locator(".strip button[aria-checked=true]").first.focus()
    for key, block in (("ArrowRight", 4), ("ArrowLeft", 3), ("End", 7), ("Home", 0)):
        page.keyboard.press(key)
        assert state(page)["block"] == block
        expect(page.locator(".strip button[aria-checked=true]").first).to_be_focused()
    page.keyboard.press("]")  # also outside of the picture
    assert state(page)["block"] == 1
    page.locator(".rail .heads button[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    assert state(page)["head"] == 2
    page.keyboard.press("Home")
    assert state(page)["head"] == "mean"
    answered(page)
    page.keyboard.press("End")
    assert state(page)["head"] == 2  # the last of three


def test_every_point_of_the_chart_is_reached_by_keys(server, page) -> None:
    opened(page, f"{server}/attention?block=2.2")  # the mean over heads: no point is lit
    page.locator(".more summary").click()
    chart = page.locator(".more .chart")
    expect(chart.locator("[tabindex='0']")).to_have_count(1)  # its numbers are fetched when it is seen
    chart.locator("[tabindex='0']").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    found = state(page)
    assert (found["block"], found["head"]) == (4, 2)
    answered(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert state(page)["head"] == 1


def test_keys_on_the_second_picture_choose_its_own_block_and_head(server, page) -> None:
    opened(page, f"{server}/attention?block=2.2&head=1&with=3.1.2")
    page.locator(SECOND).focus()
    for key in ("]", "h", "ArrowDown"):
        page.keyboard.press(key)
    for _ in range(2):  # before the server's answer, and after it
        found = state(page)
        assert (found["block"], found["head"]) == (3, 0)
        assert found["other"] == {"block": 5, "head": 2}
        assert found["pinned"]
        answered(page)


def test_a_link_opens_the_same_view_in_another_browser(server, profile, scene) -> None:
    page = opened(profile(), f"{server}/attention?block=2.2&head=3&q=5.20&scope=block&rolled=1")
    page.locator(PHOTO).focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"q=6\.20"))
    seen = drawn(page)
    again = drawn(opened(profile(viewport={"width": 1000, "height": 800}), page.url))
    assert json.dumps(again["keys"]) == json.dumps(seen["keys"])
    assert again["high"] == seen["high"]
    check(again, scene, 3, 2, (6, 20))


def test_a_touch_moves_the_query_on_a_phone(server, profile, scene) -> None:
    page = opened(profile(**PHONE), f"{server}/attention?block=4.1&head=1")
    photo = page.locator(PHOTO)
    photo.tap(position=middle(photo, 3, 6, 7, 7))
    check(drawn(page), scene, 6, 0, (3, 6))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def drag(page: Page, start: tuple[float, float], step: tuple[float, float]) -> None:
    """One finger, from `start` in eight steps."""
    session = page.context.new_cdp_session(page)
    for part in range(9):
        at = [{"x": start[0] + part * step[0], "y": start[1] + part * step[1]}]
        kind = "touchMove" if part else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_drags_the_query_over_the_picture_and_scrolls_elsewhere(server, profile) -> None:
    page = opened(profile(**PHONE), f"{server}/attention?block=4.1&head=1")
    page.locator(PHOTO).scroll_into_view_if_needed()
    box = page.locator(PHOTO).bounding_box()
    x, y = box["x"] + box["width"] / 14, box["y"] + box["height"] / 2
    drag(page, (x, y), (box["width"] / 14, 0))
    found = state(page)
    assert found["at"] == pytest.approx([0.5, 4.5 / 7])
    assert not found["pinned"]
    place = "() => document.querySelector('.stMain').scrollTop"
    before = page.evaluate(place)
    drag(page, (x, y), (0, -box["height"] / 28))
    assert state(page)["at"] == pytest.approx([1.5 / 7, 0.5 / 7])
    assert page.evaluate(place) == before
    title = page.locator(".rail .heads-title").bounding_box()
    drag(page, (title["x"] + 40, title["y"] + 5), (0, -20))
    until(lambda: page.evaluate(place) > before)
    assert state(page)["at"] == pytest.approx([1.5 / 7, 0.5 / 7])


def test_who_listens_hears_all_that_is_read(server, page) -> None:
    opened(page, f"{server}/attention?block=2.2&head=1&q=0.0&image=chelsea&size=256&whole=1")
    expect(page.locator(".live")).to_contain_text("40 of 49 keys blocked")
    heard = page.locator(".live").inner_text()
    for part in (".where", ".strong"):
        for words in page.locator(f".read >> {part}").inner_text().split(" · "):
            assert words in heard
    assert page.locator(".panel .facts").first.inner_text().replace(" · ", ", ") in heard
