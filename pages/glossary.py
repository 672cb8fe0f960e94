"""The words of the app with their meanings, each with an anchor and a way to the screen where it is seen."""

import streamlit as st

from swin_viz import paths
from swin_viz.app import session
from swin_viz.text.glossary import TERMS

t = session.text("glossary")
st.title(t("title"))
st.markdown(t("lead"))
for term, screen in TERMS.items():
    with st.container(gap=None):
        st.subheader(t(f"term_{term}"), anchor=term)
        st.markdown(t(f"means_{term}"))
        label = t("seen", screen=session.text(screen)("nav"))
        st.page_link(str(paths.PAGES / f"{screen}.py"), label=label, icon=":material/arrow_forward:")
