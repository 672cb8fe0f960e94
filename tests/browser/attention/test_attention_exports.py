"""Files taken away from the Attention page: they hold the tensors, and look like the screen."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import frame
from swin_viz.scenes.generate import FIRST_HELD_OUT, draw, make_scene, recolour_cue
from tests.browser.attention.hands import as_drawn, choose, drawn, hover, opened, saved
from tests.browser.files import CAT, SVG, caption_of, csv_of, npz_of, pixels
from tests.browser.hands import PHONE, answered

MARGIN = 12  # of a sheet, in CSS pixels


@pytest.mark.parametrize(
    ("layer", "more"),
    [
        ("received", "block=1.2&head=2"),
        ("entropy", "block=2.2&head=mean&rolled=1"),
        ("distance", "block=3.2&head=5"),
        ("rollout", "block=3.2&q=10.15&head=1"),
    ],
)
def test_a_layers_numbers_are_those_drawn(server, page, layer: str, more: str) -> None:
    opened(page, f"{server}/attention?{CAT}&layer={layer}&{more}")
    shown = drawn(page)
    values = np.reshape(list(shown["values"].values()), (shown["rows"], shown["columns"]))
    name, caption, rows = csv_of(page)
    assert f"-{layer}.csv" in name
    assert "Cat (256×" in caption
    assert ("Rolled map" in caption) == ("rolled" in more)
    np.testing.assert_allclose(npz_of(page)["map"], values, rtol=1e-4, atol=1e-5)
    table = np.full(values.shape, np.nan)
    for row in rows:
        table[int(row["row"]), int(row["column"])] = float(row["value"])
    np.testing.assert_allclose(table, values, rtol=1e-4, atol=1e-5)
    cells = ElementTree.fromstring(saved(page, "SVG")[1]).iter(f"{SVG}title")
    np.testing.assert_allclose([float(cell.text.split(") ")[1]) for cell in cells], values.ravel(), rtol=1e-6)


def test_a_query_that_is_not_pinned_is_saved_as_it_stands(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=3.2&head=2")
    hover(page, scene, 5, 11, 3)
    page.locator(".rail").hover()
    expect(page).to_have_url(re.compile(r"q=11\.3"))
    _, caption, rows = csv_of(page)
    assert "query (11, 3)" in caption
    block = scene.blocks[5]
    window, slot = np.argwhere(block.places == 11 * 14 + 3)[0]
    np.testing.assert_allclose([float(row["share"]) for row in rows], block.shares()[window, 1, slot], atol=1e-6)


def test_two_compared_pictures_are_saved_together(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=3.2&head=2&q=4.3&pinned=1")
    choose(page, "the same scene, cue recoloured")
    expect(page).to_have_url(re.compile("with=3.2.2"))
    plan = make_scene(FIRST_HELD_OUT).plan
    recoloured = draw(recolour_cue(plan, (plan.target + 1) % len(plan.pieces))).image
    second = run(shared.load(BUILTIN).model, frame(Image.fromarray(recoloured), 224, whole=True))
    name, caption, rows = csv_of(page)
    assert name.endswith("layers.2.blocks.1-head2-attention-with-layers.2.blocks.1-head2.csv")
    assert "compared with the same scene, cue recoloured · Stage 3, block 2" in caption
    for trace, part in ((scene, rows[:49]), (second, rows[49:])):
        block = trace.blocks[5]
        window, slot = np.argwhere(block.places == 4 * 14 + 3)[0]
        np.testing.assert_allclose([float(row["share"]) for row in part], block.shares()[window, 1, slot], atol=1e-6)
    npz = npz_of(page)
    np.testing.assert_array_equal(npz["other_shares"], second.blocks[5].shares())
    np.testing.assert_array_equal(npz["other_image"], recoloured)
    svg = ElementTree.fromstring(saved(page, "SVG")[1])
    assert len(list(svg.iter(f"{SVG}image"))) == 2
    assert caption_of(svg).startswith(caption)


def test_the_saved_picture_holds_the_numbers_and_says_what_it_is(server, page, scene) -> None:
    opened(page, f"{server}/attention?block=3.2&head=2&q=13.13&pinned=1&rolled=1")
    name, data = saved(page, "SVG")
    assert name == "swin_viz-layers.2.blocks.1-head2-attention.svg"
    svg = ElementTree.fromstring(data)
    cells = [rect for rect in svg.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    block = scene.blocks[5]
    window, slot = np.argwhere(block.places == 13 * 14 + 13)[0]
    shares = [float(cell.find(f"{SVG}title").text.split(") ")[1]) for cell in cells]
    np.testing.assert_allclose(shares, block.shares()[window, 1, slot], atol=1e-6)
    hatched = [cell.get("fill") == "url(#hatch)" for cell in cells]
    np.testing.assert_array_equal(hatched, block.mask_kinds[block.mask_of[window], slot] != 0)
    assert sum(hatched) == 33  # of the corner window's 49 keys, 4×4 are the query's own piece
    words = [" ".join(text.itertext()) for text in svg.iter(f"{SVG}text")]
    assert f"{100 * max(shares):.1f} %" in words
    assert any("largest weight of this query" in text for text in words)
    assert caption_of(svg).startswith(csv_of(page)[1])
    assert "query (13, 13) · attention of the query · Rolled map · Query (13, 13) looks most at" in caption_of(svg)


def rendered(context: BrowserContext, data: bytes) -> tuple[np.ndarray, float]:
    """An SVG file as a browser of its own shows it, and by how much its widest text leaves the sheet."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.set_content(f"<body style='margin:0'>{data.decode()}")
    over = page.evaluate(
        """() => {
            const svg = document.querySelector('svg');
            const boxes = [...svg.querySelectorAll('text')].map((text) => text.getBBox());
            return Math.max(...boxes.map((box) => box.x + box.width)) - svg.width.baseVal.value;
        }"""
    )
    shown = pixels(page.screenshot())
    page.close()
    return shown, over


