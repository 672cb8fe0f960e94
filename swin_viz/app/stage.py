"""The stage around every page: the rail of icons, the head line with what is in force, and what the browser does alone.

Streamlit has no rail and no head line: both are its own widgets under style sheets (browser/shell/; routes.py puts them
into the page), which know its elements by their data-testid; tests/browser/shell/test_boxes.py holds what comes of it.
"""

import json
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swin_viz.app import session, settings
from swin_viz.app.address import said, write
from swin_viz.app.widgets import over
from swin_viz.reading.picture.load import MAX_BYTES
from swin_viz.text import Words

_TITLE = "stage_title"  # in the session: the place of this run's title
_ICON = '<span class="icon" aria-hidden="true">{}</span>'
_SPOKEN = ("drop", "reading", "failed", "copied", "copy_by_hand", "present", "present_leave")  # by the script


def line() -> None:
    """The head line: a place for the page's title, what is in force, and the stage's own buttons."""
    t = session.text("ui")
    write({"present": "1" if said().get("present") == "1" else None})
    with st.container(key="stage_head", horizontal=True, vertical_alignment="center", wrap=False):
        titles = st.container(key="stage_title", horizontal=True, vertical_alignment="center", width="content")
        st.session_state[_TITLE], opener = titles, st.container(key="stage_in_force", width="content")
        # Not st.popover: what it holds is not in the page while it is closed, and its widgets lose their values.
        panel = st.container(key="stage_settings")
        st.html(_buttons(t), width="content")
    over.place()
    with panel:
        settings.show()
    opener.html(_opener(t))


def head(t: Words) -> None:
    """A page's title, and its lead behind a button."""
    place: DeltaGenerator = st.session_state[_TITLE]
    with place:
        st.title(t("title"), anchor=False, width="content")
        with st.popover(session.text("ui")("about"), icon=":material/info:", type="tertiary", key="stage_about"):
            st.markdown(t("lead"))


def _opener(t: Words) -> str:
    """The button that opens picture and model; it says what is in force, and so comes after them."""
    shown = f'<span><span class="hidden">{escape(t("settings"))}: </span>{escape(session.in_force())}</span>'
    more = f'type="button" data-does="settings" aria-expanded="false" lang="{session.language()}"'
    return f"<button {more}>{_ICON.format('image')}{shown}{_ICON.format('expand_more')}</button>"


def _buttons(t: Words) -> str:
    """The buttons that the browser answers alone, and what its script needs to know."""
    most = min(MAX_BYTES, st.get_option("server.maxUploadSize") * 2**20)
    words = {key: t(key) for key in _SPOKEN}
    words["large"] = session.text("errors")("image_bytes", most=most // 2**20)
    shown = "".join(
        f'<button type="button" data-does="{does}" title="{escape(t(f"{does}_tip"))}" aria-label="{escape(t(does))}">'
        f"{_ICON.format(icon)}</button>"
        for does, icon in {"link": "link", "present": "present_to_all"}.items()
    )
    told = f'lang="{session.language()}" data-most="{most}" data-words="{escape(json.dumps(words))}"'
    return f'<div class="does" {told}>{shown}</div>'
