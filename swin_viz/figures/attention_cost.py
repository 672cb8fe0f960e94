"""Charts of one attention layer: MSA against W-MSA over the map's size, the window's, the channels'."""

import plotly.graph_objects as go

from swin_viz.cost.sweeps import FOUR_K, factor, over_channels, over_resolution, over_window
from swin_viz.cost.terms import msa, w_msa
from swin_viz.figures.theme import Chart, Rows, Say, finish, line, mark
from swin_viz.numbers import short


def _values(rows: Rows, key: str, unit: str) -> list[int]:
    return [row[key] * factor(unit) for row in rows]


def resolution_chart(say: Say, unit: str, h: int, w: int, channels: int, window: int) -> Chart:
    """Log–log over the number of tokens, from 7×7 to a 4K picture; marks where the curves part and the map in use."""
    rows = over_resolution(channels, window)
    figure, tokens = go.Figure(), [row["tokens"] for row in rows]
    for style, key in enumerate(("w_msa", "msa", "padded", "projections")):
        line(figure, say(key), tokens, _values(rows, key, unit), style)
    here = [h * w, h * w]
    figure.add_scatter(
        x=here,
        y=[msa(h, w, channels) * factor(unit), w_msa(h, w, channels, window) * factor(unit)],
        name=say("here", h=h, w=w),
        mode="markers",
        marker={"symbol": "star", "size": 15, "color": "#B07D00", "line": {"width": 1, "color": "#fff"}},
        hovertemplate="%{y:.4s}",
    )
    mark(figure, window**2, f"M² = {window**2}", log_x=True)
    mark(figure, 2 * channels, f"2C = {2 * channels}", log_x=True, y=0.9)
    mark(figure, FOUR_K, "4K", log_x=True, y=0.3, left=True)
    finish(figure, say("axis_tokens"), say(f"axis_{unit}"), log_x=True, log_y=True)
    ratio = msa(h, w, channels) / w_msa(h, w, channels, window)
    alt = say("alt_resolution", m2=window**2, c2=2 * channels, h=h, w=w, ratio=f"{ratio:.3g}")
    return Chart("msa_over_resolution", figure, alt, rows)


def window_chart(say: Say, unit: str, h: int, w: int, channels: int, window: int) -> Chart:
    """Over the window's side on one map: the formula, what padding makes of it, and the whole map at once."""
    rows = over_window(h, w, channels)
    figure, sides = go.Figure(), [row["window"] for row in rows]
    for style, key in enumerate(("w_msa", "msa", "padded")):
        line(figure, say(key), sides, _values(rows, key, unit), style)
    if window <= sides[-1]:
        mark(figure, window, f"M = {window}")
    finish(figure, say("axis_window"), say(f"axis_{unit}"), log_y=True)
    worst = max(rows, key=lambda row: row["padded"] / row["w_msa"])
    alt = say("alt_window", h=h, w=w, worst=worst["window"], extra=f"{worst['padded'] / worst['w_msa']:.2f}")
    return Chart("msa_over_window", figure, alt, rows)


def channels_chart(say: Say, unit: str, h: int, w: int, channels: int, window: int) -> Chart:
    """Log–log over the channels: projections grow with C², the attention products with C."""
    rows = over_channels(h, w, window)
    figure, widths = go.Figure(), [row["channels"] for row in rows]
    for style, key in enumerate(("w_msa", "msa", "padded", "projections")):
        if key != "padded":
            line(figure, say(key), widths, _values(rows, key, unit), style)
    mark(figure, channels, f"C = {channels}", log_x=True)
    if 8 <= h * w / 2 <= 1536:
        mark(figure, h * w / 2, f"hw/2 = {h * w / 2:g}", log_x=True, y=0.9)
    finish(figure, say("axis_channels"), say(f"axis_{unit}"), log_x=True, log_y=True)
    low, high = rows[0], rows[-1]
    alt = say(
        "alt_channels",
        h=h,
        w=w,
        low=f"{low['msa'] / low['w_msa']:.3g}",
        high=f"{high['msa'] / high['w_msa']:.3g}",
        most=short(high["msa"] * factor(unit)),
    )
    return Chart("msa_over_channels", figure, alt, rows)
