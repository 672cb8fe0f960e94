"""The cost pages as a visitor has them: the browser's numbers are the formulas', links, keyboard, axe, measuring."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from swin_viz import paths
from swin_viz.cost import terms
from swin_viz.cost.formula import items, stage_maps, total
from swin_viz.engine import shared
from swin_viz.network.variants import VARIANTS
from swin_viz.paths import BUILTIN
from swin_viz.text import Words
from swin_viz.text.numbers import short

ROOT = paths.ROOT
PAGES = ("cost", "cost_model", "cost_measured")
SAY = Words("en", "cost")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def derivation(page: Page, address: str) -> Page:
    opened(page, address)
    expect(page.locator("[data-total]")).to_have_count(2, timeout=30_000)
    return page


def box(page: Page, name: str) -> Locator:
    return page.locator(f"#size-{name}")


def numbers(page: Page, attribute: str) -> list[int]:
    script = "(nodes, name) => nodes.map((node) => Number(node.getAttribute(name)))"
    return page.locator(f"[{attribute}]").evaluate_all(script, attribute)


def expected(h: int, w: int, c: int, m: int) -> list[int]:
    return [term.macs(h, w, c, m) for group in (terms.MSA, terms.ONE_WINDOW, terms.W_MSA) for term in group]


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
    """In the sidebar, once the page stands still: a run that ends would close the list again."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    expect(page.get_by_text("map of your picture's first stage")).to_be_visible(timeout=30_000)
    size = page.get_by_role("combobox", name=Words("en", "ui")("size"))
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


def test_the_chosen_chart_is_in_the_address(server: str, page: Page) -> None:
    opened(page, f"{server}/cost_model?of=swin_b_384&costs=partners")
    expect(page.get_by_text("and Swin-B 384 (M = 12)")).to_be_visible()
    page.get_by_role("radio", name=Words("en", "cost_model")("tab_maps")).click()
    page.wait_for_url("**costs=maps*")


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


def test_counter_and_formula_agree_on_the_page(server: str, page: Page) -> None:
    opened(page, f"{server}/cost_model?of=swin_t&px=1080x1920&counted=1")
    macs = total(items(VARIANTS["swin_t"], 1080, 1920))
    agree = Words("en", "cost_model")("agree", total=f"{macs:,} MACs")
    expect(page.get_by_text(agree)).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    server: str, browser: Browser, name: str, width: int, scheme: str, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = opened(context.new_page(), f"{server}/{name}?lang={language}&counted=1")
    page.wait_for_timeout(1500)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, context=".stMain", options=options).response["violations"]
    wider = page.evaluate(
        "() => { const m = document.querySelector('.stMain'); return m.scrollWidth - m.clientWidth; }"
    )
    context.close()
    assert [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]] == []
    assert wider <= 0
