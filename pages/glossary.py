"""The words of the app with their meanings, each with an anchor and a way to the screen where it is seen."""

import streamlit as st

from swin_viz import paths
from swin_viz.app import session
from swin_viz.app.stage import head
from swin_viz.text.glossary import TERMS

# What is above an anchor may come after the browser went there: once all is here, it goes there again.
LAND = """<style>h3[id] { scroll-margin-top: 4rem }</style>
<script>document.getElementById(location.hash.slice(1))?.scrollIntoView();</script>"""
t = session.text("glossary")
head(t)
for term, screen in TERMS.items():
    with st.container(gap=None, key=f"term_{term}"):
        st.subheader(t(f"term_{term}"), anchor=term)
        st.markdown(t(f"means_{term}"))
        label = t("seen", screen=session.text(screen)("nav"))
        st.page_link(str(paths.PAGES / f"{screen}.py"), label=f"→ {label}")
st.html(LAND, unsafe_allow_javascript=True)
