"""The mask: from region ids to 0 and −100, and why a pair is blocked."""

import streamlit as st

from swin_viz import lesson_page, session
from swin_viz.address import flag
from swin_viz.lessons.real import border_windows
from swin_viz.lessons.windowing import mask_lesson

t = session.text("mask")
st.title(t("title"))
st.markdown(t("lead"))
block = lesson_page.choose_block(shifted=True)
four = flag(st.toggle, t("four"), "four", help=t("four_help"))
small = lesson_page.small_grid("mask", "hwms", lambda h, w, m, s: mask_lesson(h, w, m, s, four))
photo = mask_lesson(*block.size, block.window, max(block.shift) or block.window // 2, four)
border = border_windows(block)
name = f"{block.name}.attn.biased"


def arrays() -> dict:
    """The scores of the border windows, and the masks of the small grid."""
    return {
        "border.windows": border,
        "border.biased": session.observe(name)[name][border],
        "small.masks": lesson_page.small_masks(),
    }


lesson_page.show("mask", small, photo, block, extra="mask", arrays=arrays)

st.header(t("leak_title"))
st.markdown(t("leak_text"))
lesson_page.table(
    [
        {t("value"): t(f"way_{way}"), t("leaks"): f"{share:.3g}" if share < 1e-4 else f"{share:.1%}"}
        for way, share in lesson_page.leaks(block).items()
    ]
)
