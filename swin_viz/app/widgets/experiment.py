"""What becomes of the answer when something is taken out of the model: a row of a table for each real run."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from swin_viz.app import session
from swin_viz.app.view import view
from swin_viz.app.widgets.lesson import table
from swin_viz.network.ablation import Ablation
from swin_viz.scenes.shapes import SHAPES
from swin_viz.text.numbers import percent

Row = dict[str, str]
OFF = "heads_off_rows"  # in the session: of which run and language, and what came of it


@st.fragment
def heads_off() -> None:
    """The answer without each head of the block in view: real runs, when asked for."""
    t = session.text("attention")
    session.place_notices("heads_off")
    st.markdown(t("off_text"))
    block = session.trace().blocks[view().block]
    place = {"stage": block.stage + 1, "block": block.block + 1, "heads": block.heads}
    if st.button(t("off_run", **place), key="heads_off"):
        names = {t("off_none"): Ablation()}
        names |= {t("off_head", head=h + 1): Ablation(silenced=(h,), blocks=(block.name,)) for h in range(block.heads)}
        names[t("off_all")] = Ablation(silenced=tuple(range(block.heads)), blocks=(block.name,))
        st.session_state[OFF] = (session.run_key(), session.language(), t("off_of", **place), runs(names))
    *of, title, rows = st.session_state.get(OFF, (None, None, "", []))
    if of == [session.run_key(), session.language()]:
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
    t, trace, loaded = session.text("block"), session.trace(), session.model()
    logits = session.observe("logits", ablation=ablation)["logits"]
    off, (index, share) = abs(logits - trace.logits).max(), _best(logits)
    cells = {t("what"): name}
    if trace.config.classes and (session.picture().scene or loaded.classes != SHAPES):  # a photograph is no shape
        same = index == _best(trace.logits)[0]
        cells |= {t("answer"): session.class_name(index), t("share"): percent(share), t("changed"): t(f"same_{same}")}
    return cells | {t("moved"): "0" if off == 0 else f"{off / (trace.logits.std() or 1):.2f}"}


def _best(logits: np.ndarray) -> tuple[int, float]:
    """The class of the largest logit, and its share after softmax."""
    shares = np.exp(logits - logits.max())
    return int(logits.argmax()), float(shares.max() / shares.sum())
