"""The cost of one attention layer, derived with the visitor's own numbers: MSA against W-MSA."""

import streamlit as st

from swin_viz.app import cost_page, session
from swin_viz.app.components import derivation
from swin_viz.app.widgets import chart
from swin_viz.figures.cost import channels_chart, resolution_chart, window_chart

t = session.text("cost")


@st.fragment
def derive(first: dict[str, int], unit: str) -> None:
    """The live derivation, and the charts with the sizes that settled in it."""
    cost_page.sizes()
    derivation(cost_page.data(first, unit), key=cost_page.KEY)
    cost_page.show_address(cost_page.presets()[0]["at"])
    st.header(t("charts_title"))
    st.markdown(t("charts_lead"))
    at, say = cost_page.sizes(), session.text("cost_charts")
    sizes = (at["h"], at["w"], at["c"], at["m"])
    shown = chart.choose_chart("over", {name: t(f"tab_{name}") for name in ("resolution", "window", "channels")})
    if shown == "resolution":
        chart.show(resolution_chart(say, unit, *sizes, cost_page.picture_map()))
    else:
        chart.show({"window": window_chart, "channels": channels_chart}[shown](say, unit, *sizes))


st.title(t("title"))
st.markdown(t("lead"))
left, right, _ = st.columns([2, 2, 3])
with left:
    unit = chart.choose_unit()
with right:
    chart.choose_format()
st.markdown(t("unit_help"))
derive(cost_page.sizes(), unit)
with st.expander(t("limits_title"), icon=":material/help:", expanded=True):
    st.markdown(t("limits", **cost_page.limits()))
