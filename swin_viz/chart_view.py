"""How a page shows a chart: the figure with its alternative text, the same sentence below, its picture and numbers."""

from collections.abc import Callable
from html import escape

import streamlit as st

from swin_viz import session
from swin_viz.address import choice
from swin_viz.figures.theme import Chart

FORMATS = ("png", "svg")
_TABLE = """
.numbers { overflow-x: auto; margin-bottom: 1rem; }
.numbers table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.numbers th, .numbers td { padding: .3rem .6rem; border-bottom: 1px solid rgba(128, 128, 128, .4); text-align: right; }
.numbers th { font-weight: 600; }
.numbers tbody th { font-weight: 400; }
.numbers th:first-child { text-align: left; min-width: 7.5rem; }
"""


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


def table(rows: list[dict[str, str]], label: str) -> None:
    """A table of texts, numbers to the right; where it is wider than the screen it scrolls, by keyboard too."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in rows[0])
    lines = []
    for row in rows:
        first, *others = map(escape, row.values())
        cells = "".join(f"<td>{text}</td>" for text in others)
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    st.html(
        f"<style>{_TABLE}</style>"
        f'<div class="numbers" tabindex="0" role="region" aria-label="{escape(label)}" lang="{session.language()}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def save(label: str, make: Callable[[], str], name: str, key: str) -> None:
    """A button that makes a CSV file when it is pressed."""
    st.download_button(label, make, name, "text/csv", key=key, on_click="ignore", icon=":material/download:")
