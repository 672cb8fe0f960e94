"""What the measuring page shows: the measurement under way or kept, where it was made, and what it says."""

import streamlit as st

from swin_viz.app import server, session
from swin_viz.cost.clock import measured
from swin_viz.cost.clock.report import Report
from swin_viz.text.numbers import seconds, short

SHIFTS = ("w_msa", "sw_msa", "padded")


def run_or_wait() -> None:
    """The button that measures; while somebody's measurement runs, its progress and a way to cancel it."""
    t, job = session.text("cost_measured"), measured.current()
    if job is not None and job.state == "running":
        _progress()
        return
    if job is not None and job.state in ("failed", "cancelled"):
        st.warning(t(job.state, reason=job.error) if job.state == "failed" else t(job.state))
    known = measured.kept()
    if job is not None and job.state == "done" and known is not None and job.report().busy and not known.busy:
        st.warning(t("busy_dropped"))
    if known is None:
        st.info(t("never"))
    elif known.busy:
        st.warning(t("busy", more=f"{100 * (known.stretch - 1):.0f}"), icon=":material/warning:")
    elif server.is_classroom():
        st.markdown(t("teacher"))
        return
    if st.button(t("start" if known is None else "again"), icon=":material/timer:"):
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
    """Where and how it was measured."""
    t, machine = session.text("cost_measured"), found.machine
    counts = [row.repeats for row in found.rows if row.repeats]
    fields = {"device": machine.device, "dtype": machine.dtype, "threads": machine.threads, "torch": machine.torch}
    limits = {"budget": f"{machine.budget:g}", "limit": short(machine.memory_limit, "B")}
    lines = [t("machine", seed=machine.seed, **fields)]
    lines.append(t("protocol", least=min(counts, default=0), most=max(counts, default=0), **limits))
    return lines


def refusal(found: Report) -> str:
    """What was refused, with its number."""
    t = session.text("cost_measured")
    refused = [row for row in found.rows if row.status == "refused" and row.way == "msa"]
    if not refused:
        return t("no_refusal")
    return t("refusal", side=refused[0].side, needed=short(refused[0].needed // refused[0].batch, "B"))


def shift_lines(found: Report, batch: int) -> list[str]:
    """What the two shifts cost at the smallest map that has several windows, and at the largest."""
    t, lines = session.text("cost_measured"), []
    sides = sorted({row.side for row in found.rows if row.way == "padded" and row.status == "measured"})
    for side in sides[1:2] + sides[-1:]:
        at = {row.way: row for row in found.rows if (row.side, row.batch, row.status) == (side, batch, "measured")}
        if not set(SHIFTS) <= set(at):
            continue
        times = {way: seconds(at[way].median) for way in SHIFTS}
        ratios = {"cyclic": f"{at['sw_msa'].ratio:.2f}", "naive": f"{at['padded'].ratio:.2f}"}
        lines.append(t("shift_line", side=side, **times, **ratios))
    return lines
