"""Charts of one attention layer: MSA against W-MSA over the map's size, the window's, the channels'."""

from swin_viz.cost.sweeps import FOUR_K, Rows, factor, over_channels, over_resolution, over_window
from swin_viz.cost.terms import msa, w_msa
from swin_viz.figures.theme import AMBER, INDIGO, Chart, Draft, Say, finish, kept, line, mark
from swin_viz.text.numbers import short, times

UNITS = {"msa": "macs", "w_msa": "macs", "padded": "macs", "projections": "macs"}  # of the columns of every chart here


def _values(rows: Rows, key: str, unit: str) -> list[int]:
    return [row[key] * factor(unit) for row in rows]


def _title(say: Say, key: str, unit: str, about: str, h: int, w: int, channels: int, window: int) -> str:
    """What is drawn, of which layer, and what it costs there: a saved picture says it all by itself."""
    costs = msa(h, w, channels), w_msa(h, w, channels, window)
    texts = [f"{short(cost * factor(unit))}" for cost in costs]
    named = {"msa": texts[0], "w_msa": texts[1], "ratio": times(costs[0] / costs[1]), "unit": say(f"unit_{unit}")}
    return f"<b>{say(key)}</b><br>{about}<br>{say('numbers_here', **named)}"


def _star(figure: Draft, name: str, tokens: int, costs: list[int], symbol: str, colour: str) -> None:
    """Mark one map on both curves."""
    look = {"symbol": symbol, "size": 15, "color": colour, "line": {"width": 1, "color": "#fff"}}
    figure.add_scatter(x=[tokens] * 2, y=costs, name=name, mode="markers", marker=look, hovertemplate="%{y:.4s}")


@kept
def resolution_chart(
    say: Say,
    unit: str,
    h: int,
    w: int,
    channels: int,
    window: int,
    picture: tuple[int, int] | None = None,
    about: str = "",
) -> Chart:
    """Log–log over the number of tokens, from 7×7 to a 4K picture; marks where the curves part and the maps in use.

    `picture` is the first stage's map of the visitor's picture, marked beside the map h×w of the sliders; `about` says
    whose sizes they are.
    """
    rows = over_resolution(channels, window)
    figure, tokens = Draft(), [row["tokens"] for row in rows]
    for style, key in enumerate(("w_msa", "msa", "padded", "projections")):
        line(figure, say(key), tokens, _values(rows, key, unit), style)
    picture = picture or (h, w)
    maps = {picture: ("picture", "star", AMBER)} | ({(h, w): ("here", "hexagram", INDIGO)} if picture != (h, w) else {})
    for (rows_, columns), (key, symbol, colour) in maps.items():
        costs = [msa(rows_, columns, channels), w_msa(rows_, columns, channels, window)]
        name = say(key, h=rows_, w=columns)
        _star(figure, name, rows_ * columns, [cost * factor(unit) for cost in costs], symbol, colour)
    mark(figure, window**2, f"M² = {window**2}", log_x=True)
    mark(figure, 2 * channels, f"2C = {2 * channels}", log_x=True, y=0.9)
    mark(figure, FOUR_K, "4K", log_x=True, y=0.3, left=True)
    title = _title(say, "title_resolution", unit, about, h, w, channels, window)
    finish(figure, title, say("axis_tokens"), say(f"axis_{unit}"), log_x=True, log_y=True)
    alt = say("alt_resolution", m2=window**2, c2=2 * channels)
    for (rows_, columns), (key, _, _) in maps.items():
        ratio = msa(rows_, columns, channels) / w_msa(rows_, columns, channels, window)
        alt += " " + say(f"alt_resolution_{key}", h=rows_, w=columns, ratio=times(ratio))
    return Chart("msa_over_resolution", figure, alt, rows, UNITS)


@kept
def window_chart(say: Say, unit: str, h: int, w: int, channels: int, window: int, about: str = "") -> Chart:
    """Over the window's side on one map: the formula, what padding makes of it, and the whole map at once."""
    rows = over_window(h, w, channels)
    figure, sides = Draft(), [row["window"] for row in rows]
    for style, key in enumerate(("w_msa", "msa", "padded")):
        line(figure, say(key), sides, _values(rows, key, unit), style)
    if window <= sides[-1]:
        mark(figure, window, f"M = {window}")
    title = _title(say, "title_window", unit, about, h, w, channels, window)
    finish(figure, title, say("axis_window"), say(f"axis_{unit}"), log_y=True)
    worst = max(rows, key=lambda row: row["padded"] / row["w_msa"])
    return Chart("msa_over_window", figure, _window_alt(say, h, w, sides[-1], worst), rows, UNITS)


def _window_alt(say: Say, h: int, w: int, largest: int, worst: dict[str, int]) -> str:
    """Where equation 2 meets equation 1, M² = hw, and how much padding costs at worst: true of this very map."""
    case = "below" if h * w > largest**2 else "square" if h == w else "oblong"
    alt = say(f"alt_window_{case}", h=h, w=w, tokens=h * w, side=f"{(h * w) ** 0.5:.1f}", largest=largest)
    extra = worst["padded"] / worst["w_msa"]
    if extra == 1:
        return alt
    return alt + " " + say("alt_window_padded", worst=worst["window"], extra=times(extra))


@kept
def channels_chart(say: Say, unit: str, h: int, w: int, channels: int, window: int, about: str = "") -> Chart:
    """Log–log over the channels: projections grow with C², the attention products with C."""
    rows = over_channels(h, w, window)
    figure, widths = Draft(), [row["channels"] for row in rows]
    for style, key in enumerate(("w_msa", "msa", "padded", "projections")):
        if key != "padded":
            line(figure, say(key), widths, _values(rows, key, unit), style)
    mark(figure, channels, f"C = {channels}", log_x=True)
    if 8 <= h * w / 2 <= 1536:
        mark(figure, h * w / 2, f"hw/2 = {h * w / 2:g}", log_x=True, y=0.9)
    title = _title(say, "title_channels", unit, about, h, w, channels, window)
    ticks = (8, 16, 32, 64, 96, 192, 384, 768, 1536)
    finish(figure, title, say("axis_channels"), say(f"axis_{unit}"), log_x=True, log_y=True, x_ticks=ticks)
    low, high = rows[0], rows[-1]
    alt = say(
        "alt_channels_same" if h * w == window**2 else "alt_channels",
        h=h,
        w=w,
        low=times(low["msa"] / low["w_msa"]),
        high=times(high["msa"] / high["w_msa"]),
        most=f"{short(high['msa'] * factor(unit))} {say(f'unit_{unit}')}",
    )
    return Chart("msa_over_channels", figure, alt, rows, UNITS)
