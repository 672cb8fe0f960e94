"""The view of Overview, Attention and Pair by pair: kept in the session, and checked when it settles in the browser."""

from dataclasses import replace

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import said
from swin_viz.app.components import Component, settled
from swin_viz.browser.attention.view import View, checked, default_view, from_query

_VIEW, _OF = "view", "view_of"  # in the session: the view, and the picture that it was chosen on
_OVERVIEW = {"tile": "block", "token": "q"}  # what the Overview's address calls what Attention's calls so


def view() -> View:
    """The current view, within the current model's blocks and heads; at first that of the address, or the default.

    On another picture, a query that nobody pinned goes to what is asked there.
    """
    trace, picture, kept = session.trace(), session.picture().key, st.session_state
    if _VIEW not in kept:
        address = {_OVERVIEW.get(key, key): text for key, text in said().items()}
        kept[_VIEW] = from_query(address, trace, session.subject())
    elif kept[_OF] != picture and not kept[_VIEW].pinned:
        kept[_VIEW] = replace(kept[_VIEW], at=session.subject())
    kept[_OF] = picture
    return checked(kept[_VIEW].plain(), trace, default_view(trace))


def keep(found: View) -> None:
    """Make a checked view the current one."""
    st.session_state[_VIEW] = found


def to_overview(query: dict[str, str | None]) -> dict[str, str | None]:
    """Of an address's keys those that the Overview's has, under its names."""
    return {mine: query[other] for mine, other in (_OVERVIEW | {"pinned": "pinned"}).items()}


def settled_here(component: Component) -> dict | None:
    """The state that settled in the browser, unchecked, if it is one of the current run: not of the picture before."""
    found = settled(component)
    return found if isinstance(found, dict) and found.get("of") == session.run_key() else None
