"""Patch merging and hierarchy: four tokens become one, and what the four stages make of the picture."""

import streamlit as st

from swin_viz.app import merging_page, session
from swin_viz.app.address import number
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import controls, small_grid
from swin_viz.lessons.merging import merging_lesson

t = session.text("merging")
st.title(t("title"))
st.markdown(t("lead"))
with controls():
    block = lesson.choose_block()
    small = small_grid("merging", "hw", merging_lesson)
if merging_page.merges(block):
    photo, arrays = merging_lesson(*block.size), lambda: merging_page.arrays(block)
    lesson.show("merging", small, photo, block, arrays=arrays)
else:
    st.info(t("last_stage"))
    lesson.show("merging", small)

st.header(t("convolution_title"))
st.markdown(t("convolution", **merging_page.convolution(block)) if merging_page.merges(block) else t("last_stage"))

st.header(t("features_title"))
st.markdown(t("features"))
channel = int(number(st.number_input, t("channel"), 0, 4096, "channel", 0, step=1, help=t("channel_help")))
pictures = merging_page.feature_maps(channel)
for column, (caption, pixels) in zip(st.columns(len(pictures)), pictures, strict=True):
    with column:
        st.html(merging_page.picture(pixels, caption))
