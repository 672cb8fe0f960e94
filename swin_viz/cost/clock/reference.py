"""A measurement that comes with the app, to look at until one's own is there: it says of which machine it is.

Made by `python -m swin_viz.cost.clock.reference` on a quiet machine, which measures as every machine does (bench.py)
and writes the report into the assets. The machine is named by its processor, its cores and its versions alone.
"""

import json
import subprocess
import sys
from functools import cache

from swin_viz.cost.clock.measured import WORKER
from swin_viz.cost.clock.report import Machine, Report, Row
from swin_viz.paths import ASSETS

REFERENCE = ASSETS / "reference_measurement.json"


@cache
def reference() -> Report | None:
    """The measurement that comes along; None where it was made in another way than today's."""
    try:
        return Report.from_json(REFERENCE.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read(lines: list[str]) -> Report:
    """The report of what a worker printed. Raises ValueError if it is not whole."""
    told = [json.loads(line) for line in lines]
    (machine,) = (value for kind, value in told if kind == "machine")
    rows = tuple(Row(**value) for kind, value in told if kind == "row")
    if len(rows) != machine["expected"]:
        raise ValueError(f"{len(rows)} of {machine['expected']} rows were measured.")
    return Report(Machine(**machine["machine"]), rows)


def main() -> None:
    """Measure here and write it down, unless the machine was busy."""
    told = subprocess.run(WORKER, stdout=subprocess.PIPE, text=True, check=True).stdout
    report = read([line for line in told.splitlines() if line.startswith("[")])
    if report.busy:
        sys.exit(f"The machine was busy: the clock ran {report.stretch:.2f} times as long. Measure again.")
    REFERENCE.write_text(report.to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
