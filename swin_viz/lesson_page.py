"""What the step-by-step pages share: the small grid's controls, the block, the step's address, and the message."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from swin_viz import engine, session
from swin_viz.ablation import Ablation
from swin_viz.address import choice, number, write
from swin_viz.explorer.component import LESSON_ENTRY, LESSON_STYLES
from swin_viz.explorer.component import lesson as component
from swin_viz.explorer.lessons import PHOTO, SMALL, lesson_message
from swin_viz.explorer.offline import offline_page
from swin_viz.figures.steps import MAX_DRAWN, Pose, can_write, gif
from swin_viz.lessons.board import MAX_CELLS, Lesson, LessonError
from swin_viz.lessons.masking import faults, regions_of
from swin_viz.lessons.real import leak
from swin_viz.model import SwinBlock
from swin_viz.text import Words
from swin_viz.trace import BlockTrace
from swin_viz.windows import shift_mask

LIMITS = {"h": (1, 16, 8), "w": (1, 16, 8), "m": (1, 8, 4), "s": (0, 7, 2)}


def small_grid(room: str, names: str, make: Callable[..., Lesson]) -> Lesson:
    """Number boxes for the student's own grid (`names`: some of h, w, m, s) → the lesson they give.

    Values that cannot be say why in place, and the last good lesson stays. The shift is ⌊M/2⌋ until it is chosen.
    """
    t = session.text("steps")
    values = []
    for column, name in zip(st.columns(len(names)), names, strict=True):
        least, most, first = LIMITS[name]
        first = values[-1] // 2 if name == "s" else first
        with column:
            values.append(int(number(st.number_input, t(f"grid_{name}"), least, most, name, first, step=1)))
    kept = f"grid_{room}"
    try:
        st.session_state[kept] = make(*values)
    except LessonError as error:
        st.warning(t(error.key, **error.fields), icon=":material/block:")
        if kept not in st.session_state:
            st.session_state[kept] = make(*(LIMITS[name][2] for name in names))
    return st.session_state[kept]


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

    return names[choice(st.selectbox, t("block"), list(names), "at", start, format_func=title, width=360)]


def show(
    room: str,
    small: Lesson,
    photo: Lesson | None = None,
    block: BlockTrace | None = None,
    extra: str | None = None,
    arrays: Callable[[], dict[str, np.ndarray]] = dict,
) -> None:
    """The player with its boards, and the extra view below; the settled step goes into the address."""
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
    _save_buttons(room, small, message)


def _step(room: str, count: int) -> int:
    """The step that the browser starts from: the address's at first, then the one that settled last."""
    settled = st.session_state.get(f"lesson_{room}")
    found = settled.step if settled is not None else None
    if found is None:
        text = st.query_params.get("step", "")
        found = int(text) - 1 if text.isdecimal() and len(text) < 4 else 0
    return found if isinstance(found, int) and 0 <= found < count else 0


@st.fragment
def _mount(room: str, message: bytes, count: int) -> None:
    component(message, key=f"lesson_{room}")
    step = _step(room, count)
    write(("step",), {"step": str(step + 1)} if step else {})


def _save_buttons(room: str, small: Lesson, message: bytes) -> None:
    """The whole sequence, made when asked for: a GIF of the small grid, and the lesson as one offline file."""
    t, words, language = session.text("steps"), session.text(room), session.language()
    written = words if can_write(language) else Words("en", room)
    captions = [written(f"step_{step.key}").replace("`", "") for step in small.steps]
    poses = [Pose(step.at, step.values, step.groups, text) for step, text in zip(small.steps, captions, strict=True)]
    row = st.container(horizontal=True)
    if len(small.sources) <= MAX_DRAWN:
        row.download_button(
            t("save_gif"),
            lambda: gif(poses, small.sources[:, 0] < 0, written("nav")),
            file_name=f"swin_viz-{room}.gif",
            mime="image/gif",
            on_click="ignore",
        )
    row.download_button(
        t("save_html"),
        lambda: offline_page(message, LESSON_ENTRY, LESSON_STYLES, words("title"), language),
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
    sizes = (int(st.session_state[name]) for name in "hwm")
    return shift_mask(regions_of(*sizes, _small_shift(), numbering), int(st.session_state["m"])).numpy()


def _small_shift() -> int:
    return min(int(st.session_state["s"]), int(st.session_state["m"]) - 1)


def mask_faults(block: BlockTrace, step: int) -> str:
    """What a mask made from the unpadded size gets wrong: in the small grid and in the block, in words."""
    t, sizes = session.text("mask"), (int(st.session_state[name]) for name in "hwm")
    found = [faults(*sizes, _small_shift()), faults(*block.size, block.window, step)]
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
