"""The corner of a padded picture: as many pixels are hatched as the padding has."""

import base64
import re

import pytest

from swin_viz.figures.padding import SIDE, corner


@pytest.mark.parametrize(
    ("size", "padded", "real"),
    [
        ((224, 225), (224, 228), (16, 13)),  # three columns
        ((224, 225), (228, 228), (12, 13)),  # as in the tour's code: a whole patch of rows
        ((8, 8), (8, 8), (8, 8)),
        ((3, 9), (4, 12), (3, 9)),
    ],
)
def test_what_is_not_the_pictures_is_hatched(size, padded, real) -> None:
    found = corner(size, padded, 4, "{size} {padded} {rows} {columns}")
    svg = base64.b64decode(re.search('base64,([^"]+)', found)[1]).decode()
    (wide, high), (width, height) = re.findall(r'<rect width="(\d+)" height="(\d+)" fill="(?:url|#e8)', svg)
    assert (int(high), int(wide)) == tuple(SIDE * min(16, side) for side in padded)
    assert (int(height), int(width)) == tuple(SIDE * side for side in real)
    below, right = (side - own for side, own in zip(padded, size, strict=True))
    assert found.count(f"{size[0]}×{size[1]} {padded[0]}×{padded[1]} {below} {right}") == 2
