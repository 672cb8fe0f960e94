"""A component's code comes by URL, once; what a page does while it cannot be had, and when other code is served."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Route, expect

from swin_viz import paths
from swin_viz.app.components import CODE, LESSON, Component
from swin_viz.text import LANGUAGES, Words
from tests.app.hands import open_app
from tests.browser.attention.hands import PHOTO, drawn, opened, state
from tests.browser.hands import answered, refusing, settings, standing, until
from tests.conftest import free_port, serving

NAMES = {code.name for code in CODE.values()}  # the shell's style sheet and script are another story
CODES = re.compile(f"/code/({'|'.join(NAMES)})")
DRAWN = {"attention": "canvas.photo", "pairs": "canvas.photo", "mask": ".board", "cost": ".curves svg"}
WAITING = ".viz [role=status]"


def fetched(page: Page) -> list[tuple[str, int]]:
    """The code that the page asked for since it was opened, and the bytes that travelled for each."""
    found = page.evaluate("""() => performance.getEntriesByType("resource")
        .filter((each) => each.name.includes("/code/"))
        .map((each) => [each.name.split("/code/").pop(), each.transferSize])""")
    return [each for each in found if each[0] in NAMES]


def openings(page: Page) -> list[str]:
    """What was opened in the page, which grows when it is loaded anew."""
    found: list[str] = []
    page.on("domcontentloaded", lambda at: found.append(at.url))
    return found


def press(page: Page, language: str) -> None:
    page.get_by_role("radio", name=language).or_(page.get_by_role("button", name=language)).first.click()


def shown(page: Page, name: str) -> None:
    expect(page.locator(f".viz {DRAWN[name]}").first).to_be_visible()
    standing(page)


@pytest.mark.parametrize("name", DRAWN)
def test_a_message_carries_a_stub(name: str) -> None:
    (component,) = open_app(name).get("bidi_component")
    proto = component.proto
    assert len(proto.js_content + proto.css_content + proto.html_content) < 2_500
    assert not (proto.js_source_path or proto.css_source_path)


@pytest.mark.parametrize("component", CODE, ids=lambda each: each.name)
def test_a_stub_is_no_path_and_names_its_code(component: Component) -> None:
    code = CODE[component]
    assert "\n" in code.stub and "\n" in code.html
    assert code.stub.count(code.name) == code.html.count(code.name) == 1
    assert "/**" not in code.stub


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_every_component_can_say_that_it_waits(name: str, language: str) -> None:
    (component,) = open_app(name, lang=language).get("bidi_component")
    data = component.proto.bytes
    length = int.from_bytes(data[:4], "little")
    words = json.loads(data[4 : 4 + length] if data else component.proto.json)["words"]
    assert {key: words[key] for key in ("away", "renewed")} == Words(language, "kit").all()


@pytest.mark.parametrize("name", DRAWN)
def test_code_is_fetched_once_and_then_never_again(server: str, page: Page, name: str) -> None:
    page.goto(f"{server}/{name}")
    shown(page, name)
    ((file, size),) = fetched(page)
    assert 10_000 < size < 110_000  # compressed
    press(page, "中文")
    expect(page.locator(".viz")).to_have_attribute("lang", "zh")
    answered(page)
    assert len(fetched(page)) == 1
    page.goto(f"{server}/{name}")
    shown(page, name)
    assert fetched(page) == [[file, 0]]  # from the browser itself


def test_nothing_is_drawn_without_its_styles(server: str, page: Page) -> None:
    page.add_init_script("""new MutationObserver(() => {
        const root = document.querySelector("[data-testid=stBidiComponentIsolated]")?.shadowRoot;
        const bare = root && root.querySelector(".viz *") && !root.adoptedStyleSheets.length;
        window.bare = (window.bare ?? false) || bare;
        if (root && !window.inside) {
          window.inside = new MutationObserver(() => {
            window.bare ||= Boolean(root.querySelector(".viz *")) && !root.adoptedStyleSheets.length;
            window.looked = (window.looked ?? 0) + 1;
          });
          window.inside.observe(root, { childList: true, subtree: true });
        }
    }).observe(document, { childList: true, subtree: true })""")
    opened(page, f"{server}/attention")
    assert page.evaluate("window.looked") > 0
    assert page.evaluate("window.bare") is False
    assert page.locator(".viz > .strip").evaluate("node => getComputedStyle(node).display") == "flex"


@pytest.mark.parametrize(("name", "language"), [("attention", "en"), ("mask", "zh"), ("cost", "zh")])
def test_code_that_is_out_of_reach_is_waited_for_in_words(server: str, page: Page, name: str, language: str) -> None:
    page.route(CODES, lambda route: route.abort("internetdisconnected"))
    page.goto(f"{server}/{name}?lang={language}")
    expect(page.locator(WAITING)).to_have_text(Words(language, "kit")("away"))
    page.unroute(CODES)
    shown(page, name)
    expect(page.get_by_text(Words(language, "kit")("away"))).to_have_count(0)


def test_what_changed_while_the_code_was_on_its_way_is_what_is_drawn(server: str, page: Page) -> None:
    held: list[Route] = []
    page.route(CODES, lambda route: held.append(route))
    page.goto(f"{server}/attention?lang=en")
    until(lambda: bool(held) or page.evaluate("0"))  # routes are served while the page is asked
    press(page, "中文")
    box = settings(page).get_by_role("spinbutton")
    box.fill("1000000044")
    box.press("Enter")
    answered(page)
    page.emulate_media(color_scheme="dark")
    held[0].continue_()
    until(lambda: page.locator(PHOTO).first.evaluate("node => Boolean(node.drawn)"))
    assert len(held) == 1
    expect(page.locator(".viz")).to_have_attribute("lang", "zh")
    of = state(page)["of"]
    page.reload()
    page.unroute(CODES)
    opened(page, page.url)
    assert state(page)["of"] == of


def test_a_page_that_was_left_before_its_code_came_is_not_drawn(server: str, page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    held: list[Route] = []
    page.route(f"**/code/{CODE[LESSON].name}", lambda route: held.append(route))
    page.goto(f"{server}/mask")
    until(lambda: bool(held) or page.evaluate("0"))
    page.locator("[data-testid=stSidebarNav] a[href*=cost]").first.click()
    shown(page, "cost")
    held[0].continue_()
    answered(page)
    shown(page, "cost")
    page.go_back()
    shown(page, "mask")
    assert len(held) == 1
    assert faults == []


def test_code_that_is_gone_for_a_moment_is_asked_for_again(server: str, page: Page) -> None:
    opens = openings(page)
    refused = refusing(page, CODES, lambda so_far: len(so_far) == 4)
    page.goto(f"{server}/pairs")
    expect(page.locator(WAITING)).to_have_text(Words("en", "kit")("renewed"))
    shown(page, "pairs")
    assert len(refused) == 4
    assert len(opens) == 1


def test_where_other_code_is_served_the_page_is_loaded_anew(server: str, page: Page) -> None:
    opens = openings(page)
    refusing(page, CODES, lambda _: len(opens) == 2)
    page.goto(f"{server}/cost?lang=zh")
    expect(page.locator(WAITING)).to_have_text(Words("zh", "kit")("renewed"))
    shown(page, "cost")
    assert len(opens) == 2
    expect(page.locator(".viz")).to_have_attribute("lang", "zh")


@pytest.mark.parametrize("tail", ["", "/", "/?embed=true", "/attention"])
def test_code_is_found_below_a_base_path(below: str, page: Page, tail: str) -> None:
    page.goto(below + tail)
    shown(page, "attention")
    assert 1 <= len(fetched(page)) <= 2  # the first screen's has two parts


def test_the_policy_lets_the_code_in_and_nothing_complains(server: str, profile: Callable[..., Page]) -> None:
    page = profile()
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            said.append(message.text)

    page.on("console", listen)
    opened(page, f"{server}/attention")
    assert [text for text in said if "code/" in text or "Policy" in text] == []


def test_a_page_whose_server_has_other_code_now_runs_with_that(tmp_path: Path, page: Page) -> None:
    """The same server but for one style: the open page is drawn by the new code, under the new styles."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with serving(command, port, paths.ROOT, tmp_path / "first.txt") as address:
        opened(page, f"{address}/attention?lang=zh&block=1.1")
        answered(page)
        ((first, _),) = fetched(page)
    program = """
import sys
from swin_viz.browser import code
plain = code.style
code.style = lambda *names: plain(*names) + ".viz { outline: 7px solid }"
sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
from streamlit.web.cli import main
main()
"""
    command = [sys.executable, "-c", program, f"--server.port={port}"]
    with serving(command, port, paths.ROOT, tmp_path / "second.txt"):
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
        press(page, "English")  # whatever makes the server answer
        until(lambda: page.locator(".viz").evaluate("node => getComputedStyle(node).outlineWidth"), "7px")
        assert page.locator(".viz").get_attribute("data-code") != first
        until(lambda: page.locator(PHOTO).first.evaluate("node => Boolean(node.drawn)"))
        page.locator(PHOTO).press("]")
        until(lambda: drawn(page).get("block"), "layers.0.blocks.1")
