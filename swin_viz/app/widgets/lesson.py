"""What the step-by-step pages share: the block, the player with its step in the address, and what is saved."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import numpy as np
import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice, said, write
from swin_viz.app.components import LESSON, mount, settled
from swin_viz.app.keys import keys_of
from swin_viz.app.menu import NAMES, SCREENS
from swin_viz.browser.lesson.message import PHOTO, SMALL, lesson_message
from swin_viz.browser.message import Message
from swin_viz.browser.offline import offline_page
from swin_viz.engine.parts import Part
from swin_viz.engine.store import BusyError
from swin_viz.engine.trace import BlockTrace
from swin_viz.figures.steps import MAX_DRAWN, Pose, can_write, gif, most_cells
from swin_viz.lessons.board import MAX_CELLS, Lesson
from swin_viz.lessons.fact import Fact, Note
from swin_viz.network.model import SwinBlock
from swin_viz.paths import PAGES
from swin_viz.text import Words

BLOCK_PX = 290
FILE_BYTES = 8 * 2**20  # of what an offline page's own view would fetch
FAR = 10_000  # rows or columns of a map
COURSE = "course"  # in the session
PAIRED = ("mask",)  # the lessons on which two tokens are chosen
OWN = {  # lesson → the address's keys that its own view chooses
    "block": ("q", "part", "norm_over", "neuron", "rate", "of_variant"),
    "patches": ("patch", "filter", "cover"),
}
# On a phone the player stands over the page's end.
_ROOM_BELOW = "<style>@media (max-width: 767px) { .stMainBlockContainer { padding-bottom: 76px !important } }</style>"


def offered_blocks(shifted: bool = False) -> list[BlockTrace]:
    """Those whose real map is not too large to be shown; `shifted`: only those that shift, if there is one."""
    blocks = list(session.trace().blocks)
    kind = [block for block in blocks if any(block.shift) or not shifted] or blocks
    return [block for block in kind if block.padded[0] * block.padded[1] <= MAX_CELLS] or kind[-1:]


def choose_block(shifted: bool = False) -> BlockTrace:
    """The block of the model whose real map is shown, of those that are offered."""
    t = session.text("steps")
    names = {f"{block.stage + 1}.{block.block + 1}": block for block in offered_blocks(shifted)}
    start = next((name for name, block in names.items() if block.stage == 1), next(iter(names)))

    def title(name: str) -> str:
        block = names[name]
        return t("block_title", stage=block.stage + 1, block=block.block + 1, rows=block.size[0], columns=block.size[1])

    return names[choice(st.selectbox, t("block"), list(names), "block", start, format_func=title, width=BLOCK_PX)]


def show(
    room: str,
    small: Lesson,
    photo: Lesson | None = None,
    block: BlockTrace | None = None,
    arrays: Callable[[], dict[str, np.ndarray]] = dict,
    facts: Callable[[], list[Fact]] = list,
    later: Mapping[str, Part] | None = None,
    more: dict | None = None,
    answer: Callable[[dict[str, str]], object] | None = None,
    notes: Callable[[], list[Note]] = list,
) -> None:
    """The player with its boards and notes, a block in the lesson's own view, the facts; the step in the address.

    `later`: parts that the view fetches when it looks at them; `more`: what else it is told; `answer`: what it is told
    for what was chosen in it.
    """
    trace = session.trace() if block else None
    boards = {SMALL: small} | ({PHOTO: photo} if photo else {})
    number = trace.blocks.index(block) if trace and block else 0
    header = {
        "words": session.text("steps").all() | course_words() | session.text(room).all(),
        "language": session.language(),
        "caption": session.caption(),
        "lesson": room,
        "step": _step(room, len(small.steps)),
        "beside": beside(settled(LESSON, f"lesson_{room}")),
        "block": number,
        "place": f"{block.stage + 1}.{block.block + 1}" if block else "",
        "next": next_screen(room),
        "pair": _pair(room, number),
        "own": _own(room),
        "more": more,
    } | ({"answer": answer(_own(room))} if answer else {})
    pixels, run = block.pixels if block else 0, session.run()
    message = lesson_message(boards, header, trace, run, pixels, arrays(), notes(), later)
    _mount(room, message, len(small.steps), number, answer)
    next_link(room)
    saves, found = st.container(horizontal=True), facts()
    with saves:
        _save_buttons(room, small, message, found)
    _say(found)


def next_screen(room: str) -> dict[str, str] | None:
    """The screen after this one in the menu, as the player names it: where it is, its title, and in which words."""
    after = dict(pairwise(NAMES)).get(room)
    kind = "next_lesson" if after in SCREENS["steps"] else "next_page"
    return {"href": after, "title": session.text(after)("nav"), "kind": kind} if after else None


def next_link(room: str) -> None:
    """Streamlit's own link to that screen, which opens it without a reload; the player's follows it."""
    after = next_screen(room)
    if after:
        st.html(_ROOM_BELOW)
        with st.container(key="next_screen"):
            label = session.text("steps")(after["kind"], title=after["title"])
            st.page_link(PAGES / f"{after['href']}.py", label=label)


def _say(facts: list[Fact]) -> None:
    """The facts below the lesson."""
    for fact in facts:
        st.header(fact.title)
        st.markdown(fact.text)
        if fact.rows:
            table(fact.rows)


def _step(room: str, count: int) -> int:
    """The step that the browser starts from: the one that settled last, on an earlier visit too; else the address's."""
    told = settled(LESSON, f"lesson_{room}")
    found = told.get("step") if isinstance(told, dict) else None
    if found is None:
        found = st.session_state.get(f"step_{room}", int(said().get("step", "1")) - 1)
    return found if isinstance(found, int) and 0 <= found < count else 0


