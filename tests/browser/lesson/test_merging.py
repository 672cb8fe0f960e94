"""The merging lesson in a real browser, on the real features of the run."""

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.lessons.merging import merged
from swin_viz.paths import BUILTIN
from tests.browser.lesson.hands import EXTRA, arrived, drawn, hover, opened


def observed(scene, *names: str) -> list[np.ndarray]:
    found = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), names)
    return [found[name] for name in names]


def test_merging_is_shown_on_the_real_features(server, page, scene) -> None:
    opened(page, f"{server}/merging?block=2.1&step=6")
    groups, out = observed(scene, "layers.1.downsample.groups", "layers.1.downsample.merged")
    arrays = merged(groups, out, shared.load(BUILTIN).model.layers[1].downsample.norm)
    section = page.locator(EXTRA)
    card = section.locator("canvas.photo").nth(2)
    hover(card, 10, 3, 14, 14)
    found = drawn(page)
    assert found["at"] == [10, 3]
    np.testing.assert_allclose(found["groups"], groups[10, 3], atol=1e-6)
    np.testing.assert_allclose(found["normed"], arrays["merge.normed"][10, 3], atol=1e-6)
    np.testing.assert_allclose(found["out"], out[10, 3], atol=1e-6)
    expect(section.locator(".reach-line")).to_contain_text(f"mean {groups[10, 3].mean():.3f}".replace("-", "−"))
    card.press("ArrowDown")
    assert drawn(page)["at"] == [11, 3]


def test_the_photo_board_is_coloured_by_features_from_the_concat_on(server, page, scene) -> None:
    opened(page, f"{server}/merging?block=2.1&step=6")
    arrived(page)
    (out,) = observed(scene, "layers.1.downsample.merged")
    (groups,) = observed(scene, "layers.1.downsample.groups")
    wanted = merged(groups, out, shared.load(BUILTIN).model.layers[1].downsample.norm)["merge.colours.out"]
    canvas = page.locator(".viz canvas.board").nth(1)
    middle = canvas.evaluate(
        """canvas => {
            const ratio = canvas.width / canvas.clientWidth;
            const [w, h] = [canvas.clientWidth, canvas.clientHeight];
            const side = Math.floor(Math.min(w / 14, h / 14, 105));
            const [left, top] = [(w - 14 * side) / 2, (h - 14 * side) / 2];
            const context = canvas.getContext("2d");
            return Array.from({ length: 196 }, (_, i) => {
                const [x, y] = [left + (i % 14 + 0.5) * side, top + (Math.floor(i / 14) + 0.5) * side];
                return Array.from(context.getImageData(x * ratio, y * ratio, 1, 1).data).slice(0, 3);
            });
        }"""
    )
    np.testing.assert_allclose(np.array(middle).reshape(14, 14, 3), wanted, atol=1)


def test_the_last_stage_has_no_merging_to_show(server, page) -> None:
    opened(page, f"{server}/merging?block=4.1")
    expect(page.get_by_text("The last stage has no merging after it").first).to_be_visible()
    assert page.locator(".viz canvas.board").count() == 1


def test_a_channel_that_a_stage_lacks_is_said_to_be_missing(server, page) -> None:
    opened(page, f"{server}/merging?channel=60")
    captions = page.locator("figure:has(img)").all_text_contents()
    assert [("there is no channel 60" in text, "Shown: channel 60" in text) for text in captions[:4]] == [
        (True, False),  # 48 channels
        *[(False, True)] * 3,
    ]
    assert "14×14×384" in captions[4]
