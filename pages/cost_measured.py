"""What one attention layer costs by the clock of this machine, beside formula, counter and paper."""

import streamlit as st

from swin_viz.app import server, session
from swin_viz.app.address import choice
from swin_viz.app.stage import head
from swin_viz.app.widgets import chart
from swin_viz.cost.clock import measured
from swin_viz.cost.clock.bench import SIDES
from swin_viz.cost.clock.report import Report
from swin_viz.cost.clock.sentences import machine_lines, refusal, shift_lines
from swin_viz.cost.counted import counted_ratios
from swin_viz.cost.paper import ADDRESS, SOURCE
from swin_viz.cost.paper_tables import accuracy_note, accuracy_table, speed_note, speed_table
from swin_viz.figures.cost_measured import memory_chart, ratio_chart, time_chart

t, say, paper = (session.text(room) for room in ("cost_measured", "cost_charts", "cost_paper"))


def run_or_wait() -> None:
    """The button that measures; while somebody's measurement runs, its progress and a way to cancel it."""
    job = measured.current()
    if job is not None and job.state == "running":
        progress()
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


def show(report: Report) -> int:
    """Machine, charts and sentences of a measurement; returns how many pictures at once they are about."""
    for line in machine_lines(report, t):
        st.markdown(line)
    left, right = st.columns(2)
    with left:
        chart.choose_format()
    batch, options = 1, sorted({row.batch for row in report.rows})
    if len(options) > 1:
        with right:
            batch = choice(st.segmented_control, t("batch"), options, "batch", required=True)
    shown = chart.choose_chart("clock", {name: t(f"tab_{name}") for name in ("time", "ratio", "memory")})
    if shown == "time":
        chart.show(time_chart(say, report, batch))
    elif shown == "ratio":
        chart.show(ratio_chart(say, report, counted_ratios(SIDES), batch))
    else:
        chart.show(memory_chart(say, report, batch))
    st.info(refusal(report, t), icon=":material/block:")
    chart.save(t("csv"), report.to_csv, "swin_viz-measured.csv", "measured-csv")
    st.header(t("shift_title"))  # no deeper: nothing above it but the title
    for line in shift_lines(report, batch, t):
        st.markdown(line)
    return batch


head(t)
run_or_wait()
report = measured.kept()
batch = show(report) if report else 1
with st.expander(t("why_title"), icon=":material/help:", expanded=True):
    st.markdown(t("why"))
st.header(paper("title"))
st.markdown(paper("source", source=SOURCE, address=ADDRESS))
st.markdown(speed_note(report, batch, paper))
chart.table(speed_table(report, batch, paper, say), paper("speed_label"))
st.markdown(accuracy_note(paper))
chart.table(accuracy_table(paper), paper("accuracy_label"))
