"""Whole models: what is said beside the counted totals, and every step as a file."""

import csv
import io

from swin_viz.cost.counted import compare
from swin_viz.cost.whole import steps_csv
from swin_viz.network.variants import VARIANTS
from tests.app.test_pages import open_app


def test_the_authors_own_total_is_named_only_where_their_code_would_print_it() -> None:
    for size, named in (("224x224", True), ("256x256", False)):
        app = open_app("cost_model", of="swin_t", px=size)
        text = " ".join(each.value for each in app.markdown)
        assert ("4,494,405,120" in text) == named
        assert not app.exception


def test_every_step_as_csv_counts_stages_and_blocks_from_one() -> None:
    text = steps_csv(compare(VARIANTS["swin_t"], 224, 224))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["stage"] for row in rows} == {"", "1", "2", "3", "4"}
    assert {row["block"] for row in rows} == {"", "1", "2", "3", "4", "5", "6"}
