"""The visitor's own picture on the stage: dropped, pasted, chosen; refused in words over the picture; and undone."""

import base64
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from swin_viz import paths
from swin_viz.reading.picture.samples import sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT
from swin_viz.text import Words
from tests.browser.hands import answered, settings, visit
from tests.conftest import free_port, serving

T = Words("en", "ui")
PHOTO = ".viz canvas.photo >> nth=0"
IMAGE = sample_bytes("coffee")
# Real events of the browser, with a file as a hand brings it; `where` is what lies under it.
EVENT = """({ kind, name, type, data, where }) => {
    const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
    const brought = new DataTransfer();
    brought.items.add(new File([bytes], name, { type }));
    const more = { bubbles: true, cancelable: true, composed: true };
    const event = kind === "paste" ? new ClipboardEvent(kind, { ...more, clipboardData: brought })
        : new DragEvent(kind, { ...more, dataTransfer: brought });
    document.querySelector(where).dispatchEvent(event);
    return event.defaultPrevented;
}"""


def bring(page: Page, kind: str, data: bytes = IMAGE, name: str = "coffee.jpg", where: str = ".stMain h1") -> bool:
    """Whether the page took it, and the browser does not open the file in its place."""
    text = base64.b64encode(data).decode()
    return page.evaluate(EVENT, {"kind": kind, "name": name, "type": "image/jpeg", "data": text, "where": where})


def opened(page: Page, address: str) -> Page:
    return visit(page, address, PHOTO)


def in_force(page: Page) -> object:
    return page.locator(".st-key-stage_in_force button")


@pytest.mark.parametrize("way", ["drop", "paste", "choose"])
def test_a_picture_is_taken_on_the_stage_and_undone(server: str, page: Page, way: str) -> None:
    opened(page, f"{server}/attention?seed={FIRST_HELD_OUT + 3}")
    if way == "choose":
        choose(page)
        assert page.locator(".st-key-file_upload input[type=file]").get_attribute("accept") == "image/*"
    else:
        assert bring(page, way)
    expect(in_force(page)).to_contain_text(T("own_picture"))
    expect(page).to_have_url(re.compile("image=upload"))
    expect(page.locator(".stApp .st-key-stage_settings")).to_be_hidden()  # what was taken is seen at once
    said = page.locator(".over")
    expect(said.locator("p")).to_have_text(T("taken"))
    title = T("scene_title", seed=FIRST_HELD_OUT + 3)
    said.get_by_role("button", name=T("undo_own", title=title)).click()
    expect(in_force(page)).to_contain_text(title)
    answered(page)
    assert "image=" not in page.url
    expect(page.locator(".over")).to_have_count(0)


def test_where_it_can_be_dropped_is_shown_while_it_is_dragged(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    target = page.locator(".drop")
    expect(target).to_be_hidden()
    bring(page, "dragenter")
    expect(target).to_have_text(T("drop"))
    assert bring(page, "dragover")  # else the browser would refuse the drop
    bring(page, "dragenter", where=".stMain")
    bring(page, "dragleave")
    expect(target).to_be_visible()
    bring(page, "dragleave", where=".stMain")
    expect(target).to_be_hidden()


def test_what_is_no_picture_is_refused_over_the_stage_and_leaves_what_was_there(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    before = in_force(page).inner_text()
    top = page.locator(PHOTO).bounding_box()
    assert bring(page, "drop", b"<!DOCTYPE html><html></html>", "cat.jpg")
    said = page.locator(".over.bad")
    expect(said).to_contain_text("This is a web page, not a picture")
    answered(page)
    assert in_force(page).inner_text() == before and "image=" not in page.url
    assert page.locator(PHOTO).bounding_box() == top  # nothing moves for it
    said.get_by_role("button", name=T("shut")).click()
    expect(said).to_be_hidden()


def test_a_second_picture_is_undone_to_the_first(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    corner = lambda: page.locator(PHOTO).evaluate(  # noqa: E731
        "c => [...c.getContext('2d').getImageData(c.width - 3, 2, 1, 1).data].join()"
    )
    bring(page, "drop")
    expect(page.locator(".over p")).to_have_text(T("taken"))
    answered(page)
    first = corner()
    bring(page, "drop", sample_bytes("hubble"), "hubble.jpg")
    expect(page.locator(".over")).to_contain_text(T("undo_own", title=T("own_picture")))
    answered(page)
    assert corner() != first
    page.locator(".over [data-does=undo_own]").click()
    answered(page)
    expect(in_force(page)).to_contain_text(T("own_picture"))
    assert corner() == first


def test_a_link_to_an_upload_says_what_it_could_not_bring(server: str, page: Page) -> None:
    opened(page, f"{server}/attention?image=upload")
    said = page.locator(".over")
    expect(said.locator("p")).to_have_text(T("upload_missing"))
    with page.expect_file_chooser() as chooser:
        said.get_by_role("button", name=T("upload")).click()
    chooser.value.set_files({"name": "coffee.jpg", "mimeType": "image/jpeg", "buffer": IMAGE})
    expect(in_force(page)).to_contain_text(T("own_picture"))
    expect(said).not_to_contain_text(T("upload_missing"))


def choose(page: Page, data: bytes = IMAGE) -> None:
    with page.expect_file_chooser() as chooser:
        settings(page).locator("[data-does=own]").click()
    chooser.value.set_files({"name": "coffee.jpg", "mimeType": "image/jpeg", "buffer": data})


@pytest.mark.parametrize("way", ["drop", "choose"])
def test_a_file_larger_than_the_server_takes_is_not_sent(server: str, page: Page, way: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "upload_file" in request.url else None)
    opened(page, f"{server}/attention")
    page.evaluate("document.querySelector('.does').dataset.most = '1000'")
    choose(page) if way == "choose" else bring(page, "drop")
    expect(page.locator(".told")).to_contain_text("larger than")
    answered(page)
    assert "image=" not in page.url
    assert sent == []


def test_a_picture_that_does_not_arrive_is_said_and_the_next_one_is_taken(server: str, page: Page) -> None:
    opened(page, f"{server}/attention?seed={FIRST_HELD_OUT + 3}")
    page.route("**/upload_file/**", lambda route: route.abort())
    for _ in range(2):  # each failure anew
        bring(page, "drop")
        expect(page.locator(".told")).to_have_text(T("failed"))
        page.locator(".told").evaluate("line => line.replaceChildren()")
    expect(in_force(page)).to_contain_text(T("scene_title", seed=FIRST_HELD_OUT + 3))
    page.unroute("**/upload_file/**")
    bring(page, "drop")
    expect(in_force(page)).to_contain_text(T("own_picture"))


def test_the_first_picture_after_the_servers_restart_is_taken(tmp_path: Path, page: Page) -> None:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with serving(command, port, paths.ROOT, tmp_path / "first.txt") as address:
        opened(page, f"{address}/attention?seed={FIRST_HELD_OUT + 3}")
        answered(page)
    with serving(command, port, paths.ROOT, tmp_path / "second.txt"):
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
        bring(page, "drop")
        expect(in_force(page)).to_contain_text(T("own_picture"))
        expect(page.locator(".over p")).to_have_text(T("taken"))


def test_text_pasted_into_a_field_is_the_fields(server: str, page: Page) -> None:
    opened(page, f"{server}/attention")
    event = """() => {
        const brought = new DataTransfer();
        brought.setData("text/plain", "1000000007");
        const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: brought });
        document.querySelector("input[type=number]").dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    assert page.evaluate(event) is False
