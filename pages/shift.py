"""Shift and reach: the roll, the naive way without it, and how far a token's information travels."""

import streamlit as st

from swin_viz.app import session, shift_page
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import controls, small_grid
from swin_viz.lessons.shift import shift_lesson

t = session.text("shift")
st.title(t("title"))
st.markdown(t("lead"))
with controls():
    block = lesson.choose_block(shifted=True)
    small = small_grid("shift", "hwms", shift_lesson)
photo = shift_lesson(*block.size, block.window, lesson.block_module(block).shift_size)
lesson.show("shift", small, photo, block, facts=lambda: shift_page.facts(block))
