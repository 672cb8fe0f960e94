"""Charts of what was measured on this machine, beside what the formulas say."""

import plotly.graph_objects as go

from swin_viz.cost.report import Report, Row
from swin_viz.figures.theme import GREY, MARKERS, SERIES, Chart, Rows, Say, finish

STYLES = {"w_msa": 0, "msa": 1, "sw_msa": 2, "padded": 3, "msa_fused": 4}


def _plain(report: Report, batch: int) -> Rows:
    names = ("way", "side", "status", "macs", "median", "low", "high", "repeats", "peak", "needed")
    return [{name: getattr(row, name) for name in names} for row in report.rows if row.batch == batch]


def _ways(report: Report, batch: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in report.rows:
        if row.batch == batch:
            found.setdefault(row.way, []).append(row)
    return found


def _trace(figure: go.Figure, name: str, rows: list[Row], style: int, y: list, dash: str, **more: object) -> None:
    figure.add_scatter(
        x=[row.side for row in rows],
        y=y,
        name=name,
        mode="lines+markers",
        line={"color": SERIES[style], "dash": dash, "width": 2.5},
        marker={"symbol": MARKERS[style] + ("" if dash == "solid" else "-open"), "size": 9},
        **more,
    )


def time_chart(say: Say, report: Report, batch: int = 1) -> Chart:
    """Milliseconds over the map's side: medians with quartiles; dashed and hollow what was computed, not measured."""
    figure, ways = go.Figure(), _ways(report, batch)
    for way, rows in ways.items():
        known = [row for row in rows if row.status == "measured"]
        beyond = known[-1:] + [row for row in rows if row.status != "measured"]
        if known:
            spread = {
                "type": "data",
                "symmetric": False,
                "array": [1e3 * (row.high - row.median) for row in known],
                "arrayminus": [1e3 * (row.median - row.low) for row in known],
            }
            y = [1e3 * row.median for row in known]
            _trace(
                figure, say(f"clock_{way}"), known, STYLES[way], y, "solid", error_y=spread, hovertemplate="%{y:.3g} ms"
            )
        if len(beyond) > 1:
            y = [1e3 * row.median for row in beyond]
            name = say("computed", way=say(f"clock_{way}"))
            _trace(figure, name, beyond, STYLES[way], y, "dash", hovertemplate="%{y:.3g} ms")
    _theory(figure, say, ways)
    finish(figure, say("axis_side"), say("axis_ms"), log_x=True, log_y=True, height=460)
    _sides(figure, report)
    return Chart("measured_time", figure, _time_alt(say, ways), _plain(report, batch))


def _theory(figure: go.Figure, say: Say, ways: dict[str, list[Row]]) -> None:
    """What the multiply-adds alone would take, at the speed of W-MSA on its largest measured map."""
    timed = [row for row in ways.get("w_msa", []) if row.status == "measured"]
    for way in ("msa", "w_msa") if timed else ():
        pace = 1e3 * timed[-1].median / timed[-1].macs
        figure.add_scatter(
            x=[row.side for row in ways[way]],
            y=[pace * row.macs for row in ways[way]],
            name=say("theory", way=say(way)),
            mode="lines",
            line={"color": GREY, "dash": "dot", "width": 2},
            hovertemplate="%{y:.3g} ms",
        )


def _time_alt(say: Say, ways: dict[str, list[Row]]) -> str:
    windows = {row.side: row for row in ways.get("w_msa", []) if row.status == "measured"}
    both = [row for row in ways.get("msa", []) if row.status == "measured" and row.side in windows]
    if not both:
        return say("alt_time_none")
    last = both[-1]
    ratio = last.median / windows[last.side].median
    return say("alt_time", side=last.side, msa=f"{1e3 * last.median:.3g}", ratio=f"{ratio:.3g}")


def ratio_rows(report: Report, counted: dict[int, float], batch: int = 1) -> Rows:
    """MSA / W-MSA at every side: by formula, counted, measured explicit and measured fused (where measured)."""
    ways = {way: {row.side: row for row in rows} for way, rows in _ways(report, batch).items()}
    found = []
    for side, windows in ways.get("w_msa", {}).items():
        row = {"side": side, "formula": ways["msa"][side].macs / windows.macs, "counted": counted.get(side)}
        for way, name in (("msa", "explicit"), ("msa_fused", "fused")):
            both = ways[way][side].status == windows.status == "measured"
            row[name] = ways[way][side].median / windows.median if both else None
        found.append(row)
    return found


def ratio_chart(say: Say, report: Report, counted: dict[int, float], batch: int = 1) -> Chart:
    """How many times more MSA costs than W-MSA: the three answers in one picture."""
    rows, figure = ratio_rows(report, counted, batch), go.Figure()
    styles = {"formula": (6, "lines"), "counted": (2, "markers"), "explicit": (1, "lines+markers")}
    for key, (style, mode) in (styles | {"fused": (4, "lines+markers")}).items():
        mine = [row for row in rows if row[key] is not None]
        figure.add_scatter(
            x=[row["side"] for row in mine],
            y=[row[key] for row in mine],
            name=say(f"ratio_{key}"),
            mode=mode,
            line={"color": SERIES[style], "width": 2.5},
            marker={"symbol": MARKERS[style], "size": 10},
            hovertemplate="%{y:.3g} ×",
        )
    finish(figure, say("axis_side"), say("axis_ratio"), log_x=True, log_y=True)
    _sides(figure, report)
    timed = [row for row in rows if row["explicit"] is not None]
    if not timed:
        return Chart("measured_ratio", figure, say("alt_time_none"), rows)
    last = timed[-1]
    alt = say("alt_ratio", side=last["side"], formula=f"{last['formula']:.3g}", explicit=f"{last['explicit']:.3g}")
    return Chart("measured_ratio", figure, alt, rows)


def memory_chart(say: Say, report: Report, batch: int = 1) -> Chart:
    """Megabytes that one call held at most; hollow what was refused, at what its maps alone would have taken."""
    figure, ways = go.Figure(), _ways(report, batch)
    for way, rows in ways.items():
        known = [row for row in rows if row.peak is not None]
        y = [row.peak / 1e6 for row in known]
        _trace(figure, say(f"clock_{way}"), known, STYLES[way], y, "solid", hovertemplate="%{y:.4g} MB")
        refused = [row for row in rows if row.status == "refused"]
        if refused:
            y = [row.needed / 1e6 for row in refused]
            name = say("refused", way=say(f"clock_{way}"))
            _trace(figure, name, refused, STYLES[way], y, "dash", hovertemplate="%{y:.4g} MB")
    finish(figure, say("axis_side"), say("axis_mb"), log_x=True, log_y=True)
    _sides(figure, report)
    peaks = {way: [row for row in rows if row.peak is not None] for way, rows in ways.items()}
    if not peaks.get("msa"):
        return Chart("measured_memory", figure, say("alt_time_none"), _plain(report, batch))
    last = peaks["msa"][-1]
    window = next(row for row in peaks["w_msa"] if row.side == last.side)
    alt = say("alt_memory", side=last.side, msa=f"{last.peak / 1e6:.4g}", w_msa=f"{window.peak / 1e6:.4g}")
    return Chart("measured_memory", figure, alt, _plain(report, batch))


def _sides(figure: go.Figure, report: Report) -> None:
    sides = sorted({row.side for row in report.rows})
    figure.update_xaxes(tickvals=sides, ticktext=[f"{side}" for side in sides])
