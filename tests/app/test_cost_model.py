"""Whole models: what is said beside the counted totals, and every step as a file."""

import io

import pandas
import pytest

from swin_viz.cost.counted import compare
from swin_viz.cost.formula import items, total
from swin_viz.cost.whole import steps_csv
from swin_viz.network.variants import VARIANTS
from swin_viz.text import LANGUAGES, Words
from swin_viz.text.numbers import short
from tests.app.hands import open_app


def test_the_authors_own_total_is_named_only_where_their_code_would_print_it() -> None:
    for size, named in (("224x224", True), ("256x256", False)):
        app = open_app("cost_model", of="swin_t", px=size)
        text = " ".join(each.value for each in app.markdown)
        assert ("4,494,405,120" in text) == named
        assert not app.exception


def test_every_step_as_csv_counts_stages_and_blocks_from_one() -> None:
    text = steps_csv(compare(VARIANTS["swin_t"], 224, 224), "Swin-T,\nof two lines")
    assert text.startswith("# Swin-T, of two lines\n")
    rows = pandas.read_csv(io.StringIO(text), comment="#")
    assert set(rows["stage"].dropna()) == {1, 2, 3, 4}
    assert set(rows["block"].dropna()) == {1, 2, 3, 4, 5, 6}
    assert rows["macs"].sum() == total(items(VARIANTS["swin_t"], 224, 224))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["224x224", "256x256"])
def test_the_answer_comes_first_and_padding_is_named_where_there_is_any(language: str, size: str) -> None:
    app = open_app("cost_model", of="swin_t", px=size, lang=language)
    side = int(size[:3])
    cost = f"{short(total(items(VARIANTS['swin_t'], side, side)))} MACs"
    say = Words(language, "cost_model")
    line = next(each.value for each in app.markdown if each.value.startswith("**"))
    assert line.startswith(f"**{say('answer', model='Swin-T', height=side, width=side, cost=cost)}**")
    padded = say("tokens_padded", tokens="4,096", padded="4,900")
    assert line.endswith(padded if side == 256 else say("tokens", tokens="3,136"))
