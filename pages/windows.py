"""Windows: a map is cut, laid out, and put together again."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import flag
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import controls, small_grid
from swin_viz.lessons.fact import Fact, Note
from swin_viz.lessons.windows import (
    SIDES,
    padding_attention,
    padding_shares,
    pair_counts,
    patch_padding,
    windows_lesson,
)
from swin_viz.text.numbers import percent, times

t = session.text("windows")
head(t)
with controls():
    block = lesson.choose_block()
    boxes = st.container(width="content")
    scramble = flag(st.toggle, t("scramble"), "scramble", help=t("scramble_help"))
with boxes:
    small = small_grid("windows", "hwm", lambda *sizes: windows_lesson(*sizes, scramble))
photo = windows_lesson(*block.size, block.window, scramble)


def why() -> Fact:
    """What windows save, in pairs of tokens."""
    found = pair_counts(block.size, block.window)
    counts = {"tokens": f"{found.tokens:,}", "windows": found.windows, "inside": block.window**2}
    pairs = {"pairs": f"{found.everywhere:,}", "windowed": f"{found.inside:,}"}
    ratio = found.everywhere / found.inside
    return Fact(t("why_title"), t(found.says, **counts, **pairs, times=times(max(ratio, 1 / ratio))))


def padding() -> Fact:
    """How much of the windows of every stage is padding."""
    shares = padding_shares(session.trace().blocks[0].size, block.window, session.trace().config.stages)
    names = [t(key) for key in ("stage", "map", "padded", "share")]
    rows = [
        (f"{i + 1}", "{}×{}".format(*size), "{}×{}".format(*padded), percent(share, 0))
        for i, (size, padded, share) in enumerate(shares)
    ]
    gets = padding_attention(block)
    said = t("padding_gets", share=percent(gets[0]), most=percent(gets[1])) if gets else t("padding_none")
    return Fact(t("padding_title"), f"{t('padding')} {said}", [dict(zip(names, row, strict=True)) for row in rows])


def notes() -> list[Note]:
    """How the tour pads a picture."""
    right, wrong, patch = patch_padding()
    sizes = {name: "{}×{}".format(*size) for name, size in {"size": SIDES, "right": right, "wrong": wrong}.items()}
    say = session.text("course")
    return [Note(("pad",), say("patch_claim"), say("patch_why", patch=patch, **sizes), wrong=True)]


lesson.show("windows", small, photo, block, facts=lambda: [why(), padding()], notes=notes)
