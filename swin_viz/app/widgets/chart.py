"""How a page shows a chart: the figure with its alternative text, the same sentence below, its picture and numbers."""

from collections.abc import Callable
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swin_viz.app import session
from swin_viz.app.address import choice
from swin_viz.figures.theme import Chart, coloured

FORMATS = ("png", "svg")
SAVED = {"width": 1000, "height": 560, "scale": 2}  # a saved picture is no narrower for being saved from a phone
_TABLE = """
.numbers { overflow-x: auto; margin-bottom: 1rem; }
.numbers table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.numbers th, .numbers td { padding: .3rem .6rem; border-bottom: 1px solid rgba(128, 128, 128, .4); text-align: right; }
.numbers th { font-weight: 600; }
.numbers tbody th { font-weight: 400; }
.numbers .text { text-align: left; min-width: 12rem; }
.numbers th:nth-child(2) { min-width: 6.5rem; }
.numbers th:first-child { text-align: left; min-width: 7.5rem; }
"""


def choose_unit() -> str:
    """The MACs ↔ FLOPs switch, in the address: "macs" or "flops"."""
    t = session.text("cost")
    names = {unit: t(f"unit_{unit}") for unit in ("macs", "flops")}
    return choice(
        st.segmented_control, t("unit"), list(names), "unit", format_func=names.get, help=t("unit_help"), required=True
    )


def choose(key: str, names: dict[str, str]) -> str:
    """Which of a page's charts is shown, `names` by key, the first one at first, and beside it the saved format.

    Both in the address. The camera in a chart's corner saves in the browser, without the server.
    """
    t, label = session.text("cost_charts"), {"label_visibility": "collapsed", "required": True}
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        shown = choice(st.segmented_control, t("chart"), list(names), key, None, format_func=names.get, **label)
        kinds = {kind: t("save_picture", kind=kind.upper()) for kind in FORMATS}
        choice(st.segmented_control, t("format"), FORMATS, "format", format_func=kinds.get, **label)
    return shown


def show(chart: Chart, of: str = "", grey: bool = False, beside: DeltaGenerator | None = None) -> None:
    """One chart, its sentence (`beside` it, else above) and its numbers; `of` what, in the names of the files.

    It is grey if it is not of this machine.
    """
    t, chosen = session.text("cost_charts"), st.session_state.get("format", FORMATS[0])
    name = "-".join(filter(None, ("swin_viz", chart.name, of)))
    config = {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": chosen, "filename": name, **SAVED},
    }
    (beside or st).markdown(chart.alt)
    figure = coloured(chart, st.context.theme.type == "dark", grey)
    with st.container(key="chart"):
        st.plotly_chart(figure, height="stretch", key=chart.name, config=config, alt=chart.alt)
    save(t("save_csv", rows=len(chart.rows)), chart.to_csv, f"{name}.csv", f"csv-{chart.name}")


def table(rows: list[dict[str, str]], label: str, text: str = "") -> None:
    """A table, numbers to the right, the column `text` to the left; if it is too wide it scrolls, by keyboard too."""
    kinds = {name: "text" if name == text else "number" for name in rows[0]}
    heads = "".join(f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in kinds.items())
    lines = []
    for row in rows:
        (_, first), *others = ((name, escape(cell)) for name, cell in row.items())
        cells = "".join(f'<td class="{kinds[name]}">{cell}</td>' for name, cell in others)
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    st.html(
        f"<style>{_TABLE}</style>"
        f'<div class="numbers" tabindex="0" role="region" aria-label="{escape(label)}" lang="{session.language()}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def save(label: str, make: Callable[[], str], name: str, key: str) -> None:
    """A button that makes a CSV file when it is pressed."""
    st.download_button(label, make, name, "text/csv", key=key, on_click="ignore", icon=":material/download:")
