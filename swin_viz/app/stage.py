"""The stage around every page: the rail of icons, the head line with what is in force, and what the browser does alone.

Streamlit has no rail and no head line: both are its own widgets under a style sheet (browser/shell/shell.css), which
knows its elements by their data-testid; tests/browser/shell/test_boxes.py holds what must come of it.
"""

import re
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swin_viz.app import session, settings
from swin_viz.browser.bundle import joined, style
from swin_viz.text import Words

_TITLE = "stage_title"  # in the session: the place of this run's title
_STYLE = f"<style>{style('kit/look/tokens.css', 'shell/shell.css')}</style>"
# Without its comments: Streamlit drops a script in which anything looks like a tag, such as their types.
_SCRIPT = f"<script>{re.sub(r'/[*][*].*?[*]/', '', joined('shell/shell.js'), flags=re.DOTALL)}</script>"
_BUTTON = '<button type="button" data-does="{does}" title="{tip}" aria-label="{name}">{icon}</button>'
_ICON = '<span class="icon" aria-hidden="true">{}</span>'


def dress() -> None:
    """The style sheet and the script of the page around the components; first in every run."""
    st.html(_STYLE)
    with st.container(key="shell"):
        st.html(_SCRIPT, unsafe_allow_javascript=True)


def line() -> None:
    """The head line: a place for the page's title, what is in force, and the stage's own buttons."""
    t = session.text("ui")
    with st.container(key="head", horizontal=True, vertical_alignment="center", wrap=False):
        titles = st.container(key="title", horizontal=True, vertical_alignment="center", width="content")
        st.session_state[_TITLE], opener = titles, st.container(key="in_force", width="content")
        # Not st.popover: what it holds is not in the page while it is closed, and its widgets lose their values.
        with st.container(key="settings"):
            settings.show()
        opener.html(_opener(t))
        st.html(_buttons(t), width="content")


def head(t: Words) -> None:
    """A page's title, and its lead behind a button."""
    place: DeltaGenerator = st.session_state[_TITLE]
    with place:
        st.title(t("title"), anchor=False, width="content")
        with st.popover(session.text("ui")("about"), icon=":material/info:", type="tertiary", key="about"):
            st.markdown(t("lead"))


def _opener(t: Words) -> str:
    """The button that opens picture and model; it says what is in force, and so comes after them."""
    shown = f'<span><span class="hidden">{escape(t("settings"))}: </span>{escape(session.in_force())}</span>'
    more = f'type="button" data-does="settings" aria-expanded="false" lang="{session.language()}"'
    return f"<button {more}>{_ICON.format('image')}{shown}{_ICON.format('expand_more')}</button>"


def _buttons(t: Words) -> str:
    """The buttons that the browser answers alone."""
    buttons = {"link": "link", "present": "present_to_all"}
    shown = (
        _BUTTON.format(does=does, name=escape(t(does)), tip=escape(t(f"{does}_tip")), icon=_ICON.format(icon))
        for does, icon in buttons.items()
    )
    return f'<div class="does" lang="{session.language()}">{"".join(shown)}</div>'
