"""What travels: parts fetched once, nothing on hover, and what happens when a part is gone, late, or out of reach."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from swin_viz import paths
from swin_viz.engine.trace import Trace
from tests.browser.attention.hands import PHOTO, check, drawn, hover, opened, state
from tests.browser.hands import answered, frame, refusing, settings, standing, until
from tests.conftest import free_port, serving

PARTS = "**/part/*"
SEED = 1_000_000_011


def fetched(page: Page) -> list[tuple[str, int]]:
    """The parts that the page asked for since it was opened, and the bytes that travelled for each."""
    return page.evaluate("""() => performance.getEntriesByType("resource")
        .filter((each) => each.name.includes("/part/"))
        .map((each) => [each.name.split("/").pop(), each.transferSize])""")


def seed(page: Page, value: int) -> None:
    box = settings(page).get_by_role("spinbutton")
    box.fill(str(value))
    box.press("Enter")


def test_the_first_picture_is_light_and_a_hover_asks_for_nothing(server: str, page: Page, scene: Trace) -> None:
    opened(page, f"{server}/attention")
    first = fetched(page)
    assert len(first) >= 3  # picture, geometry, the block
    assert sum(size for _, size in first[:3]) < 330_000
    until(lambda: len(fetched(page)), 5)  # at rest, its neighbours
    before = len(fetched(page))
    for place in ((3, 4), (10, 9), (11, 5)):
        hover(page, scene, state(page)["block"], *place)
    answered(page)
    assert len(fetched(page)) == before


def test_a_block_is_fetched_once_and_a_reload_moves_nothing(server: str, page: Page, scene: Trace) -> None:
    opened(page, f"{server}/attention?block=1.1&q=9.20")
    for _ in range(3):
        page.locator(PHOTO).press("]")
    until(lambda: drawn(page).get("query"), [4, 10])
    check(drawn(page), scene, 3, None, (4, 10))
    names = [name for name, _ in fetched(page)]
    assert len(names) == len(set(names))
    answered(page)
    page.reload()
    opened(page, page.url)
    assert fetched(page)
    assert sum(size for _, size in fetched(page)) == 0


def test_another_language_asks_for_no_part(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    until(lambda: len(fetched(page)), 5)  # at rest, the block's neighbours too
    before = len(fetched(page))
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).first.click()
    expect(page.locator(".viz")).to_have_attribute("lang", "zh")
    answered(page)
    assert len(fetched(page)) == before


def test_what_the_server_no_longer_has_is_offered_anew(server: str, page: Page, scene: Trace) -> None:
    refused = refusing(page, PARTS, lambda so_far: len(so_far) == 2)
    opened(page, f"{server}/attention?block=2.2&q=4.10")
    assert len(refused) == 2
    check(drawn(page), scene, 3, None, (4, 10))


def test_an_answer_that_was_overtaken_is_dropped(server: str, page: Page) -> None:
    held: list[Route] = []
    holding = [True]
    opened(page, f"{server}/attention")
    until(lambda: len(fetched(page)), 5)  # at rest, the block's neighbours too: they must not be what is held
    of = state(page)["of"]
    page.route(PARTS, lambda route: held.append(route) if holding else route.continue_())
    seed(page, SEED)
    until(lambda: bool(fetched(page)) and len(held) == 2)  # routes are served while the page is asked
    assert state(page)["of"] == of  # the old picture stays until the new one can be drawn
    holding.clear()
    seed(page, SEED + 1)
    until(lambda: state(page)["of"] != of)
    now = state(page)["of"]
    for route in held:
        route.continue_()
    answered(page)
    frame(page)
    assert state(page)["of"] == now


def test_a_network_that_is_away_is_said_and_waited_for(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    of = state(page)["of"]
    page.route(PARTS, lambda route: route.abort("internetdisconnected"))
    seed(page, SEED)
    expect(page.locator(".viz .away")).to_be_visible()
    page.unroute(PARTS)
    until(lambda: state(page)["of"] != of)
    expect(page.locator(".viz .away")).to_have_count(0)


@pytest.mark.parametrize("tail", ["/", "/?embed=true", "/attention", "/pairs"])
def test_parts_are_found_below_a_base_path(below: str, page: Page, tail: str) -> None:
    page.goto(below + tail)
    until(lambda: page.locator("canvas.photo").first.evaluate("canvas => Boolean(canvas.drawn)"))
    standing(page)
    assert all(name for name, _ in fetched(page))


def test_two_visitors_with_the_same_picture_share_names_and_with_others_do_not(
    server: str, profile: Callable[..., Page]
) -> None:
    pages = [profile() for _ in range(3)]
    for page, query in zip(pages, ("", "", f"?seed={SEED + 2}"), strict=True):
        opened(page, f"{server}/attention{query}")
        answered(page)
    same, again, other = ({name for name, _ in fetched(page)} for page in pages)
    assert same == again
    assert len(same & other) == 1  # the geometry, which is of the model and the size


def back(page: Page) -> bool:
    """Whether the picture is there; while the page is loaded anew it is not."""
    try:
        return page.locator(PHOTO).count() == 1 and drawn(page).get("query") == [9, 20]
    except Error:
        return False


def test_a_page_outlives_the_servers_restart(tmp_path: Path, page: Page, scene: Trace) -> None:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with serving(command, port, paths.ROOT, tmp_path / "first.txt") as address:
        opened(page, f"{address}/attention?block=1.1&q=9.20&pinned=1&lang=zh")
        answered(page)
    page.locator(PHOTO).focus()
    for _ in range(3):  # a block that is not here: its part is asked for in vain
        page.keyboard.press("]")
    expect(page.locator(".viz .away")).to_be_visible()
    with serving(command, port, paths.ROOT, tmp_path / "second.txt"):
        until(lambda: back(page))
        answered(page)
        page.locator(PHOTO).focus()
        page.keyboard.press("]")
        until(lambda: drawn(page).get("block"), "layers.0.blocks.1")
        check(drawn(page), scene, 1, None, (9, 20))
        expect(page.locator(".viz .away")).to_have_count(0)
        expect(page.locator(".viz")).to_have_attribute("lang", "zh")
