"""What a measurement on one machine found: rows, the machine, both as JSON and CSV. Leaf module: no torch here."""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields

PROTOCOL = 1  # counted up when the way of measuring changes, so that old results are not shown


@dataclass(frozen=True)
class Row:
    """One way at one size. Seconds are None only where nothing is known; `peak` is bytes that the call held at most.

    status: "measured"; "predicted" beyond the budget, from the multiply-adds; "refused" for want of memory, then
    `needed` is what the attention maps would have taken.
    """

    way: str
    side: int
    batch: int
    macs: int
    status: str
    median: float | None = None
    low: float | None = None  # first quartile
    high: float | None = None  # third quartile
    repeats: int = 0
    peak: int | None = None
    needed: int = 0


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


@dataclass(frozen=True)
class Report:
    """A whole measurement."""

    machine: Machine
    rows: tuple[Row, ...]

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
        """One line per way and size, the machine in the first line as a comment."""
        out = io.StringIO()
        out.write("# " + ", ".join(f"{name}: {value}" for name, value in asdict(self.machine).items()) + "\n")
        writer = csv.DictWriter(out, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in self.rows)
        return out.getvalue()
