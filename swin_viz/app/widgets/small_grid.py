"""The student's own small grid: its number boxes, and what makes no grid says why over the stage."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swin_viz.app import session
from swin_viz.app.address import number, said
from swin_viz.app.widgets import over
from swin_viz.lessons.board import Lesson, LessonError
from swin_viz.text import Words

LIMITS = {  # least, most, first (7 rows, so that padding shows); y and x are pixels of a small picture, others tokens
    **{"h": (1, 16, 7), "w": (1, 16, 8), "m": (1, 8, 4), "s": (0, 7, 2)},
    **{"y": (1, 16, 7), "x": (1, 16, 10)},
}
LETTERS = {"h": "H", "w": "W", "m": "M", "s": "s", "y": "H", "x": "W"}  # as they are said
ANY = 9999  # what the boxes take: what makes no grid is refused in words
BOX_PX = 130
_CHOSEN = "shift_chosen"  # in the session


def controls() -> DeltaGenerator:
    """What a lesson's boards are made from, folded into one button."""
    with st.container(key="own_grid"):  # placed by browser/shell/grid.css; what a closed popover holds is not there
        return st.expander(session.text("steps")("own_grid"), icon=":material/tune:")


def small_grid(room: str, names: str, make: Callable[..., Lesson]) -> Lesson:
    """Number boxes for the student's own grid (`names`: some of `LIMITS`) → the lesson they give.

    Values that cannot be say why over the stage, and the last good grid stays. The shift is ⌊M/2⌋ until it is chosen.
    """
    t = session.text("steps")
    with st.container(width=BOX_PX * len(names) + 16 * (len(names) - 1)):
        with st.container(horizontal=True):
            values = [_box(name, t) for name in names]
        try:
            _check_readable(names, values)
            lesson = make(*values)
        except LessonError as error:
            kept = accepted(room, names)
            grid = ", ".join(f"{LETTERS[name]} = {v}" for name, v in zip(names, kept, strict=True))
            refused = f"{t(error.key, **error.fields)} {t('grid_stays', grid=grid)}"
            over.say(refused, bad=True)
            return make(*kept)
    st.session_state[f"grid_{room}"] = tuple(values)
    return lesson


def accepted(room: str, names: str) -> tuple[int, ...]:
    """The small grid that is shown: the last that could be made, not what stands in the boxes."""
    return st.session_state.get(f"grid_{room}", tuple(LIMITS[name][2] for name in names))


def _box(name: str, t: Words) -> int:
    """One number box; an own shift once it was chosen, by hand or by the address."""
    first, more = LIMITS[name][2], {}
    if name == "s":
        first = _half(st.session_state["m"])
        st.session_state.setdefault(_CHOSEN, "s" in said())
        more = {"on_change": lambda: st.session_state.update({_CHOSEN: True})}
        if not st.session_state[_CHOSEN]:
            st.session_state["s"] = first
    return int(number(st.number_input, t(f"grid_{name}"), -ANY, ANY, name, first, step=1, width=BOX_PX, **more))


def _half(window: int) -> int:
    """⌊M/2⌋ of a window that can be."""
    least, most, first = LIMITS["m"]
    return (window if least <= window <= most else first) // 2


def _check_readable(names: str, values: Sequence[int]) -> None:
    """Raises LessonError for a number that is too small to be, or too large to be read."""
    for name, value in zip(names, values, strict=True):
        least, most, _ = LIMITS[name]
        if value < least:
            raise LessonError(f"too_small_{name}", value=value, least=least)
        if value > most and name != "s":  # too large a shift says more about itself
            raise LessonError("too_large", name=LETTERS[name], value=value, most=most)
