"""Files of a visitor, read once: Streamlit runs the script, and would read them again, at every move."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from swin_viz.app.session import language
from swin_viz.app.widgets import over
from swin_viz.reading.refusal import Refusal

Value = TypeVar("Value")
_NONE = (None, None, None)


def kept(kind: str) -> tuple:
    """The visitor's last file of that kind: what tells it apart, the last good value, and why it was refused."""
    return st.session_state.get(f"own_{kind}", _NONE)


def keep(kind: str, identity: tuple | None, read: Callable[[], Value]) -> None:
    """Read a visitor's file if it is another than before; one that is refused leaves the good one in its place."""
    last, good, refusal = kept(kind)
    if identity and identity != last:
        try:
            good, refusal = read(), None
        except Refusal as error:
            refusal = error
        st.session_state[f"own_{kind}"] = (identity, good, refusal)


def read_once(kind: str, identity: tuple | None, read: Callable[[], Value]) -> Value | None:
    """What `read` makes of a visitor's file, the last good one until then; a refusal shows its sentence.

    `identity` tells files apart; None where there is no file now.
    """
    new = identity != kept(kind)[0]
    keep(kind, identity, read)
    _, good, refusal = kept(kind)
    if identity and refusal:
        refuse(refusal, new)
    return good


def refuse(refusal: Refusal, new: bool = True) -> None:
    """Why a file was refused: where it was chosen, and over the stage when it is `new`."""
    st.error(refusal.say(language()))
    if new:
        over.say(refusal.say(language()), bad=True)
