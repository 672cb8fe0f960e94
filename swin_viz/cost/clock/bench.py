"""Measures one attention layer in six ways; run as `python -m swin_viz.cost.clock.bench`, one JSON line per result.

The protocol: float32, one thread, a fixed seed; maps of growing side n; the ways take turns, equally often, so that a
busy second hits all of them; warm-up calls, then medians and quartiles. On a CPU the time is the processor's own: what
it spends on other processes in between does not count (the clock's is kept beside it and tells how busy the machine
was). Ratios are medians over rounds. The next size is predicted from the multiply-adds: a way that would pass the
budget stops, and what a way cannot be given the memory for is refused with the number of bytes.
"""

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from swin_viz.cost.clock.attend import CHANNELS, HEADS, WINDOW, macs, make_layer, ways
from swin_viz.cost.clock.measured import device_title
from swin_viz.cost.clock.report import Machine, Row
from swin_viz.cost.formula import BYTES

SIDES = (7, 14, 21, 28, 35, 42, 56, 70, 84)
WAYS = ("msa", "msa_fused", "w_msa", "sw_msa", "padded", "sliding")
BASE = "w_msa"  # that ratios are relative to
BUDGET = 2.5  # seconds a call may take
ROUND_TIME = 4.0  # seconds that the calls of one size should take together
FEWEST, MOST = 5, 20  # rounds
SEED = 0
GIGABYTE = 10**9
Call = Callable[[], Tensor]


def maps_bytes(side: int, batch: int = 1) -> int:
    """Bytes of the scores and the probabilities of explicit global attention: 2·h·n⁴·4."""
    return 2 * HEADS * side**4 * BYTES * batch


def gathered_bytes(side: int, batch: int = 1) -> int:
    """Bytes of the keys and values that naive sliding windows gather for every token: 2·n²·M²·C·4."""
    return 2 * side**2 * WINDOW**2 * CHANNELS * BYTES * batch


NEEDS = {"msa": maps_bytes, "sliding": gathered_bytes}  # the ways that write more than a few maps of tokens


def free_memory() -> int:
    """Bytes that could be allocated now: the device's, or the machine's within its container's bounds."""
    if torch.cuda.is_available():
        return torch.cuda.mem_get_info()[0]
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4 * GIGABYTE
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
        group = Path("/sys/fs/cgroup")
        bound = int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())
        free = min(free, bound)
    except (OSError, ValueError, StopIteration):  # another system, or no bound
        pass
    return max(0, free)


def memory_limit() -> int:
    """Bytes that the maps of one call may take: a quarter of what is free, a gigabyte at most."""
    return min(GIGABYTE, free_memory() // 4)


# On Windows the processor's time comes in steps of 16 ms.
PROCESSOR = time.perf_counter if sys.platform == "win32" else time.process_time


def seconds(call: Call, device: torch.device) -> tuple[float, float]:
    """How long one call takes: on the device (a GPU by its events, a CPU by its own time), and by the clock."""
    began = time.perf_counter()
    if device.type == "cuda":
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        call()
        end.record()
        torch.cuda.synchronize()
        return begin.elapsed_time(end) / 1e3, time.perf_counter() - began
    worked = PROCESSOR()
    call()
    return PROCESSOR() - worked, time.perf_counter() - began


def peak_bytes(call: Call, device: torch.device) -> int:
    """Bytes that a call holds at most beyond what was there, from the allocator's own events."""
    if device.type == "cuda":
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        call()
        return torch.cuda.max_memory_allocated() - before
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        call()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        profile.export_chrome_trace(str(path))
        events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    changes = [event for event in events if event["name"] == "[memory]"]
    held = most = 0
    for event in sorted(changes, key=lambda event: event["ts"]):
        held += event["args"]["Bytes"]
        most = max(most, held)
    return most


def time_all(
    calls: dict[str, Call], expected: dict[str, float], device: torch.device
) -> dict[str, list[tuple[float, float]]]:
    """Times of every way, round by round: all ways in each round, fewer rounds where they are slow."""
    warm_ups = 3 if device.type == "cuda" else 1
    for call in calls.values():
        for _ in range(warm_ups):
            call()
    turns = int(ROUND_TIME / max(1e-6, sum(expected[way] for way in calls)))
    turns = MOST if device.type == "cuda" else max(FEWEST, min(MOST, turns))
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in calls}
    for _ in range(turns):
        for way, call in calls.items():
            times[way].append(seconds(call, device))
    return times


def measure(
    device: torch.device, sides: tuple[int, ...] = SIDES, batch: int = 1, budget: float = BUDGET, limit: int = GIGABYTE
) -> Iterator[Row]:
    """Rows of all ways at all sides, in order; see the module for the protocol."""
    layer = make_layer(device, SEED)
    draw = torch.Generator().manual_seed(SEED)
    last: dict[str, Row] = {}  # way → its last measured row
    stopped: set[str] = set()
    for side in sides:
        x = torch.randn(batch, side, side, CHANNELS, generator=draw).to(device)
        work = {way: macs(way, side, batch) for way in WAYS}
        expected = {way: last[way].median * work[way] / last[way].macs if way in last else 1e-3 for way in WAYS}
        needed = {way: bytes_of(side, batch) for way, bytes_of in NEEDS.items()}
        refused = {way for way, size in needed.items() if size > limit}
        stopped |= refused | {way for way in WAYS if expected[way] > budget}
        chosen = [way for way in WAYS if way not in stopped]
        made = ways(layer, side, device) if chosen else {}
        calls: dict[str, Call] = {way: partial(made[way], x) for way in chosen}
        times = time_all(calls, expected, device)
        for way in WAYS:
            row = Row(way, side, batch, work[way], "refused" if way in refused else "predicted", expected[way])
            if way in calls:
                row = last[way] = replace(_timed(row, times), peak=peak_bytes(calls[way], device))
            yield replace(row, needed=needed.get(way, 0)) if way in stopped else row


def _timed(row: Row, times: dict[str, list[tuple[float, float]]]) -> Row:
    """The row with what the rounds tell."""
    worked, clock = ([time[i] for time in times[row.way]] for i in (0, 1))
    low, median, high = statistics.quantiles(worked, n=4)
    ratio = None
    if BASE in times:
        ratio = statistics.median(own / base for own, (base, _) in zip(worked, times[BASE], strict=True))
    row = replace(row, status="measured", low=low, median=median, high=high, repeats=len(worked))
    return replace(row, ratio=ratio, stretch=sum(clock) / sum(worked))


def main() -> None:
    """Measure on the best device there is and print one JSON line per result."""
    if hasattr(os, "nice"):
        os.nice(5)
    torch.set_num_threads(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    batches = (1, 16) if device.type == "cuda" else (1,)
    limit = memory_limit()
    load = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 0.0
    cores, python, today = os.cpu_count() or 1, platform.python_version(), date.today().isoformat()
    how = ("float32", 1, torch.__version__, SEED, BUDGET, limit, load)
    machine = Machine(device_title(), *how, cores, python, today)
    report("machine", {"machine": asdict(machine), "expected": len(SIDES) * len(WAYS) * len(batches)})
    with torch.no_grad():
        for batch in batches:
            for row in measure(device, batch=batch, limit=limit):
                report("row", asdict(row))


def report(kind: str, value: dict) -> None:
    """One line for whoever started this process."""
    print(json.dumps([kind, value]), flush=True)


if __name__ == "__main__":
    main()