def course_words() -> dict[str, str]:
    """What the browser says of a course's code; claims and questions come with their numbers filled in."""
    t = session.text("course")
    return {key: t(key) for key in ("tabs", "tab_model", "tab_course", "code_course", "course_none", "asked_title")}


def beside(told: object) -> bool:
    """Whether the code of a course is shown: as was `told` in the browser, on this page or another, or is said."""
    if isinstance(told, dict) and isinstance(told.get("course"), bool):
        st.session_state[COURSE] = told["course"]
    return bool(st.session_state.setdefault(COURSE, said().get("course") == "1"))


def _pair(room: str, block: int) -> list[list[int]] | None:
    """The two tokens chosen on this block, in the browser or on an earlier visit, else the address's; or None."""
    told, kept = settled(LESSON, f"lesson_{room}"), f"pair_{room}"
    if isinstance(told, dict) and told.get("block") == block and _is_pair(told.get("pair")):
        st.session_state[kept] = (block, told["pair"])
    if kept not in st.session_state and "pair" in said():
        row, column, *other = (int(part) for part in said()["pair"].split("."))
        st.session_state[kept] = (block, [[row, column], other])
    of, pair = st.session_state.get(kept, (block, None))
    return pair if of == block and pair and _on_map(pair, block) else None


def _on_map(pair: list[list[int]], block: int) -> bool:
    """Whether both places are tokens of this block's map."""
    rows, columns = session.trace().blocks[block].size
    return all(row < rows and column < columns for row, column in pair)


def _is_pair(found: object) -> bool:
    """Whether what the browser told is two places."""
    if not isinstance(found, list) or len(found) != 2:
        return False
    places = [place for place in found if isinstance(place, list) and len(place) == 2]
    return len(places) == 2 and all(isinstance(part, int) and 0 <= part < FAR for place in places for part in place)


def _own(room: str) -> dict[str, str]:
    """What is chosen in the lesson's own view, by the address's keys: in the browser, on an earlier visit, or there."""
    told, kept, names = settled(LESSON, f"lesson_{room}"), f"own_{room}", OWN.get(room, ())
    found = told.get("own") if isinstance(told, dict) else None
    if isinstance(found, dict):
        keys = keys_of(room)
        texts = {name: str(found[name]) for name in names if name in found}
        st.session_state[kept] = {name: text for name, text in texts.items() if re.fullmatch(keys[name].check, text)}
    if kept not in st.session_state:
        st.session_state[kept] = {name: text for name, text in said().items() if name in names}
    chosen: dict[str, str] = st.session_state[kept]
    return chosen


@st.fragment
def _mount(
    room: str, message: Message, count: int, block: int, answer: Callable[[dict[str, str]], object] | None
) -> None:
    session.place_notices("lesson")
    own = _own(room)
    if answer:
        message = replace(message, header=message.header | {"answer": answer(own)})
    mount(LESSON, message, f"lesson_{room}")
    step = _step(room, count)
    st.session_state[f"step_{room}"] = step  # Streamlit drops a component's state where another page opens
    pair = _pair(room, block)
    chosen = (
        {"pair": ".".join(str(part) for place in pair for part in place) if pair else None} if room in PAIRED else {}
    )
    chosen |= {name: own.get(name) for name in OWN.get(room, ())}
    chosen["course"] = "1" if beside(settled(LESSON, f"lesson_{room}")) else None
    write({"step": str(step + 1) if step else None} | chosen)


def _save_buttons(room: str, small: Lesson, message: Message, facts: list[Fact]) -> None:
    """The whole sequence, made when asked for: a GIF of the small grid, and the lesson as one offline file."""
    t, words, language = session.text("steps"), session.text(room), session.language()
    written = words if can_write(language) else Words("en", room)
    captions = [written(f"step_{step.key}").replace("`", "") for step in small.steps]
    poses = [Pose(step.at, step.values, step.groups, text) for step, text in zip(small.steps, captions, strict=True)]
    cells = most_cells(poses)
    if cells <= MAX_DRAWN:
        st.download_button(
            t("save_gif"),
            lambda: gif(poses, small.sources[:, 0] < 0, written("nav"), ramp=small.ramp),
            file_name=f"swin_viz-{room}.gif",
            mime="image/gif",
            on_click="ignore",
            help=t("save_gif_help"),
        )
    else:
        st.caption(t("gif_too_large", cells=cells, most=MAX_DRAWN))
    st.download_button(
        t("save_html"),
        lambda: offline_page(_for_a_file(message), LESSON.entry, LESSON.styles, words("title"), language, facts),
        file_name=f"swin_viz-{room}.html",
        mime="text/html",
        on_click="ignore",
    )


def _for_a_file(message: Message) -> Message:
    """The message with what its own view would fetch, as far as there is room for it in a file."""
    now, room = list(message.now), FILE_BYTES
    for group, part in message.parts.items():
        with suppress(KeyError, BusyError):  # of values that are gone meanwhile
            size = 0 if group in now else sum(array.nbytes for array in part.arrays().values())
            if group not in now and size <= room:
                now, room = [*now, group], room - size
    return replace(message, now=tuple(now))


def table(rows: list[dict[str, str]]) -> None:
    """A small table in Markdown: the same on a phone, a projector and to a screen reader."""
    head = list(rows[0])
    lines = [
        "| " + " | ".join(row) + " |"
        for row in (head, ["---"] * len(head), *([row[name] for name in head] for row in rows))
    ]
    st.markdown("\n".join(lines))


def block_module(block: BlockTrace) -> SwinBlock:
    """The running module of a block."""
    module = session.model().model.get_submodule(block.name)
    assert isinstance(module, SwinBlock)
    return module
