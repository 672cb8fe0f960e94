"""What all figures share: colours that everyone can tell apart on light and dark, the layout, and words for the eye.

Every colour has a contrast of at least 3:1 against Streamlit's white and its dark background alike, so a figure need
not know the theme. Colours are from Okabe and Ito's palette (orange, sky and purple darkened); no meaning rests on
colour alone: lines differ in dashes and markers, bars in patterns.
"""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

from swin_viz.text.numbers import short

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
# A saved picture knows none of the page's web fonts: with the system's, its words are as wide as on the screen.
FONT = 'Arial, Helvetica, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
Say = Callable[..., str]  # the words of a room: say("key", field=…)
Rows = Sequence[Mapping[str, object]]  # column → value


@dataclass(frozen=True)
class Chart:
    """A figure with what belongs to it: a sentence for those who do not see it, the numbers, a name for the file."""

    name: str
    figure: go.Figure
    alt: str
    rows: Rows
    units: Mapping[str, str] = field(default_factory=dict)  # column → its unit, for the head of the CSV

    def to_csv(self) -> str:
        """The numbers as they are drawn, one line each."""
        out = io.StringIO()
        names = list(dict.fromkeys(key for row in self.rows for key in row))
        writer = csv.DictWriter(out, names)
        writer.writerow({name: f"{name}_{self.units[name]}" if name in self.units else name for name in names})
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


def finish(
    figure: go.Figure,
    title: str,
    x: str,
    y: str,
    log_x: bool = False,
    log_y: bool = False,
    height: int = 440,
    x_ticks: Sequence[int] = (),
) -> go.Figure:
    """A title that a saved picture can be read by, axes, the legend above; fits from 390 px to a projector.

    The title is the legend's: plotly makes room for both together, on a phone as on a projector.
    """
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 40, "t": 8, "b": 8},  # the camera stands in the right margin
        modebar={"orientation": "v"},
        legend=_legend(title),
        hovermode="x unified",
        barmode="stack",
        dragmode=False,
        font=_font(14),
    )
    for axis, name, log in (("x", x, log_x), ("y", y, log_y)):
        kind = {"title": name, "type": "log" if log else None, "automargin": True}
        figure.update_layout({f"{axis}axis": kind | {"tickfont": _font(13), "title_font": _font(14)}})
    figure.update_yaxes(exponentformat="SI", **(_log_ticks(figure, "y") if log_y else {}))
    if x_ticks:
        figure.update_xaxes(tickvals=list(x_ticks), ticktext=[str(tick) for tick in x_ticks], tickangle=0)
    elif log_x:
        figure.update_xaxes(**_log_ticks(figure, "x"))
    return figure


def _font(size: int) -> dict:
    return {"size": size, "family": FONT}


def _legend(title: str) -> dict:
    """Above the chart, in one row as far as there is room, under the title."""
    place = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "traceorder": "normal"}
    return place | {"font": _font(13), "title": {"text": f"{title}<br>", "side": "top", "font": _font(14)}}


def _log_ticks(figure: go.Figure, axis: str) -> dict[str, list]:
    """Ticks at whole decades, written as everywhere else ("10 G"); at 1, 2 and 5 where an axis spans few of them."""
    values = [value for trace in figure.data for value in trace[axis] if value]
    if not values:
        return {}
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    steps = (1,) if high - low > 3 else (1, 2, 5)
    ticks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
    return {"tickvals": ticks, "ticktext": [tick_text(tick) for tick in ticks]}


def tick_text(value: float) -> str:
    """A round number as short as it can be: "500", "20 G", "0.05"."""
    if value < 1:
        return f"{value:g}"
    digits, _, prefix = short(value).partition(" ")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{digits} {prefix}".rstrip()


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
        font={"size": 12, "family": FONT},
    )
