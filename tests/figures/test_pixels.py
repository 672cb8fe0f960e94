"""A figure of pixels, read back: the same pixels, and a caption that no one can break out of."""

import base64
import io
import re

import numpy as np
from PIL import Image

from swin_viz.figures.pixels import figure


def test_a_figure_holds_its_pixels_and_its_words() -> None:
    pixels = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
    made = figure(pixels, 'a "quoted" <b>caption</b>')
    source = re.search(r"base64,([^\"]+)", made).group(1)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(source)))), pixels)
    assert made.count("a &quot;quoted&quot; &lt;b&gt;caption&lt;/b&gt;") == 2  # as the alternative text too
    assert "<b>" not in made
