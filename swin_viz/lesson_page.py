"""What the step-by-step pages share: the small grid's controls, the block, the step's address, and the message."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swin_viz import engine, session
from swin_viz.ablation import Ablation
from swin_viz.address import choice, number, write
from swin_viz.explorer.component import LESSON_ENTRY, LESSON_STYLES
from swin_viz.explorer.component import lesson as component
from swin_viz.explorer.lessons import PHOTO, RAMPS, SMALL, lesson_message
from swin_viz.explorer.offline import offline_page
from swin_viz.figures.steps import MAX_DRAWN, Pose, can_write, gif, most_cells
from swin_viz.lessons.board import MAX_CELLS, Lesson, LessonError
from swin_viz.lessons.masking import faults, regions_of
from swin_viz.lessons.real import leak
from swin_viz.model import SwinBlock
from swin_viz.text import Words
from swin_viz.trace import BlockTrace
from swin_viz.windows import shift_mask

LIMITS = {"h": (1, 16, 8), "w": (1, 16, 8), "m": (1, 8, 4), "s": (0, 7, 2)}  # least, most, first
ANY = 9999  # what the boxes take: what makes no grid is refused in words
BLOCK_PX, BOX_PX = 290, 130
_CHOSEN = "shift_chosen"


@dataclass(frozen=True)
class Fact:
    """What a page says below its lesson, and the offline file too: Markdown, and the rows of a table."""

    title: str
    text: str
    rows: list[dict[str, str]] = field(default_factory=list)


def controls() -> DeltaGenerator:
    """The row of a lesson's controls: they stand beside each other as far as there is room."""
    return st.container(horizontal=True, vertical_alignment="bottom")


def small_grid(room: str, names: str, make: Callable[..., Lesson]) -> Lesson:
    """Number boxes for the student's own grid (`names`: some of h, w, m, s) → the lesson they give.

    Values that cannot be say why in place, and the last good grid stays. The shift is ⌊M/2⌋ until it is chosen.
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
            grid = ", ".join(
                f"{name.upper() if name in 'hwm' else name} = {v}" for name, v in zip(names, kept, strict=True)
            )
            st.warning(f"{t(error.key, **error.fields)} {t('grid_stays', grid=grid)}", icon=":material/block:")
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
        st.session_state.setdefault(_CHOSEN, "s" in st.query_params)
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
            raise LessonError("too_large", name=name.upper(), value=value, most=most)


def choose_block(shifted: bool = False) -> BlockTrace:
    """The block of the model whose real map is shown; `shifted`: only those that shift, if there is one."""
    t, blocks = session.text("steps"), session.trace().blocks
    offered = [block for block in blocks if any(block.shift)] if shifted else list(blocks)
    offered = offered or list(blocks)
    fitting = [block for block in offered if block.padded[0] * block.padded[1] <= MAX_CELLS] or offered[-1:]
    names = {f"{block.stage + 1}.{block.block + 1}": block for block in fitting}
    start = next((name for name, block in names.items() if block.stage == 1), next(iter(names)))

    def title(name: str) -> str:
        block = names[name]
        return t("block_title", stage=block.stage + 1, block=block.block + 1, rows=block.size[0], columns=block.size[1])

    return names[choice(st.selectbox, t("block"), list(names), "at", start, format_func=title, width=BLOCK_PX)]


def show(
    room: str,
    small: Lesson,
    photo: Lesson | None = None,
    block: BlockTrace | None = None,
    extra: str | None = None,
    arrays: Callable[[], dict[str, np.ndarray]] = dict,
    facts: Callable[[], list[Fact]] = list,
) -> None:
    """The player with its boards, the extra view, and the page's facts; the settled step goes into the address."""
    trace = session.trace() if block else None
    boards = {SMALL: small} | ({PHOTO: photo} if photo else {})
    step = _step(room, len(small.steps))
    header = {
        "words": session.text("steps").all() | session.text(room).all(),
        "language": session.language(),
        "caption": session.caption(),
        "lesson": room,
        "key": session.run_key(),
        "step": step,
        "extra": extra,
        "block": trace.blocks.index(block) if block else 0,
    }
    message = lesson_message(boards, header, trace, block.pixels if block else 0, arrays())
    _mount(room, message, len(small.steps))
    saves, found = st.container(horizontal=True), facts()
    with saves:
        _save_buttons(room, small, message, found)
    for fact in found:
        st.header(fact.title)
        st.markdown(fact.text)
        if fact.rows:
            table(fact.rows)


