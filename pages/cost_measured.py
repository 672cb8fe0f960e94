"""What one attention layer costs by the clock of this machine, beside formula, counter and paper."""

import streamlit as st

from swin_viz.app import cost_measured_page, cost_paper_page, session
from swin_viz.app.address import choice
from swin_viz.app.widgets import chart
from swin_viz.cost.clock.bench import SIDES
from swin_viz.cost.counted import counted_ratios
from swin_viz.figures.cost_measured import memory_chart, ratio_chart, time_chart

t, say = session.text("cost_measured"), session.text("cost_charts")
st.title(t("title"))
st.markdown(t("lead"))
cost_measured_page.run_or_wait()
report, batch = cost_measured_page.report(), 1
if report:
    for line in cost_measured_page.machine_lines(report):
        st.markdown(line)
    left, right = st.columns(2)
    with left:
        chart.choose_format()
    options = cost_measured_page.batches(report)
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
    st.info(cost_measured_page.refusal(report), icon=":material/block:")
    chart.save(t("csv"), report.to_csv, "swin_viz-measured.csv", "measured-csv")
    st.header(t("shift_title"))  # no deeper: nothing above it but the title
    for line in cost_measured_page.shift_lines(report, batch):
        st.markdown(line)
with st.expander(t("why_title"), icon=":material/help:", expanded=True):
    st.markdown(t("why"))
say = session.text("cost_paper")
st.header(say("title"))
st.markdown(cost_paper_page.source())
st.markdown(cost_paper_page.speed_note(report, batch))
chart.table(cost_paper_page.speed_table(report, batch), say("speed_label"))
st.markdown(cost_paper_page.switches_note())
chart.table(cost_paper_page.accuracy_table(), say("accuracy_label"))
