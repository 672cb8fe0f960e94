"""The charts of whole models draw the formulas' numbers, and their sentences are true of them."""

import pytest

from swin_viz.cost.formula import items, map_bytes, total
from swin_viz.cost.sweeps import PARTS
from swin_viz.cost.vit import VITS, vit_items
from swin_viz.figures import cost_model
from swin_viz.network.variants import BUILTIN, VARIANTS, SwinConfig
from swin_viz.text import LANGUAGES, Words
from swin_viz.text.numbers import short, times
from tests.figures.charts import SAY, SWIN_T, curve


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIANTS)
def test_more_than_a_laptop_holds_is_said_where_it_is(name: str, language: str) -> None:
    say = Words(language, "cost_charts")
    chart = cost_model.maps_chart(say, VARIANTS[name], 224, "a model")
    layer = VARIANTS[name].heads[0] * 256**4 * 4  # every token of 256×256 with every other
    assert next(row for row in chart.rows if row["pixels"] == 1024)["first_layer"] == layer
    assert (say("alt_maps_too_much") in chart.alt) == (layer > 8e9)
