"""Windows: a map is cut, laid out, and put together again."""

import streamlit as st

from swin_viz import lesson_page, session
from swin_viz.address import flag
from swin_viz.lessons.windowing import padding_shares, windows_lesson
from swin_viz.numbers import percent

t = session.text("windows")
st.title(t("title"))
st.markdown(t("lead"))
block = lesson_page.choose_block()
small = lesson_page.small_grid("windows", "hwm", windows_lesson)
scramble = flag(st.toggle, t("scramble"), "scramble", help=t("scramble_help"))
if scramble:
    height, width, window = (st.session_state[name] for name in "hwm")
    small = windows_lesson(height, width, min(window, max(height, width)), scramble=True)
photo = windows_lesson(*block.size, block.window, scramble)
lesson_page.show("windows", small, photo, block, extra="sight")

st.header(t("why_title"))
tokens, inside = block.size[0] * block.size[1], block.window**2
st.markdown(
    t(
        "why",
        tokens=f"{tokens:,}",
        inside=inside,
        pairs=f"{tokens**2:,}",
        windowed=f"{tokens * inside:,}",
        times=f"{tokens / inside:.1f}",
    )
)
st.header(t("padding_title"))
st.markdown(t("padding"))
shares = padding_shares(session.trace().blocks[0].size, block.window, session.trace().config.stages)
rows = [
    (f"{i + 1}", "{}×{}".format(*size), "{}×{}".format(*padded), percent(share, 0))
    for i, (size, padded, share) in enumerate(shares)
]
names = [t(key) for key in ("stage", "map", "padded", "share")]
lesson_page.table([dict(zip(names, row, strict=True)) for row in rows])
