"""Patch merging and hierarchy: four tokens become one, and what the four stages make of the picture."""

import streamlit as st

from swin_viz import lesson_page, merging_page, session
from swin_viz.address import number
from swin_viz.lessons.position import merging_lesson
from swin_viz.small_grid import controls, small_grid

t = session.text("merging")
st.title(t("title"))
st.markdown(t("lead"))
with controls():
    block = lesson_page.choose_block()
    small = small_grid("merging", "hw", merging_lesson)
if merging_page.merges(block):
    photo, arrays = merging_lesson(*block.size), lambda: merging_page.arrays(block)
    lesson_page.show("merging", small, photo, block, extra="merging", arrays=arrays)
else:
    st.info(t("last_stage"))
    lesson_page.show("merging", small)

st.header(t("convolution_title"))
st.markdown(t("convolution", **merging_page.convolution(block)) if merging_page.merges(block) else t("last_stage"))

st.header(t("features_title"))
st.markdown(t("features"))
channel = int(number(st.number_input, t("channel"), 0, 4096, "channel", 0, step=1, help=t("channel_help")))
pictures = merging_page.feature_maps(channel)
for column, (caption, pixels) in zip(st.columns(len(pictures)), pictures, strict=True):
    with column:
        st.html(merging_page.picture(pixels, caption))
