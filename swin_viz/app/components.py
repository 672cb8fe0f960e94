"""Registers the browser components and mounts them: one message in, one settled state out."""

import streamlit as st

from swin_viz.browser.bundle import script, style

_HTML = '<div class="viz"></div>\n<!-- filled by the script -->'
_ATTENTION = st.components.v2.component(
    "swin_viz_attention",
    html=_HTML,
    css=style("kit/base.css", "attention/attention.css"),
    js=script("attention/attention.js"),
)


def attention(message: bytes, key: str) -> dict | None:
    """Show the Attention page's component; returns the state that settled in the browser (unchecked), if any."""
    return _ATTENTION(data=message, key=key, on_view_change=lambda: None).view


_DERIVATION = st.components.v2.component(
    "swin_viz_derivation", html=_HTML, css=style("kit/base.css", "cost/cost.css"), js=script("cost/cost.js")
)


def derivation(data: dict, key: str) -> dict | None:
    """Show the derivation of the cost formulas; returns the sizes that settled in the browser (unchecked), if any."""
    return _DERIVATION(data=data, key=key, on_sizes_change=lambda: None).sizes


_PAIRS = st.components.v2.component(
    "swin_viz_pairs",
    html=_HTML,
    css=style("kit/base.css", "pairs/pairs.css"),
    js=script("pairs/pairs.js"),
)


def pairs(message: bytes, key: str) -> dict | None:
    """Show self-attention pair by pair; returns the state that settled in the browser (unchecked), if any."""
    return _PAIRS(data=message, key=key, on_pair_change=lambda: None).pair


LESSON_ENTRY = "lesson/lesson.js"
LESSON_STYLES = ("kit/base.css", "lesson/lesson.css")
_LESSON = st.components.v2.component("swin_viz_lesson", html=_HTML, css=style(*LESSON_STYLES), js=script(LESSON_ENTRY))


def lesson(message: bytes, key: str) -> int | None:
    """Show a lesson's steps; returns the step that settled in the browser (unchecked), if any."""
    return _LESSON(data=message, key=key, on_step_change=lambda: None).step
