"""What the page of pairs keeps for its visitor: block, head, query, key and step, their address, and the message."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from swin_viz.app import attention_page, session
from swin_viz.app.address import write
from swin_viz.browser.attention.shown import place_name
from swin_viz.browser.attention.view import checked, to_query, token
from swin_viz.browser.pairs.message import PairView, checked_pair, pair_message, start, values_of
from swin_viz.browser.tables import pair_stages
from swin_viz.engine import shared
from swin_viz.network.ablation import Ablation

FIRST = {"step": 1, "key": 0, "factor": 0}  # what is this page's own in the address, and from where it counts
KEYS = ("block", "head", "q", *FIRST)


def pair() -> PairView:
    """The current pair view; at first that of the address. It follows what is chosen on the Attention page."""
    shared, found = attention_page.view(), st.session_state.get("pair")
    if found is None:
        own = {name: _number(st.query_params.get(name, ""), first) for name, first in FIRST.items()}
        tokens = session.trace().blocks[shared.block].window ** 2
        found = checked_pair(own, start(shared).view, tokens, start(shared))
    elif st.session_state["pair_of"] != shared:
        found = replace(start(shared), step=found.step, factor=found.factor)
    st.session_state["pair"], st.session_state["pair_of"] = found, shared
    return found


def _number(text: str, first: int = 0) -> int | None:
    return int(text) - first if text.isdecimal() and len(text) < 5 else None


def take(key: str) -> None:
    """Check what settled in the browser and make it the current view, here and on the Attention page."""
    settled = st.session_state.get(key)
    found = settled.pair if settled is not None else None
    if attention_page.of_this_run(found):
        trace, before = session.trace(), pair()
        shared = {name: found.get(name) for name in ("block", "head", "at")}
        view = checked(before.view.plain() | shared, trace, before.view)
        tokens = trace.blocks[view.block].window ** 2
        st.session_state["pair"] = checked_pair(found, view, tokens, before)
        chosen = {"pinned": before.view.pinned or view.at != before.view.at, "other": attention_page.view().other}
        st.session_state["view"] = st.session_state["pair_of"] = replace(view, **chosen)


def freeze() -> None:
    """Remember what the browser starts from: it must not change with every settled move."""
    take("pairs")
    st.session_state["first_pair"] = pair()


def show_address() -> None:
    """Write the view into the address bar."""
    current, trace = pair(), session.trace()
    wanted = {name: value for name, value in to_query(current.view, trace, session.subject()).items() if name in KEYS}
    wanted["step"] = str(current.step + 1)
    if current.key is not None:
        wanted["key"] = str(current.key)
    if current.factor:
        wanted["factor"] = str(current.factor)
    write(KEYS, wanted)


def to_save() -> tuple[Callable[[], dict[str, np.ndarray]], str, str]:
    """What the files of numbers are made of: a maker of the query's stages, their caption, their name.

    The maker runs in a thread that has no session, so what it needs is bound here.
    """
    view, trace, loaded, picture = start(pair().view).view, session.trace(), session.model(), session.picture()
    block = trace.blocks[view.block].name

    def stages() -> dict[str, np.ndarray]:
        return pair_stages(trace, view, shared.observe(loaded, picture, values_of(block), Ablation()))

    caption = f"{session.caption()} · {place_name(trace, view, session.text('pairs'))}"
    return stages, caption, f"swin_viz-pairs-{block}-head{view.head + 1}"


def message() -> bytes:
    """The component's message for the current block."""
    trace, current, first = session.trace(), pair(), st.session_state["first_pair"]
    block = trace.blocks[current.view.block]
    row, column = token(current.view, trace)
    window = int(np.argwhere(block.places == row * block.padded[1] + column)[0][0])
    values = session.observe(*values_of(block.name))
    header = {
        "words": session.text("pairs").all(),
        "language": session.language(),
        "caption": session.caption(),
        "state": first.plain(),
        "model": session.model().key,
        "key": session.run_key(),
        "block": current.view.block,
    }
    small = sum(array.nbytes for array in values.values()) <= 8 * 2**20
    key = ("pairs", header["key"], session.language(), session.caption(), first, block.name, None if small else window)
    return shared.MESSAGES.get(key, lambda: pair_message(trace, block, window, values, header))
