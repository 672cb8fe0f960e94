"""What becomes of the answer when something is taken out of the model: a row of a table for each real run."""

from collections.abc import Mapping

import streamlit as st

from swin_viz.app import session
from swin_viz.app.view import view
from swin_viz.app.widgets.lesson import table
from swin_viz.engine.trace import top
from swin_viz.network.ablation import Ablation
from swin_viz.text.numbers import percent

Row = dict[str, str]


@st.fragment
def heads_off() -> None:
    """The answer without each head of the block in view: real runs, when asked for."""
    t = session.text("attention")
    session.place_notices("heads_off")
    st.markdown(t("off_text"))
    block = session.trace().blocks[view().block]
    place = {"stage": block.stage + 1, "block": block.block + 1, "heads": block.heads}
    names = {t("off_none"): Ablation()}
    names |= {t("off_head", head=h + 1): Ablation(silenced=(h,), blocks=(block.name,)) for h in range(block.heads)}
    names[t("off_all")] = Ablation(silenced=tuple(range(block.heads)), blocks=(block.name,))
    offer("heads_off", t("off_run", **place), t("off_of", **place), names)


def offer(name: str, label: str, title: str, wanted: Mapping[str, Ablation]) -> None:
    """A button that makes these runs, and what came of them on this picture, in this model and language."""
    of, kept = (session.run_key(), session.language()), f"{name}_runs"  # in the session
    if st.button(label, key=name):
        st.session_state[kept] = (of, title, runs(wanted))
    found, title, rows = st.session_state.get(kept, (None, "", []))
    if found == of:
        st.markdown(f"**{title}**")
        table(rows)
        st.markdown(session.text("block")("broken_text"))


def runs(wanted: Mapping[str, Ablation]) -> list[Row]:
    """A row for each of these runs, by its name; a bar says how far they are. Words: those of the Block."""
    waiting = session.text("block")("breaking")
    bar, rows = st.progress(0.0, waiting), []
    for i, (name, ablation) in enumerate(wanted.items()):
        rows.append(_answered(name, ablation))
        bar.progress((i + 1) / len(wanted), waiting)
    bar.empty()
    return rows


def _answered(name: str, ablation: Ablation) -> Row:
    """One run: what is answered now, and how far the logits moved."""
    t, trace = session.text("block"), session.trace()
    logits = session.observe("logits", ablation=ablation)["logits"]
    off, cells = abs(logits - trace.logits).max(), {t("what"): name}
    if trace.config.classes and not session.foreign():
        ((index, share),) = top(logits, 1)
        same = index == trace.top(1)[0][0]
        cells |= {t("answer"): session.class_name(index), t("share"): percent(share), t("changed"): t(f"same_{same}")}
    return cells | {t("moved"): "0" if off == 0 else f"{off / (trace.logits.std() or 1):.2f}"}
