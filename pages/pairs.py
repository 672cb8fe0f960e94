"""Self-attention, pair by pair: how one query's shares come about, number by number."""

from dataclasses import replace

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import said, write
from swin_viz.app.components import PAIRS, mount
from swin_viz.app.stage import head
from swin_viz.app.view import keep, settled_here, view
from swin_viz.app.widgets.lesson import beside, course_words, next_link, next_screen
from swin_viz.browser import tables
from swin_viz.browser.attention.shown import place_name, seat
from swin_viz.browser.message import Message
from swin_viz.browser.pairs.message import pair_message, values_of
from swin_viz.browser.pairs.view import PairView, from_query, masked_first, settled_pair, start, to_query
from swin_viz.cost.terms import msa
from swin_viz.engine import shared
from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.fact import Note
from swin_viz.network.ablation import Ablation
from swin_viz.network.model import WindowAttention
from swin_viz.text.numbers import short

t = session.text("pairs")
# In the session: the pair view, the Attention screen's view that it followed, and what the browser starts from.
PAIR, OF, FIRST = "pair", "pair_of", "first_pair"


def pair() -> PairView:
    """The current pair view; at first that of the address. It follows what is chosen on the Attention screen.

    Where nobody has chosen a query, it is one whose window has a mask, so that no step is empty.
    """
    chosen, found, trace = view(), st.session_state.get(PAIR), session.trace()
    if found is None or st.session_state[OF] != chosen:
        untouched = not chosen.pinned and chosen.at == session.subject()
        first = masked_first(chosen, trace) if untouched else chosen
        kept = found and {name: getattr(found, name) for name in ("step", "factor", "dims")}
        found = replace(start(first), **kept) if kept else from_query(said(), trace, first)
    st.session_state[PAIR], st.session_state[OF] = found, chosen
    return found


def take() -> None:
    """Make what settled in the browser the current view, here and on the Attention screen."""
    settled = settled_here(PAIRS)
    if settled is not None:
        found = settled_pair(settled, session.trace(), pair())
        chosen = replace(found.view, other=view().other)
        st.session_state[PAIR], st.session_state[OF] = found, chosen
        keep(chosen)


def message() -> Message:
    """The component's message for the current block."""
    trace, current = session.trace(), pair()
    block, (window, _) = trace.blocks[current.view.block], seat(trace, current.view)
    header = {
        "words": t.all() | course_words(),
        "language": session.language(),
        "caption": session.caption(),
        "state": st.session_state[FIRST].plain(),
        "model": session.model().key,
        "next": next_screen("pairs"),
        "block": current.view.block,
        "beside": beside(settled_here(PAIRS)),
    }
    layer = session.model().model.get_submodule(f"{block.name}.attn")
    assert isinstance(layer, WindowAttention)
    values = session.observe(*values_of(block.name))
    return pair_message(trace, session.run(), block, window, values, header, layer, notes(block))


def notes(block: BlockTrace) -> list[Note]:
    """What the tour leaves out of MSA's cost, and why its code multiplies q."""
    say, (height, width) = session.text("course"), block.size
    missing, total = height * width * block.channels**2, msa(height, width, block.channels)
    facts = {"tokens": height * width, "channels": block.channels, "missing": short(missing), "total": short(total)}
    return [
        Note(("out",), say("msa_claim"), say("msa_why", **facts), wrong=True),
        Note(("scaled",), say("scaled_title"), say("scaled_why")),
    ]


def save_buttons() -> None:
    """The numbers of the view, made when asked for: in a thread that has no session, so what they need is bound."""
    found, trace, loaded, picture = start(pair().view).view, session.trace(), session.model(), session.picture()
    block, row, factor = trace.blocks[found.block].name, st.container(horizontal=True), pair().factor
    caption = f"{session.caption()} · {place_name(trace, found, t)}"
    if factor:
        d = trace.blocks[found.block].channels // trace.blocks[found.block].heads
        caption += f" · {t('scale_altered', scale=f'{tables.factor_on_scores(d, factor):.3f}')}"
    name = f"swin_viz-pairs-{block}-head{found.head + 1}"

    def stages() -> dict:
        return tables.pair_stages(trace, found, shared.observe(loaded, picture, values_of(block), Ablation()), factor)

    row.download_button(
        t("save_csv"),
        lambda: tables.pairs_csv(stages(), caption),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    row.download_button(
        t("save_npz"), lambda: tables.pairs_npz(stages(), caption), file_name=f"{name}.npz", on_click="ignore"
    )


@st.fragment
def explain() -> None:
    """The component; what settles in the browser goes into the address."""
    session.place_notices()
    take()
    mount(PAIRS, message())
    course = {"course": "1" if beside(settled_here(PAIRS)) else None}
    write(to_query(pair(), session.trace(), session.subject()) | course)
    save_buttons()


head(t)
take()
st.session_state[FIRST] = pair()
explain()
next_link("pairs")
with st.expander(t("help_title"), icon=":material/help:"):
    st.markdown(t("help"))
