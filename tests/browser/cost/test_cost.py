"""The cost page in a real browser: its numbers are the formulas', for every hand, link and size."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from swin_viz.cost import terms
from swin_viz.cost.formula import stage_maps
from swin_viz.engine import shared
from swin_viz.network.variants import VARIANTS
from swin_viz.paths import BUILTIN
from swin_viz.text import Words
from swin_viz.text.numbers import short, times
from tests.browser.cost import hands
from tests.browser.cost.hands import SAY, box, derivation, expected, numbers
from tests.browser.hands import answered, frame, settings, standing, taken, until


def test_the_browsers_numbers_are_the_formulas(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost")
    for sizes in [(56, 56, 96, 7), (13, 29, 48, 5), (7, 7, 768, 7), (1080, 1080, 1536, 64), (1, 1, 1, 1)]:
        for name, value in zip("hwcm", sizes, strict=True):
            box(page, name).fill(str(value))
        h, w, c, m = sizes
        expect(page.locator("[data-total]").last).to_have_attribute("data-total", str(terms.w_msa(h, w, c, m)))
        assert numbers(page, "data-total") == [terms.msa(h, w, c), terms.w_msa(h, w, c, m)]
        assert numbers(page, "data-macs") == expected(*sizes)


def ask(page: Page, layer: str = "", picture: str = "") -> None:
    for name, option in (("layer", layer), ("map", picture)):
        if option:
            page.locator(f"#ask-{name}").select_option(option)


@pytest.mark.parametrize("name", ["own", "swin_t", "swin_l_384"])
def test_every_stage_on_every_picture_is_two_choices_away_and_flops_are_twice_as_many(
    server: str, page: Page, name: str
) -> None:
    derivation(page, f"{server}/cost?unit=flops")
    config = shared.load(BUILTIN).config if name == "own" else VARIANTS[name]
    for px, sides in (("224x224", (224, 224)), ("1080x1920", (1080, 1920))):
        for stage, at in enumerate(stage_maps(config, *sides), 1):
            ask(page, f"{name}.{stage}", px)
            msa = 2 * terms.msa(at.height, at.width, at.channels)
            windows = 2 * terms.w_msa(at.height, at.width, at.channels, config.window)
            expect(page.locator("[data-total]").first).to_have_attribute("data-total", str(msa))
            assert numbers(page, "data-total") == [msa, windows]


def test_a_teachers_question_is_answered_by_two_choices_and_its_link(server: str, page: Page) -> None:
    """Swin-T, stage 1, 1024×1024."""
    derivation(page, f"{server}/cost")
    ask(page, "swin_t.1", "1024x1024")
    msa, windows = terms.msa(256, 256, 96), terms.w_msa(256, 256, 96, 7)
    answer = SAY("answer_msa", number=times(msa / windows))
    expect(page.locator(".verdict")).to_have_text(answer)
    said = {"about": SAY("stage_on", model="Swin-T", stage=1, height=1024, width=1024), "h": 256, "w": 256}
    expect(page.locator(".answer")).to_contain_text(SAY("sizes_line", **said, c=96, m=7))
    page.wait_for_url("**of=swin_t*")
    assert not re.search("[?&][hwcm]=", page.url)
    answered(page)
    expect(page.locator(".verdict")).to_have_text(answer)
    derivation(page, page.url)
    expect(page.locator(".verdict")).to_have_text(answer)
    expect(page.locator("#ask-layer")).to_have_value("swin_t.1")
    box(page, "m").fill("16")
    expect(page.locator("#ask-layer")).to_have_value("–")
    expect(page.locator(".answer")).to_contain_text(SAY("stage_map", model="Swin-T", stage=1, height=1024, width=1024))
    page.wait_for_url("**m=16*")
    page.goto(page.url.replace("/cost?", "/cost_model?"))  # the page of whole models takes the model and the picture
    expect(page.get_by_text("Swin-T costs 98.4 G MACs on 1024×1024 pixels.")).to_be_visible()


@pytest.mark.parametrize(
    ("h", "w", "m", "key", "number"),
    [
        *((56, 56, 7, "answer_msa", "13.8"), (7, 7, 7, "answer_same", ""), (4, 9, 6, "answer_same", "")),
        *((5, 10, 7, "answer_msa_little", "0.41"), (6, 8, 7, "answer_windows_little", "0.42")),
        *((3, 3, 20, "answer_windows", "2.95"), (1, 1, 1, "answer_same", "")),
    ],
)
def test_the_answer_is_true_of_these_sizes(
    server: str, page: Page, h: int, w: int, m: int, key: str, number: str
) -> None:
    derivation(page, f"{server}/cost?h={h}&w={w}&c=96&m={m}")
    expect(page.locator(".verdict")).to_have_text(SAY(key, number=number, n=m * m))
    one, other = terms.msa(h, w, 96), terms.w_msa(h, w, 96, m)
    ratio = max(one, other) / min(one, other)
    if key.endswith("little"):
        assert float(number) == pytest.approx(100 * (ratio - 1), rel=0.05)
    elif number:
        assert number == times(ratio)
    else:
        assert one == other


def test_an_impossible_size_says_why_in_place_and_keeps_the_numbers(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=14&w=14&c=96&m=7")
    before = numbers(page, "data-macs")
    for text in ("0", "2.5", "99999", ""):
        box(page, "h").fill(text)
        why = page.locator("#size-h-why")
        expect(why).to_have_text(SAY("impossible", least=1, most="1,080"))
        assert box(page, "h").get_attribute("aria-invalid") == "true"
        assert numbers(page, "data-macs") == before
    box(page, "h").fill("15")
    expect(page.locator("#size-h-why")).to_be_empty()
    real, formula = terms.padded_w_msa(15, 14, 96, 7), terms.w_msa(15, 14, 96, 7)
    more = f"{100 * (real / formula - 1):.2g}"
    note = SAY("padded_to", m=7, h2=21, w2=14, real=short(real), unit="MACs", more=more)
    then = SAY("padded_saves", ratio=times(terms.msa(15, 14, 96) / real))
    expect(page.get_by_text(f"{note} {then}")).to_be_visible()


def test_a_link_opens_the_same_view_and_moves_go_into_the_address(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=20&w=30&c=64&m=5")
    assert numbers(page, "data-macs") == expected(20, 30, 64, 5)
    box(page, "c").fill("65")
    page.wait_for_url("**c=65*")
    derivation(page, page.url)
    assert numbers(page, "data-macs") == expected(20, 30, 65, 5)


def choose_size(page: Page, name: str) -> None:
    """In the panel, once the page stands still: a run that ends would close the list again."""
    standing(page)
    expect(page.get_by_text("map of your picture's first stage")).to_be_visible()
    size = settings(page).get_by_role("combobox", name=Words("en", "ui")("size"))
    size.click()
    size.fill(name)
    size.press("Enter")


def test_until_a_size_is_moved_the_sizes_follow_the_picture(server: str, page: Page) -> None:
    config = shared.load(BUILTIN).config
    derivation(page, f"{server}/cost?size=448")
    at = stage_maps(config, 448, 448)[0]
    assert numbers(page, "data-macs") == expected(at.height, at.width, at.channels, config.window)
    choose_size(page, "320 px")
    at = stage_maps(config, 320, 320)[0]
    expect(box(page, "h")).to_have_value(str(at.height))
    expect(page.get_by_text(f"On the {at.height}×{at.width} map of your picture")).to_be_visible()
    assert "h=" not in page.url
    box(page, "h").fill("9")
    page.wait_for_url("**h=9*")
    choose_size(page, "448 px")
    expect(page.get_by_text("On the 112×112 map of your picture")).to_be_visible()
    expect(page.get_by_text(f"On the 9×{at.width} map asked for")).to_be_visible()
    expect(box(page, "h")).to_have_value("9")


TYPE_UNTIL_THE_SERVER_ANSWERS = """async (box) => {
  const app = document.querySelector("[data-testid=stApp]");
  let [value, ran] = [21, false];
  new MutationObserver(() => { ran = true; }).observe(app, { attributeFilter: ["data-test-script-state"] });
  app.querySelector("[data-wanted]").click();
  const on = () => value < 99 && (!ran || app.dataset.testScriptState !== "notRunning"); // a busy machine: it ends too
  for (; on(); value += 1) {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 60)); // it waits longer before it tells the server
  }
  return Number(box.value);
}"""


def test_a_move_made_while_the_server_answers_is_not_lost(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=20&w=30&c=64&m=5")
    page.get_by_role("radio", name=SAY("tab_window")).evaluate("button => { button.dataset.wanted = 1; }")
    last = box(page, "h").evaluate(TYPE_UNTIL_THE_SERVER_ANSWERS)  # the answer overtakes the last move
    page.wait_for_url(f"**h={last}*")
    answered(page)
    expect(box(page, "h")).to_have_value(str(last))
    assert numbers(page, "data-macs") == expected(last, 30, 64, 5)


def test_the_list_keeps_the_focus_when_the_server_has_answered(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost")
    page.locator("#ask-layer").focus()
    before = page.locator("#ask-layer").input_value()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        answered(page)
    after = page.locator("#ask-layer").input_value()
    assert (before, after) == ("own.1", "own.3")
    page.wait_for_url("**stage=3*")
    page.get_by_role("button", name="FLOPs").click()
    answered(page)
    expect(page.get_by_role("button", name="FLOPs")).to_be_focused()


def test_one_window_times_their_number_is_the_whole(server: str, page: Page) -> None:
    for h, w, m in ((14, 21, 7), (15, 20, 7), (5, 5, 9)):
        derivation(page, f"{server}/cost?h={h}&w={w}&c=96&m={m}")
        count = -(-h // m) * -(-w // m)
        whole = terms.padded_w_msa(h, w, 96, m)
        assert (numbers(page, "data-windows"), numbers(page, "data-all")) == ([count], [whole])
        assert f"× {count:,} = {whole:,} MACs" in page.locator("[data-windows]").inner_text()


@pytest.mark.parametrize(("h", "m"), [(2, 7), (56, 7), (56, 64), (1080, 64)])
def test_both_curves_stay_inside_the_picture_and_a_dot_outside_is_named(
    server: str, page: Page, h: int, m: int
) -> None:
    derivation(page, f"{server}/cost?h={h}&w={h}&c=96&m={m}")
    page.locator(".curve.msa").wait_for(state="attached")
    script = "(curves) => curves.map((curve) => curve.getAttribute('points')).join(' ')"
    points = page.locator(".curves polyline").evaluate_all(script).split()
    heights = [float(point.split(",")[1]) for point in points]
    high = page.locator(".curves svg").evaluate("svg => Number(svg.getAttribute('height'))")
    assert 0 <= min(heights) <= max(heights) <= high - 48
    outside = page.get_by_text(SAY("curves_outside", tokens=f"{h * h:,}", least=49, most="518,400"))
    expect(outside).to_have_count(0 if h == 56 else 1)
    expect(page.locator(".curves .dot")).to_have_count(2 if h == 56 else 0)


def test_nonsense_in_the_address_is_dropped(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=-4&w=1e9&c=abc&m=3&unit=furlongs&format=exe")
    config = shared.load(BUILTIN).config
    at = stage_maps(config, config.image_size, config.image_size)[0]
    assert numbers(page, "data-macs") == expected(at.height, at.width, at.channels, 3)


def test_the_keyboard_moves_a_slider_and_the_box_with_it(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=20&w=30&c=64&m=5")
    slider = page.get_by_role("slider", name=SAY("size_m"))
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(box(page, "m")).to_have_value("8")
    assert numbers(page, "data-macs") == expected(20, 30, 64, 8)
    expect(page.locator(".viz [aria-live]")).to_contain_text("W-MSA")


def test_the_charts_follow_the_sizes_and_carry_their_sentence(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=56&w=56&c=96&m=7")
    box(page, "m").fill("8")
    expect(page.get_by_text("They cost the same at M² = 64 tokens")).to_be_visible()
    with page.expect_download() as caught:
        page.get_by_role("button", name=Words("en", "cost_charts")("save_csv", rows=41)).click()
    assert caught.value.suggested_filename == "swin_viz-msa_over_resolution-56x56-C96-M8.csv"
    found = pandas.read_csv(caught.value.path(), comment="#")
    first = [7, 49, terms.msa(7, 7, 96), terms.w_msa(7, 7, 96, 8), terms.w_msa(8, 8, 96, 8), 4 * 49 * 96**2]
    assert list(found.iloc[0]) == first


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_saved_as_a_picture_by_the_browser_alone(server: str, page: Page, kind: str) -> None:
    derivation(page, f"{server}/cost?format={kind}")
    page.locator(".modebar-btn").first.scroll_into_view_if_needed()
    with page.expect_download() as caught:
        page.locator(".modebar-btn").first.click(force=True)
    assert caught.value.suggested_filename == f"swin_viz-msa_over_resolution-56x56-C48-M7.{kind}"
    head = Path(caught.value.path()).read_bytes()[:8]
    assert head.startswith(b"\x89PNG" if kind == "png" else b"<svg")


def test_the_chart_leaves_with_its_answer_model_sizes_and_numbers(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?of=swin_t&px=1024x1024")
    msa, windows = terms.msa(256, 256, 96), terms.w_msa(256, 256, 96, 7)
    name, svg = taken(page, page.get_by_role("button", name=SAY("save_svg")))
    assert name == "swin_viz-msa-swin_t-stage1-256x256-C96-M7.svg"
    texts = [node.text for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    for wanted in ("Swin-T, stage 1, 1024×1024 px", "C = 96, M = 7", f"{msa:,} MACs", f"{windows:,} MACs"):
        assert any(wanted in text for text in texts), wanted
    assert texts[0] == SAY("answer_msa", number=times(msa / windows))
    assert {f"MSA {short(msa)}", f"W-MSA {short(windows)}"} <= set(texts)
    assert b"var(" not in svg
    name, png = taken(page, page.get_by_role("button", name=SAY("save_png")))
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert picture.shape == (1350, 2400, 3)
    for colour in ((213, 94, 0), (0, 114, 178), (27, 31, 36)):  # both curves and the words are on it
        assert (picture == colour).all(axis=-1).sum() > 500
    assert (picture[0, 0] == 255).all()
    name, terms_csv = taken(page, page.get_by_role("button", name=SAY("save_terms")))
    assert name.endswith("M7-terms.csv")
    found = pandas.read_csv(io.BytesIO(terms_csv), comment="#")
    assert list(found.groupby("layer", sort=False)["macs"].sum()) == [msa, found["macs"][4:8].sum(), windows]
    assert b"Swin-T, stage 1, 1024" in terms_csv


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 340), (1920, 1080, 540)])
def test_answer_curve_terms_and_notes_are_one_screen(
    server: str, profile: Callable[..., Page], width: int, height: int, least: int
) -> None:
    """48 px of head line and 16 px at the bottom are left to the page."""
    page = profile(viewport={"width": width, "height": height})
    for query in ("of=swin_t&px=1024x1024", "h=1080&w=1080&c=1536&m=64&unit=flops", "h=5&w=3&m=9"):
        derivation(page, f"{server}/cost?{query}")
        page.locator(".viz").evaluate(f"root => {{ root.style.width = '{width - 88}px'; }}")  # beside a rail of icons
        frame(page)
        until(lambda: page.locator(".viz").bounding_box()["height"] <= height - 64)
    assert page.locator(".curves svg").bounding_box()["height"] >= least
    outside = """svg => {
      const [frame, ...words] = [svg, ...svg.querySelectorAll("text")].map((node) => node.getBoundingClientRect());
      return words.filter((at) => at.left < frame.left || at.right > frame.right + 1 || at.top < frame.top).length;
    }"""
    assert page.locator(".curves svg").evaluate(outside) == 0


@hands.SCREENS
def test_axe_finds_nothing_and_nothing_sticks_out(server, profile, width: int, scheme: str, language: str) -> None:
    hands.axe_finds_nothing_and_nothing_sticks_out(profile, f"{server}/cost", width, scheme, language)
