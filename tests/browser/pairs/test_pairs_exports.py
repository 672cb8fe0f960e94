"""Files taken away from Pair by pair: they hold the tensors, and say what they are."""

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.paths import BUILTIN
from tests.browser.files import SVG, caption_of, csv_of, npz_of, picture_of
from tests.browser.hands import frame
from tests.browser.pairs.hands import NAME, opened


@pytest.fixture(scope="module")
def truth(scene) -> dict[str, np.ndarray]:
    return observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), [f"{NAME}.attn.*"])


def test_the_numbers_of_a_pair_are_the_models(server, page, truth) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=3&q=27.27&key=5")
    name, caption, rows = csv_of(page, "This query as CSV")
    assert name == f"swin_viz-pairs-{NAME}-head3.csv"
    npz = npz_of(page, "This window as NPZ")
    window, slot = 15, int(npz["slot"])  # the corner window, the last of 16
    assert npz["query"].tolist() == [27, 27]
    for stage in ("q", "k", "v", "raw", "scaled", "biased", "masked", "probs"):
        tensor = truth[f"{NAME}.attn.{stage}"][window, 2]
        np.testing.assert_allclose(npz[stage], tensor, rtol=1e-4, atol=1e-4 * np.abs(tensor).max(), err_msg=stage)
    for stage in ("raw", "biased", "masked", "probs"):
        tensor = truth[f"{NAME}.attn.{stage}"][window, 2, slot]
        shown = [float(row[stage]) for row in rows]
        np.testing.assert_allclose(shown, tensor, rtol=1e-4, atol=1e-4 * np.abs(tensor).max(), err_msg=stage)
    assert caption == str(npz["caption"])
    for said in ("Scene 1000000000 (224×224)", "Built-in", "Stage 2, block 2", "shifted", "Head 3", "query (27, 27)"):
        assert said in caption, said
    page.mouse.move(1, 1)  # off the picture, which the page may have moved under the pointer
    frame(page)
    name, svg = picture_of(page, "SVG")
    assert name == f"swin_viz-pairs-{NAME}-head3.svg"
    assert caption_of(ElementTree.fromstring(svg)).startswith(f"{caption} · Query (27, 27), key (24, 1): q·k = ")


def test_every_matrix_of_a_pair_has_its_range_below(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&q=12.6&key=5")
    svg = ElementTree.fromstring(picture_of(page, "SVG")[1])
    words = [" ".join(text.itertext()) for text in svg.iter(f"{SVG}text")]
    ranges = page.locator(".matrices .matrix-card small").all_inner_texts()
    assert len(ranges) == 7
    assert [each for each in ranges if each not in words] == []
    assert "Stage 2, block 2" in caption_of(svg)
    name, png = picture_of(page, "PNG")
    assert name == f"swin_viz-pairs-{NAME}-head1.png"
    assert Image.open(io.BytesIO(png)).width == pytest.approx(2 * float(svg.get("width")), abs=1)
