"""What a measurement says, in words: where and how it was made, what was refused, what the two shifts cost."""

from swin_viz.cost.clock.report import Report
from swin_viz.text import Words
from swin_viz.text.numbers import seconds, short, times

SHIFTS = ("w_msa", "sw_msa", "padded")


def machine_lines(report: Report, t: Words) -> list[str]:
    """Where and how it was measured. `t`: the words of the screen."""
    machine = report.machine
    counts = [row.repeats for row in report.rows if row.repeats]
    fields = {"device": machine.device, "dtype": machine.dtype, "threads": machine.threads, "torch": machine.torch}
    limits = {"budget": f"{machine.budget:g}", "limit": short(machine.memory_limit, "B")}
    lines = [t("machine", seed=machine.seed, **fields)]
    if machine.date:
        lines[0] += t("machine_when", cores=machine.cores, python=machine.python, date=machine.date)
    lines.append(t("protocol", least=min(counts, default=0), most=max(counts, default=0), **limits))
    return lines


def reference_line(report: Report, t: Words) -> str:
    """Of which machine the measurement is that stands here until this one was measured."""
    machine = report.machine
    where = {"device": machine.device, "cores": machine.cores, "date": machine.date}
    return t("reference", torch=machine.torch, python=machine.python, **where)


def refusal(report: Report, t: Words) -> str:
    """What was refused, with its number."""
    refused = [row for row in report.rows if row.status == "refused" and row.way == "msa"]
    if not refused:
        return t("no_refusal")
    return t("refusal", side=refused[0].side, needed=short(refused[0].needed // refused[0].batch, "B"))


def shift_lines(report: Report, batch: int, t: Words) -> list[str]:
    """What the two shifts cost at the smallest map that has several windows, and at the largest."""
    lines = []
    sides = sorted({row.side for row in report.rows if row.way == "padded" and row.status == "measured"})
    for side in sides[1:2] + sides[-1:]:
        at = {row.way: row for row in report.rows if (row.side, row.batch, row.status) == (side, batch, "measured")}
        if not set(SHIFTS) <= set(at):
            continue
        took = {way: seconds(at[way].median) for way in SHIFTS}
        ratios = {"cyclic": times(at["sw_msa"].ratio or 1), "naive": times(at["padded"].ratio or 1)}
        lines.append(t("shift_line", side=side, **took, **ratios))
    return lines
