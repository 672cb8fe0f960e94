"""Self-attention, pair by pair: how one query's shares come about, number by number."""

import streamlit as st

from swin_viz import pairs_page, session
from swin_viz.explorer.component import pairs

t = session.text("pairs")


@st.fragment
def explain() -> None:
    """The component; what settles in the browser goes into the address."""
    pairs_page.take("pairs")
    pairs(pairs_page.message(), key="pairs")
    pairs_page.show_address()


st.title(t("title"))
st.markdown(t("lead"))
pairs_page.freeze()
explain()
with st.expander(t("help_title"), icon=":material/help:"):
    st.markdown(t("help"))
