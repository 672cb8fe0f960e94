"""Relative position bias: from a pair of tokens to one number of the table, and the tables that were learned."""

import streamlit as st

from swin_viz import lesson_page, session
from swin_viz.address import choice, number
from swin_viz.lessons.position import bias_lesson, collisions

t = session.text("bias")
st.title(t("title"))
st.markdown(t("lead"))
block = lesson_page.choose_block()
left, right = st.columns(2)
with left:
    window = int(number(st.number_input, t("window"), 1, 7, "side", 3, step=1))
with right:
    factors = {"right": 2 * window - 1, "none": 1, "near": max(1, 2 * window - 2)}
    way = choice(
        st.selectbox,
        t("factor"),
        list(factors),
        "factor",
        format_func=lambda key: t(f"factor_{key}", factor=factors[key]),
    )
used = factors[way]
bias = block.bias[0] if window == block.window and way == "right" else None
found, wanted = collisions(window, used)
st.markdown(t("ids" if found == wanted else "ids_collide", found=found, wanted=wanted, pairs=window**4))
name = f"{block.name}.attn.scaled"
middle = len(block.places) // 2 + (len(block.places) > 4) * (block.padded[1] // block.window // 2)
arrays = lambda: {"centre.scaled": session.observe(name)[name][middle]}  # noqa: E731
lesson_page.show("bias", bias_lesson(window, used, bias), None, block, extra="bias", arrays=arrays)
