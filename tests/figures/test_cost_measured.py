"""The charts of a measurement: what was not measured looks it."""

from swin_viz.figures import cost_measured
from tests.figures.charts import REPORT, SAY, curve


def test_what_was_not_measured_is_drawn_dashed_and_hollow() -> None:
    figure = cost_measured.time_chart(SAY, REPORT).figure
    solid = curve(figure, SAY("clock_msa"))
    computed = curve(figure, SAY("computed", way=SAY("clock_msa")))
    assert (list(solid.x), list(computed.x)) == ([7], [7, 14])
    assert (solid.line.dash, computed.line.dash) == ("solid", "dash")
    assert computed.marker.symbol.endswith("-open")
    refused = curve(cost_measured.memory_chart(SAY, REPORT).figure, SAY("refused", way=SAY("clock_msa")))
    assert list(refused.y) == [2 * 3 * 14**4 * 4 / 1e6]
    ratios = cost_measured.ratio_rows(REPORT, {7: 1.0, 14: 1.6})
    assert [row["explicit"] for row in ratios] == [1.5, None]  # the rounds' ratio, not that of the medians
    looks = [curve(figure, SAY("theory", way=SAY(way))).line for way in ("msa", "w_msa")]
    assert looks[0].dash != looks[1].dash
    assert looks[0].color != looks[1].color
