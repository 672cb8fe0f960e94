"""What all figures share: colours that everyone can tell apart on light and dark, the layout, and words for the eye.

Every colour has a contrast of at least 3:1 against Streamlit's white and its dark background alike, so a figure need
not know the theme. Colours are from Okabe and Ito's palette (orange, sky and purple darkened); no meaning rests on
colour alone: lines differ in dashes and markers, bars in patterns.
"""

import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

BLUE, VERMILION, GREEN, PURPLE, AMBER, GREY, SKY = (
    "#0072B2",
    "#D55E00",
    "#009070",
    "#B8629A",
    "#B07D00",
    "#7A7A7A",
    "#3A8FC4",
)
SERIES = (BLUE, VERMILION, GREEN, PURPLE, AMBER, SKY, GREY)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")
MARKERS = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross")
PATTERNS = ("", "/", "x", ".", "\\", "-", "+")
Say = Callable[..., str]  # the words of a room: say("key", field=…)
Rows = list[dict[str, int | float | str]]


@dataclass(frozen=True)
class Chart:
    """A figure with what belongs to it: a sentence for those who do not see it, the numbers, a name for the file."""

    name: str
    figure: go.Figure
    alt: str
    rows: Rows

    def to_csv(self) -> str:
        """The numbers as they are drawn, one line each."""
        out = io.StringIO()
        names = list(dict.fromkeys(key for row in self.rows for key in row))
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()


def line(
    figure: go.Figure, name: str, x: list, y: list, style: int, dash: str | None = None, markers: bool = False
) -> None:
    """Add a curve in the style of that number: its colour, its dash, its marker."""
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="lines+markers" if markers else "lines",
        line={"color": SERIES[style], "dash": dash or DASHES[style], "width": 2.5},
        marker={"symbol": MARKERS[style], "size": 8},
        hovertemplate="%{y:.4s}",
    )


def bars(figure: go.Figure, name: str, x: list, y: list, style: int) -> None:
    """Add one part of stacked bars in the style of that number: its colour and its pattern."""
    colour = SERIES[style]
    pattern = {"shape": PATTERNS[style], "bgcolor": colour, "fgcolor": "#fff", "fgopacity": 0.55}
    figure.add_bar(x=x, y=y, name=name, marker={"color": colour, "pattern": pattern}, hovertemplate="%{y:.4s}")


def finish(figure: go.Figure, x: str, y: str, log_x: bool = False, log_y: bool = False, height: int = 400) -> go.Figure:
    """Axes with their names, the legend above, hover over all curves at once; fits from 390 px to a projector."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 40, "t": 8, "b": 8},  # the camera stands in the right margin
        modebar={"orientation": "v"},
        legend={
            "orientation": "h",
            "yanchor": "bottom",
            "y": 1.02,
            "x": 0,
            "traceorder": "normal",
            "font": {"size": 13},
        },
        hovermode="x unified",
        barmode="stack",
        dragmode=False,
        font={"size": 14},
    )
    figure.update_xaxes(title=x, type="log" if log_x else None, automargin=True)
    figure.update_yaxes(title=y, type="log" if log_y else None, automargin=True, exponentformat="SI")
    figure.update_xaxes(tickfont={"size": 13}, title_font={"size": 14}, dtick=_decades(figure, "x") if log_x else None)
    figure.update_yaxes(tickfont={"size": 13}, title_font={"size": 14}, dtick=_decades(figure, "y") if log_y else None)
    return figure


def _decades(figure: go.Figure, axis: str) -> int | str:
    """Ticks at whole decades alone where an axis spans enough of them, else at 1, 2 and 5."""
    values = [value for trace in figure.data for value in trace[axis] if value]
    return 1 if values and max(values) / min(values) > 500 else "D2"


def mark(figure: go.Figure, x: float, text: str, log_x: bool = False, y: float = 1.0, left: bool = False) -> None:
    """A vertical line with a word at its right (or left), y between 0 (bottom) and 1 (top)."""
    figure.add_vline(x=x, line={"color": GREY, "dash": "dot", "width": 1.5})
    figure.add_annotation(
        x=math.log10(x) if log_x else x,
        y=y,
        yref="paper",
        text=text,
        showarrow=False,
        xanchor="right" if left else "left",
        xshift=-3 if left else 3,
        font={"size": 12},
    )
