"""One token's way through the network: the Overview's opening, with the disc of a drawn scene in any colour."""

from dataclasses import replace

import numpy as np
import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import said, write
from swin_viz.app.components import WAY, mount
from swin_viz.app.view import keep, settled_here, to_overview, view
from swin_viz.app.widgets.picture import recoloured
from swin_viz.app.widgets.whole import WORDS as BELOW
from swin_viz.browser.attention.view import checked, to_query
from swin_viz.browser.message import Message
from swin_viz.browser.overview.way.heads import Truth, chosen, resized
from swin_viz.browser.overview.way.message import way_message
from swin_viz.engine import shared
from swin_viz.engine.shared import Framed
from swin_viz.engine.trace import Trace
from swin_viz.lessons.overview.row import normed, stage_ends
from swin_viz.lessons.overview.votes import votes
from swin_viz.paths import PAGES
from swin_viz.scenes.generate import COLOURS, RGB, Plan
from swin_viz.scenes.shapes import SHAPES

FIRST, DISC = "first_way", "way_disc"  # in the session: what the browser starts from; the disc's colour, by its word
NAMED = 5  # classes of a model that has others than ours


def take() -> None:
    """Make what settled in the browser the current view."""
    found = settled_here(WAY)
    if found is not None:
        before, disc = view(), found.get("disc")
        keep(replace(checked(found, session.trace(), before), other=before.other))
        st.session_state[DISC] = disc if disc in COLOURS else None


def disc() -> tuple[Plan, int] | None:
    """The scene, and the piece whose colour its disc is given now, if that is another than the scene's own."""
    scene, word = session.picture().scene, st.session_state.setdefault(DISC, said().get("disc"))
    found = None
    if scene is not None:
        others = {COLOURS[p.colour]: i for i, p in enumerate(scene.plan.pieces) if i != scene.plan.target}
        found = (scene.plan, others[word]) if word in others else None
    if word not in COLOURS or (scene is not None and found is None):
        st.session_state[DISC] = None
    return found


def second() -> Framed | None:
    """The picture with the disc recoloured, or None: the picture in force."""
    asked = disc()
    return recoloured(*asked, max(session.picture().image.size)) if asked else None


def truth() -> Truth | None:
    """What is true of the scene as it was drawn."""
    scene = session.picture().scene
    if scene is None:
        return None
    width, height = session.picture().image.size
    return Truth(resized(scene.ids, height, width), scene.plan.cue_id, scene.plan.target + 1)


def answer(trace: Trace) -> list[tuple[int, float]]:
    """The classes that are shown, and their shares: all of ours, or the first few; none where they mean nothing."""
    if session.foreign():
        return []
    return sorted(trace.top(len(SHAPES))) if session.model().classes == SHAPES else trace.top(NAMED)


def names() -> dict:
    """The scene's objects by number, the asked one's shape, the disc's colours; empty for any other picture."""
    scene, scenes, t = session.picture().scene, session.text("scenes"), session.text("overview")
    if scene is None:
        return {}
    pieces = scene.plan.pieces
    said_of = [{"colour": scenes(COLOURS[p.colour]), "shape": scenes(SHAPES[p.shape])} for p in pieces]
    colours = [[COLOURS[p.colour], "#{:02x}{:02x}{:02x}".format(*map(int, RGB[p.colour]))] for p in pieces]
    return {
        "objects": [t("ground"), *(t("piece", **each) for each in said_of), t("cue")],
        "cue": scene.plan.cue_id,
        "target": scene.plan.target + 1,
        "asked": said_of[scene.plan.target]["shape"],
        "colours": [[word, css, each["colour"]] for (word, css), each in zip(colours, said_of, strict=True)],
    }


def ballot(other: Framed | None) -> np.ndarray:
    """What every token of the last stage votes: (tokens, classes)."""
    model, last = session.model().model, stage_ends(session.model().config)[-1]
    made = lambda: {"votes": votes(model, normed(model, session.observe(last, other=other)[last])).T}  # noqa: E731
    return shared.VALUES.get(("votes", session.run_key(other)), made)["votes"]


def message() -> Message:
    """The component's message: the run as it is, or with the disc recoloured; heads are chosen on the first."""
    other, known = second(), truth()
    original, trace = session.trace(), session.trace(other=other)
    scene = session.picture().scene
    key = ("way", session.run_key(), scene.plan if scene else None)  # the same pixels may come as a photograph
    heads = shared.NUMBERS.get(key, lambda: chosen(original, known))
    shown = answer(trace)
    indices, cast = [index for index, _ in shown], ballot(other) if shown else np.zeros((1, 0), np.float32)
    header = {
        "words": {key: text for key, text in session.text("overview").all().items() if not key.startswith(BELOW)},
        "language": session.language(),
        "state": st.session_state[FIRST].plain(),
        "disc": st.session_state[DISC] if other else None,
        "base": session.run_key(),
        "model": session.model().key,
        "answer": [[session.class_name(index), share] for index, share in shown],
        "glyphs": list(SHAPES) if shown and session.model().classes == SHAPES else [],
        "foreign": not shown and bool(trace.top()),
        "scene": names(),
        "fresh": not {"tile", "token", "disc"} & said().keys(),
    }
    return way_message(trace, session.run(other), header, heads, known, cast[:, indices])


@st.fragment
def opening() -> None:
    """The component; what settles in the browser goes into the address."""
    session.place_notices()
    take()
    mount(WAY, message())
    write(to_overview(to_query(view(), session.trace(), session.subject())) | {"disc": st.session_state[DISC]})
    with st.container(key="stage_to_attention"):
        st.page_link(PAGES / "attention.py", label=session.text("attention")("nav"))


def show() -> None:
    """The opening, first on its page."""
    take()
    st.session_state[FIRST] = view()
    opening()
