"""What the clock says on this machine: one measurement at a time, in a process of its own, kept for everybody.

The work is done by `python -m swin_viz.cost.clock.bench`, a process with one thread and a lower priority, so that no
visitor's forward pass waits for it. It reports line by line; what it found is kept in the user's cache directory.
"""

import hashlib
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TextIO

import torch

from swin_viz.cost.clock.report import PROTOCOL, Machine, Report, Row
from swin_viz.paths import cache_dir

LOG = logging.getLogger("swin_viz")
WORKER = (sys.executable, "-m", "swin_viz.cost.clock.bench")
State = Literal["running", "done", "cancelled", "failed"]


def device_title() -> str:
    """The name of the device that is measured."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine() or "CPU"


def _path() -> Path:
    """Where this machine's report is kept: another device or another torch has another file."""
    key = hashlib.sha256(f"{device_title()}|{torch.__version__}|{PROTOCOL}".encode()).hexdigest()[:16]
    return cache_dir() / f"cost-{key}.json"


def kept() -> Report | None:
    """The report of this machine, if it was ever measured."""
    try:
        return Report.from_json(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(report: Report) -> None:
    """Keep a report for the next visitor, but no busy one in place of a quiet one; a full disk is no reason to fail."""
    before, path = kept(), _path()
    if report.busy and before is not None and not before.busy:
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(report.to_json(), encoding="utf-8")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)


@dataclass
class Job:
    """A measurement under way. Its fields are written by one thread alone and only ever grow."""

    command: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    machine: Machine | None = None
    expected: int = 0
    state: State = "running"
    error: str = ""  # the last line of the process's complaint
    _process: subprocess.Popen[str] | None = None

    def start(self) -> "Job":
        """Start the process and the thread that reads it."""
        complaints = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (the thread closes it)
        self._process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        threading.Thread(
            target=self._follow, args=(self._process, complaints), name="swin-viz-measure", daemon=True
        ).start()
        return self

    def _follow(self, process: subprocess.Popen[str], complaints: TextIO) -> None:
        """Read to the end; whatever happens, the job ends in a state and its file is closed."""
        with complaints, process:
            for line in process.stdout or ():
                self._hear(line)
            process.wait()
            complaints.seek(0)
            said = complaints.read()[-10_000:]
        if self.state != "running":
            return
        report = self.report()
        if report is not None and process.returncode == 0 and len(self.rows) == self.expected:
            keep(report)
            self.state = "done"
        else:
            LOG.error("the measurement ended with %s after %s rows:\n%s", process.returncode, len(self.rows), said)
            lines = [line for line in said.splitlines() if line and not line.startswith("USDT")]  # torch's profiler
            self.error = lines[-1] if lines else ""
            self.state = "failed"

    def _hear(self, line: str) -> None:
        """One line of the process; what is no report of ours, as a library may print, is passed over."""
        try:
            kind, value = json.loads(line)
            if kind == "machine":
                self.machine, self.expected = Machine(**value["machine"]), value["expected"]
            elif kind == "row":
                self.rows.append(Row(**value))
        except (ValueError, TypeError, KeyError):
            LOG.info("not a line of the measurement: %s", line.rstrip())

    def cancel(self) -> None:
        """End the process; what it measured so far is dropped."""
        if self.state == "running" and self._process is not None:
            self.state = "cancelled"
            self._process.terminate()

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return len(self.rows) / self.expected if self.expected else 0.0

    def report(self) -> Report | None:
        """What is known so far."""
        return Report(self.machine, tuple(self.rows)) if self.machine else None


_LOCK = threading.Lock()
_JOBS: list[Job] = []  # the last one alone


def current() -> Job | None:
    """The measurement under way or the last one, whoever started it."""
    return _JOBS[-1] if _JOBS else None


def start() -> Job:
    """Start a measurement, or join the one under way: there is one at a time on a server."""
    with _LOCK:
        job = current()
        if job is None or job.state != "running":
            job = Job(WORKER).start()
            _JOBS[:] = [job]
        return job
