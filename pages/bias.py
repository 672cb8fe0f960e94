"""Relative position bias: from a pair of tokens to one number of the table, and the tables that were learned."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice, number
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import controls
from swin_viz.lessons.bias import bias_arrays, bias_lesson, collisions, factors_of, looked_up

t = session.text("bias")
head(t)
with controls():
    block = lesson.choose_block()
    window = int(number(st.number_input, t("window"), 1, 7, "side", 3, step=1, width=130))
    factors = factors_of(window)
    way = choice(
        st.selectbox,
        t("factor"),
        list(factors),
        "factor",
        format_func=lambda key: t(f"factor_{key}", factor=factors[key]),
        width=230,
    )
    heads = [str(head + 1) for head in range(block.heads)]
    head = int(choice(st.selectbox, t("table_of"), heads, "of_head", width=150)) - 1
used = factors[way]
bias = looked_up(block.table, window, used, head)
found, wanted = collisions(window, used)
collide = t("ids" if found == wanted else "ids_collide", found=found, wanted=wanted, pairs=window**4)
side, whole = 2 * window - 1, 2 * block.window - 1
key = "no_crop" if bias is None else "crop_whole" if side == whole else "crop"
crop = t(key, side=side, whole=whole, head=head + 1, block=f"{block.stage + 1}.{block.block + 1}")
small = bias_lesson(window, used, bias)
lesson.show("bias", small, None, block, arrays=lambda: bias_arrays(block, head, session.observe))
st.markdown(f"{collide} {crop}")
