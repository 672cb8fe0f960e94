"""The cost of whole models: component by component, block by block, against a ViT, and counted from real operators."""

import streamlit as st

from swin_viz.app import cost_model_page, session
from swin_viz.app.address import flag
from swin_viz.app.widgets import chart
from swin_viz.figures.cost_model import blocks_chart, maps_chart, partners_chart, parts_chart

t, say = session.text("cost_model"), session.text("cost_charts")
st.title(t("title"))
st.markdown(t("lead"))
chosen = cost_model_page.choose()
left, right, _ = st.columns([2, 2, 3])
with left:
    unit = chart.choose_unit()
with right:
    chart.choose_format()
cost_model_page.show_totals(chosen, unit)

shown = chart.choose_chart("costs", {name: t(f"tab_{name}") for name in ("parts", "blocks", "partners", "maps")})
pixels = max(chosen.sides)
if shown == "parts":
    everywhere = flag(st.toggle, t("global"), "global")
    chart.show(parts_chart(say, unit, chosen.config, *chosen.sides, chosen.title, everywhere))
elif shown == "blocks":
    chart.show(blocks_chart(say, unit, chosen.config, *chosen.sides, chosen.title))
elif shown == "partners":
    st.markdown(t("partners_note"))
    chart.show(partners_chart(say, unit, chosen.name, chosen.others, pixels, chosen.config, chosen.title))
else:
    chart.show(maps_chart(say, chosen.config, pixels, chosen.title))

st.header(t("counted_title"))
st.markdown(t("counted_lead"))
if flag(st.toggle, t("counted"), "counted"):
    rows = cost_model_page.counted(chosen)
    st.success(cost_model_page.verdict(rows, unit), icon=":material/balance:")
    chart.table(cost_model_page.counted_table(rows, unit), t("counted_title"), t("why"))
    chart.save(t("steps"), lambda: cost_model_page.steps_csv(rows), "swin_viz-counted.csv", "steps")
with st.expander(t("gap_title"), icon=":material/help:"):
    st.markdown(cost_model_page.gaps(chosen))
