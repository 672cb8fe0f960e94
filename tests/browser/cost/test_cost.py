"""The cost page in a real browser: its numbers are the formulas', for every hand, link and size."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from swin_viz.cost import terms
from swin_viz.cost.formula import stage_maps
from swin_viz.engine import shared
from swin_viz.paths import BUILTIN
from swin_viz.text import Words
from swin_viz.text.numbers import short
from tests.browser.cost import hands
from tests.browser.cost.hands import SAY, box, derivation, expected, numbers
from tests.browser.hands import settings, standing


def test_the_browsers_numbers_are_the_formulas(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost")
    for sizes in [(56, 56, 96, 7), (13, 29, 48, 5), (7, 7, 768, 7), (1080, 1080, 1536, 64), (1, 1, 1, 1)]:
        for name, value in zip("hwcm", sizes, strict=True):
            box(page, name).fill(str(value))
        h, w, c, m = sizes
        expect(page.locator("[data-total]").last).to_have_attribute("data-total", str(terms.w_msa(h, w, c, m)))
        assert numbers(page, "data-total") == [terms.msa(h, w, c), terms.w_msa(h, w, c, m)]
        assert numbers(page, "data-macs") == expected(*sizes)


def test_every_stage_of_the_model_is_one_click_away_and_flops_are_twice_as_many(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?unit=flops")
    config = shared.load(BUILTIN).config
    for stage, at in enumerate(stage_maps(config, config.image_size, config.image_size), 1):
        page.get_by_role("button", name=f"Stage {stage} (").click()
        msa = terms.msa(at.height, at.width, at.channels)
        expect(page.locator("[data-total]").first).to_have_attribute("data-total", str(2 * msa))
        windows = 2 * terms.w_msa(at.height, at.width, at.channels, config.window)
        assert numbers(page, "data-total") == [2 * msa, windows]


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
    more = f"{100 * (real / formula - 1):.1f}"
    note = SAY("padded_to", h=15, w=14, m=7, h2=21, w2=14, real=short(real), unit="MACs", more=more)
    expect(page.get_by_text(note)).to_be_visible()


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
    expect(page.get_by_text(f"On the 9×{at.width} map set above")).to_be_visible()
    expect(box(page, "h")).to_have_value("9")


# Another unit makes the component build its boxes anew: that is when the answer has come.
TYPE_UNTIL_THE_SERVER_ANSWERS = """async (box) => {
  for (let value = 21; box.isConnected; value = value < 99 ? value + 1 : 21) {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 60)); // it waits longer before it tells the server
  }
  return Number(box.value);
}"""


def test_a_move_made_while_the_server_answers_is_not_lost(server: str, page: Page) -> None:
    derivation(page, f"{server}/cost?h=20&w=30&c=64&m=5")
    page.get_by_role("radio", name="FLOPs").click(no_wait_after=True)
    last = box(page, "h").evaluate(TYPE_UNTIL_THE_SERVER_ANSWERS)  # the answer overtakes the last move
    page.wait_for_url(f"**h={last}*")
    expect(page.get_by_text(f"On the {last}×30 map set above")).to_be_visible()


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
    assert 0 <= min(heights) <= max(heights) <= 260 - 34
    outside = page.get_by_text(SAY("curves_outside", tokens=h * h, least=49, most=720 * 720))
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
        page.get_by_role("button", name=Words("en", "cost_charts")("save_csv")).first.click()
    text = Path(caught.value.path()).read_text(encoding="utf-8")
    assert text.splitlines()[
        1
    ] == f"7,49,{terms.msa(7, 7, 96)},{terms.w_msa(7, 7, 96, 8)},{terms.w_msa(8, 8, 96, 8)}," + str(4 * 49 * 96**2)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_saved_as_a_picture_by_the_browser_alone(server: str, page: Page, kind: str) -> None:
    derivation(page, f"{server}/cost?format={kind}")
    page.locator(".modebar-btn").first.scroll_into_view_if_needed()
    with page.expect_download() as caught:
        page.locator(".modebar-btn").first.click(force=True)
    assert caught.value.suggested_filename == f"swin_viz-msa_over_resolution.{kind}"
    head = Path(caught.value.path()).read_bytes()[:8]
    assert head.startswith(b"\x89PNG" if kind == "png" else b"<svg")


@hands.SCREENS
def test_axe_finds_nothing_and_nothing_sticks_out(server, profile, width: int, scheme: str, language: str) -> None:
    hands.axe_finds_nothing_and_nothing_sticks_out(profile, f"{server}/cost", width, scheme, language)
