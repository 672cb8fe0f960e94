"""What all figures share: colours that everyone can tell apart on light and dark, the layout, and words for the eye.

A figure is made once, in the colours of a light page; `coloured` gives it those of a dark one, or greys. Every colour
has a contrast of at least 3:1 against the page it stands on. MSA's and W-MSA's colours are theirs alone. No meaning
rests on colour alone: lines differ in dashes and markers, bars in patterns.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from swin_viz.text.numbers import comments, short

W_MSA, MSA = "#0072B2", "#D55E00"
GREEN, PURPLE, AMBER, INDIGO, BROWN, GREY = "#00876A", "#B05A93", "#A07200", "#5B4BC4", "#8A5A3C", "#707780"
SERIES = (W_MSA, MSA, GREEN, PURPLE, AMBER, INDIGO, BROWN, GREY)
OTHERS = range(2, len(SERIES))  # the styles of what is neither MSA nor W-MSA
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dot")
MARKERS = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "triangle-down")
PATTERNS = ("", "/", "x", ".", "\\", "-", "+", "|")
# The same styles on a dark page, and the greys of what is not from here.
DARK = ("#58ADE0", "#F28C3B", "#2FC39C", "#E28FC4", "#E3B04F", "#AA9DFF", "#C49A7C", "#A7B0BB")
FAINT = ("#3D434A", "#3D434A", "#596069", "#596069", "#7A828C", "#7A828C", "#7A828C", "#7A828C")
FAINT_DARK = ("#D5DAE0", "#D5DAE0", "#A7B0BB", "#A7B0BB", "#828B96", "#828B96", "#828B96", "#828B96")
INK, INK_DARK = "#1B1F24", "#ECEFF3"
# A saved picture knows none of the page's web fonts: with the system's, its words are as wide as on the screen.
FONT = 'Arial, Helvetica, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
Say = Callable[..., str]  # the words of a room: say("key", field=…)
Rows = Sequence[Mapping[str, object]]  # column → value


kept = lru_cache(maxsize=64)  # a chart is made once of its inputs, and changed by nobody


class Draft:
    """Traces and a layout as plain data: plotly checks them once, when they are whole, which takes a tenth of the time.

    It adds traces as plotly's own figure does.
    """

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {"xaxis": {}, "yaxis": {}, "shapes": [], "annotations": []}

    def add_scatter(self, **trace: object) -> None:
        """A curve, or points."""
        self.data.append({"type": "scatter"} | trace)

    def add_bar(self, **trace: object) -> None:
        """A bar at each place."""
        self.data.append({"type": "bar"} | trace)


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure with what belongs to it: a sentence for those who do not see it, the numbers, a name for the file."""

    name: str
    draft: Draft
    alt: str
    rows: Rows
    units: Mapping[str, str] = field(default_factory=dict)  # column → its unit, for the head of the CSV

    @property
    def figure(self) -> go.Figure:
        """It on a light page."""
        return coloured(self, False)

    @property
    def title(self) -> list[str]:
        """The lines that stand above the figure: what is drawn, of what, and what comes out."""
        lines = re.sub("</?b>", "", self.draft.layout["legend"]["title"]["text"]).split("<br>")
        return [line for line in lines if line]

    def to_csv(self) -> str:
        """The numbers as they are drawn, one line each; before them the title in lines that begin with #."""
        out = io.StringIO()
        out.write(comments(self.title))
        names = list(dict.fromkeys(key for row in self.rows for key in row))
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writerow({name: f"{name}_{self.units[name]}" if name in self.units else name for name in names})
        writer.writerows(self.rows)
        return out.getvalue()


@kept
def coloured(chart: Chart, dark: bool, grey: bool = False) -> go.Figure:
    """Its figure on a light or a dark page; in greys, what is drawn is not of this machine."""
    into = (FAINT_DARK if grey else DARK) if dark else FAINT if grey else SERIES
    colours = dict(zip((*SERIES, INK), (*into, INK_DARK if dark else INK), strict=True))

    def turned(value: object) -> object:
        if isinstance(value, dict):
            return {key: turned(each) for key, each in value.items()}
        return colours.get(value, value) if isinstance(value, str) else value

    draft = chart.draft
    layout = {key: [turned(each) for each in part] if key in ("shapes", "annotations") else turned(part)
              for key, part in draft.layout.items()}  # fmt: skip
    return go.Figure([turned(trace) for trace in draft.data], layout)


