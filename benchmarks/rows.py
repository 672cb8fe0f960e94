"""The figures of a scenario as rows: summed up, and as a table."""

import math
from dataclasses import dataclass

from benchmarks.visitor import Rerun

GOALS = {
    "think": "p95 ≤ 120, ≤ 26 CPU-ms, ≤ 0.35 MB",
    "together": "p95 ≤ 1300, then ≤ 800",
    "different": "p99 ≤ 4000",
    "cost": "p95 ≤ 150",
}


@dataclass(frozen=True)
class Row:
    """The figures of a scenario, or of one kind of change in it (times in ms; None: not measured)."""

    name: str
    sessions: int
    reruns: int
    errors: int
    p50: float
    p95: float
    p99: float
    data_p95: float
    mb: float
    cpu_ms: float | None = None
    rss_mb: float | None = None


def row(name: str, sessions: int, done: list[Rerun], cpu: float | None = None, rss: float | None = None) -> Row:
    """Sum up; a change that failed counts among the errors and not among the times."""
    good = [rerun for rerun in done if not rerun.fault]
    run, data = sorted(rerun.run for rerun in good), sorted(rerun.all for rerun in good)
    times = [quantile(run, 0.5), quantile(run, 0.95), quantile(run, 0.99), quantile(data, 0.95)]
    mb = sum(rerun.bytes for rerun in done) / len(done) / 1e6
    return Row(name, sessions, len(done), len(done) - len(good), *times, mb, cpu, rss)


def quantile(ordered: list[float], share: float) -> float:
    """The least value that this share of them does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else float("nan")


def table(rows: list[Row]) -> str:
    head = ["", "sessions", "reruns", "errors", "p50", "p95", "p99 ms", "data p95", "CPU-ms", "MB", "RSS MB", "goal"]
    lines = [head, ["---"] * len(head)]
    for each in rows:
        times = [f"{value:.0f}" for value in (each.p50, each.p95, each.p99, each.data_p95)]
        costs = [f"{each.cpu_ms:.0f}" if each.cpu_ms else "", f"{each.mb:.2f}"]
        counts = [str(count) for count in (each.sessions, each.reruns, each.errors)]
        rss = f"{each.rss_mb:.0f}" if each.rss_mb else ""
        lines.append([each.name, *counts, *times, *costs, rss, GOALS.get(each.name, "")])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
