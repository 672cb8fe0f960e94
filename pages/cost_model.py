"""The cost of whole models: component by component, block by block, against a ViT, and counted from real operators."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice, flag
from swin_viz.app.stage import head
from swin_viz.app.widgets import chart
from swin_viz.cost.counted import compare
from swin_viz.cost.whole import PICTURES, Chosen, answer, counted_table, gaps, steps_csv, totals, verdict
from swin_viz.figures.cost_model import blocks_chart, maps_chart, partners_chart, parts_chart
from swin_viz.figures.theme import Chart
from swin_viz.network.variants import VARIANTS

t, say = session.text("cost_model"), session.text("cost_charts")


def choose() -> tuple[Chosen, str]:
    """The model, the size of the picture and the unit, in the address."""
    width, height = session.picture().image.size
    first, second, third = st.columns([3, 3, 2])
    names = {"own": session.model_title()} | {name: say(f"model_{name}") for name in VARIANTS}
    with first:
        name = choice(st.selectbox, t("model"), list(names), "of", format_func=names.get)
    sizes = {"picture": (height, width)} | PICTURES

    def title(key: str) -> str:
        kind = "picture" if key == "picture" else "other"
        return t(f"size_{kind}", height=sizes[key][0], width=sizes[key][1])

    with second:
        chosen = choice(st.selectbox, t("size"), list(sizes), "px", format_func=title)
    with third:
        unit = chart.choose_unit()
    config = session.model().config if name == "own" else VARIANTS[name]
    return Chosen(name, names[name], config, *sizes[chosen]), unit


def drawn(chosen: Chosen, unit: str) -> Chart:
    """The chart that is chosen."""
    shown = chart.choose("costs", {name: t(f"tab_{name}") for name in ("parts", "blocks", "partners", "maps")})
    pixels = max(chosen.sides)
    if shown == "parts":
        everywhere = flag(st.toggle, t("global"), "global")
        return parts_chart(say, unit, chosen.config, *chosen.sides, chosen.title, everywhere)
    if shown == "blocks":
        return blocks_chart(say, unit, chosen.config, *chosen.sides, chosen.title)
    if shown == "partners":
        return partners_chart(say, unit, chosen.name, chosen.others, pixels, chosen.config, chosen.title)
    return maps_chart(say, chosen.config, pixels, chosen.title)


head(t)
chosen, unit = choose()
unit_name = session.text("cost")(f"unit_{unit}")
st.markdown(f"**{answer(chosen, unit, unit_name, t)}** {totals(chosen, t)}")
shown = drawn(chosen, unit)
chart.show(shown, chosen.slug)
if shown.name == "models_over_resolution":
    st.markdown(t("partners_note"))

st.header(t("counted_title"))
st.markdown(t("counted_lead"))
if flag(st.toggle, t("counted"), "counted"):
    rows = compare(chosen.config, *chosen.sides)
    st.success(verdict(rows, unit, unit_name, t), icon=":material/balance:")
    chart.table(counted_table(rows, unit, t), t("counted_title"), t("why"))
    about = answer(chosen, "macs", session.text("cost")("unit_macs"), t)
    name = f"swin_viz-counted-{chosen.slug}.csv"
    chart.save(t("steps", steps=len(rows)), lambda: steps_csv(rows, about), name, "steps")
with st.expander(t("gap_title"), icon=":material/help:"):
    st.markdown(gaps(chosen, t))
