"""The six ways compute what they claim; the protocol stops, refuses and reports; a job ends in every way it can."""

import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace

import pandas
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from swin_viz.cost.clock import attend, bench, measured
from swin_viz.cost.clock.measured import Job
from swin_viz.cost.clock.report import Machine, Report, Row

CPU = torch.device("cpu")
MACHINE = Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 0.1)


def draw(side: int, batch: int = 2) -> torch.Tensor:
    return torch.randn(batch, side, side, attend.CHANNELS, generator=torch.Generator().manual_seed(side))


@pytest.fixture(autouse=True)
def no_gradients():
    with torch.no_grad():
        yield


@pytest.mark.parametrize("side", [14, 21, 35])
def test_the_cyclic_shift_equals_the_naive_one(side: int) -> None:
    ways = attend.ways(attend.make_layer(CPU), side, CPU)
    torch.testing.assert_close(ways["sw_msa"](draw(side)), ways["padded"](draw(side)), rtol=1e-4, atol=1e-5)


def test_explicit_and_fused_attention_agree() -> None:
    ways = attend.ways(attend.make_layer(CPU), 9, CPU)
    torch.testing.assert_close(ways["msa"](draw(9)), ways["msa_fused"](draw(9)), rtol=1e-4, atol=1e-5)


def test_one_window_without_bias_is_the_whole_map() -> None:
    layer = attend.make_layer(CPU)
    unbiased = attend.Layer(layer.qkv, layer.proj, torch.zeros_like(layer.bias))
    ways = attend.ways(unbiased, attend.WINDOW, CPU)
    torch.testing.assert_close(ways["msa"](draw(7)), ways["w_msa"](draw(7)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("side", [4, 7, 10])
def test_sliding_windows_are_attention_of_each_token_over_its_own_neighbours(side: int) -> None:
    layer, x = attend.make_layer(CPU), draw(side, 1)
    found = attend.ways(layer, side, CPU)["sliding"](x)
    q, k, v = torch.nn.functional.linear(x[0], layer.qkv).view(side, side, 3, attend.HEADS, -1).unbind(2)
    middle, reach = attend.WINDOW**2 // 2, attend.WINDOW // 2
    for row in range(side):
        for column in range(side):
            near = [
                (row + dy, column + dx, (dy + reach) * attend.WINDOW + dx + reach)
                for dy in range(-reach, reach + 1)
                for dx in range(-reach, reach + 1)
                if 0 <= row + dy < side and 0 <= column + dx < side
            ]
            heads = []
            for head in range(attend.HEADS):
                scores = torch.stack([q[row, column, head] @ k[y, z, head] for y, z, _ in near])
                bias = torch.stack([layer.bias[head, middle, place] for _, _, place in near])
                shares = (scores * q.shape[-1] ** -0.5 + bias).softmax(0)
                heads.append(sum(share * v[y, z, head] for share, (y, z, _) in zip(shares, near, strict=True)))
            expected = layer.proj @ torch.cat(heads)
            torch.testing.assert_close(found[0, row, column], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("side", [7, 10, 14, 21])
@pytest.mark.parametrize("way", [way for way in bench.WAYS if way != "msa_fused"])  # the counter is blind there
def test_every_way_multiplies_as_often_as_stated(way: str, side: int) -> None:
    run = attend.ways(attend.make_layer(CPU), side, CPU)[way]
    with FlopCounterMode(display=False) as counter:
        run(draw(side))
    assert counter.get_total_flops() == 2 * attend.macs(way, side, batch=2)


def test_explicit_attention_holds_the_maps_it_was_said_to_hold() -> None:
    ways, x = attend.ways(attend.make_layer(CPU), 28, CPU), draw(28, 1)
    ways["msa"](x)
    peak = bench.peak_bytes(lambda: ways["msa"](x), CPU)
    assert bench.maps_bytes(28) <= peak <= 1.2 * bench.maps_bytes(28)
    assert bench.peak_bytes(lambda: ways["msa_fused"](x), CPU) < 0.2 * bench.maps_bytes(28)


def test_quartiles_frame_the_median_and_every_way_has_a_row() -> None:
    rows = list(bench.measure(CPU, sides=(7, 14)))
    assert [(row.side, row.way) for row in rows] == [(side, way) for side in (7, 14) for way in bench.WAYS]
    assert all(row.status == "measured" and 0 < row.low <= row.median <= row.high for row in rows)
    for side in (7, 14):
        turns = {row.repeats for row in rows if row.side == side}
        assert len(turns) == 1  # as often as each other, so that rounds can be compared
        assert turns.pop() >= 5
    assert all(row.ratio > 0 and row.stretch > 0 for row in rows)
    assert [row.ratio for row in rows if row.way == bench.BASE] == [1.0, 1.0]


def test_a_ratio_is_the_median_over_rounds_whatever_single_rounds_say() -> None:
    base = [1.0, 1.1, 0.9, 40.0, 1.0]
    times = {"w_msa": [(time, time) for time in base], "msa": [(3 * time, 6 * time) for time in base]}
    times["msa"][4] = (70.0, 70.0)
    found, basis = (bench._timed(Row(way, 7, 1, 1, "predicted", 0.0), times) for way in ("msa", "w_msa"))
    assert (found.status, found.repeats) == ("measured", 5)
    assert found.ratio == pytest.approx(3.0)
    assert found.median == pytest.approx(3.3)
    assert basis.stretch == 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="its processor time has steps of 16 ms")
def test_what_others_take_of_the_processor_does_not_count() -> None:
    def call() -> torch.Tensor:
        time.sleep(0.05)  # somebody else's turn
        return torch.zeros(1)

    worked, clock = bench.seconds(call, CPU)
    assert worked < 0.04 <= 0.05 <= clock


def test_keys_gathered_for_sliding_windows_are_refused_where_they_do_not_fit() -> None:
    limit = bench.gathered_bytes(7)
    assert limit == 2 * 7 * 7 * 49 * 96 * 4
    rows = {(row.way, row.side): row for row in bench.measure(CPU, sides=(7, 8), limit=limit)}
    assert rows["sliding", 7].status == "measured"
    assert (rows["sliding", 8].status, rows["sliding", 8].needed) == ("refused", bench.gathered_bytes(8))


def test_a_way_beyond_the_budget_is_computed_and_not_measured() -> None:
    rows = list(bench.measure(CPU, sides=(7, 14), budget=0.0))
    assert {row.status for row in rows} == {"predicted"}
    assert all(row.repeats == 0 and row.peak is None for row in rows)


def test_maps_that_do_not_fit_are_refused_with_their_size() -> None:
    rows = list(bench.measure(CPU, sides=(21, 42), limit=bench.maps_bytes(42) - 1))
    refused = [row for row in rows if row.status == "refused"]
    assert [(row.way, row.side, row.needed) for row in refused] == [("msa", 42, 2 * 3 * 42**4 * 4)]
    assert refused[0].median > rows[0].median
    assert all(row.status == "measured" for row in rows if row not in refused)


def test_the_memory_limit_is_a_part_of_what_is_free() -> None:
    assert 0 < bench.memory_limit() <= min(2**30, bench.free_memory() // 4 + 2**28)


def lines(rows: int, expected: int) -> str:
    """A worker that prints so many rows of so many expected ones."""
    row = asdict(Row("msa", 7, 1, 10, "measured", 0.1, 0.1, 0.2, 5, 100))
    head = json.dumps(["machine", {"machine": asdict(MACHINE), "expected": expected}])
    return "\n".join([head, *[json.dumps(["row", row])] * rows])


def run_job(code: str) -> Job:
    return Job((sys.executable, "-c", code)).start()


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))


def test_a_finished_measurement_is_kept_for_everybody() -> None:
    assert measured.kept() is None
    job = run_job(f"print({lines(2, 2)!r})")
    wait(lambda: job.state != "running")
    assert (job.state, job.share) == ("done", 1.0)
    assert measured.kept() == job.report() == Report(MACHINE, tuple(job.rows))


def busy(report: Report, stretch: float) -> Report:
    return Report(report.machine, tuple(replace(row, stretch=stretch) for row in report.rows))


def test_a_busy_measurement_says_so_and_does_not_take_the_place_of_a_quiet_one() -> None:
    quiet = busy(Report(MACHINE, (Row("msa", 7, 1, 10, "measured", 0.1, 0.1, 0.2, 5, 100),)), 1.02)
    noisy = busy(quiet, 1.9)
    assert (quiet.busy, noisy.busy) == (False, True)
    assert noisy.stretch == pytest.approx(1.9)
    measured.keep(noisy)
    assert measured.kept() == noisy
    measured.keep(quiet)
    measured.keep(noisy)
    assert measured.kept() == quiet


def test_lines_that_others_print_do_not_end_a_measurement() -> None:
    code = f"print('a library greets'); print('[1, 2, 3]'); print({lines(2, 2)!r}); print('null')"
    job = run_job(code)
    wait(lambda: job.state != "running")
    assert (job.state, len(job.rows)) == ("done", 2)


def test_a_failure_keeps_the_last_word_of_the_process(caplog: pytest.LogCaptureFixture) -> None:
    job = run_job("raise RuntimeError('no memory left')")
    wait(lambda: job.state != "running")
    assert (job.state, job.error) == ("failed", "RuntimeError: no memory left")
    assert "Traceback" in caplog.text


def test_a_worker_that_dies_is_a_failure_and_leaves_nothing() -> None:
    job = run_job(f"print({lines(1, 2)!r}); raise SystemExit(1)")
    wait(lambda: job.state != "running")
    assert job.state == "failed"
    assert measured.kept() is None


def test_a_cancelled_measurement_ends_at_once_and_leaves_nothing() -> None:
    job = run_job(f"import time; print({lines(1, 2)!r}, flush=True); time.sleep(60)")
    wait(lambda: len(job.rows) == 1)
    assert job.share == 0.5
    job.cancel()
    wait(lambda: job._process.poll() is not None)
    assert job.state == "cancelled"
    assert measured.kept() is None


def test_whoever_comes_second_joins_the_measurement_under_way(monkeypatch) -> None:
    monkeypatch.setattr(measured, "_JOBS", [])
    monkeypatch.setattr(measured, "WORKER", (sys.executable, "-c", "import time; time.sleep(60)"))
    first = measured.start()
    assert measured.start() is first is measured.current()
    first.cancel()
    second = measured.start()
    assert second is not first
    second.cancel()
    for job in (first, second):
        wait(lambda job=job: job._process.poll() is not None)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"protocol": 0, "machine": {}, "rows": []}', '{"protocol": 1}'])
def test_a_spoilt_or_older_report_counts_as_none(text: str) -> None:
    measured._path().write_text(text, encoding="utf-8")
    assert measured.kept() is None


def test_the_report_as_csv_has_a_line_per_row_and_says_where() -> None:
    report = Report(MACHINE, (Row("msa", 7, 1, 10, "measured", 0.1, 0.1, 0.2, 5, 100),))
    text = report.to_csv()
    assert text.startswith("# device: a device\n")
    rows = pandas.read_csv(io.StringIO(text), comment="#")
    assert list(rows["median_s"]) == [0.1]
    assert {"peak_bytes", "side_tokens", "needed_bytes"} <= set(rows)
