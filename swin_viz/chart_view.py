"""How a page shows a chart: the figure with its alternative text, the same sentence below, its picture and numbers."""

from collections.abc import Callable

import streamlit as st

from swin_viz import session
from swin_viz.address import choice
from swin_viz.figures.theme import Chart

FORMATS = ("png", "svg")


def choose_unit() -> str:
    """The MACs ↔ FLOPs switch, in the address: "macs" or "flops"."""
    t = session.text("cost")
    names = {unit: t(f"unit_{unit}") for unit in ("macs", "flops")}
    return choice(
        st.segmented_control, t("unit"), list(names), "unit", format_func=names.get, help=t("unit_help"), required=True
    )


def choose_format() -> None:
    """In which format the camera in a chart's corner saves: it works in the browser, without the server."""
    t = session.text("cost")
    choice(st.segmented_control, t("format"), FORMATS, "format", format_func=str.upper, required=True)


def show(chart: Chart, key: str = "") -> None:
    """One chart; `key` tells charts of the same name on one page apart."""
    t, chosen = session.text("cost_charts"), st.session_state.get("format", FORMATS[0])
    name = f"swin_viz-{chart.name}"
    config = {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": chosen, "filename": name, "scale": 2},
    }
    st.plotly_chart(chart.figure, key=f"{chart.name}{key}", config=config, alt=chart.alt)
    st.markdown(chart.alt)
    save(t("save_csv"), chart.to_csv, f"{name}.csv", f"csv-{chart.name}{key}")


def save(label: str, make: Callable[[], str], name: str, key: str) -> None:
    """A button that makes a CSV file when it is pressed."""
    st.download_button(label, make, name, "text/csv", key=key, on_click="ignore", icon=":material/download:")
