"""Patch merging and hierarchy: four tokens become one, and what the four stages make of the picture."""

import streamlit as st

from swin_viz import lesson_page, merging_page, session
from swin_viz.address import number
from swin_viz.lessons.position import merging_lesson

t = session.text("merging")
st.title(t("title"))
st.markdown(t("lead"))
block = lesson_page.choose_block()
small = lesson_page.small_grid("merging", "hw", merging_lesson)
lesson_page.show("merging", small, merging_lesson(*block.size), block)

st.header(t("convolution_title"))
facts = merging_page.convolution(block)
st.markdown(t("convolution", **facts) if facts else t("last_stage"))

st.header(t("features_title"))
st.markdown(t("features"))
channel = int(number(st.number_input, t("channel"), 0, 4096, "channel", 0, step=1, help=t("channel_help")))
pictures = merging_page.feature_maps(channel)
for column, (caption, pixels) in zip(st.columns(len(pictures)), pictures, strict=True):
    with column:
        st.html(merging_page.picture(pixels, caption))
