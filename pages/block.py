"""The block: norms, branches and the residual stream, the MLP, what is dropped; step by step and on the real run."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import number
from swin_viz.app.stage import head
from swin_viz.app.widgets import experiment, lesson
from swin_viz.app.widgets.small_grid import controls
from swin_viz.browser.lesson.parts.block.message import block_parts, told
from swin_viz.cost.formula import items
from swin_viz.engine import shared
from swin_viz.lessons import block as lessons
from swin_viz.lessons.source import source_lines
from swin_viz.network.model import DropPath
from swin_viz.network.variants import BUILTIN, VARIANTS

DRAWN = ("swin_t", "swin_s", "swin_b")  # whose rates of DropPath the paper names
t = session.text("block")
head(t)
with controls():
    block = lesson.choose_block()
    side = int(number(st.number_input, t("window"), lessons.LEAST, lessons.MOST, "side", 3, step=1, width=130))
trace, loaded, run = session.trace(), session.model(), session.run()
module, config = lesson.block_module(block), trace.config
values = lessons.values_of(block, session.observe)


def more() -> dict:
    """What the own view is told: where to look first, rates of DropPath, what the MLP costs."""
    table = items(config, *trace.image.shape[:2])
    macs = {each.component: each.macs for each in table if (each.stage, each.block) == (block.stage, block.block)}
    rates = {name: lessons.drop_rates(VARIANTS[name].drop_path, VARIANTS[name].depths) for name in DRAWN}
    rates["builtin"] = lessons.drop_rates(BUILTIN.drop_path, BUILTIN.depths)
    facts = {
        "code": source_lines(DropPath.forward),
        "eps": module.norm1.eps,
        "subject": session.subject(),
        "rates": rates,
        "ratio": config.mlp_ratio,
    }
    return told(block, values, **facts, macs=macs["mlp"], all_macs=sum(macs.values()))


parts = block_parts(trace, run, block, values, shared.Later(loaded, session.picture()))
lesson.show(
    "block",
    lessons.block_lesson(side, config.mlp_ratio),
    lessons.photo_lesson(lessons.shapes_of(trace, block), config.mlp_ratio),
    block,
    arrays=lambda: shared.VALUES.get((run.key, block.name, "block"), lambda: lessons.block_arrays(values, module)),
    later=parts,
    more=more(),
)


@st.fragment
def broken() -> None:
    """The trained model without branches of its last stage: real runs, when asked for."""
    session.place_notices("block")
    place, wanted = {"stage": config.stages, "last": config.depths[-1]}, lessons.experiments(trace)
    named = {t(f"without_{key}", **place): each for key, each in wanted.items()}
    experiment.offer("break_block", t("break", runs=len(wanted)), session.caption(), named)


st.header(t("broken_title"))
st.markdown(t("broken_lead"))
broken()