@pytest.mark.parametrize(
    "address",
    [
        "block=3.2&head=2&q=13.13&wrong=1",
        f"{CAT}&block=3.2&head=1&q=10.15&rolled=1&scope=block",
        f"{CAT}&block=2.2&layer=entropy&rolled=1",
        "block=3.2&q=4.3&layer=rollout&grid=0",
        f"{CAT}&block=3.2&q=10.9&layer=rollout&rolled=1",
    ],
)
def test_the_saved_pictures_look_like_the_screen(server, page, address: str) -> None:
    opened(page, f"{server}/attention?{address}")
    answered(page)
    screen = as_drawn(page)
    height, width = screen.shape[:2]
    twice = pixels(saved(page, "PNG")[1])
    np.testing.assert_array_equal(twice[2 * MARGIN :: 2, 2 * MARGIN :: 2][:height, :width], screen)
    assert (twice[2 * (MARGIN + height) + 40 :] < 60).any()  # words below
    shown, over = rendered(page.context, saved(page, "SVG")[1])
    apart = np.abs(shown[MARGIN : MARGIN + height, MARGIN : MARGIN + width] - screen).max(-1)
    assert apart.mean() < 3
    assert (apart > 40).mean() < 0.02  # edges of cells, where pixels are mixed
    assert over < 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_caption_is_never_cut_off_on_a_phone(server, profile, language: str) -> None:
    page = opened(
        profile(viewport=PHONE["viewport"]),
        f"{server}/attention?lang={language}&block=3.2&head=2&q=4.3&with=4.1.3&rolled=1&wrong=1",
    )
    svg = saved(page, "SVG")[1]
    _, over = rendered(page.context, svg)
    lines = list(list(ElementTree.fromstring(svg).iter(f"{SVG}text"))[-1].iter(f"{SVG}tspan"))
    assert over < 0
    assert len(lines) >= 3
    heights = [float(line.get("y")) for line in lines]
    assert np.diff(heights).min() >= 18
    assert heights[-1] < float(ElementTree.fromstring(svg).get("height"))
