"""The shared widgets in a real browser: a language or model changed mid-way loses nothing, nor does a bad file."""

import re
from pathlib import Path

import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig
from swin_viz.scenes.generate import make_scene
from tests.browser.hands import answered, settings, standing, until, visit

TINY = SwinConfig(24, (2, 2), (2, 4), window=7, classes=3)
WIDE = SwinConfig(24, (2, 2), (2, 4), window=12, classes=3)
PHOTO = ".viz canvas.photo"


def opened(page: Page, address: str) -> Page:
    return visit(page, address, PHOTO)


def box(page: Page, number: int) -> str:
    return settings(page).get_by_role("combobox").nth(number).input_value()


def pick(page: Page, number: int, option: str) -> None:
    """By typing: a list that opens while the page scrolls closes again."""
    standing(page)
    settings(page).get_by_role("combobox").nth(number).click()
    page.keyboard.press("Control+a")  # an open list hides the other boxes, so that this one has another number
    page.keyboard.type(option)
    page.keyboard.press("Enter")


def file_of(config: SwinConfig, path: Path) -> Path:
    torch.manual_seed(0)
    torch.save({"model": Swin(config).state_dict()}, path)
    return path


def give(page: Page, kind: str, *paths: Path) -> None:
    page.locator(f".st-key-file_{kind} input[type=file]").set_input_files([str(path) for path in paths])


def wait_until_red(page: Page) -> None:
    """The corner of the picture, behind its veil."""
    corner = "c => { const [r, g] = c.getContext('2d').getImageData(c.width - 3, 2, 1, 1).data; return r > g + 20; }"
    until(lambda: page.locator(PHOTO).first.evaluate(corner))


def test_a_picture_and_a_size_survive_a_change_of_language(server, page) -> None:
    opened(page, f"{server}/attention?lang=en&image=coffee&size=256")
    page.get_by_role("radio", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("token")
    expect(settings(page).get_by_role("combobox").first).to_have_value("一杯咖啡")
    pick(page, 2, "320 px")
    expect(page).to_have_url(re.compile("size=320"))
    assert "image=coffee" in page.url
    assert box(page, 0) == "一杯咖啡"


def test_an_upload_survives_a_change_of_language_and_a_bad_file_after_it(server, page, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    Image.new("RGB", (64, 64), "red").save(good)
    bad.write_bytes(b"<html>")
    opened(page, f"{server}/attention?lang=en&image=upload&whole=1")
    give(page, "upload", good)
    wait_until_red(page)
    page.get_by_role("radio", name="中文").click()
    expect(settings(page).get_by_role("combobox").first).to_have_value("上传自己的图像…")
    give(page, "upload", bad)
    expect(page.locator(".over.bad")).to_contain_text("网页")
    answered(page)
    assert box(page, 0) == "上传自己的图像…"
    wait_until_red(page)


def test_a_bad_checkpoint_leaves_the_good_one_and_the_size_follows_the_model(server, page, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pth"
    bad.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    opened(page, f"{server}/attention?lang=en&model=upload")
    give(page, "checkpoint", file_of(TINY, tmp_path / "tiny.pth"))
    panel = settings(page)
    expect(panel).to_contain_text("C = 24, blocks 2·2, heads 2·4, window 7, 3 classes")
    give(page, "checkpoint", bad)
    expect(panel.get_by_test_id("stAlert")).to_contain_text("LFS")
    expect(panel).to_contain_text("C = 24, blocks 2·2")
    expect(page.locator(".classes")).to_contain_text("class 0")
    give(page, "checkpoint", file_of(WIDE, tmp_path / "wide.pth"))
    expect(panel).to_contain_text("window 12")
    expect(panel.get_by_role("combobox").nth(2)).to_have_value("384 px (as trained)")


def test_back_leaves_a_page_however_many_tokens_were_looked_at(server, page) -> None:
    opened(page, f"{server}/windows")
    page.get_by_role("link", name="Pair by pair").click()
    expect(page.locator(".viz canvas.matrix").first).to_be_visible()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
        page.locator(PHOTO).press(key)
        answered(page)
    expect(page).to_have_url(re.compile("q="))
    page.go_back()
    expect(page).to_have_url(re.compile("/windows"))
    expect(page.locator(".viz canvas.board").first).to_be_visible()


def test_an_unpinned_query_goes_to_what_a_new_scene_asks_for(server, page) -> None:
    opened(page, f"{server}/attention?seed=1000000005")
    at = lambda: page.locator(".viz").evaluate("root => root.drawn.state.at")  # noqa: E731
    before = at()
    settings(page).get_by_role("spinbutton").fill("1000000006")
    page.keyboard.press("Enter")
    until(lambda: at() != before)
    answered(page)
    plan = make_scene(1000000006).plan
    piece = plan.pieces[plan.target]
    assert at() == pytest.approx([piece.y / plan.size, piece.x / plan.size])
