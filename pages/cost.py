"""The cost of one attention layer, derived with the visitor's own numbers: MSA against W-MSA."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import said, write
from swin_viz.app.components import DERIVATION, mount, settled
from swin_viz.app.stage import head
from swin_viz.app.widgets import chart
from swin_viz.browser.cost.message import derivation_message, stage_sizes
from swin_viz.browser.cost.view import LARGEST, Sizes, checked, from_query, to_query
from swin_viz.cost.whole import left_out
from swin_viz.figures.cost import channels_chart, resolution_chart, window_chart

t = session.text("cost")
STORED = "cost_sizes"  # in the session: the sizes that a visitor or an address chose


def stages() -> list[Sizes]:
    """The map of every stage of the current model on the current picture."""
    width, height = session.picture().image.size
    return stage_sizes(session.model().config, height, width)


def sizes() -> Sizes:
    """The sizes in force: what settled in the browser, else the address's, else the first stage's of this very run.

    Only the first two are kept: until the visitor moves one, the sizes follow the picture and the model.
    """
    first = checked(stages()[0], LARGEST)
    before, found = st.session_state.get(STORED) or from_query(said(), first), settled(DERIVATION)
    st.session_state[STORED] = before if found is None else checked(found, before or first)
    return st.session_state[STORED] or first


@st.fragment
def derive(first: Sizes, unit: str) -> None:
    """The live derivation, and the charts with the sizes that settled in it."""
    maps, at, say = stages(), sizes(), session.text("cost_charts")
    mount(DERIVATION, derivation_message(maps, first, unit, t))
    write(to_query(at, maps[0]))
    st.header(t("charts_title"))
    st.markdown(t("charts_lead"))
    four = (at["h"], at["w"], at["c"], at["m"])
    shown = chart.choose_chart("over", {name: t(f"tab_{name}") for name in ("resolution", "window", "channels")})
    if shown == "resolution":
        chart.show(resolution_chart(say, unit, *four, (maps[0]["h"], maps[0]["w"])))
    else:
        chart.show({"window": window_chart, "channels": channels_chart}[shown](say, unit, *four))


head(t)
left, right, _ = st.columns([2, 2, 3])
with left:
    unit = chart.choose_unit()
with right:
    chart.choose_format()
st.markdown(t("unit_help"))
derive(sizes(), unit)
with st.expander(t("limits_title"), icon=":material/help:", expanded=True):
    st.markdown(t("limits", **left_out()))
