"""Shift and reach: the roll, the naive way without it, and how far a token's information travels."""

import streamlit as st

from swin_viz import lesson_page, session, shift_page
from swin_viz.lessons.shifting import shift_lesson
from swin_viz.small_grid import controls, small_grid

t = session.text("shift")
st.title(t("title"))
st.markdown(t("lead"))
with controls():
    block = lesson_page.choose_block(shifted=True)
    small = small_grid("shift", "hwms", shift_lesson)
photo = shift_lesson(*block.size, block.window, lesson_page.block_module(block).shift_size)
lesson_page.show("shift", small, photo, block, extra="reach", facts=lambda: shift_page.facts(block))
