"""The mask: from region ids to 0 and −100, and why a pair is blocked."""

import streamlit as st

from swin_viz import lesson_page, mask_page, session
from swin_viz.address import choice
from swin_viz.lessons.masking import NUMBERINGS, mask_lesson
from swin_viz.small_grid import controls, small_grid

t = session.text("mask")
st.title(t("title"))
st.markdown(t("lead"))
with controls():
    block = lesson_page.choose_block(shifted=True)
    boxes = st.container(width="content")
    numbering = choice(
        st.selectbox,
        t("numbering"),
        list(NUMBERINGS),
        "numbering",
        format_func=lambda key: t(f"numbering_{key}"),
        help=t("numbering_help"),
        width=340,
    )
with boxes:
    small = small_grid("mask", "hwms", lambda *sizes: mask_lesson(*sizes, numbering))
step = max(block.shift) or block.window // 2
photo = mask_lesson(*block.size, block.window, step, numbering)
if numbering == "unpadded":
    st.markdown(mask_page.found_faults(block, step))
arrays = lambda: mask_page.arrays(block, small, photo, numbering)  # noqa: E731
lesson_page.show("mask", small, photo, block, extra="mask", arrays=arrays)

st.header(t("leak_title"))
st.markdown(t("leak_text"))
leaks = mask_page.leak_texts(mask_page.leaks(block))
lesson_page.table([{t("value"): t(f"way_{way}"), t("leaks"): share} for way, share in leaks.items()])
