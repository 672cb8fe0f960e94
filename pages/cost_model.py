"""The cost of whole models: component by component, block by block, against a ViT, and counted from real operators."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice, flag
from swin_viz.app.stage import head
from swin_viz.app.widgets import chart
from swin_viz.cost.counted import compare
from swin_viz.cost.whole import Chosen, counted_table, gaps, steps_csv, totals, verdict
from swin_viz.figures.cost_model import blocks_chart, maps_chart, partners_chart, parts_chart
from swin_viz.network.variants import VARIANTS

SIZES = ("224x224", "256x256", "384x384", "512x512", "768x1024", "1024x1024", "1080x1920", "2160x3840")
t, say = session.text("cost_model"), session.text("cost_charts")


def choose() -> Chosen:
    """The model and the size of the picture, in the address."""
    width, height = session.picture().image.size
    left, right = st.columns(2)
    names = {"own": session.model_title()} | {name: say(f"model_{name}") for name in VARIANTS}
    with left:
        name = choice(st.selectbox, t("model"), list(names), "of", format_func=names.get)
    sizes = {"picture": (height, width)} | {text: tuple(map(int, text.split("x"))) for text in SIZES}

    def title(key: str) -> str:
        kind = "picture" if key == "picture" else "other"
        return t(f"size_{kind}", height=sizes[key][0], width=sizes[key][1])

    with right:
        chosen = choice(st.selectbox, t("size"), list(sizes), "px", format_func=title)
    config = session.model().config if name == "own" else VARIANTS[name]
    return Chosen(name, names[name], config, *sizes[chosen])


head(t)
chosen = choose()
left, right, _ = st.columns([2, 2, 3])
with left:
    unit = chart.choose_unit()
with right:
    chart.choose_format()
unit_name = session.text("cost")(f"unit_{unit}")
helps = {"maps": t("maps_help"), "per_token": t("per_token_help")}
with st.container(horizontal=True):
    for key, value in totals(chosen, unit, unit_name, t).items():
        st.metric(t(key), value, help=helps.get(key), border=True, width="content")

shown = chart.choose_chart("costs", {name: t(f"tab_{name}") for name in ("parts", "blocks", "partners", "maps")})
pixels = max(chosen.sides)
if shown == "parts":
    everywhere = flag(st.toggle, t("global"), "global")
    chart.show(parts_chart(say, unit, chosen.config, *chosen.sides, chosen.title, everywhere))
elif shown == "blocks":
    chart.show(blocks_chart(say, unit, chosen.config, *chosen.sides, chosen.title))
elif shown == "partners":
    st.markdown(t("partners_note"))
    chart.show(partners_chart(say, unit, chosen.name, chosen.others, pixels, chosen.config, chosen.title))
else:
    chart.show(maps_chart(say, chosen.config, pixels, chosen.title))

st.header(t("counted_title"))
st.markdown(t("counted_lead"))
if flag(st.toggle, t("counted"), "counted"):
    rows = compare(chosen.config, *chosen.sides)
    st.success(verdict(rows, unit, unit_name, t), icon=":material/balance:")
    chart.table(counted_table(rows, unit, t), t("counted_title"), t("why"))
    chart.save(t("steps"), lambda: steps_csv(rows), "swin_viz-counted.csv", "steps")
with st.expander(t("gap_title"), icon=":material/help:"):
    st.markdown(gaps(chosen, t))
