"""The browser's components in one table: one message in, one settled state out."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from swin_viz.app.session import text
from swin_viz.browser.code import Code
from swin_viz.browser.message import Message
from swin_viz.engine import shared

AGAIN = "again"  # what a browser says of a part that is gone


@dataclass(frozen=True)
class Component:
    """A component's script, its styles, and the name under which its settled state comes back."""

    name: str
    entry: str
    styles: tuple[str, ...]
    state: str


_KIT = ("kit/look/tokens.css", "kit/look/base.css")
_PHOTO = (*_KIT, "kit/photo/photo.css")
ATTENTION = Component("attention", "attention/attention.js", (*_PHOTO, "attention/attention.css"), "view")
PAIRS = Component("pairs", "pairs/pairs.js", (*_KIT, "lesson/lesson.css", "pairs/pairs.css"), "pair")
_LESSON = (*_KIT, "lesson/lesson.css", "lesson/parts/block/block.css")
LESSON = Component("lesson", "lesson/lesson.js", _LESSON, "step")
DERIVATION = Component("derivation", "cost/cost.js", (*_KIT, "cost/cost.css"), "sizes")
WAY = Component("way", "overview/way/way.js", (*_PHOTO, "overview/way/way.css"), "way")
WHOLE = Component(
    "overview_whole", "overview/whole/whole.js", (*_KIT, "lesson/lesson.css", "overview/whole/whole.css"), "whole"
)
CODE = {each: Code(each.entry, each.styles) for each in (WAY, ATTENTION, PAIRS, LESSON, DERIVATION, WHOLE)}
_MOUNTS = {
    each: st.components.v2.component(f"swin_viz_{each.name}", html=code.html, js=code.stub)
    for each, code in CODE.items()
}


def mount(component: Component, message: Message | dict, key: str = "") -> None:
    """Show a component. `key` tells those of one kind apart, in the session too.

    Of a part that is gone from the server the browser says so; then all runs again, which offers it anew.
    """
    key = key or component.name
    asked, seen = getattr(st.session_state.get(key), AGAIN, None), f"{AGAIN}_{key}"
    if asked != st.session_state.get(seen):
        st.session_state[seen] = asked
        st.rerun()
    if isinstance(message, dict):
        data: dict | bytes = _with_kit_words(message)
    else:
        whole = replace(message, header=_with_kit_words(message.header))
        data = whole.packed(shared.PARTS.offer, asked)
    more: dict[str, Any] = {f"on_{name}_change": lambda: None for name in (component.state, AGAIN)}
    with st.container(key=f"stage_of_{key}"):  # its height is kept free from the first moment on: see shell/rail.css
        _MOUNTS[component](data=data, key=key, **more)


def _with_kit_words(header: dict) -> dict:
    """A message's header with the words that every component may need."""
    return header | {"words": text("kit").all() | header["words"]}


def settled(component: Component, key: str = "") -> object:
    """The state that settled in the browser, unchecked; None if none did."""
    return getattr(st.session_state.get(key or component.name), component.state, None)