def line(
    figure: Draft, name: str, x: list, y: list, style: int, dash: str | None = None, markers: bool = False
) -> None:
    """Add a curve in the style of that number: its colour, its dash, its marker."""
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="lines+markers" if markers else "lines",
        line={"color": SERIES[style], "dash": dash or DASHES[style], "width": 3},
        marker={"symbol": MARKERS[style], "size": 9},
        hovertemplate="%{y:.4s}",
    )


def bars(figure: Draft, name: str, x: list, y: list, style: int) -> None:
    """Add one part of stacked bars in the style of that number: its colour and its pattern."""
    colour = SERIES[style]
    pattern = {"shape": PATTERNS[style], "bgcolor": colour, "fgcolor": "#fff", "fgopacity": 0.55}
    figure.add_bar(x=x, y=y, name=name, marker={"color": colour, "pattern": pattern}, hovertemplate="%{y:.4s}")


def finish(
    figure: Draft,
    title: str,
    x: str,
    y: str,
    log_x: bool = False,
    log_y: bool = False,
    x_ticks: Sequence[int] = (),
) -> None:
    """A title that a saved picture can be read by, axes, the legend above; fits from 390 px to a projector.

    The title is the legend's: plotly makes room for both together, on a phone as on a projector.
    """
    layout = figure.layout
    layout |= {"margin": {"l": 8, "r": 40, "t": 8, "b": 8}}  # the camera stands in the right margin
    layout |= {"modebar": {"orientation": "v"}, "legend": _legend(title), "font": _font(15)}
    layout |= {"hovermode": "x unified", "barmode": "stack", "dragmode": False}
    layout["xaxis"] |= _axis(x, log_x)
    layout["yaxis"] |= _axis(y, log_y) | (_log_ticks(figure, "y") if log_y else _even_ticks(figure))
    if x_ticks:
        layout["xaxis"] |= {"tickvals": list(x_ticks), "ticktext": [str(tick) for tick in x_ticks], "tickangle": 0}
    elif log_x:
        layout["xaxis"] |= _log_ticks(figure, "x")


def _axis(name: str, log: bool) -> dict:
    kind = {"type": "log"} if log else {}
    return kind | {"title": {"text": name, "font": _font(15)}, "automargin": True, "tickfont": _font(15)}


def _font(size: int) -> dict:
    return {"size": size, "family": FONT, "color": INK}


def _legend(title: str) -> dict:
    """Above the chart, in one row as far as there is room, under the title."""
    place = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "traceorder": "normal"}
    return place | {"font": _font(14), "title": {"text": f"{title}<br>", "side": "top", "font": _font(14)}}


def _log_ticks(figure: Draft, axis: str) -> dict[str, list]:
    """Ticks at whole decades, written as everywhere else ("10 G"); at 1, 2 and 5 where an axis spans few of them."""
    values = [value for trace in figure.data for value in trace[axis] if value]
    if not values:
        return {}
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    steps = (1,) if high - low > 3 else (1, 2, 5)
    ticks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
    return {"tickvals": ticks, "ticktext": [tick_text(tick) for tick in ticks]}


def _even_ticks(figure: Draft) -> dict[str, list]:
    """Some five ticks from 0 up to the highest stack of bars, written as everywhere else."""
    stacks: dict[str, float] = {}
    for trace in figure.data:
        places = zip(*trace["x"], strict=True) if isinstance(trace["x"][0], list) else trace["x"]
        for place, value in zip(places, trace["y"], strict=True):
            stacks[str(place)] = stacks.get(str(place), 0) + value
    most = max(stacks.values(), default=0)
    if not most:
        return {}
    power = 10 ** math.floor(math.log10(most / 4))
    step = power * next(times for times in (1, 2, 5, 10) if times * power >= most / 6)
    ticks = [step * i for i in range(math.ceil(most / step) + 1)]
    return {"tickvals": ticks, "ticktext": [tick_text(tick) for tick in ticks]}


def tick_text(value: float) -> str:
    """A round number as short as it can be: "500", "20 G", "0.05"."""
    if value < 1:
        return f"{value:g}"
    digits, _, prefix = short(value).partition(" ")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{digits} {prefix}".rstrip()


def mark(figure: Draft, x: float, text: str, log_x: bool = False, y: float = 1.0, left: bool = False) -> None:
    """A vertical line with a word at its right (or left), y between 0 (bottom) and 1 (top)."""
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "paper"}
    figure.layout["shapes"].append({"type": "line", "line": {"color": GREY, "dash": "dot", "width": 1.5}} | ends)
    words = {"text": text, "x": math.log10(x) if log_x else x, "y": y, "yref": "paper", "showarrow": False}
    place = {"xanchor": "right" if left else "left", "xshift": -3 if left else 3, "font": _font(14)}
    figure.layout["annotations"].append(words | place)
