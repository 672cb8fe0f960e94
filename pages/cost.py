"""The cost of one attention layer, derived with the visitor's own numbers: MSA against W-MSA."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import said, write
from swin_viz.app.components import DERIVATION, mount, settled
from swin_viz.app.stage import head
from swin_viz.app.widgets import chart
from swin_viz.browser.cost.message import derivation_message
from swin_viz.browser.cost.view import Asked, Choices, Sizes, checked, from_query, to_query, whole
from swin_viz.cost.terms import LIMITS
from swin_viz.cost.whole import PICTURES, left_out
from swin_viz.figures.cost import channels_chart, resolution_chart, window_chart
from swin_viz.network.variants import VARIANTS

t, say = session.text("cost"), session.text("cost_charts")
STAGE, STORED = "cost_stage", "cost_sizes"  # in the session: the stage, and sizes of one's own


def choices() -> Choices:
    """The models and pictures that can be asked about: those in use, and the published ones."""
    width, height = session.picture().image.size
    return Choices(
        {"own": session.model().config} | VARIANTS,
        {"own": session.model_title()} | {name: say(f"model_{name}") for name in VARIANTS},
        {"picture": (height, width)} | PICTURES,
    )


def asked(offered: Choices) -> tuple[Asked, Sizes | None]:
    """The question in force and the sizes of one's own, if any: what settled in the browser, else what was before.

    The model, the picture and the unit are those of the page of whole models too. Until a size is moved, the sizes
    follow the question.
    """
    kept, address, found = st.session_state, said(), settled(DERIVATION)
    before = {name: kept.get(name, address.get(name)) for name in ("of", "px", "unit")}
    stage = {"stage": kept[STAGE]} if STAGE in kept else whole(address, "stage")
    question = offered.asked(before | stage, Asked())
    own = kept[STORED] if STORED in kept else from_query(address, offered.sizes(question))
    if isinstance(found, dict):
        question = offered.asked(found, question)
        own = checked(found, offered.sizes(question)) if any(name in found for name in LIMITS) else None
    kept.update({"of": question.of, "px": question.px, "unit": question.unit, STAGE: question.stage, STORED: own})
    return question, own


@st.fragment
def derive(first: Asked, sizes: Sizes) -> None:
    """The live derivation, and the charts with what settled in it."""
    offered = choices()
    mount(DERIVATION, derivation_message(offered, first, sizes, t))
    question, own = asked(offered)
    write(to_query(question, own))
    st.header(t("charts_title"))
    st.markdown(t("charts_lead"))
    at, here = own or offered.sizes(question), offered.sizes(Asked())
    four = (at["h"], at["w"], at["c"], at["m"])
    about = f"{offered.about(question, at, t)}<br>{t('sizes_of', **at)}"
    shown = chart.choose("over", {name: t(f"tab_{name}") for name in ("resolution", "window", "channels")})
    if shown == "resolution":
        found = resolution_chart(say, question.unit, *four, (here["h"], here["w"]), about)
    else:
        found = {"window": window_chart, "channels": channels_chart}[shown](say, question.unit, *four, about)
    chart.show(found, "{h}x{w}-C{c}-M{m}".format(**at))


head(t)
question, own = asked(choices())
derive(question, own or choices().sizes(question))
st.markdown(t("unit_help"))
with st.expander(t("limits_title"), icon=":material/help:", expanded=True):
    st.markdown(t("limits", **left_out()))
