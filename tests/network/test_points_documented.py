"""The list of points stands in one place, and CONTRIBUTING is held to it."""

import torch

from swin_viz import paths
from swin_viz.network.capture import capture, points
from swin_viz.network.model import Swin
from swin_viz.network.points import MEANINGS, listed, table
from swin_viz.network.variants import SwinConfig

TINY = SwinConfig(24, (1, 2), (2, 4), window=4, classes=3)


def test_every_point_is_listed_and_nothing_else() -> None:
    assert [each.pattern for each in listed()] == list(MEANINGS)
    assert all(each.meaning for each in listed())


def test_the_patterns_find_every_point_with_the_axes_that_are_told() -> None:
    model, seen = Swin(TINY).eval(), set()
    for pattern, axes, _ in listed():
        with torch.no_grad(), capture(model, pattern) as tape:
            model(torch.zeros(1, 3, 40, 56))
        assert {points(model)[name].axes for name in tape} == {axes}
        assert not seen & set(tape)
        seen |= set(tape)
    assert seen == set(points(model))


def test_the_table_stands_in_contributing() -> None:
    text = (paths.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"## Points\n\n{table()}\n" in text
