"""The command line as its user runs it."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

import swin_viz
from swin_viz import cli
from swin_viz.cost.clock import measured, report
from swin_viz.cost.formula import total
from swin_viz.cost.table import MODELS, model_items
from swin_viz.engine.run import observe
from swin_viz.paths import BUILTIN
from swin_viz.reading.checkpoint import published
from swin_viz.reading.picture import samples
from swin_viz.text.numbers import seconds, short


def test_cost_prints_the_published_totals(capsys: pytest.CaptureFixture) -> None:
    cli.main(["cost", "--variant", "swin_t", "--size", "224", "--compare", "deit_s", "--counted"])
    out = capsys.readouterr().out
    assert "4,490,566,656" in out
    assert "4,598,882,304" in out
    assert "8,981,133,312" in out  # FLOPs
    assert "13.81" in out  # the paper's ratio in stage 1
    assert "the same as by formula" in out


@pytest.mark.parametrize("name", MODELS)
def test_cost_as_csv_adds_up(name: str, capsys: pytest.CaptureFixture) -> None:
    cli.main(["cost", "--variant", name, "--size", "200x331", "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert sum(int(row["macs"]) for row in rows) == total(model_items(name, 200, 331))
    assert all(int(row["bytes"]) == 4 * int(row["elements"]) for row in rows)


@pytest.mark.parametrize("size", ["0", "-3", "abc", "4x5x6", "", "70000"])
def test_an_impossible_size_says_why(size: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        cli.main(["cost", f"--size={size}"])
    assert "is no size" in capsys.readouterr().err


def test_measured_times_stand_in_a_table(tmp_path, monkeypatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    machine = report.Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 0.1)
    rows = (
        report.Row("msa", 84, 1, 10, "refused", 1.0, needed=1_194_891_264),
        report.Row("w_msa", 84, 1, 10, "measured", 0.0148, 0.01, 0.02, 5, 100, 0, 1.0, 1.01),
        report.Row("padded", 84, 1, 10, "predicted", 2.6),
    )
    measured.keep(report.Report(machine, rows))
    cli.main(["cost", "--measure"])
    out = capsys.readouterr().out
    assert "refused: 1.19 GB" in out
    assert "14.8 ms" in out
    assert "(2.60 s)" in out
    assert "busy" not in out


def test_a_busy_machine_is_measured_again_and_named(tmp_path, monkeypatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    machine = report.Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 0.1)
    row = {"way": "w_msa", "side": 7, "batch": 1, "macs": 10, "status": "measured", "median": 1.0, "repeats": 5}
    head = json.dumps(["machine", {"machine": asdict(machine), "expected": 1}])
    worker = f"print({head!r}); print({json.dumps(['row', row | {'stretch': 1.5}])!r})"
    monkeypatch.setattr(measured, "WORKER", (sys.executable, "-c", worker))
    monkeypatch.setattr(measured, "_JOBS", [])
    measured.keep(report.Report(machine, (report.Row(**row, stretch=3.0),)))
    cli.main(["cost", "--measure"])
    assert "The machine was busy: by the clock this took 50 % longer" in capsys.readouterr().out


@pytest.mark.parametrize("other", ["--counted", "--measure"])
def test_a_table_for_a_spreadsheet_holds_nothing_else(other: str) -> None:
    with pytest.raises(SystemExit, match="--csv writes the steps alone"):
        cli.main(["cost", "--csv", other])


def test_a_terminal_that_knows_ascii_alone_gets_the_table_too() -> None:
    code = "from swin_viz.cli import main; main(['cost'])"
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert b"4,490,566,656" in done.stdout


def test_capture_writes_what_the_model_computed(tmp_path, capsys: pytest.CaptureFixture) -> None:
    from swin_viz.engine import shared
    from swin_viz.reading.picture.frame import frame
    from swin_viz.reading.picture.load import load_image

    picture, output = tmp_path / "cat.jpg", tmp_path / "cat.npz"
    picture.write_bytes(samples.sample_bytes(next(iter(samples.SAMPLES))))
    cli.main(["capture", str(picture), "-o", str(output), "--side", "64", "--points", "layers.0.*.attn.probs"])
    loaded = shared.load(BUILTIN)
    expected = observe(loaded.model, frame(load_image(picture), 64), ["layers.0.*.attn.probs"])
    assert next(iter(expected)) in capsys.readouterr().out
    with np.load(output) as found:
        assert set(found) == {"image", *expected}
        for name, value in expected.items():
            np.testing.assert_array_equal(found[name], value)


@pytest.mark.parametrize(
    "arguments",
    [["missing.jpg"], ["--points", "nothing.like.this"], ["--checkpoint", "missing.pth"]],
    ids=lambda value: value[0],
)
def test_capture_refuses_in_a_sentence(arguments: list[str], tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    if arguments[0].startswith("--"):
        (tmp_path / "cat.jpg").write_bytes(samples.sample_bytes(next(iter(samples.SAMPLES))))
        arguments = ["cat.jpg", *arguments]
    with pytest.raises(SystemExit) as ended:
        cli.main(["capture", *arguments])
    assert isinstance(ended.value.code, str)
    assert len(ended.value.code) > 20


@pytest.mark.parametrize("classroom", [False, True])
def test_app_starts_streamlit_with_its_settings_from_any_folder(classroom: bool, monkeypatch, tmp_path) -> None:
    started = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["swin-viz"])
    monkeypatch.setattr("swin_viz.app.start.streamlit", lambda: started.append(sys.argv))
    cli.main(["app", "--port", "8600", *(["--classroom"] if classroom else [])])
    [arguments] = started
    script = Path(arguments[2])
    assert script.is_file() and script.is_absolute()
    assert (script.parent / ".streamlit" / "config.toml").is_file()  # Streamlit looks for it beside the script
    assert Path.cwd() == tmp_path
    assert "--server.port=8600" in arguments
    assert ("--server.address=0.0.0.0" in arguments) == classroom
    assert ("--server.maxUploadSize=25" in arguments) == classroom


def test_the_app_without_its_libraries_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    with pytest.raises(SystemExit, match=r"needs plotly: pip install 'swin-viz\[app\]'"):
        cli.main(["app"])


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"swin-viz {swin_viz.__version__}\n"


def test_weights_says_where_they_are(monkeypatch, tmp_path, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(published, "download", lambda variant, progress: tmp_path / f"{variant}.pth")
    cli.main(["weights", "swin_t", "swin_b"])
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "swin_t.pth"), str(tmp_path / "swin_b.pth")]


def test_weights_that_cannot_be_fetched_are_a_sentence(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    monkeypatch.setenv("SWIN_VIZ_WEIGHTS_URL", "http://localhost:9")  # nobody listens there
    monkeypatch.setattr(published.time, "sleep", lambda seconds: None)
    with pytest.raises(SystemExit) as ended:
        cli.main(["weights", "swin_t"])
    assert str(ended.value.code).startswith("swin_t: ")


def test_the_installed_command_needs_no_torch_for_a_table() -> None:
    code = "import sys; from swin_viz.cli import main; main(['cost']); assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    ("value", "text"), [(4490566656, "4.49 G"), (999_600, "1.00 M"), (999, "999"), (0.5, "0.50"), (51.5e9, "51.5 G")]
)
def test_large_numbers_are_short(value: float, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(("value", "text"), [(1.2, "1.20 s"), (0.0138, "13.8 ms"), (4.8e-4, "480 µs")])
def test_durations_are_short(value: float, text: str) -> None:
    assert seconds(value) == text
