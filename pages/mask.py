"""The mask: from region ids to 0 and −100, and why a pair is blocked."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import accepted, controls, small_grid
from swin_viz.engine import shared
from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.fact import Fact, Note
from swin_viz.lessons.mask import (
    border_windows,
    fewest_allowed,
    leak_texts,
    leaks,
    mask_arrays,
    mask_lesson,
    masked_otherwise,
    swapped_differs,
)
from swin_viz.lessons.regions import NUMBERINGS, faults, window_masks
from swin_viz.text.numbers import percent, tiny

t = session.text("mask")
head(t)
with controls():
    block = lesson.choose_block(shifted=True)
    boxes = st.container(width="content")
    numbering = choice(
        st.selectbox,
        t("numbering"),
        list(NUMBERINGS),
        "numbering",
        format_func=lambda key: t(f"numbering_{key}"),
        help=t("numbering_help"),
        width=340,
    )
    windows = {"last": -1} | {str(window): int(window) for window in border_windows(block)[:-1]}
    which = windows[
        choice(
            st.selectbox,
            t("compared"),
            list(windows),
            "window",
            format_func=lambda name: t("compared_last" if name == "last" else "compared_one", window=name),
            help=t("compared_help"),
            width=340,
        )
    ]
with boxes:
    small = small_grid("mask", "hwms", lambda *sizes: mask_lesson(*sizes, numbering))
step = max(block.shift) or block.window // 2
photo = mask_lesson(*block.size, block.window, step, numbering, which)
sizes = accepted("mask", "hwms")


def found_faults() -> str:
    """What a mask made from the unpadded size gets wrong: in the small grid and in the block."""
    found = {"faults_small": faults(*sizes), "faults_block": faults(*block.size, block.window, step)}
    return " ".join(
        t("faults" if any(each) else "faults_none", where=t(name), blocked=f"{each[0]:,}", open=f"{each[1]:,}")
        for name, each in found.items()
    )


run = (session.run_key(), block.name, "leaks")
found, otherwise = shared.NUMBERS.get(run, lambda: [f(block, session.observe) for f in (leaks, masked_otherwise)])
say = session.text("course")


def notes() -> list[Note]:
    """What is asked about masks, answered by this block's numbers."""
    differ, entries = swapped_differs(block)
    tokens, windows = block.window**2, len(block.places)
    shape = {"windows": windows, "tokens": tokens, "entries": f"{entries:,}", "heads": block.heads}
    notes = [
        Note(("compare",), say("swap_title"), say("swap", differ=differ, all=f"{entries:,}")),
        Note(("fill",), say("heads_title"), say("heads", **shape)),
        *by_stage(),
    ]
    return notes + (by_scores() if len(border_windows(block)) else [])


def by_stage() -> list[Note]:
    """Of the masks of the stage's blocks: those that shift, and those that do not."""
    mine = [each for each in session.trace().blocks if each.stage == block.stage]
    shifted, plain = ([each for each in mine if any(each.shift) == moves] for moves in (True, False))
    kinds = {(each.mask_kinds.tobytes(), each.mask_of.tobytes()) for each in shifted}
    made = say("made", blocks=", ".join(name(each) for each in shifted) or "0", kinds=len(kinds))
    blocked = (plain[0].mask_kinds[plain[0].mask_of] != 0) if plain else None
    facts = {} if blocked is None else {"blocked": int(blocked.sum()), "all": f"{blocked.size:,}"}
    return [
        *([Note(("regions",), say("plain_title"), say("plain", block=name(plain[0]), **facts))] if plain else []),
        *([Note(("regions",), say("made_title"), made)] if shifted else []),
    ]


def name(of: BlockTrace) -> str:
    """A block as its stage and number."""
    return f"{of.stage + 1}.{of.block + 1}"


def by_scores() -> list[Note]:
    """−∞ for −100, and a product for the sum, on real scores."""
    apart = tiny(otherwise["infinite"])
    crossing = {way: leak_texts(found)[way] for way in ("off", "-100")}
    add = {"multiplied": percent(otherwise["multiplied"]), "off": crossing["off"], "added": crossing["-100"]}
    return [
        Note(("fill",), say("infinite_claim"), say("infinite_why"), wrong=True),
        Note(("fill",), say("why_minus_title"), say("why_minus", difference=apart, fewest=fewest_allowed(block))),
        Note(("fill",), say("add_title"), say("add", left=percent(1 - found["off"]), **add)),
    ]


def leak() -> Fact:
    """How much attention crosses regions, by mask value."""
    rows = [{t("value"): t(f"way_{way}"), t("leaks"): share} for way, share in leak_texts(found).items()]
    return Fact(t("leak_title"), t("leak_text"), rows)


def real() -> dict:
    """The small grid's masks, and the border windows' scores."""
    return {"small.masks": window_masks(*sizes, numbering)} | mask_arrays(block, session.observe)


lesson.show("mask", small, photo, block, arrays=real, facts=lambda: [leak()], notes=notes)
if numbering == "unpadded":
    st.markdown(found_faults())
