"""The Overview below its opening in a real browser: it draws what the model says, and the hand waits for nobody."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from swin_viz.app.components import WHOLE
from swin_viz.browser.message import Run
from swin_viz.browser.offline import offline_page
from swin_viz.browser.overview.whole.message import Lens, whole_message
from swin_viz.browser.overview.whole.view import checked
from swin_viz.cost.formula import items, parameters, total
from swin_viz.engine import shared
from swin_viz.engine.run import observe, run
from swin_viz.engine.shared import Framed, Later, Loaded
from swin_viz.engine.trace import Trace
from swin_viz.lessons.overview import row, votes
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS, SwinConfig
from swin_viz.paths import BUILTIN
from swin_viz.scenes import lens
from swin_viz.scenes.generate import FIRST_HELD_OUT, RGB, make_plan
from swin_viz.text import Words
from tests.browser.hands import PHONE, answered, frame, middle, sent, standing, until, violations

PIXELS = """(canvas, { rows, columns, at }) => {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const [w, h] = [canvas.width / columns, canvas.height / rows];
    return Array.from({ length: rows * columns }, (_, i) => Array.from(context.getImageData(
        Math.floor((i % columns + at) * w), Math.floor((Math.floor(i / columns) + at) * h), 1, 1).data).slice(0, 3));
}"""


def opened(page: Page, address: str, name: str) -> Locator:
    """The section of that name, drawn."""
    page.goto(address)
    return shown(page, name)


def shown(page: Page, name: str) -> Locator:
    section = page.locator(f".viz .whole-part.{name}")
    expect(section).to_be_attached()
    standing(page)
    section.scroll_into_view_if_needed()
    until(lambda: section.evaluate("node => Boolean(node.drawn)"))
    frame(page)
    return section


def drawn(section: Locator) -> dict:
    return section.evaluate("node => node.drawn")


def colours(canvas: Locator, side: int, at: float) -> np.ndarray:
    found = canvas.evaluate(PIXELS, {"rows": side, "columns": side, "at": at})
    return np.array(found).reshape(side, side, 3)


def of_run(scene: Trace, *names: str) -> list[np.ndarray]:
    found = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), names)
    return [found[name] for name in names]


def test_the_lens_paints_what_the_heads_answer_and_scrubbing_asks_nobody(server: str, page: Page, scene: Trace) -> None:
    frames, parts = sent(page), []
    section = opened(page, f"{server}/overview?lens_ask=colour&lens_stage=3", "lens")
    says = lens.readings(of_run(scene, *row.stage_ends(scene.config)))
    true = lens.truths(make_plan(FIRST_HELD_OUT), {i: (56 >> i, 4 << i) for i in range(4)}, 224)
    found = drawn(section)
    assert found["says"] == says["colour2"].ravel().tolist() and found["truth"] == true["colour2"].ravel().tolist()
    assert found["score"]["right"] == int((says["colour2"] == true["colour2"]).sum())
    canvas, photo = section.locator("canvas").first, scene.image[2::16, 2::16].astype(float)
    hue = RGB[np.maximum(says["colour2"].astype(int) - 1, 0)]
    wanted = np.where(says["colour2"][..., None] > 0, 0.9 * hue + 0.1 * photo, photo)
    assert (abs(colours(canvas, 14, 0.14) - wanted).max(-1) < 30).mean() > 0.93  # the rest lies below a label
    answered(page)
    page.on("request", lambda request: parts.append(request.url) if "/part/" in request.url else None)
    before = len(frames)
    for stage in (1, 4, 2):
        section.locator("input").evaluate(
            "(range, value) => { range.value = value; range.dispatchEvent(new Event('input')); }", str(stage)
        )
        frame(page)
        assert drawn(section)["says"] == says[f"colour{stage - 1}"].ravel().tolist()
    canvas.hover(position=middle(canvas, 10, 3, 28, 28))
    expect(section.locator(".token-line")).to_contain_text("Row 10, column 3")
    assert parts == []
    assert len(frames) - before <= 1  # what settled, where that took a while
    expect(page).to_have_url(re.compile("lens_stage=2"))


def test_the_votes_for_any_class_are_drawn_and_their_mean_is_the_logit(server: str, page: Page, scene: Trace) -> None:
    section = opened(page, f"{server}/overview", "votes")
    assert drawn(section)["number"] == int(scene.logits.argmax())
    number = int(scene.logits.argmin())
    section.locator("select").select_option(str(number))
    until(lambda: drawn(section)["number"], number)
    model = shared.load(BUILTIN).model
    cast = votes.votes(model, of_run(scene, "features")[0])[number]
    np.testing.assert_allclose(drawn(section)["votes"], cast, atol=1e-5)
    assert abs(drawn(section)["mean"] - scene.logits[number]) < 1e-5
    numbers = section.locator(".sums b").all_text_contents()
    assert [float(text.replace("−", "-")) for text in numbers] == [round(float(scene.logits[number]), 5)] * 2
    painted = (
        colours(section.locator("canvas"), 7, 0.1) - 0.34 * scene.image[3::32, 3::32]
    )  # the picture shines through
    brightness = (painted @ [0.3, 0.6, 0.1]).ravel()
    assert np.corrcoef(brightness, cast)[0, 1] > 0.97
    expect(page).to_have_url(re.compile(f"votes_class={number}"))


def test_the_row_has_the_costs_of_every_model_and_leads_to_their_screens(server: str, page: Page) -> None:
    t = Words("en", "overview")
    section = opened(page, f"{server}/overview?seed={FIRST_HELD_OUT + 3}", "row")
    assert len(section.locator("li canvas").all()) == 12
    section.get_by_role("radio", name=t("row_swin_s")).click()
    config = VARIANTS["swin_s"]
    until(lambda: drawn(section)["macs"], total(items(config, 224, 224)))
    assert drawn(section)["parameters"] == parameters(config)
    expect(section).to_contain_text(t("row_no_features"))
    assert section.locator("li").count() == 21 and section.locator("li canvas").count() == 0
    expect(page).to_have_url(re.compile("row_of=swin_s"))
    section.locator("li[data-kind=merge] a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(Words("en", "merging")("title"))
    answered(page)
    assert f"seed={FIRST_HELD_OUT + 3}" in page.url and "/merging" in page.url


def offline(trace: Trace, loaded: Loaded, lens_of: Lens | None, words: dict[str, str]) -> bytes:
    """The component in a page of its own, all its parts with it."""
    picture = Framed(Image.fromarray(trace.image))
    header = {"words": words, "language": "zh", "state": checked(None, {}, trace.config), "links": {}, "screens": {}}
    header |= {"model": "M", "of": "m", "foreign": True, "no_lens": "" if lens_of else words["lens_none"]}
    message = whole_message(trace, Run("a", "b"), Later(loaded, picture), loaded.classes, lens_of, header)
    return offline_page(replace(message, now=tuple(message.parts)), WHOLE.entry, WHOLE.styles, "T", "zh")


@pytest.mark.parametrize("which", ["a photograph", "another model"])
def test_what_a_picture_or_a_model_lacks_is_said_and_all_else_is_drawn(
    which: str, odd: Trace, page: Page, tmp_path: Path
) -> None:
    words, faults = Words("zh", "overview").all(), []
    page.on("pageerror", lambda error: faults.append(error))
    photograph, loaded = which == "a photograph", shared.load(BUILTIN)
    if not photograph:
        torch.manual_seed(0)
        config = SwinConfig(24, (2, 3, 1), (2, 4, 8), window=4, classes=0)
        loaded = Loaded(Swin(config).eval().requires_grad_(False), "official", (), (), "key")
    told = {"questions": [{"name": "what", "first": 0, "answers": list(lens.ANSWERS["what"])}], "drawn": False}
    readouts = Lens(lens.readings, None, told | {"hues": lens.HUES}, None) if photograph else None
    trace = odd if photograph else run(loaded.model, Image.fromarray(odd.image))
    (tmp_path / "page.html").write_bytes(offline(trace, loaded, readouts, words))
    page.goto(f"file://{tmp_path}/page.html")
    drawn_here = ["row", "sides", "stage", "rulers", *(["votes", "lens"] if photograph else [])]
    for name in drawn_here:
        section = page.locator(f".whole-part.{name}")
        section.scroll_into_view_if_needed()
        until(lambda section=section: section.evaluate("node => Boolean(node.drawn)"))
    said = ["lens_photo", "votes_foreign"] if photograph else ["lens_none", "votes_no_head"]
    for key in said:
        expect(page.get_by_text(words[key])).to_have_count(1)
    assert faults == []


def test_on_a_telephone_wide_things_scroll_inside_themselves(server: str, profile) -> None:
    page = profile(**PHONE)
    page.goto(f"{server}/overview?lang=zh&sides_in=windows")
    for name in ("row", "sides", "votes", "lens", "stage", "rulers"):
        section = shown(page, name)
        for each in section.locator(".row-nodes, .areas, .scrolls").all():
            assert each.evaluate("node => node.scrollWidth <= node.clientWidth || node.tabIndex === 0")
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    assert page.locator(".viz").last.evaluate("node => node.scrollWidth") <= 358
    assert violations(page) == []
