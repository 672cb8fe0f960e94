"""The main lesson: choose a token on the picture and see where it looks."""

import streamlit as st

from swin_viz import session

t = session.text("attention")
st.title(t("title"))
trace = session.trace()
st.write(trace.top())
