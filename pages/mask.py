"""The mask: from region ids to 0 and −100, and why a pair is blocked."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import accepted, controls, small_grid
from swin_viz.engine import shared
from swin_viz.lessons.mask import border_windows, leak_texts, leaks, mask_arrays, mask_lesson
from swin_viz.lessons.regions import NUMBERINGS, faults, window_masks

t = session.text("mask")
head(t)
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
    windows = {"last": -1} | {str(window): int(window) for window in border_windows(block)[:-1]}
    which = windows[
        choice(
            st.selectbox,
            t("compared"),
            list(windows),
            "window",
            format_func=lambda name: t("compared_last" if name == "last" else "compared_one", window=name),
            help=t("compared_help"),
            width=340,
        )
    ]
with boxes:
    small = small_grid("mask", "hwms", lambda *sizes: mask_lesson(*sizes, numbering))
step = max(block.shift) or block.window // 2
photo = mask_lesson(*block.size, block.window, step, numbering, which)
sizes = accepted("mask", "hwms")


def found_faults() -> str:
    """What a mask made from the unpadded size gets wrong: in the small grid and in the block."""
    found = {"faults_small": faults(*sizes), "faults_block": faults(*block.size, block.window, step)}
    return " ".join(
        t("faults" if any(each) else "faults_none", where=t(name), blocked=f"{each[0]:,}", open=f"{each[1]:,}")
        for name, each in found.items()
    )


masks = {"small.masks": window_masks(*sizes, numbering)}
lesson.show("mask", small, photo, block, arrays=lambda: masks | mask_arrays(block, session.observe))
if numbering == "unpadded":
    st.markdown(found_faults())

st.header(t("leak_title"))
st.markdown(t("leak_text"))
run = (session.run_key(), block.name, "leaks")
(found,) = shared.NUMBERS.get(run, lambda: [leaks(block, session.observe)])
lesson.table([{t("value"): t(f"way_{way}"), t("leaks"): share} for way, share in leak_texts(found).items()])
