"""What the Attention page keeps for its visitor: the view, its address, and the message for the browser."""

from dataclasses import replace

import streamlit as st
from PIL import Image

from swin_viz.app import session
from swin_viz.app.address import choice, write
from swin_viz.browser.attention import shown
from swin_viz.browser.attention.message import attention_message, head_numbers, sent_blocks
from swin_viz.browser.attention.view import View, checked, default_view, from_query, to_query
from swin_viz.engine import shared
from swin_viz.engine.shared import Framed
from swin_viz.engine.trace import Trace
from swin_viz.network.ablation import Ablation
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import SAMPLES, sample_bytes
from swin_viz.scenes.generate import draw, recolour_cue
from swin_viz.scenes.shapes import SHAPES
from swin_viz.text import Words
from swin_viz.text.numbers import percent

ADDRESS_KEYS = ("block", "head", "q", "pinned", "layer", "scope", "chart", "grid", "rolled", "wrong", "with")


def view() -> View:
    """The current view, within the current model's blocks and heads; at first that of the address, or the default.

    On another picture, a query that nobody pinned goes to what is asked there.
    """
    trace, key = session.trace(), session.picture().key
    if "view" not in st.session_state:
        st.session_state["view"] = from_query(st.query_params, trace, session.subject())
    elif st.session_state["view_of"] != key and not st.session_state["view"].pinned:
        st.session_state["view"] = replace(st.session_state["view"], at=session.subject())
    st.session_state["view_of"] = key
    found: View = st.session_state["view"]
    return checked(found.plain(), trace, default_view(trace))


def take_view(key: str) -> None:
    """Check what settled in the browser on the current run and make it the current view."""
    settled = st.session_state.get(key)
    if settled is not None and of_this_run(settled.view):
        st.session_state["view"] = checked(settled.view, session.trace(), view())


def of_this_run(settled: object) -> bool:
    """Whether what settled in the browser is a state, and one of the current run: not of the picture before."""
    return isinstance(settled, dict) and settled.get("of") == session.run_key()


def freeze_view() -> None:
    """Remember the view that the browser starts from; it must not change with every settled move."""
    take_view("explorer")
    st.session_state["first_view"] = view()


def show_address() -> None:
    """Write the view into the address bar."""
    write(ADDRESS_KEYS, to_query(view(), session.trace(), session.subject()))


def _second_names() -> dict[str, str]:
    t = session.text("attention")
    names = {"none": t("second_none")}
    if session.picture().scene:
        names["recoloured"] = t("second_recoloured")
    return names | {key: sample.title[session.language()] for key, sample in SAMPLES.items()}


def choose_second() -> None:
    """The picture to compare with, if any."""
    t, names = session.text("attention"), _second_names()
    choice(st.selectbox, t("second"), list(names), "second", format_func=names.get, width=320, help=t("second_help"))


def second_picture() -> Framed | None:
    """The picture to compare with, in the current one's shape."""
    chosen, current = st.session_state.get("second", "none"), session.picture()
    if chosen == "recoloured" and current.scene:
        plan = current.scene.plan
        found = Image.fromarray(draw(recolour_cue(plan, (plan.target + 1) % len(plan.pieces))).image)
    elif chosen in SAMPLES:
        found = load_image(sample_bytes(chosen))
    else:
        return None
    size = max(current.image.size)
    return Framed(frame(found, size, whole=chosen == "recoloured"))


def second_title() -> str:
    """The name of the picture to compare with, or nothing."""
    chosen = st.session_state.get("second", "none")
    return "" if chosen == "none" else _second_names().get(chosen, "")


def second_trace(other: Framed | None) -> Trace | None:
    """The run of the picture to compare with."""
    return shared.trace(session.model(), other, Ablation()) if other else None


def to_save() -> tuple[list[shown.Panel], str]:
    """What the files of numbers are made of, without the session: the panels on the screen, and their caption."""
    compared = view().other is not None
    found = shown.panels(session.trace(), view(), second_trace(second_picture()) if compared else None)
    return found, shown.caption(session.caption(), found, session.text("attention"), second_title())


def message() -> bytes:
    """The component's message, from the store or made now."""
    trace, first, other = session.trace(), st.session_state["first_view"], second_picture()
    second = second_trace(other)
    blocks = sent_blocks(trace, view())
    second_key = session.run_key(other) if other else ""
    run = session.run_key()
    key = ("attention", run, second_key, session.language(), session.caption(), first, tuple(blocks))
    return shared.MESSAGES.get(key, lambda: _made(trace, first, blocks, (second, second_key) if second else None, run))


def _made(trace: Trace, first: View, blocks: list[str], second: tuple[Trace, str] | None, run: str) -> bytes:
    header = {
        "words": session.text("attention").all(),
        "language": session.language(),
        "caption": session.caption(),
        "state": first.plain(),
        "model": session.model().key,
        "top": [[session.class_name(index), share] for index, share in trace.top()],
        "truth": session.truth(),
        "foreign": session.model().classes == SHAPES and session.picture().scene is None,
        "about": _about(trace, second[0]) if second else [],
        "other_title": second_title() if second else "",
    }
    numbers = shared.NUMBERS.get(run, lambda: [head_numbers(block) for block in trace.blocks])
    return attention_message(trace, run, blocks, header, numbers, (*second, blocks) if second else None)


def _about(first: Trace, second: Trace) -> list[str]:
    """What stands over two pictures beside each other: which one it is, and what the model says to it."""
    titles = (session.picture().title, second_title())
    t = session.text("attention")
    return [_line(t, title, trace) for title, trace in zip(titles, (first, second), strict=True)]


def _line(t: Words, title: str, trace: Trace) -> str:
    if not trace.top():
        return title
    index, share = trace.top()[0]
    return t("about", title=title, name=session.class_name(index), share=percent(share))
