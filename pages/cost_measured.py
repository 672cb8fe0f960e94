"""What one attention layer costs by the clock of this machine, beside formula, counter and paper."""

import streamlit as st

from swin_viz.app import server, session
from swin_viz.app.address import choice
from swin_viz.app.stage import head
from swin_viz.app.widgets import chart
from swin_viz.cost.clock import measured
from swin_viz.cost.clock.bench import SIDES
from swin_viz.cost.clock.reference import reference
from swin_viz.cost.clock.report import Report
from swin_viz.cost.clock.sentences import machine_lines, reference_line, refusal, shift_lines
from swin_viz.cost.counted import counted_ratios
from swin_viz.cost.paper import ADDRESS, SOURCE
from swin_viz.cost.paper_tables import accuracy_note, accuracy_table, speed_note, speed_table
from swin_viz.figures.cost_measured import memory_chart, ratio_chart, time_chart
from swin_viz.figures.theme import Chart

t, say, paper = (session.text(room) for room in ("cost_measured", "cost_charts", "cost_paper"))


def run_or_wait() -> None:
    """What is shown and how it came about, and the button that measures; while one runs, its progress and a way out."""
    job, known, other = measured.current(), measured.kept(), reference()
    shown = reference_line(other, t) if known is None and other else ""
    if job is not None and job.state == "running":
        st.markdown(shown)
        progress()
        return
    if job is not None and job.state in ("failed", "cancelled"):
        st.warning(t(job.state, reason=job.error) if job.state == "failed" else t(job.state))
    if job is not None and job.state == "done" and known is not None and job.report().busy and not known.busy:
        st.warning(t("busy_dropped"))
    left, right = st.columns([5, 2], vertical_alignment="center")
    with left:
        if known is None:
            st.markdown(f"{shown} {t('never')}")
        elif known.busy:
            st.warning(t("busy", more=f"{100 * (known.stretch - 1):.0f}"), icon=":material/warning:")
        elif server.is_classroom():
            st.markdown(t("teacher"))
            return
    with right:
        if st.button(t("start" if known is None else "again"), icon=":material/timer:"):
            measured.start()
            st.rerun()


@st.fragment(run_every=0.7)
def progress() -> None:
    """How far the measurement is."""
    job = measured.current()
    if job.state != "running":
        st.rerun()
    text = t("progress", done=len(job.rows), expected=job.expected) if job.expected else t("starting")
    st.progress(job.share, text)
    st.markdown(t("shared"))
    if st.button(t("cancel"), icon=":material/cancel:"):
        job.cancel()
        st.rerun()


def drawn(report: Report, batch: int) -> Chart:
    """The chart that is chosen."""
    shown = chart.choose("clock", {name: t(f"tab_{name}") for name in ("time", "ratio", "memory")})
    if shown == "ratio":
        return ratio_chart(say, report, tuple(counted_ratios(SIDES).items()), batch)
    return {"time": time_chart, "memory": memory_chart}[shown](say, report, batch)


def show(report: Report, grey: bool) -> int:
    """Charts and sentences of a measurement, in grey if it is of another machine; returns its pictures at once."""
    batch, options = 1, sorted({row.batch for row in report.rows})
    if len(options) > 1:
        batch = choice(st.segmented_control, t("batch"), options, "batch", required=True)
    left, right = st.columns([5, 2])
    with left:
        chart.show(drawn(report, batch), "reference" if grey else "", grey, right)
    with right:
        st.markdown(refusal(report, t))
        st.markdown(f"**{t('shift_title')}**")
        for line in shift_lines(report, batch, t):
            st.markdown(line)
        chart.save(t("csv", rows=len(report.rows)), report.to_csv, "swin_viz-measured.csv", "measured-csv")
    for line in machine_lines(report, t):
        st.markdown(line)
    return batch


head(t)
run_or_wait()
own = measured.kept()
report = own or reference()
batch = show(report, own is None) if report else 1
with st.expander(t("why_title"), icon=":material/help:", expanded=True):
    st.markdown(t("why"))
st.header(paper("title"))
st.markdown(paper("source", source=SOURCE, address=ADDRESS))
st.markdown(speed_note(own, batch, paper))
chart.table(speed_table(own, batch, paper, say), paper("speed_label"))
st.markdown(accuracy_note(paper))
chart.table(accuracy_table(paper), paper("accuracy_label"))
