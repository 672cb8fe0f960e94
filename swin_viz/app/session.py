"""What pages ask for: the current picture, model, trace and values, and the words of the chosen language.

ui.py puts the visitor's choices here; nothing of one session is visible to another. Faults show their sentence in
place and stop the page, never the server.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import streamlit as st

from swin_viz.browser.message import Run
from swin_viz.engine import shared
from swin_viz.engine.shared import Framed, Loaded
from swin_viz.engine.store import BusyError, Waiting
from swin_viz.engine.trace import Trace
from swin_viz.network.ablation import Ablation
from swin_viz.network.model import Swin
from swin_viz.scenes.generate import COLOURS, Scene
from swin_viz.scenes.shapes import SHAPES
from swin_viz.text import LANGUAGES, Words

Result = TypeVar("Result")
_NOTICES = "notices"  # in the session: the places of the queue's line and of the spinner


@dataclass(frozen=True)
class Picture(Framed):
    """The picture in force."""

    title: str
    scene: Scene | None = None  # its truth, if it is a drawn scene


def language() -> str:
    """The chosen language: "en" or "zh"; at first the address's, or the browser's."""
    chosen = st.session_state.get("lang", st.query_params.get("lang"))
    if chosen in LANGUAGES:
        return chosen
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def text(room: str) -> Words:
    """The words of a room (a page, or a part of the shell) in the chosen language."""
    return Words(language(), room)


def use(picture: Picture, loaded: Loaded, title: str) -> None:
    """Make this the current picture and model of the session; `title` is the model's name for people."""
    st.session_state["current"] = (picture, loaded, title)


def picture() -> Picture:
    """The current picture."""
    return st.session_state["current"][0]


def model() -> Loaded:
    """The current model."""
    return st.session_state["current"][1]


def model_title() -> str:
    """The current model's name for people, in the chosen language."""
    return st.session_state["current"][2]


def run_key(other: Framed | None = None) -> str:
    """Names the run of a picture, the current one or another, with the current model, to the browser."""
    return f"{(other or picture()).key}/{model().key}"


def run(other: Framed | None = None) -> Run:
    """The names of that run, of which its parts are."""
    return Run(run_key(other), model().key)


def caption() -> str:
    """Names picture, size and model: for exports."""
    width, height = picture().image.size
    return f"{picture().title} ({width}×{height}) · {model_title()}"


def in_force() -> str:
    """Picture, model and size, as the head line says them."""
    return text("ui")("in_force", picture=picture().title, model=model_title(), size=max(picture().image.size))


def class_name(index: int) -> str:
    """The name of a class, in the chosen language where it is ours, or its number where the model brought no names."""
    names = model().classes
    if names == SHAPES:
        return text("scenes")(names[index])
    return names[index] if names else text("ui")("class_number", number=index)


def class_names() -> tuple[str, ...]:
    """The names of all classes, in the chosen language where they are ours; () where the model brought none."""
    names = model().classes
    return tuple(text("scenes")(name) for name in names) if names == SHAPES else names


def truth() -> str:
    """What is true of the current picture, if it is a drawn scene: what was asked, and the answer."""
    scene = picture().scene
    if scene is None:
        return ""
    t, piece = text("scenes"), scene.plan.pieces[scene.plan.target]
    return t("truth", colour=t(COLOURS[piece.colour]), shape=t(SHAPES[piece.shape]))


def subject() -> tuple[float, float]:
    """Where to look first, as parts of the picture's height and width: what a drawn scene asks for, else the middle."""
    scene = picture().scene
    if scene is None:
        return 0.5, 0.5
    piece = scene.plan.pieces[scene.plan.target]
    return piece.y / scene.plan.size, piece.x / scene.plan.size


def trace(ablation: Ablation | None = None, other: Framed | None = None) -> Trace:
    """The trace of the current picture, or another, and model; stops the page with a sentence if there can be none."""
    asked = (model(), other or picture(), ablation or Ablation())
    kept = shared.kept_trace(*asked)
    return _guarded(lambda waiting: shared.trace(*asked, waiting)) if kept is None else kept


def observe(*patterns: str, ablation: Ablation | None = None, other: Framed | None = None) -> dict[str, np.ndarray]:
    """Values at the points that match, without the batch axis; stops the page with a sentence on a fault."""
    asked = (model(), other or picture(), patterns, ablation or Ablation())
    kept = shared.kept_values(*asked)
    return _guarded(lambda waiting: shared.observe(*asked, waiting)) if kept is None else kept


def work(make: Callable[[Swin], Result]) -> Result:
    """Some other work on the model, in its turn; it may ask for nothing else that waits its turn."""
    return _guarded(lambda waiting: shared.gated(model(), make, waiting))


def foreign(drawn: bool | None = None) -> bool:
    """Whether the model knows drawn scenes alone and the picture is none: then its class names mean nothing."""
    return model().classes == SHAPES and not (picture().scene is not None if drawn is None else drawn)


def place_notices(whose: str = "fragment") -> None:
    """Keep a place for what a page says while it waits: first in every run, and first in a fragment that may wait.

    Of its own, and not where the page asks: Streamlit moves all that stands after an element that comes or goes, and
    what is moved loses the keyboard's focus. A fragment may not write outside of itself. It takes no height.
    """
    with st.container(key=f"stage_waiting_{whose}"):
        st.session_state[_NOTICES] = st.empty(), st.empty()


def _guarded(work: Callable[[Waiting], Result]) -> Result:
    """Run some work that is not kept, with a spinner and its place in the queue; a fault becomes a sentence."""
    t = text("ui")
    queue, running = st.session_state[_NOTICES]
    try:
        with running, st.spinner(t("running"), show_time=True):
            result = work(lambda place: queue.caption(t("queue", place=place)))
    except BusyError:
        st.error(t("busy"))
        st.stop()
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        st.error(t("no_memory"))
        st.stop()
    queue.empty()
    return result
