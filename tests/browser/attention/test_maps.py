"""Every layer's map lies on the cells of the block that it belongs to, up to the picture's edge and not beyond."""

from xml.etree import ElementTree

import numpy as np
import pytest

from swin_viz.engine.trace import BlockTrace, Trace
from tests.browser.attention.hands import PHOTO, opened, saved
from tests.browser.files import CAT, SVG


def cells(block: BlockTrace, trace: Trace) -> np.ndarray:
    """x, y, width and height of every token in pixels of the picture, cut at its edge: (H·W, 4)."""
    height, width = trace.image.shape[:2]
    rows, columns = np.divmod(np.arange(block.size[0] * block.size[1]), block.size[1])
    x, y = columns * block.pixels, rows * block.pixels
    return np.stack([x, y, np.minimum(block.pixels, width - x), np.minimum(block.pixels, height - y)], axis=-1)


@pytest.mark.parametrize(("layer", "grid"), [("rollout", 0), ("entropy", 5), ("received", 5)])
def test_a_map_lies_on_its_own_blocks_cells(server, page, odd: Trace, layer: str, grid: int) -> None:
    block, own = odd.blocks[5], odd.blocks[grid]
    assert odd.image.shape[0] / block.pixels < block.size[0] < block.padded[0]  # its last row is half on the picture
    opened(page, f"{server}/attention?{CAT}&block=3.2&head=1&q=10.9&layer={layer}")
    drawn = page.locator(PHOTO).evaluate("canvas => ({...canvas.drawn, wide: parseFloat(canvas.style.width)})")
    unit = drawn["wide"] / (block.padded[1] * block.pixels)  # of the screen for one of the picture
    assert (drawn["rows"], drawn["columns"]) == tuple(own.size)
    assert drawn["side"] == pytest.approx(own.pixels * unit)
    svg = ElementTree.fromstring(saved(page, "SVG")[1])
    rects = [rect for rect in svg.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    shown = [[float(rect.get(name)) for name in ("x", "y", "width", "height")] for rect in rects]
    np.testing.assert_allclose(shown, cells(own, odd) * unit, atol=1e-6)
