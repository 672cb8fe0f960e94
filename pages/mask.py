"""The mask: from region ids to 0 and −100, and why a pair is blocked."""

import streamlit as st

from swin_viz.app import mask_page, session
from swin_viz.app.address import choice
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import controls, small_grid
from swin_viz.lessons.mask import NUMBERINGS, mask_lesson

t = session.text("mask")
st.title(t("title"))
st.markdown(t("lead"))
with controls():
    block = lesson.choose_block(shifted=True)
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
lesson.show("mask", small, photo, block, arrays=lambda: mask_page.arrays(block, numbering))

st.header(t("leak_title"))
st.markdown(t("leak_text"))
leaks = mask_page.leak_texts(mask_page.leaks(block))
lesson.table([{t("value"): t(f"way_{way}"), t("leaks"): share} for way, share in leaks.items()])
