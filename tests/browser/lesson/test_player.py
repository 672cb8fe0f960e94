"""The player that all lessons share, in a real browser: every step, keys, what stays, links, offline, axe."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.hands import answered, frame, sent, violations
from tests.browser.lesson.hands import (
    BOARD,
    SMALL_GRIDS,
    at_step,
    current,
    hover,
    offline,
    opened,
    opened_alone,
    own_grid,
    same,
    shown,
)


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_every_step_shows_the_lessons_arrays_and_asks_nothing(server, page, name: str) -> None:
    frames = sent(page)
    opened(page, f"{server}/{name}")
    answered(page)
    frames.clear()
    lesson = SMALL_GRIDS[name]
    for number in range(len(lesson.steps)):
        same(shown(page), lesson, number)
        expect(page.locator(".formula .lit")).to_contain_text(lesson.formula[lesson.steps[number].formula])
        page.keyboard.press("ArrowRight")
    assert len(frames) <= len(lesson.steps)  # the settled step at most, for the address


def test_cells_that_move_arrive(server, profile) -> None:
    page = opened(profile(reduced_motion="no-preference"), f"{server}/windows")
    press = "(next) => { next.click(); return next.getRootNode().querySelector('.board').drawn.step; }"
    for number in range(1, len(SMALL_GRIDS["windows"].steps)):
        answered(page)
        assert page.get_by_role("button", name="Next", exact=True).evaluate(press) == number - 1  # on their way
        same(shown(page), SMALL_GRIDS["windows"], number)


def test_keys_scrub_and_links_lead_to_the_same_step(server, page, profile) -> None:
    opened(page, f"{server}/windows")
    current(page).focus()
    for key in ("End", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    same(shown(page), SMALL_GRIDS["windows"], 3)
    expect(page).to_have_url(re.compile("step=4"))
    same(shown(opened(profile(), page.url)), SMALL_GRIDS["windows"], 3)


def test_a_note_does_not_outlive_its_step(server, page) -> None:
    opened(page, f"{server}/shift?step=4")
    hover(page.locator(BOARD), 4, 4, 8, 8)
    note = page.locator(".board-note").first
    expect(note).not_to_have_text("")
    page.keyboard.press("ArrowRight")
    expect(note).to_have_text("")


def test_arrow_keys_step_without_choosing_the_player_and_leave_boxes_alone(server, page) -> None:
    opened(page, f"{server}/shift")
    for key, wanted in (("ArrowRight", 2), ("End", 8), ("ArrowLeft", 7), ("Home", 1)):
        page.keyboard.press(key)
        at_step(page, wanted, 8)
    page.locator(".stMain h1").click()
    page.keyboard.press("ArrowRight")
    at_step(page, 2, 8)
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("ArrowRight")
    at_step(page, 3, 8)
    answered(page)
    own_grid(page)
    for owner in (page.get_by_label("Shift s"), page.locator(BOARD), page.locator(".extra input[type=range]")):
        owner.focus()
        page.keyboard.press("ArrowLeft")
        frame(page)
        at_step(page, 3, 8)


def test_the_lesson_plays_on_in_another_language_and_can_be_stopped(server, page) -> None:
    opened(page, f"{server}/shift")
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_text("中文", exact=True).click()
    pause = page.get_by_role("button", name="暂停", exact=True)
    expect(pause).to_have_attribute("aria-pressed", "true")
    pause.click()
    expect(page.get_by_role("button", name="播放", exact=True)).to_have_attribute("aria-pressed", "false")
    number = page.locator(".player .number").first
    before = number.inner_text()
    page.wait_for_timeout(3200)  # no step is taken, for longer than a step is shown
    assert number.inner_text() == before


def test_a_lesson_left_and_opened_again_is_at_its_step(server, page) -> None:
    opened(page, f"{server}/windows")
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("step=6"))
    page.get_by_role("link", name="Shift and reach", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shift")
    page.get_by_role("link", name="Windows", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Windows")
    at_step(page, 6, 6)


def test_a_lesson_works_offline_as_one_file(server, page, profile) -> None:
    opened(page, f"{server}/mask?lang=zh")
    path = offline(page, "整课存为离线 HTML 文件")
    alone = profile(offline=True)
    problems: list[str] = []
    alone.on("pageerror", lambda error: problems.append(str(error)))
    opened_alone(alone, path)
    same(shown(alone), SMALL_GRIDS["mask"], 0)
    alone.get_by_role("button", name="下一步").click()
    same(shown(alone), SMALL_GRIDS["mask"], 1)
    assert problems == []


def test_the_offline_file_holds_the_pages_facts(server, page, profile) -> None:
    opened(page, f"{server}/shift?block=2.2")
    table = page.locator("table tbody tr").all_inner_texts()
    alone = opened_alone(profile(offline=True), offline(page, "Lesson as one offline HTML file"))
    expect(alone.get_by_role("heading", level=2).last).to_contain_text("Without the roll")
    assert alone.locator("table tbody tr").all_inner_texts() == table
    assert "**" not in alone.locator("section").last.inner_text()
    alone.keyboard.press("ArrowRight")
    at_step(alone, 2, 8)


@pytest.mark.parametrize("name", SMALL_GRIDS)
@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
def test_axe_finds_nothing(server, profile, name: str, width: int, scheme: str, language: str) -> None:
    page = profile(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened(page, f"{server}/{name}?lang={language}&step=2")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_headings_come_in_their_order(server, page, name: str) -> None:
    opened(page, f"{server}/{name}")
    assert violations(page, {"type": "rule", "values": ["heading-order"]}) == []


def test_a_step_just_taken_does_not_clear_the_page_that_opens_on_a_slow_network(server, page) -> None:
    """What settles after the click on a link, told while the server makes the new page, would call the old one back."""
    held: list[bytes | str] = []
    slow, upstreams = [False], []

    def between(socket: WebSocketRoute) -> None:
        upstreams.append(socket.connect_to_server())
        socket.on_message(lambda message: held.append(message) if slow[0] else upstreams[-1].send(message))

    page.route_web_socket(re.compile("_stcore/stream"), between)
    opened(page, f"{server}/windows")
    answered(page)
    slow[0] = True
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("link", name="Shift and reach", exact=True).click()
    page.wait_for_timeout(900)  # a step would settle after 350 ms: nothing more may be told
    assert held
    slow[0] = False
    for message in held:
        upstreams[-1].send(message)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shift")
    answered(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shift")
    expect(page.locator(BOARD)).to_be_visible()


@pytest.mark.parametrize("name", ["mask", "bias", "merging"])
def test_headings_go_down_one_level_at_a_time(server, page, name: str) -> None:
    opened(page, f"{server}/{name}")
    levels = (
        page.locator(".stMain").locator("h1, h2, h3, h4").evaluate_all("all => all.map((h) => Number(h.tagName[1]))")
    )
    assert levels[0] == 1
    assert len(levels) > 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
