"""The Overview below its opening: the component, what is chosen in it, and the screens that it leads to."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import said, write
from swin_viz.app.components import WHOLE, mount, settled
from swin_viz.app.menu import NAMES
from swin_viz.browser.message import Message
from swin_viz.browser.overview.whole.message import Lens, whole_message
from swin_viz.browser.overview.whole.view import TOP, Choices, checked, to_query
from swin_viz.engine import shared
from swin_viz.paths import BUILTIN, PAGES
from swin_viz.scenes import lens

# In the session: what is chosen, on which model, and what the browser starts from.
_CHOSEN, _OF, _FIRST = "whole_chosen", "whole_of", "whole_first"
WORDS = ("row_", "lens_", "votes_", "sides_", "rulers_", "vit_", "stage_")  # the beginnings of its words' keys
_LEADS = {  # node → the screens that explain it: the first one that is in the menu
    "image": ("patches",),
    "patches": ("patches",),
    "pair": ("block", "attention"),
    "merge": ("merging",),
    "norm": ("block",),
    "mask": ("mask",),
}


def show() -> None:
    """The whole of it; what settles in the browser goes into the address."""
    _take()
    st.session_state[_FIRST] = st.session_state[_CHOSEN]
    _component()
    _links()


@st.fragment
def _component() -> None:
    session.place_notices("whole")
    _take()
    mount(WHOLE, _message())
    write(to_query(st.session_state[_CHOSEN], session.model().config))


def _take() -> None:
    """What settled in the browser, else what was chosen before, else the address's; another model has other classes."""
    config, kept, key, found = session.model().config, st.session_state, session.model().key, settled(WHOLE)
    before: Choices = kept[_CHOSEN] if _CHOSEN in kept else said()
    if kept.setdefault(_OF, key) != key:
        before = before | {"votes_class": TOP}
    told = found if isinstance(found, dict) and found.get("of") == key else None
    kept[_CHOSEN], kept[_OF] = checked(told, before, config), key


def _leads() -> dict[str, str]:
    found = {node: next((each for each in screens if each in NAMES), "") for node, screens in _LEADS.items()}
    return {node: screen for node, screen in found.items() if screen}


def _links() -> None:
    """Streamlit's own links to the screens, which open them without a reload; the component's follow them, unseen."""
    with st.container(key="whole_links"):
        for screen in dict.fromkeys(_leads().values()):
            st.page_link(PAGES / f"{screen}.py", label=session.text(screen)("nav"))


def _message() -> Message:
    t, builtin = session.text("overview"), session.model().key == shared.load(BUILTIN).key
    leads = _leads()
    header = {
        "words": {key: text for key, text in t.all().items() if key.startswith(WORDS)},
        "language": session.language(),
        "state": st.session_state[_FIRST],
        "links": leads,
        "screens": {screen: session.text(screen)("nav") for screen in leads.values()},
        "model": session.model_title(),
        "of": session.model().key,
        "foreign": session.foreign(),
        "no_lens": "" if builtin else t("lens_none"),
    }
    later = shared.Later(session.model(), session.picture())
    readouts = _lens() if builtin else None
    return whole_message(session.trace(), session.run(), later, session.class_names(), readouts, header)


def _lens() -> Lens:
    t, drawn, scene = session.text("overview"), session.text("scenes"), session.picture().scene
    own = {"ground", "cue", "yes", "no", *lens.DIRECTIONS}

    def name(answer: str) -> str:
        return t(f"lens_is_{answer}") if answer in own else drawn(answer)

    questions = [
        {"name": question, "first": lens.first_stages()[question], "answers": [name(each) for each in answers]}
        for question, answers in lens.ANSWERS.items()
    ]
    told = {"questions": questions, "hues": lens.HUES, "drawn": scene is not None}
    plan = scene.plan if scene else None
    return Lens(lens.readings, (lambda sides, size: lens.truths(plan, sides, size)) if plan else None, told, plan)
