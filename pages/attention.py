"""The main lesson: choose a token on the picture and see where it looks, in any head of any block."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice, write
from swin_viz.app.components import ATTENTION, mount
from swin_viz.app.stage import head
from swin_viz.app.view import keep, settled_here, view
from swin_viz.app.widgets import experiment
from swin_viz.app.widgets.picture import recoloured
from swin_viz.browser import tables
from swin_viz.browser.attention import shown
from swin_viz.browser.attention.message import attention_message
from swin_viz.browser.attention.view import checked, to_query
from swin_viz.browser.message import Message
from swin_viz.engine.shared import Framed
from swin_viz.engine.trace import Trace
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import SAMPLES, sample_bytes
from swin_viz.scenes.shapes import SHAPES

t = session.text("attention")
FIRST = "first_view"  # in the session: what the browser starts from; it must not change with every settled move


def take() -> None:
    """Make what settled in the browser the current view."""
    found = settled_here(ATTENTION)
    if found is not None:
        keep(checked(found, session.trace(), view()))


def seconds() -> dict[str, str]:
    """The pictures that it can be compared with, by key."""
    recoloured = {"recoloured": t("second_recoloured")} if session.picture().scene else {}
    samples = {key: sample.title[session.language()] for key, sample in SAMPLES.items()}
    return {"none": t("second_none")} | recoloured | samples


def second() -> str:
    """The key of the picture to compare with."""
    return st.session_state.get("second", "none")


def second_picture() -> Framed | None:
    """The picture to compare with, in the current one's shape."""
    chosen, current = second(), session.picture()
    if chosen == "recoloured" and current.scene:
        plan = current.scene.plan
        return recoloured(plan, (plan.target + 1) % len(plan.pieces), max(current.image.size))
    if chosen in SAMPLES:
        return Framed(frame(load_image(sample_bytes(chosen)), max(current.image.size)))
    return None


def second_trace(other: Framed | None) -> Trace | None:
    """The run of the picture to compare with."""
    return session.trace(other=other) if other else None


def second_title() -> str:
    """The name of the picture to compare with, or nothing."""
    return "" if second() == "none" else seconds().get(second(), "")


def about(title: str, trace: Trace, named: bool) -> str:
    """What stands over one of two pictures: which one it is, and what the model says to it, if that means anything."""
    top = [(session.class_name(index), share) for index, share in trace.top()] if named else []
    return shown.about(title, top, t)


def message() -> Message:
    """The component's message."""
    trace, other = session.trace(), second_picture()
    run, compared = session.run(), second_trace(other)
    titles = session.picture().title, second_title()
    named = (not session.foreign(), not session.foreign(second() == "recoloured"))
    header = {
        "words": t.all(),
        "language": session.language(),
        "caption": session.caption(),
        "state": st.session_state[FIRST].plain(),
        "model": session.model().key,
        "top": [[session.class_name(index), share] for index, share in trace.top()],
        "truth": session.truth() if session.model().classes == SHAPES else "",
        "foreign": session.foreign(),
        "about": [*map(about, titles, (trace, compared), named)] if compared else [],
        "other_title": second_title() if compared else "",
    }
    return attention_message(trace, run, header, (compared, session.run(other)) if compared else None)


def save_buttons() -> None:
    """The numbers of the view, made when asked for: in a thread that has no session."""
    row, other = st.container(horizontal=True), second_trace(second_picture()) if view().other else None
    panels = shown.panels(session.trace(), view(), other)
    caption, name = shown.caption(session.caption(), panels, t, second_title()), shown.file_name(panels)
    row.download_button(
        t("save_csv"),
        lambda: tables.screen_csv(panels, caption),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    row.download_button(
        t("save_npz"), lambda: tables.screen_npz(panels, caption), file_name=f"{name}.npz", on_click="ignore"
    )


@st.fragment
def explore() -> None:
    """The component; what settles in the browser goes into the address."""
    session.place_notices()
    take()
    mount(ATTENTION, message())
    write(to_query(view(), session.trace(), session.subject()))
    save_buttons()


head(t)
stage, names = st.container(), seconds()
# Below the picture, but known before it is drawn.
choice(st.selectbox, t("second"), list(names), "second", format_func=names.get, width=320, help=t("second_help"))
take()
st.session_state[FIRST] = view()
with stage:
    explore()
with st.expander(t("off_title"), icon=":material/visibility_off:"):
    experiment.heads_off()
with st.expander(t("help_title"), icon=":material/help:"):
    st.markdown(t("help"))
