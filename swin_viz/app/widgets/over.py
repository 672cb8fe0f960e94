"""What is said over the stage: a sentence on top of the picture, so that nothing moves for it, and what can be done."""

from html import escape

import streamlit as st

from swin_viz.app.session import language, text

_PLACE = "over_place"  # in the session: the place of this run's sentences


def place() -> None:
    """Keep the place, once in every run and before anything may be said."""
    st.session_state[_PLACE] = st.container(key="stage_over")


def say(sentence: str, does: str = "", label: str = "", bad: bool = False) -> None:
    """Say a sentence until the next run, or until it is closed; `does`: what its button does, see shell.js."""
    button = f'<button type="button" data-does="{does}">{escape(label)}</button>' if does else ""
    shut = f'<button type="button" data-does="shut" aria-label="{escape(text("ui")("shut"))}">×</button>'
    kind = "over bad" if bad else "over"
    st.session_state[_PLACE].html(
        f'<div class="{kind}" lang="{language()}"><p>{escape(sentence)}</p>{button}{shut}</div>'
    )
