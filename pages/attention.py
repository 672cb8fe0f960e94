"""The main lesson: choose a token on the picture and see where it looks, in any head of any block."""

import streamlit as st

from swin_viz.app import attention_page, session
from swin_viz.app.components import attention
from swin_viz.browser import tables
from swin_viz.browser.attention import shown

t = session.text("attention")


def save_buttons() -> None:
    """The numbers of the view, made when asked for."""
    row = st.container(horizontal=True)
    panels, caption = attention_page.to_save()
    name = shown.file_name(panels)
    row.download_button(
        t("save_csv"),
        lambda: tables.screen_csv(panels, caption),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    row.download_button(
        t("save_npz"), lambda: tables.screen_npz(panels, caption), file_name=f"{name}.npz", on_click="ignore"
    )


@st.fragment
def explore() -> None:
    """The component; what settles in the browser goes into the address."""
    attention_page.take_view("explorer")
    attention(attention_page.message(), key="explorer")
    attention_page.show_address()
    save_buttons()


st.title(t("title"))
st.markdown(t("lead"))
stage = st.container()
attention_page.choose_second()  # below the picture, but known before it is drawn
attention_page.freeze_view()
with stage:
    explore()
with st.expander(t("help_title"), icon=":material/help:"):
    st.markdown(t("help"))
