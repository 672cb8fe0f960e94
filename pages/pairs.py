"""Self-attention, pair by pair: how one query's shares come about, number by number."""

import streamlit as st

from swin_viz.app import pairs_page, session
from swin_viz.app.components import pairs
from swin_viz.browser import tables

t = session.text("pairs")


def save_buttons() -> None:
    """The numbers of the view, made when asked for."""
    row = st.container(horizontal=True)
    stages, caption, name = pairs_page.to_save()
    row.download_button(
        t("save_csv"),
        lambda: tables.pairs_csv(stages(), caption),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    row.download_button(
        t("save_npz"), lambda: tables.pairs_npz(stages(), caption), file_name=f"{name}.npz", on_click="ignore"
    )


@st.fragment
def explain() -> None:
    """The component; what settles in the browser goes into the address."""
    pairs_page.take("pairs")
    pairs(pairs_page.message(), key="pairs")
    pairs_page.show_address()
    save_buttons()


st.title(t("title"))
st.markdown(t("lead"))
pairs_page.freeze()
explain()
with st.expander(t("help_title"), icon=":material/help:"):
    st.markdown(t("help"))
