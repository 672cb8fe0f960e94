"""What holds for every chart: it says what it shows, leaves with its numbers, and can be told apart by everybody."""

import io
import itertools

import pandas
import plotly.graph_objects as go
import pytest

from swin_viz.cost import terms
from swin_viz.cost.formula import items, total
from swin_viz.cost.sweeps import PARTS, factor
from swin_viz.figures import cost, cost_model, theme
from swin_viz.text import LANGUAGES, Words
from swin_viz.text.numbers import short, times
from tests.figures.charts import SAY, SWIN_T, every_chart


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_says_what_it_shows_and_gives_its_numbers(language: str) -> None:
    charts = every_chart(Words(language, "cost_charts"))
    assert len({chart.name for chart in charts}) == len(charts)
    for chart in charts:
        assert len(chart.alt) > 20
        assert "{" not in chart.alt
        found = pandas.read_csv(io.StringIO(chart.to_csv()), comment="#")
        assert len(found) == len(chart.rows) > 0
        for name in set(chart.rows[0]) & set(found):
            values = [row.get(name) for row in chart.rows]
            assert [None if pandas.isna(value) else value for value in found[name]] == values, name
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


def test_a_saved_picture_says_by_itself_what_it_shows_in_a_font_of_the_system() -> None:
    for chart in every_chart(SAY):
        layout = chart.figure.layout
        assert layout.font.family == layout.legend.font.family == layout.legend.title.font.family == theme.FONT
        assert "<b>" in layout.legend.title.text
        assert chart.to_csv().startswith("".join(f"# {line}\n" for line in chart.title))
    chart = cost.window_chart(SAY, "flops", 56, 48, 96, 7, "whose<br>sizes")
    msa, w_msa = terms.msa(56, 48, 96), terms.w_msa(56, 48, 96, 7)
    numbers = {"msa": short(2 * msa), "w_msa": short(2 * w_msa), "unit": "FLOPs", "ratio": times(msa / w_msa)}
    assert chart.title == [SAY("title_window"), "whose", "sizes", SAY("numbers_here", **numbers)]
    chart = cost_model.blocks_chart(SAY, "macs", SWIN_T, 224, 320, "a model")
    cost_of = f"{short(total(items(SWIN_T, 224, 320)))} MACs"
    assert chart.title[1:] == [SAY("title_of", model="a model", height=224, width=320, cost=cost_of)]


def test_ticks_are_written_as_numbers_are_everywhere_and_no_sentence_has_a_power_of_ten() -> None:
    assert [theme.tick_text(value) for value in (0.05, 1, 500, 1e3, 2e10, 1e13, 1e15)] == [
        "0.05", "1", "500", "1 k", "20 G", "10 T", "1 P"
    ]  # fmt: skip
    for chart in every_chart(SAY):
        assert "e+" not in chart.alt
        texts = (*(chart.figure.layout.xaxis.ticktext or ()), *(chart.figure.layout.yaxis.ticktext or ()))
        assert not any("e+" in text for text in texts)
    big = cost.channels_chart(SAY, "flops", 1080, 1080, 1536, 64)
    assert "1 P" in big.figure.layout.yaxis.ticktext


def test_numbers_for_a_spreadsheet_carry_their_units() -> None:
    heads = {
        chart.name: pandas.read_csv(io.StringIO(chart.to_csv()), comment="#").columns for chart in every_chart(SAY)
    }
    assert {"msa_macs", "w_msa_macs", "padded_macs"} <= set(heads["msa_over_resolution"])
    assert {"windows_bytes", "global_bytes"} <= set(heads["maps_over_resolution"])
    assert {"median_s", "peak_bytes", "side_tokens"} <= set(heads["measured_time"])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("background", "colours", "least"),
    [
        ("#ffffff", (*theme.SERIES, *theme.FAINT), 3),
        ("#0e1117", (*theme.DARK, *theme.FAINT_DARK), 3),
        ("#ffffff", (theme.INK,), 7),
        ("#0e1117", (theme.INK_DARK,), 7),
    ],
)
def test_every_colour_stands_out_on_its_page(background: str, colours: tuple[str, ...], least: float) -> None:
    for colour in colours:
        light, dark = sorted((luminance(colour), luminance(background)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, colour


def colours_of(figure: go.Figure) -> set[str]:
    return {colour for colour in (*theme.SERIES, *theme.DARK, *theme.FAINT, theme.INK) if colour in figure.to_json()}


def test_a_dark_page_and_a_strangers_measurement_change_the_colours_and_nothing_else() -> None:
    for chart in every_chart(SAY):
        assert theme.coloured(chart, False) is chart.figure
        for dark, grey, wanted in ((True, False, theme.DARK), (False, True, theme.FAINT)):
            figure = theme.coloured(chart, dark, grey)
            assert colours_of(figure) <= {*wanted, *({theme.INK} if not dark else set())}, chart.name
            for one, two in zip(figure.data, chart.figure.data, strict=True):
                assert (one.name, str(one.x), str(one.y)) == (two.name, str(two.x), str(two.y))
        assert theme.coloured(chart, True) is theme.coloured(chart, True)  # made once


def test_msa_and_w_msa_have_their_colours_alone() -> None:
    """What is neither has neither: not a model, not a part of one, not another way to attend."""
    of = {"msa": theme.MSA, "w_msa": theme.W_MSA}
    names = {SAY(key): colour for key, colour in of.items()} | {SAY(f"clock_{key}"): of[key] for key in of}
    names |= {SAY("computed", way=SAY(f"clock_{key}")): of[key] for key in of}
    names |= {SAY("theory", way=SAY(key)): of[key] for key in of} | {SAY("ratio_explicit"): theme.MSA}
    names |= {SAY("refused", way=SAY("clock_msa")): theme.MSA}
    names |= {SAY("maps_windows"): theme.W_MSA, SAY("maps_global"): theme.MSA}
    for chart in every_chart(SAY):
        for trace in chart.figure.data:
            colour = trace.marker.color if trace.type == "bar" or trace.mode == "markers" else trace.line.color
            colour = colour or trace.line.color
            assert (colour in (theme.MSA, theme.W_MSA)) == (trace.name in names), (chart.name, trace.name)
            assert names.get(trace.name, colour) == colour


def test_charts_are_made_once_of_their_inputs() -> None:
    for one, two in zip(every_chart(SAY), every_chart(Words("en", "cost_charts")), strict=True):
        assert one is two


def test_no_meaning_rests_on_colour_alone() -> None:
    for styles in (theme.SERIES, theme.DARK, theme.MARKERS, theme.PATTERNS):
        assert len(set(styles)) == len(styles) == len(theme.SERIES)
    assert len(theme.OTHERS) >= len(PARTS)
    for chart in every_chart(SAY):
        lines = [trace for trace in chart.figure.data if trace.type == "scatter"]
        looks = [(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in lines]
        grey = [look for look in looks if look[0] != theme.GREY]
        assert len(set(grey)) == len(grey), chart.name
        for one, two in itertools.combinations(grey, 2):
            assert one[1:] != two[1:], chart.name
