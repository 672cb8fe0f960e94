"""The charts of one layer draw the formulas' numbers, and their sentences are true of them."""

import pytest

from swin_viz.cost import terms
from swin_viz.figures import cost
from swin_viz.text.numbers import short, times
from tests.figures.charts import SAY, curve


def test_curves_over_resolution_are_the_papers_and_the_map_in_use_is_marked() -> None:
    figure = cost.resolution_chart(SAY, "macs", 56, 48, 96, 7).figure
    drawn = curve(figure, SAY("msa"))
    sides = [round(tokens**0.5) for tokens in drawn.x]
    assert (sides[0], sides[-1]) == (7, 720)
    assert list(drawn.y) == [terms.msa(n, n, 96) for n in sides]
    assert list(curve(figure, SAY("w_msa")).y) == [terms.w_msa(n, n, 96, 7) for n in sides]
    star = curve(figure, SAY("picture", h=56, w=48))
    assert (list(star.x), list(star.y)) == ([56 * 48] * 2, [terms.msa(56, 48, 96), terms.w_msa(56, 48, 96, 7)])


def test_the_pictures_own_map_is_marked_beside_that_of_the_sliders() -> None:
    figure = cost.resolution_chart(SAY, "macs", 56, 48, 96, 7, (20, 30)).figure
    for key, h, w in (("picture", 20, 30), ("here", 56, 48)):
        star = curve(figure, SAY(key, h=h, w=w))
        assert (list(star.x), list(star.y)) == ([h * w] * 2, [terms.msa(h, w, 96), terms.w_msa(h, w, 96, 7)])


@pytest.mark.parametrize(
    ("h", "w", "case"),
    [(14, 14, "square"), (10, 40, "oblong"), (80, 90, "below"), (64, 64, "square"), (1, 1, "square")],
)
def test_the_sentence_on_windows_is_true_of_this_map(h: int, w: int, case: str) -> None:
    chart = cost.window_chart(SAY, "macs", h, w, 96, 7)
    fields = {"h": h, "w": w, "tokens": h * w, "side": f"{(h * w) ** 0.5:.1f}", "largest": chart.rows[-1]["window"]}
    assert chart.alt.startswith(SAY(f"alt_window_{case}", **fields))
    dearer = [row["window"] for row in chart.rows if row["w_msa"] > row["msa"]]
    equal = [row["window"] for row in chart.rows if row["w_msa"] == row["msa"]]
    assert {"square": equal == [h] and not dearer, "oblong": bool(dearer), "below": not dearer + equal}[case]
    assert all(m**2 > h * w for m in dearer)


@pytest.mark.parametrize(("channels", "window"), [(96, 7), (8, 30), (1, 64)])  # M² below and above 2C
def test_the_sentence_on_resolution_is_true_of_every_window(channels: int, window: int) -> None:
    for row in cost.resolution_chart(SAY, "macs", 5, 5, channels, window).rows:
        more = row["tokens"] - window**2
        assert (row["msa"] - row["w_msa"]) * more >= 0
        assert (row["msa"] > 2 * row["projections"]) == (row["tokens"] > 2 * channels)


def test_the_sentence_on_channels_is_true_of_one_window_too() -> None:
    same = cost.channels_chart(SAY, "macs", 4, 9, 96, 6)
    assert all(row["msa"] == row["w_msa"] for row in same.rows)
    most = f"{short(same.rows[-1]['msa'])} MACs"
    assert same.alt == SAY("alt_channels_same", h=4, w=9, most=most)
    for h, m in ((56, 7), (3, 7), (5, 1)):
        chart = cost.channels_chart(SAY, "macs", h, h, 96, m)
        low, high = (times(row["msa"] / row["w_msa"]) for row in (chart.rows[0], chart.rows[-1]))
        assert (chart.rows[0]["channels"], chart.rows[-1]["channels"]) == (8, 1536)
        assert f"MSA costs {low} times what W-MSA does at 8 channels and {high} times at 1536" in chart.alt
