"""Files of a visitor, read once: Streamlit runs the script, and would read them again, at every move."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from swin_viz.app.session import language
from swin_viz.reading.refusal import Refusal

Value = TypeVar("Value")


def read_once(kind: str, identity: tuple | None, read: Callable[[], Value]) -> Value | None:
    """What `read` makes of a visitor's file, the last good one until then; a refusal shows its sentence.

    `identity` tells files apart; None where there is no file now.
    """
    last, good, refusal = st.session_state.get(f"own_{kind}", (None, None, None))
    if identity and identity != last:
        try:
            good, refusal = read(), None
        except Refusal as error:
            refusal = error
        st.session_state[f"own_{kind}"] = (identity, good, refusal)
    if identity and refusal:
        st.error(refusal.say(language()))
    return good
