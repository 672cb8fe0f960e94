"""Charts draw the numbers of the formulas, say what they show, and can be told apart by everybody."""

import csv
import io
import itertools

import plotly.graph_objects as go
import pytest

from swin_viz.cost import terms
from swin_viz.cost.formula import items, map_bytes, total
from swin_viz.cost.report import Machine, Report, Row
from swin_viz.cost.sweeps import PARTS, factor
from swin_viz.cost.vit import VITS, vit_items
from swin_viz.figures import attention_cost, clock, model_cost, theme
from swin_viz.figures.theme import Chart
from swin_viz.text import LANGUAGES, Words
from swin_viz.variants import VARIANTS

SAY = Words("en", "cost_charts")
SWIN_T = VARIANTS["swin_t"]
REPORT = Report(
    Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 0.1),
    tuple(
        Row(way, side, 1, 1000 * side**2, "measured", 1e-3 * side, 0.9e-3 * side, 1.2e-3 * side, 5, 1000 * side)
        if (way, side) != ("msa", 14)
        else Row(way, side, 1, 1000 * side**2, "refused", 1.5, needed=2 * 3 * 14**4 * 4)
        for side in (7, 14)
        for way in ("msa", "msa_fused", "w_msa", "sw_msa", "padded")
    ),
)


def every_chart(say: Words, unit: str = "macs") -> list[Chart]:
    layer = (56, 48, 96, 7)
    names = ("own", "swin_t", "swin_l", "deit_s", "vit_l")
    return [
        attention_cost.resolution_chart(say, unit, *layer),
        attention_cost.window_chart(say, unit, *layer),
        attention_cost.channels_chart(say, unit, *layer),
        model_cost.parts_chart(say, unit, SWIN_T, 224, 320),
        model_cost.blocks_chart(say, unit, SWIN_T, 224, 320),
        model_cost.partners_chart(say, unit, names, 224, SWIN_T),
        model_cost.maps_chart(say, SWIN_T, 224),
        clock.time_chart(say, REPORT),
        clock.ratio_chart(say, REPORT, {7: 1.0, 14: 1.6}),
        clock.memory_chart(say, REPORT),
    ]


def curve(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_says_what_it_shows_and_gives_its_numbers(language: str) -> None:
    charts = every_chart(Words(language, "cost_charts"))
    assert len({chart.name for chart in charts}) == len(charts)
    for chart in charts:
        assert len(chart.alt) > 20
        assert "{" not in chart.alt
        assert len(list(csv.DictReader(io.StringIO(chart.to_csv())))) == len(chart.rows) > 0
        assert chart.figure.layout.xaxis.title.text is not None
        assert chart.figure.layout.yaxis.title.text


def test_the_switch_doubles_every_value_and_nothing_else() -> None:
    for macs, flops in zip(every_chart(SAY)[:6], every_chart(SAY, "flops")[:6], strict=True):
        assert macs.rows == flops.rows
        for one, two in zip(macs.figure.data, flops.figure.data, strict=True):
            assert list(two.y) == [2 * value for value in one.y]
            assert str(one.x) == str(two.x)
    with pytest.raises(KeyError):
        factor("flop")


def test_curves_over_resolution_are_the_papers_and_the_map_in_use_is_marked() -> None:
    figure = attention_cost.resolution_chart(SAY, "macs", 56, 48, 96, 7).figure
    drawn = curve(figure, SAY("msa"))
    sides = [round(tokens**0.5) for tokens in drawn.x]
    assert (sides[0], sides[-1]) == (7, 720)
    assert list(drawn.y) == [terms.msa(n, n, 96) for n in sides]
    assert list(curve(figure, SAY("w_msa")).y) == [terms.w_msa(n, n, 96, 7) for n in sides]
    star = curve(figure, SAY("here", h=56, w=48))
    assert (list(star.x), list(star.y)) == ([56 * 48] * 2, [terms.msa(56, 48, 96), terms.w_msa(56, 48, 96, 7)])


def test_stacked_parts_add_up_to_the_model() -> None:
    chart = model_cost.parts_chart(SAY, "macs", SWIN_T, 224, 320)
    for windows in (1, 0):
        drawn = sum(row["macs"] for row in chart.rows if row["windows"] == windows)
        assert drawn == total(items(SWIN_T, 224, 320, windowed=bool(windows)))
    assert [trace.name for trace in chart.figure.data] == [SAY(f"part_{part}") for part in PARTS]
    blocks = model_cost.blocks_chart(SAY, "macs", SWIN_T, 224, 320)
    assert sum(sum(trace.y) for trace in blocks.figure.data) == total(items(SWIN_T, 224, 320))


def test_models_over_resolution_are_the_formulas() -> None:
    rows = model_cost.partners_chart(SAY, "macs", ("swin_b", "deit_b"), 224).rows
    for row in rows:
        side = row["pixels"]
        if row["model"] == "swin_b":
            assert row["macs"] == total(items(VARIANTS["swin_b"], side, side))
            assert row["map_bytes"] == map_bytes(VARIANTS["swin_b"], side, side)
        else:
            assert row["macs"] == total(vit_items(VITS["deit_b"], side, side))


def test_what_was_not_measured_is_drawn_dashed_and_hollow() -> None:
    figure = clock.time_chart(SAY, REPORT).figure
    solid = curve(figure, SAY("clock_msa"))
    computed = curve(figure, SAY("computed", way=SAY("clock_msa")))
    assert (list(solid.x), list(computed.x)) == ([7], [7, 14])
    assert (solid.line.dash, computed.line.dash) == ("solid", "dash")
    assert computed.marker.symbol.endswith("-open")
    refused = curve(clock.memory_chart(SAY, REPORT).figure, SAY("refused", way=SAY("clock_msa")))
    assert list(refused.y) == [2 * 3 * 14**4 * 4 / 1e6]
    ratios = clock.ratio_rows(REPORT, {7: 1.0, 14: 1.6})
    assert [row["explicit"] for row in ratios] == [1.0, None]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("background", ["#ffffff", "#0e1117"])
def test_every_colour_stands_out_on_light_and_dark(background: str) -> None:
    for colour in theme.SERIES:
        light, dark = sorted((luminance(colour), luminance(background)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, colour


def test_no_meaning_rests_on_colour_alone() -> None:
    for styles in (theme.SERIES, theme.MARKERS, theme.PATTERNS):
        assert len(set(styles)) == len(styles) >= len(PARTS)
    for chart in every_chart(SAY):
        lines = [trace for trace in chart.figure.data if trace.type == "scatter"]
        looks = [(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in lines]
        grey = [look for look in looks if look[0] != theme.GREY]
        assert len(set(grey)) == len(grey), chart.name
        for one, two in itertools.combinations(grey, 2):
            assert one[1:] != two[1:], chart.name
