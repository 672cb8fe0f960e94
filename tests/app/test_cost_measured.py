"""On this machine: a measurement that is started, followed, kept, refused or busy, and the paper's tables beside it."""

import json
import re
import socket
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from swin_viz import paths
from swin_viz.app import server as shell
from swin_viz.cost.clock import bench, measured
from swin_viz.cost.clock.reference import REFERENCE, reference
from swin_viz.cost.clock.report import Machine, Report, Row
from swin_viz.figures import theme
from swin_viz.text import LANGUAGES, Words
from tests.app.hands import open_app

MACHINE = Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 1.5)
WAYS = ("msa", "msa_fused", "w_msa", "sw_msa", "padded", "sliding")
REPORT = Report(
    MACHINE,
    tuple(
        Row(way, side, 1, 1000 * side**2, "measured", *[1e-3 * side] * 3, 5, 1000 * side, 0, 1.25, 1.02)
        if (way, side) != ("msa", 21)
        else Row(way, side, 1, 1000 * side**2, "refused", 1.5, needed=2 * 3 * 21**4 * 4)
        for side in (7, 14, 21)
        for way in WAYS
    ),
)
BUSY = Report(MACHINE, tuple(replace(row, stretch=1.5) if row.stretch else row for row in REPORT.rows))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    monkeypatch.setattr(measured, "_JOBS", [])
    return tmp_path


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_a_measurement_can_be_started_followed_and_cancelled(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say = Words("en", "cost_measured")
    monkeypatch.setattr(measured, "WORKER", (sys.executable, "-c", "import time; time.sleep(60)"))
    app = open_app("cost_measured")
    assert any(say("never") in each.value for each in app.markdown)
    press(app, say("start"))
    assert measured.current().state == "running"
    press(app, say("cancel"))
    assert measured.current().state == "cancelled"
    app.run()
    assert app.warning[0].value == say("cancelled")
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kept_measurement_is_shown_with_its_machine_and_its_refusal(own_cache: Path, language: str) -> None:
    measured.keep(REPORT)
    say = Words(language, "cost_measured")
    app = open_app("cost_measured", lang=language)
    assert not app.exception
    lines = [each.value for each in app.markdown]
    assert say("machine", device="a device", dtype="float32", threads=1, torch="2.0", seed=0) in lines
    assert not app.warning
    assert say("refusal", side=21, needed="4.67 MB") in lines
    assert not any(line.startswith(say("reference")[:8]) for line in lines)
    assert [button.label for button in app.button if button.label == say("again")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_until_this_machine_was_measured_a_reference_stands_there_named_and_grey(
    own_cache: Path, language: str
) -> None:
    say, other = Words(language, "cost_measured"), reference()
    app = open_app("cost_measured", lang=language)
    where = {"device": other.machine.device, "cores": other.machine.cores, "date": other.machine.date}
    named = say("reference", torch=other.machine.torch, python=other.machine.python, **where)
    assert f"{named} {say('never')}" in [each.value for each in app.markdown]
    drawn = [json.loads(each.proto.spec) for each in app.get("plotly_chart")]
    colours = {trace["line"]["color"] for figure in drawn for trace in figure["data"]}
    assert colours
    assert colours <= set(theme.FAINT)
    measured.keep(REPORT)
    app = open_app("cost_measured", lang=language)
    assert not any(named in each.value for each in app.markdown)
    (figure,) = (json.loads(each.proto.spec) for each in app.get("plotly_chart"))
    assert theme.MSA in {trace["line"]["color"] for trace in figure["data"]}


def test_the_reference_is_whole_quiet_and_names_no_place() -> None:
    other = reference()
    assert (len(other.rows), other.busy) == (len(bench.SIDES) * len(bench.WAYS), False)
    assert {row.status for row in other.rows} <= {"measured", "predicted", "refused"}
    machine = asdict(other.machine)
    assert machine["cores"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", machine["date"])
    assert socket.gethostname() not in REFERENCE.read_text(encoding="utf-8")
    assert not any("/" in str(value) for value in machine.values())


def paper_table(app: AppTest, label: str) -> str:
    return next(each.proto.body for each in app.get("html") if f'aria-label="{label}"' in each.proto.body)


def test_live_numbers_stand_beside_the_papers(own_cache: Path) -> None:
    say = Words("en", "cost_paper")
    measured.keep(REPORT)
    app = open_app("cost_measured")
    speed, accuracy = (paper_table(app, say(f"{name}_label")) for name in ("speed", "accuracy"))
    assert speed.count("21.0 ms · 1.25 ×") == 4  # windows, both shifts, sliding
    assert say("no_kernel") in speed
    assert "122.5" in speed
    card = (paths.ROOT / "assets" / "builtin_card.md").read_text(encoding="utf-8")
    for switch in ("nothing off", "shift off", "mask off", "position bias off"):
        row = next(line for line in card.splitlines() if line.startswith(f"| {switch} |"))
        answer, cue = (row.split(" | ")[i].strip("| ") for i in (1, 4))
        for printed in (answer, cue):  # "95.3% (93.1% – 96.8%)" there, "95.3 (93.1–96.8)" here
            assert f'<td class="number">{printed.replace("%", "").replace(" – ", "–")}</td>' in accuracy


def test_nothing_live_comes_from_a_busy_machine_and_it_can_be_measured_again(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "is_classroom", lambda: True)
    measured.keep(BUSY)
    app = open_app("cost_measured")
    assert app.warning[0].value == Words("en", "cost_measured")("busy", more="50")
    assert Words("en", "cost_measured")("again") in [button.label for button in app.button]
    assert "1.25 ×" not in paper_table(app, Words("en", "cost_paper")("speed_label"))
    assert Words("en", "cost_paper")("speed_busy") in [each.value for each in app.markdown]


def test_a_classroom_measures_once_alone(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "is_classroom", lambda: True)
    say = Words("en", "cost_measured")
    assert say("start") in [button.label for button in open_app("cost_measured").button]
    measured.keep(REPORT)
    labels = [button.label for button in open_app("cost_measured").button]
    assert say("start") not in labels
    assert say("again") not in labels
