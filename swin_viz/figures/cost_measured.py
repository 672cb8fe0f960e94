"""Charts of what was measured on this machine, beside what the formulas say."""

from typing import Literal, TypedDict

from swin_viz.cost.clock.report import UNITS, Report, Row
from swin_viz.figures.theme import MARKERS, SERIES, Chart, Draft, Rows, Say, finish, kept
from swin_viz.text.numbers import seconds, short, times

STYLES = {"w_msa": 0, "msa": 1, "sw_msa": 2, "padded": 3, "msa_fused": 4, "sliding": 5}
MEGABYTE = 1e6


def _plain(report: Report, batch: int) -> Rows:
    names = ("way", "side", "status", "macs", "median", "low", "high", "repeats", "ratio", "stretch", "peak", "needed")
    return [{name: getattr(row, name) for name in names} for row in report.rows if row.batch == batch]


def _ways(report: Report, batch: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in report.rows:
        if row.batch == batch:
            found.setdefault(row.way, []).append(row)
    return found


def _finish(figure: Draft, say: Say, report: Report, batch: int, key: str, y: str) -> None:
    """Log–log over the map's side; the title says what is drawn and where it was measured."""
    machine = report.machine
    where = {"device": machine.device, "dtype": machine.dtype, "threads": machine.threads, "torch": machine.torch}
    title = f"<b>{say(f'title_{key}')}</b><br>{say('title_layer', batch=batch)}<br>{say('title_where', **where)}"
    finish(figure, title, say("axis_side"), y, log_x=True, log_y=True, x_ticks=_sides(report))


def _trace(figure: Draft, name: str, rows: list[Row], style: int, y: list, dash: str, **more: object) -> None:
    figure.add_scatter(
        x=[row.side for row in rows],
        y=y,
        name=name,
        mode="lines+markers",
        line={"color": SERIES[style], "dash": dash, "width": 3},
        marker={"symbol": MARKERS[style] + ("" if dash == "solid" else "-open"), "size": 9},
        **more,
    )


@kept
def time_chart(say: Say, report: Report, batch: int = 1) -> Chart:
    """Milliseconds over the map's side: medians with quartiles; dashed and hollow what was computed, not measured."""
    figure, ways = Draft(), _ways(report, batch)
    for way, rows in ways.items():
        known = [row for row in rows if row.status == "measured"]
        beyond = known[-1:] + [row for row in rows if row.status != "measured"]
        if known:
            spread = {
                "type": "data",
                "symmetric": False,
                "array": [1e3 * (row.high - row.median) for row in known if row.high is not None],
                "arrayminus": [1e3 * (row.median - row.low) for row in known if row.low is not None],
            }
            y = [1e3 * row.median for row in known]
            _trace(
                figure, say(f"clock_{way}"), known, STYLES[way], y, "solid", error_y=spread, hovertemplate="%{y:.3g} ms"
            )
        if len(beyond) > 1:
            y = [1e3 * row.median for row in beyond]
            name = say("computed", way=say(f"clock_{way}"))
            more = {"showlegend": not known, "hovertemplate": "%{y:.3g} ms"}  # the curve's own dashes carry on
            _trace(figure, name, beyond, STYLES[way], y, "dash", **more)
    _theory(figure, say, ways)
    _finish(figure, say, report, batch, "time", say("axis_ms"))
    return Chart("measured_time", figure, _time_alt(say, ways), _plain(report, batch), UNITS)


def _theory(figure: Draft, say: Say, ways: dict[str, list[Row]]) -> None:
    """What the multiply-adds alone would take, at the speed of W-MSA on its largest measured map."""
    timed = [row for row in ways.get("w_msa", []) if row.status == "measured"]
    for way, dash in (("msa", "dot"), ("w_msa", "dashdot")) if timed else ():
        pace = 1e3 * timed[-1].median / timed[-1].macs
        figure.add_scatter(
            x=[row.side for row in ways[way]],
            y=[pace * row.macs for row in ways[way]],
            name=say("theory", way=say(way)),
            mode="lines",
            line={"color": SERIES[STYLES[way]], "dash": dash, "width": 2},
            hovertemplate="%{y:.3g} ms",
        )


def _time_alt(say: Say, ways: dict[str, list[Row]]) -> str:
    windows = {row.side: row for row in ways.get("w_msa", []) if row.status == "measured"}
    both = [row for row in ways.get("msa", []) if row.status == "measured" and row.side in windows]
    if not both or both[-1].ratio is None:
        return say("alt_time_none")
    return say("alt_time", side=both[-1].side, msa=seconds(both[-1].median), ratio=times(both[-1].ratio))


class Ratios(TypedDict):
    """MSA / W-MSA at one side; None where it was not counted or not measured."""

    side: int
    formula: float
    counted: float | None
    explicit: float | None
    fused: float | None


def ratio_rows(report: Report, counted: dict[int, float], batch: int = 1) -> list[Ratios]:
    """MSA / W-MSA at every side: by formula, counted, measured explicit and measured fused (where measured)."""
    ways = {way: {row.side: row for row in rows} for way, rows in _ways(report, batch).items()}

    def measured(way: str, side: int) -> float | None:
        both = ways[way][side].status == ways["w_msa"][side].status == "measured"
        return ways[way][side].ratio if both else None  # the median over rounds, not a ratio of medians

    return [
        {
            "side": side,
            "formula": ways["msa"][side].macs / windows.macs,
            "counted": counted.get(side),
            "explicit": measured("msa", side),
            "fused": measured("msa_fused", side),
        }
        for side, windows in ways.get("w_msa", {}).items()
    ]


_RATIOS: tuple[tuple[Literal["formula", "counted", "explicit", "fused"], int, str], ...] = (
    ("formula", 7, "lines"),
    ("counted", 2, "markers"),
    ("explicit", 1, "lines+markers"),
    ("fused", 4, "lines+markers"),
)  # column, style, what is drawn


@kept
def ratio_chart(say: Say, report: Report, counted: tuple[tuple[int, float], ...], batch: int = 1) -> Chart:
    """How many times more MSA costs than W-MSA: the three answers in one picture. `counted`: side, ratio."""
    rows, figure = ratio_rows(report, dict(counted), batch), Draft()
    for key, style, mode in _RATIOS:
        mine = [row for row in rows if row[key] is not None]
        figure.add_scatter(
            x=[row["side"] for row in mine],
            y=[row[key] for row in mine],
            name=say(f"ratio_{key}"),
            mode=mode,
            line={"color": SERIES[style], "width": 3},
            marker={"symbol": MARKERS[style], "size": 10},
            hovertemplate="%{y:.3g} ×",
        )
    _finish(figure, say, report, batch, "ratio", say("axis_ratio"))
    alt = say("alt_time_none")
    for row in rows:  # the last one counts
        if row["explicit"] is not None:
            named = {"formula": times(row["formula"]), "explicit": times(row["explicit"])}
            alt = say("alt_ratio", side=row["side"], **named)
    return Chart("measured_ratio", figure, alt, rows)


@kept
def memory_chart(say: Say, report: Report, batch: int = 1) -> Chart:
    """Megabytes that one call held at most; hollow what was refused, at what its maps alone would have taken."""
    figure, ways = Draft(), _ways(report, batch)
    for way, rows in ways.items():
        known = [row for row in rows if row.peak is not None]
        y = [row.peak / MEGABYTE for row in rows if row.peak is not None]
        _trace(figure, say(f"clock_{way}"), known, STYLES[way], y, "solid", hovertemplate="%{y:.3g} MB")
        refused = [row for row in rows if row.status == "refused"]
        if refused:
            y = [row.needed / MEGABYTE for row in refused]
            name = say("refused", way=say(f"clock_{way}"))
            _trace(figure, name, refused, STYLES[way], y, "dash", hovertemplate="%{y:.3g} MB")
    _finish(figure, say, report, batch, "memory", say("axis_mb"))
    peaks = {way: {row.side: row.peak for row in rows if row.peak is not None} for way, rows in ways.items()}
    alt = say("alt_time_none")
    if peaks.get("msa"):
        side = max(peaks["msa"])
        alt = say("alt_memory", side=side, msa=short(peaks["msa"][side], "B"), w_msa=short(peaks["w_msa"][side], "B"))
    return Chart("measured_memory", figure, alt, _plain(report, batch), UNITS)


def _sides(report: Report) -> list[int]:
    """The ticks: the sides that were measured, without those whose words would touch on a phone."""
    ticks: list[int] = []
    for side in sorted({row.side for row in report.rows}):
        if not ticks or side >= 1.4 * ticks[-1]:
            ticks.append(side)
    return ticks
