"""What the measuring page shows: the measurement under way or kept, where it was made, and the paper's tables."""

import streamlit as st

from swin_viz import server, session
from swin_viz.cost import measured
from swin_viz.cost.paper import ADDRESS, POSITION, SHIFT, SOURCE, SPEED, Accuracy
from swin_viz.cost.report import Report, Row
from swin_viz.numbers import seconds, short

LIVE = {"window": "w_msa", "padded_shift": "padded", "cyclic_shift": "sw_msa"}  # the paper's method → our way
BUSY = 0.75  # processes that want to run, per core, beyond which a measurement is marked


def run_or_wait() -> None:
    """The button that measures; while somebody's measurement runs, its progress and a way to cancel it."""
    t, job = session.text("cost_measured"), measured.current()
    if job is not None and job.state == "running":
        _progress()
        return
    if job is not None and job.state in ("failed", "cancelled"):
        st.warning(t(job.state))
    known = measured.kept() is not None
    if not known:
        st.info(t("never"))
    elif server.is_classroom():
        st.markdown(t("teacher"))
        return
    if st.button(t("again" if known else "start"), icon=":material/timer:"):
        measured.start()
        st.rerun()


@st.fragment(run_every=0.7)
def _progress() -> None:
    t, job = session.text("cost_measured"), measured.current()
    if job.state != "running":
        st.rerun()
    text = t("progress", done=len(job.rows), expected=job.expected) if job.expected else t("starting")
    st.progress(job.share, text)
    st.markdown(t("shared"))
    if st.button(t("cancel"), icon=":material/cancel:"):
        job.cancel()
        st.rerun()


def report() -> Report | None:
    """The measurement to show: the kept one."""
    return measured.kept()


def batches(found: Report) -> list[int]:
    """How many pictures at once were measured."""
    return sorted({row.batch for row in found.rows})


def machine_lines(found: Report) -> list[str]:
    """Where and how it was measured, and whether the machine was busy."""
    t, machine = session.text("cost_measured"), found.machine
    counts = [row.repeats for row in found.rows if row.repeats]
    fields = {"device": machine.device, "dtype": machine.dtype, "threads": machine.threads, "torch": machine.torch}
    limits = {"budget": f"{machine.budget:g}", "limit": short(machine.memory_limit, "B")}
    lines = [t("machine", seed=machine.seed, **fields)]
    lines.append(t("protocol", least=min(counts, default=0), most=max(counts, default=0), **limits))
    if machine.load > BUSY:
        lines.append(t("busy", load=f"{machine.load:.1f}"))
    return lines


def refusal(found: Report) -> str:
    """What was refused, with its number."""
    t = session.text("cost_measured")
    refused = [row for row in found.rows if row.status == "refused"]
    if not refused:
        return t("no_refusal")
    return t("refusal", side=refused[0].side, needed=short(refused[0].needed // refused[0].batch, "B"))


def _at_largest(found: Report, batch: int) -> dict[str, Row]:
    """The measured rows of the largest map on which all three window ways were measured."""
    timed = [row for row in found.rows if row.status == "measured" and row.batch == batch]
    by_side: dict[int, dict[str, Row]] = {}
    for row in timed:
        by_side.setdefault(row.side, {})[row.way] = row
    whole = [side for side, ways in by_side.items() if set(LIVE.values()) <= set(ways)]
    return by_side[max(whole)] if whole else {}


def shift_lines(found: Report, batch: int) -> list[str]:
    """What the two shifts cost at the smallest map that has several windows, and at the largest."""
    t, lines = session.text("cost_measured"), []
    sides = sorted({row.side for row in found.rows if row.way == "padded" and row.status == "measured"})
    for side in sides[1:2] + sides[-1:]:
        at = {row.way: row for row in found.rows if (row.side, row.batch, row.status) == (side, batch, "measured")}
        if not set(LIVE.values()) <= set(at):
            continue
        base = at["w_msa"].median
        times = {way: seconds(at[way].median) for way in LIVE.values()}
        ratios = {"cyclic": f"{at['sw_msa'].median / base:.2f}", "naive": f"{at['padded'].median / base:.2f}"}
        lines.append(t("shift_line", side=side, **times, **ratios))
    return lines


def speed_table(found: Report | None, batch: int) -> list[dict[str, str]]:
    """The paper's table 5; beside it what was measured here, relative to windows without a shift."""
    t, say, here = (
        session.text("cost_measured"),
        session.text("cost_charts"),
        _at_largest(found, batch) if found else {},
    )
    table = []
    for speed in SPEED:
        row = {t("method"): t(speed.method)}
        row |= {t("stage_ms", stage=i): f"{ms:.1f}" for i, ms in enumerate(speed.stage_ms, 1)}
        for name, rate in zip(("swin_t", "swin_s", "swin_b"), speed.images_per_second, strict=True):
            row[t("images_per_second", model=say(f"model_{name}"))] = str(rate)
        mine = here.get(LIVE.get(speed.method, ""))
        row[t("here")] = f"{mine.median / here['w_msa'].median:.2f} ×" if mine else "–"
        table.append(row)
    return table


def accuracy_table() -> list[dict[str, str]]:
    """The paper's table 4."""
    t = session.text("cost_measured")

    def row(of: Accuracy) -> dict[str, str]:
        numbers = {name: f"{getattr(of, name):.1f}" for name in ("top1", "box_ap", "miou")}
        return {t("variation"): t(of.variation)} | {t(name): value for name, value in numbers.items()}

    return [row(of) for of in (*SHIFT, *POSITION)]


def source() -> str:
    """Where the paper's numbers are from."""
    return session.text("cost_measured")("paper_source", source=SOURCE, address=ADDRESS)
