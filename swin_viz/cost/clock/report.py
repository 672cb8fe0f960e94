"""What a measurement on one machine found: rows, the machine, both as JSON and CSV. Leaf module: no torch here."""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields

from swin_viz.text.numbers import comments

BUSY = 1.2  # a run took so many times longer by the clock than the device worked: others worked in between
PROTOCOL = 2  # counted up when the way of measuring changes, so that old results are not shown
UNITS = {"side": "tokens", "median": "s", "low": "s", "high": "s", "peak": "bytes", "needed": "bytes"}  # of columns


@dataclass(frozen=True)
class Row:
    """One way at one size. `peak` is bytes that the call held at most; None is what was not measured.

    Seconds are the device's own: on a CPU what the processor spent on it.

    status: "measured"; "predicted" beyond the budget, from the multiply-adds; "refused" for want of memory, then
    `needed` is what the attention maps (or the keys and values gathered for sliding windows) would have taken.
    """

    way: str
    side: int
    batch: int
    macs: int
    status: str
    median: float
    low: float | None = None  # first quartile
    high: float | None = None  # third quartile
    repeats: int = 0
    peak: int | None = None
    needed: int = 0
    ratio: float | None = None  # times W-MSA: the median over rounds in which both took their turn
    stretch: float | None = None  # the clock's time ÷ the device's


@dataclass(frozen=True)
class Machine:
    """Where and how it was measured."""

    device: str
    dtype: str
    threads: int
    torch: str
    seed: int
    budget: float  # seconds a call may take
    memory_limit: int  # bytes the attention maps may take
    load: float  # of the machine at the start, in processes that want to run, per core
    cores: int = 0  # of the machine; 0 in older reports, which know neither of these
    python: str = ""
    date: str = ""  # year-month-day


@dataclass(frozen=True)
class Report:
    """A whole measurement."""

    machine: Machine
    rows: tuple[Row, ...]

    @property
    def stretch(self) -> float:
        """How many times longer the clock ran than the device worked, over all calls."""
        timed = [(row.median * row.repeats, row.stretch) for row in self.rows if row.stretch is not None]
        worked = sum(time for time, _ in timed)
        return sum(time * stretch for time, stretch in timed) / worked if worked else 1.0

    @property
    def busy(self) -> bool:
        """Whether others had so much of the machine that the numbers are doubtful."""
        return self.stretch > BUSY

    def to_json(self) -> str:
        """The report as text."""
        return json.dumps({"protocol": PROTOCOL} | asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> "Report":
        """The report of a text. Raises ValueError, KeyError or TypeError if it is none of this protocol."""
        found = json.loads(text)
        if found["protocol"] != PROTOCOL:
            raise ValueError("measured in another way")
        return Report(Machine(**found["machine"]), tuple(Row(**row) for row in found["rows"]))

    def to_csv(self) -> str:
        """One line per way and size; before them where and how it was measured, in lines that begin with #."""
        out = io.StringIO()
        out.write(comments(f"{name}: {value}" for name, value in asdict(self.machine).items()))
        names = [field.name for field in fields(Row)]
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writerow({name: f"{name}_{UNITS[name]}" if name in UNITS else name for name in names})
        writer.writerows(asdict(row) for row in self.rows)
        return out.getvalue()
