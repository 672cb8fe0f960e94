"""Charts draw the numbers of the formulas, say what they show, and can be told apart by everybody."""

import io
import itertools

import pandas
import plotly.graph_objects as go
import pytest

from swin_viz.cost import terms
from swin_viz.cost.clock.report import Machine, Report, Row
from swin_viz.cost.formula import items, map_bytes, total
from swin_viz.cost.sweeps import PARTS, factor
from swin_viz.cost.vit import VITS, vit_items
from swin_viz.figures import cost, cost_measured, cost_model, theme
from swin_viz.figures.theme import Chart
from swin_viz.network.variants import BUILTIN, VARIANTS, SwinConfig
from swin_viz.text import LANGUAGES, Words
from swin_viz.text.numbers import short, times

SAY = Words("en", "cost_charts")
SWIN_T = VARIANTS["swin_t"]
REPORT = Report(
    Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 0.1),
    tuple(
        Row(way, side, 1, 1000 * side**2, "measured", 1e-3 * side, 0.9e-3 * side, 1.2e-3 * side, 5, 1000 * side, 0, 1.5)
        if (way, side) != ("msa", 14)
        else Row(way, side, 1, 1000 * side**2, "refused", 1.5, needed=2 * 3 * 14**4 * 4)
        for side in (7, 14)
        for way in ("msa", "msa_fused", "w_msa", "sw_msa", "padded", "sliding")
    ),
)


def every_chart(say: Words, unit: str = "macs") -> list[Chart]:
    layer = (56, 48, 96, 7)
    names = ("swin_t", "swin_l", "deit_s", "vit_l")
    return [
        cost.resolution_chart(say, unit, *layer, (14, 15)),
        cost.window_chart(say, unit, *layer),
        cost.channels_chart(say, unit, *layer),
        cost_model.parts_chart(say, unit, SWIN_T, 224, 320, "a model", everywhere=True),
        cost_model.blocks_chart(say, unit, SWIN_T, 224, 320, "a model"),
        cost_model.partners_chart(say, unit, "own", names, 224, SWIN_T, "a model"),
        cost_model.maps_chart(say, SWIN_T, 224, "a model"),
        cost_measured.time_chart(say, REPORT),
        cost_measured.ratio_chart(say, REPORT, ((7, 1.0), (14, 1.6))),
        cost_measured.memory_chart(say, REPORT),
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


def test_windows_alone_are_drawn_until_global_attention_is_asked_for() -> None:
    chart = cost_model.parts_chart(SAY, "macs", SWIN_T, 1024, 1024, "a model")
    assert {row["windows"] for row in chart.rows} == {1}
    assert sum(sum(trace.y) for trace in chart.figure.data) == total(items(SWIN_T, 1024, 1024))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_chosen_model_is_always_among_those_it_is_compared_with(name: str) -> None:
    config = VARIANTS[name]
    chart = cost_model.partners_chart(SAY, "macs", name, ("swin_t", "deit_s"), 384, config, "the chosen one")
    assert list(curve(chart.figure, "the chosen one").y) == [row["macs"] for row in chart.rows if row["model"] == name]
    assert chart.alt.count("the chosen one") == 1


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


def test_stacked_parts_add_up_to_the_model() -> None:
    chart = cost_model.parts_chart(SAY, "macs", SWIN_T, 224, 320, "a model", everywhere=True)
    for windows in (1, 0):
        drawn = sum(row["macs"] for row in chart.rows if row["windows"] == windows)
        assert drawn == total(items(SWIN_T, 224, 320, windowed=bool(windows)))
    assert [trace.name for trace in chart.figure.data] == [SAY(f"part_{part}") for part in PARTS]
    blocks = cost_model.blocks_chart(SAY, "macs", SWIN_T, 224, 320, "a model")
    assert sum(sum(trace.y) for trace in blocks.figure.data) == total(items(SWIN_T, 224, 320))


def test_models_over_resolution_are_the_formulas() -> None:
    rows = cost_model.partners_chart(SAY, "macs", "swin_b", (), 224, VARIANTS["swin_b"], "Swin-B").rows
    assert {row["model"] for row in rows} == {"swin_b", "deit_b"}  # the ViT of nearest cost is always there
    for row in rows:
        side = row["pixels"]
        if row["model"] == "swin_b":
            assert row["macs"] == total(items(VARIANTS["swin_b"], side, side))
            assert row["map_bytes"] == map_bytes(VARIANTS["swin_b"], side, side)
        else:
            assert row["macs"] == total(vit_items(VITS["deit_b"], side, side))


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


@pytest.mark.parametrize(
    ("name", "height", "width", "case"),
    [("swin_t", 224, 224, "more"), ("swin_t", 32, 32, "less"), ("swin_l_384", 100, 300, "less")],
)
def test_what_global_attention_would_cost_is_said_as_it_is(name: str, height: int, width: int, case: str) -> None:
    config = VARIANTS[name]
    windows, others = (total(items(config, height, width, windowed=kind)) for kind in (True, False))
    ratio = times(max(windows, others) / min(windows, others))
    assert {"more": others > windows, "less": others < windows}[case]
    chart = cost_model.parts_chart(SAY, "macs", config, height, width, "a model")
    assert chart.alt.endswith(SAY(f"alt_parts_{case}", ratio=ratio))
    one = SwinConfig(96, (1,), (3,), window=4)
    assert cost_model.parts_chart(SAY, "macs", one, 16, 16, "a model").alt.endswith(SAY("alt_parts_same"))


@pytest.mark.parametrize(
    ("config", "most", "least"),
    [
        (BUILTIN, "1.1, 1.2", "4.1, 4.2"),
        (VARIANTS["swin_s"], "1.1, 1.2", "4.1, 4.2"),
        (SwinConfig(96, (1, 3), (3, 6), window=4), "1.1", "2.1–2.3"),
        (SwinConfig(96, (2,), (3,), window=4), "1.1, 1.2", "1.1, 1.2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_all_blocks_that_cost_most_are_named(config: SwinConfig, most: str, least: str) -> None:
    chart = cost_model.blocks_chart(SAY, "macs", config, 224, 224, "a model")
    sums: dict[str, int] = {}
    for row in chart.rows:
        sums[row["place"]] = sums.get(row["place"], 0) + row["macs"]
    blocks = {place: macs for place, macs in sums.items() if "." in place}
    for names, wanted, among in ((most, max, sums), (least, min, blocks)):
        value = wanted(among.values())
        expected = [place for place, macs in among.items() if macs == value]
        assert (names.split(", ") if "–" not in names else [expected[0], expected[-1]]) == [
            *(expected if "–" not in names else names.split("–"))
        ]
        assert f"{names} ({short(value)} MACs" in chart.alt
        assert (f"{names} ({short(value)} MACs each)" in chart.alt) == (len(expected) > 1)


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIANTS)
def test_more_than_a_laptop_holds_is_said_where_it_is(name: str, language: str) -> None:
    say = Words(language, "cost_charts")
    chart = cost_model.maps_chart(say, VARIANTS[name], 224, "a model")
    layer = VARIANTS[name].heads[0] * 256**4 * 4  # every token of 256×256 with every other
    assert next(row for row in chart.rows if row["pixels"] == 1024)["first_layer"] == layer
    assert (say("alt_maps_too_much") in chart.alt) == (layer > 8e9)


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
