"""Patch merging and hierarchy: four tokens become one, and what the four stages make of the picture."""

from typing import Any

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import number
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson, over
from swin_viz.app.widgets.small_grid import controls, small_grid
from swin_viz.cost.vit import VITS
from swin_viz.engine import shared
from swin_viz.engine.trace import BlockTrace
from swin_viz.figures.pixels import figure
from swin_viz.lessons.fact import Fact, Note
from swin_viz.lessons.merging import (
    feature_maps,
    merging_arrays,
    merging_lesson,
    normed_over_the_map,
    real_convolution,
    with_grid,
)

t = session.text("merging")
head(t)
with controls():
    block = lesson.choose_block()
    small = small_grid("merging", "hw", merging_lesson)


def why_not() -> str:
    """Why there is no merging to be seen, and what helps."""
    earlier = any(each.stage < last for each in lesson.offered_blocks())
    return t("one_stage" if last == 0 else "last_stage" if earlier else "earlier_too_large")


def notes(stats: Any) -> list[Note]:
    """What the tour has wrong about this stage's merging; stats: of the real features."""
    say, channels = session.text("course"), block.channels
    half = {"channels": channels, "doubled": 2 * channels, "four": 4 * channels}
    least, most = (f"{value:.2f}" for value in normed_over_the_map(stats))
    return [
        Note(("linear",), say("half_claim"), say("half_why", **half), wrong=True),
        Note(("norm",), say("norm_claim"), say("norm_why", least=least, most=most), wrong=True),
    ]


trace, model = session.trace(), session.model().model
last = trace.config.stages - 1
merges = block.stage < last
real = (block.stage, model, session.observe)


def convolution() -> Fact:
    """How far the merging after this block's stage is from a strided convolution."""
    bare, normed = real_convolution(*real)
    text = t("convolution", bare=f"{bare:.1e}", normed=f"{normed:.2f}", channels=block.channels)
    return Fact(t("convolution_title"), text)


if merges:
    key = (session.run_key(), block.stage, "merged")
    arrays = lambda: shared.VALUES.get(key, lambda: merging_arrays(*real))  # noqa: E731
    photo = merging_lesson(*block.size)
    asked = lambda: notes(arrays()["merge.stats"])  # noqa: E731
    lesson.show("merging", small, photo, block, arrays=arrays, facts=lambda: [convolution()], notes=asked)
else:
    over.say(why_not())
    lesson.show("merging", small, facts=lambda: [Fact(t("convolution_title"), why_not())])


def caption(last: BlockTrace, channel: int) -> str:
    """What is shown of a stage, and how large its tokens and windows are."""
    shown = "shown_lacks" if channel > last.channels else "shown_channel" if channel else "shown_components"
    facts = {"stage": last.stage + 1, "rows": last.size[0], "columns": last.size[1], "channels": last.channels}
    facts |= {"pixels": last.pixels, "window": last.window * last.pixels, "shown": t(shown, channel=channel)}
    return t("caption", **facts)


def vit_caption() -> str:
    """A Vision Transformer's only grid on the picture, with the shapes of DeiT-S."""
    rows, columns = (-(-side // vit.patch) for side in trace.image.shape[:2])
    facts = {"channels": vit.embed_dim, "patch": vit.patch, "depth": vit.depth}
    return t("vit_caption", rows=rows, columns=columns, **facts)


st.header(t("features_title"))
st.markdown(t("features"))
channel = int(number(st.number_input, t("channel"), 0, 4096, "channel", 0, step=1, help=t("channel_help")))
vit = VITS["deit_s"]
pictures = [(caption(last, channel), pixels) for last, pixels in feature_maps(trace, session.observe, channel)]
pictures.append((vit_caption(), with_grid(trace.image, vit.patch)))
for column, (text, pixels) in zip(st.columns(len(pictures)), pictures, strict=True):
    with column:
        st.html(figure(pixels, text))
