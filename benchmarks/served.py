"""The app in a process of its own, and what that process costs (Linux: read from /proc)."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from swin_viz import paths

TICKS = os.sysconf("SC_CLK_TCK")


class Served:
    """`streamlit run app.py` on a free port, with what it says in a file; a context that starts and ends it."""

    def __init__(self, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.environment = os.environ | {"OMP_NUM_THREADS": "1"} | environment
        self.log = Path(tempfile.mkdtemp(prefix="swin_viz_")) / "server.log"

    def __enter__(self) -> "Served":
        self.start()
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    def start(self) -> None:
        """Start the process; it answers a few seconds later."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        options = [f"--server.port={self.port}", "--server.headless=true"]
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                command + options, cwd=paths.ROOT, env=self.environment, stdout=out, stderr=subprocess.STDOUT
            )

    def wait(self) -> None:
        """Until it is healthy. Raises RuntimeError after three minutes, or where the process ended."""
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the server did not start; it said: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(30)

    @property
    def pid(self) -> int:
        """The process's number: another one after a restart."""
        return self.process.pid

    def tracebacks(self) -> int:
        """How many its log has."""
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all its threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> float:
    """Resident memory of a process in MB (10^6 bytes)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
