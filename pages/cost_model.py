"""The cost of whole models: component by component, block by block, against a ViT, and counted from real operators."""

import streamlit as st

from swin_viz import chart_view, cost_model_page, session
from swin_viz.address import flag
from swin_viz.figures.model_cost import blocks_chart, maps_chart, partners_chart, parts_chart

t, say = session.text("cost_model"), session.text("cost_charts")
st.title(t("title"))
st.markdown(t("lead"))
chosen = cost_model_page.choose()
left, right, _ = st.columns([2, 2, 3])
with left:
    unit = chart_view.choose_unit()
with right:
    chart_view.choose_format()
cost_model_page.show_totals(chosen, unit)

sides = (chosen.height, chosen.width)
parts, blocks, partners, maps = st.tabs([t(f"tab_{name}") for name in ("parts", "blocks", "partners", "maps")])
with parts:
    chart_view.show(parts_chart(say, unit, chosen.config, *sides))
with blocks:
    chart_view.show(blocks_chart(say, unit, chosen.config, *sides))
with partners:
    st.markdown(t("partners_note"))
    names = ("swin_t", "swin_s", "swin_b", "swin_l", "deit_s", "deit_b", "vit_l")
    own = ("own",) if chosen.name == "own" else ()
    chart_view.show(partners_chart(say, unit, own + names, max(sides), chosen.config))
with maps:
    chart_view.show(maps_chart(say, chosen.config, max(sides)))

st.header(t("counted_title"))
st.markdown(t("counted_lead"))
if flag(st.toggle, t("counted"), "counted"):
    rows = cost_model_page.counted(chosen)
    st.success(cost_model_page.verdict(rows, unit), icon=":material/balance:")
    chart_view.table(cost_model_page.counted_table(rows, unit), t("counted_title"))
    chart_view.save(t("steps"), lambda: cost_model_page.steps_csv(rows), "swin_viz-counted.csv", "steps")
with st.expander(t("gap_title"), icon=":material/help:"):
    st.markdown(t("gap", **cost_model_page.gap_fields(chosen)))
