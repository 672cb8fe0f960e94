"""Shift and reach: the roll, the naive way without it, and how far a token's information travels."""

import streamlit as st

from swin_viz import lesson_page, session, shift_page
from swin_viz.lessons.windowing import shift_lesson

t = session.text("shift")
st.title(t("title"))
st.markdown(t("lead"))
block = lesson_page.choose_block(shifted=True)
small = lesson_page.small_grid("shift", "hwms", shift_lesson)
photo = shift_lesson(*block.size, block.window, max(block.shift) or block.window // 2)
lesson_page.show("shift", small, photo, block, extra="reach")

st.header(t("naive_title"))
st.markdown(t("naive", **shift_page.naive_facts(block)))
