"""Other pictures on the Attention page: a second one beside the first, your own, and a file that is none."""

import io
import json
import re

from playwright.sync_api import Page, expect

from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene
from swin_viz.scenes.shapes import SHAPES
from tests.browser.attention.hands import SECOND, check, choose, drawn, hover, opened
from tests.browser.hands import answered, until


def test_a_second_picture_is_shown_beside_the_first_at_once(server, page) -> None:
    opened(page, f"{server}/attention?block=4.2&head=1")
    second = page.locator(SECOND)
    expect(second).to_be_hidden()
    choose(page, "the same scene, cue recoloured")
    expect(second).to_be_visible()
    expect(page).to_have_url(re.compile("second=recoloured.*with=4.2.1|with=4.2.1.*second=recoloured"))
    names = page.locator(".about").all_inner_texts()
    plan = make_scene(FIRST_HELD_OUT).plan
    shapes = [plan.pieces[i % len(plan.pieces)].shape for i in (plan.target, plan.target + 1)]
    assert [SHAPES[shape] in name for shape, name in zip(shapes, names, strict=True)] == [True, True]
    choose(page, "none")
    expect(second).to_be_hidden()
    answered(page)
    expect(second).to_be_hidden()


def upload(page: Page, name: str, data: bytes) -> None:
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )


def test_a_bad_upload_says_its_sentence_and_keeps_what_was_there(server, page, scene) -> None:
    opened(page, f"{server}/attention?image=upload")
    upload(page, "<img src=x>.png", b"<!DOCTYPE html><html></html>")
    expect(page.locator(".over.bad")).to_contain_text("This is a web page, not a picture")
    answered(page)
    check(hover(page, scene, 5, 4, 4), scene, 5, None, (4, 4))


def test_your_own_photo_works(server, page) -> None:
    picture = load_image(sample_bytes("coffee"))
    trace = run(shared.load(BUILTIN).model, frame(picture, 224))
    opened(page, f"{server}/attention?image=upload&block=2.1&head=1")
    keys = lambda: json.dumps(drawn(page)["keys"])  # noqa: E731
    before = keys()
    out = io.BytesIO()
    picture.save(out, "PNG")
    upload(page, "coffee.png", out.getvalue())
    until(lambda: keys() != before)
    check(hover(page, trace, 2, 20, 3), trace, 2, 0, (20, 3))