def _step(room: str, count: int) -> int:
    """The step that the browser starts from: the one that settled last, on an earlier visit too; else the address's."""
    settled = st.session_state.get(f"lesson_{room}")
    found = settled.step if settled is not None else None
    if found is None:
        text = st.query_params.get("step", "")
        asked = int(text) - 1 if text.isdecimal() and len(text) < 4 else 0
        found = st.session_state.get(f"step_{room}", asked)
    return found if isinstance(found, int) and 0 <= found < count else 0


@st.fragment
def _mount(room: str, message: bytes, count: int) -> None:
    component(message, key=f"lesson_{room}")
    step = _step(room, count)
    st.session_state[f"step_{room}"] = step  # Streamlit drops a component's state where another page opens
    write(("step",), {"step": str(step + 1)} if step else {})


def _save_buttons(room: str, small: Lesson, message: bytes, facts: list[Fact]) -> None:
    """The whole sequence, made when asked for: a GIF of the small grid, and the lesson as one offline file."""
    t, words, language = session.text("steps"), session.text(room), session.language()
    written = words if can_write(language) else Words("en", room)
    captions = [written(f"step_{step.key}").replace("`", "") for step in small.steps]
    poses = [Pose(step.at, step.values, step.groups, text) for step, text in zip(small.steps, captions, strict=True)]
    cells = most_cells(poses)
    if cells <= MAX_DRAWN:
        st.download_button(
            t("save_gif"),
            lambda: gif(poses, small.sources[:, 0] < 0, written("nav"), ramp=small.name in RAMPS),
            file_name=f"swin_viz-{room}.gif",
            mime="image/gif",
            on_click="ignore",
            help=t("save_gif_help"),
        )
    else:
        st.caption(t("gif_too_large", cells=cells, most=MAX_DRAWN))
    st.download_button(
        t("save_html"),
        lambda: offline_page(
            message, LESSON_ENTRY, LESSON_STYLES, words("title"), language, [astuple(f) for f in facts]
        ),
        file_name=f"swin_viz-{room}.html",
        mime="text/html",
        on_click="ignore",
    )


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
    return session.model().model.get_submodule(block.name)


def small_masks(numbering: str) -> np.ndarray:
    """The mask of every window of the small grid, (nW, N, N) float32, by the model's own functions."""
    height, width, window, shift = accepted("mask", "hwms")
    return shift_mask(regions_of(height, width, window, shift, numbering), window).numpy()


def mask_faults(block: BlockTrace, step: int) -> str:
    """What a mask made from the unpadded size gets wrong: in the small grid and in the block, in words."""
    t = session.text("mask")
    found = [faults(*accepted("mask", "hwms")), faults(*block.size, block.window, step)]
    names = (t("faults_small"), t("faults_block"))
    return " ".join(
        t("faults" if any(each) else "faults_none", where=name, blocked=f"{each[0]:,}", open=f"{each[1]:,}")
        for name, each in zip(names, found, strict=True)
    )


def leaks(block: BlockTrace) -> dict[str, float]:
    """The share of attention that crosses regions in this block's border windows, by mask value (from real runs)."""
    ways = {"off": Ablation(mask=False), "-10": Ablation(mask_value=-10.0), "-100": Ablation()}
    ways |= {"-inf": Ablation(mask_value=-float("inf"))}
    run = (session.picture().key, session.model().key, block.name)
    kept = engine.NUMBERS
    return {name: kept.get((*run, name), lambda a=ablation: [_leak(block, a)])[0] for name, ablation in ways.items()}


def _leak(block: BlockTrace, ablation: Ablation) -> float:
    return leak(session.trace(ablation).block(block.name).shares(), block, block.mask_kinds[block.mask_of])
