"""Charts of whole models: their parts, their blocks, their partners of like size, the memory of their maps."""

import plotly.graph_objects as go

from swin_viz.cost.formula import items, total
from swin_viz.cost.sweeps import (
    PARTS,
    ModelRow,
    by_block,
    by_part,
    factor,
    maps_over_resolution,
    models_over_resolution,
)
from swin_viz.cost.vit import VITS, partner
from swin_viz.figures.theme import GREY, Chart, Say, bars, finish, line, mark
from swin_viz.network.variants import SwinConfig
from swin_viz.text.numbers import short, times

PIXELS = (112, 224, 384, 640, 1024, 1536, 2880)  # ticks of an axis of pictures


def parts_chart(
    say: Say, unit: str, config: SwinConfig, height: int, width: int, model: str, everywhere: bool = False
) -> Chart:
    """Stacked by component, stage by stage: with windows, and on demand beside it with global attention everywhere."""
    rows, figure = by_part(config, height, width), go.Figure()
    drawn = [row for row in rows if everywhere or row["windows"]]
    kinds = {1: say("with_windows"), 0: say("with_global")}
    for style, part in enumerate(PARTS):
        mine = [row for row in drawn if row["part"] == part]
        if mine:
            stages = [say("stage", stage=row["stage"]) for row in mine]
            x = [stages, [kinds[row["windows"]] for row in mine]] if everywhere else stages
            bars(figure, say(f"part_{part}"), x, [row["macs"] * factor(unit) for row in mine], style)
    named = {"model": model, "height": height, "width": width, "unit": say(f"unit_{unit}")}
    finish(figure, say("title_parts", **named), "", say(f"axis_{unit}"), height=500)
    windowed, others = (sum(row["macs"] for row in rows if row["windows"] == kind) for kind in (1, 0))
    share = {part: sum(row["macs"] for row in rows if row["windows"] and row["part"] == part) for part in PARTS}
    alt = say(
        "alt_parts",
        total=f"{short(windowed * factor(unit))} {say(f'unit_{unit}')}",
        ratio=times(others / windowed),
        products=f"{100 * share['products'] / windowed:.1f}",
        mlp=f"{100 * share['mlp'] / windowed:.0f}",
    )
    return Chart("cost_by_part", figure, alt, drawn)


def blocks_chart(say: Say, unit: str, config: SwinConfig, height: int, width: int, model: str) -> Chart:
    """Every block, and what stands between them, from the image to the classes."""
    rows, figure = by_block(config, height, width), go.Figure()
    places = list(dict.fromkeys(row["place"] for row in rows))
    names = {place: say(f"part_{place}") if place in ("head",) else place for place in places}
    names["patch_embed"] = say("part_embedding")
    for style, part in enumerate(PARTS):
        mine = [row for row in rows if row["part"] == part]
        if mine:
            x, y = [names[row["place"]] for row in mine], [row["macs"] * factor(unit) for row in mine]
            bars(figure, say(f"part_{part}"), x, y, style)
    named = {"model": model, "height": height, "width": width, "unit": say(f"unit_{unit}")}
    finish(figure, say("title_blocks", **named), say("axis_blocks"), say(f"axis_{unit}"))
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=[names[place] for place in places])
    sums = {place: sum(row["macs"] for row in rows if row["place"] == place) for place in places}
    most = max(places, key=lambda place: sums[place])
    least = min((place for place in places if "." in place), key=lambda place: sums[place])
    costs = [f"{short(sums[place] * factor(unit))} {say(f'unit_{unit}')}" for place in (most, least)]
    alt = say("alt_blocks", most=names[most], most_cost=costs[0], least=names[least], least_cost=costs[1])
    return Chart("cost_by_block", figure, alt, rows)


LAPTOP = 8 * 2**30  # bytes of memory
STYLES = {  # a Swin and the ViT of like size share a colour and a marker
    "swin_t": 0, "deit_s": 0, "swin_s": 2, "swin_b": 1, "swin_b_384": 1, "deit_b": 1, "swin_l": 3, "swin_l_384": 3,
    "vit_l": 3, "own": 4, "deit_ti": 4,
}  # fmt: skip


def _dash(name: str) -> str:
    """Solid for a Swin, dotted at 384 pixels; dashed for a ViT."""
    return "dash" if name in VITS else "dot" if name.endswith("_384") else "solid"


def _curves(figure: go.Figure, say: Say, rows: list[ModelRow], scale: int, titles: dict[str, str]) -> None:
    for name in dict.fromkeys(row["model"] for row in rows):
        mine = [row for row in rows if row["model"] == name]
        x, y = [row["pixels"] for row in mine], [row["macs"] * scale for row in mine]
        title = titles.get(name) or say(f"model_{name}")
        line(figure, title, x, y, STYLES[name], dash=_dash(name), markers=True)


def _growth(rows: list[ModelRow], name: str) -> str:
    """How many times more a model costs at 1024 pixels than at 224."""
    at = {row["pixels"]: row["macs"] for row in rows if row["model"] == name}
    return times(at[1024] / at[224])


def partners_chart(
    say: Say, unit: str, chosen: str, names: tuple[str, ...], pixels: int, config: SwinConfig, model: str
) -> Chart:
    """Whole models over the side of a square picture, log–log; Swin solid, ViT dashed.

    `names` are drawn, with the chosen one (named `model`) first, and the ViT of nearest cost among them.
    """
    vit = partner(total(items(config, 224, 224)))
    names = tuple(dict.fromkeys((chosen, *names, vit)))
    rows, figure = models_over_resolution(names, config), go.Figure()
    _curves(figure, say, rows, factor(unit), {chosen: model})
    mark(figure, pixels, f"{pixels} px", log_x=True)
    title = say("title_partners", unit=say(f"unit_{unit}"))
    finish(figure, title, say("axis_pixels"), say(f"axis_{unit}"), log_x=True, log_y=True, height=500, x_ticks=PIXELS)
    alt = say("alt_partners", first=model, growth=_growth(rows, chosen))
    alt += " " + say("alt_partners_vit", vit=say(f"model_{vit}"), growth=_growth(rows, vit))
    return Chart("models_over_resolution", figure, alt, rows)


def maps_chart(say: Say, config: SwinConfig, pixels: int, model: str) -> Chart:
    """Bytes of all attention maps in float32: windows, global attention everywhere, global in the first layer alone."""
    rows, figure = maps_over_resolution(config), go.Figure()
    x = [row["pixels"] for row in rows]
    for style, key in enumerate(("windows", "global", "first_layer")):
        line(figure, say(f"maps_{key}"), x, [row[key] for row in rows], style, markers=True)
    figure.add_scatter(
        x=[x[0], x[-1]], y=[LAPTOP, LAPTOP], name=say("laptop"), mode="lines", line={"color": GREY, "dash": "dot"},
        hoverinfo="skip",
    )  # fmt: skip
    mark(figure, pixels, f"{pixels} px", log_x=True)
    title = say("title_maps", model=model)
    finish(figure, title, say("axis_pixels"), say("axis_bytes"), log_x=True, log_y=True, x_ticks=PIXELS)
    at = next(row for row in rows if row["pixels"] == 1024)
    alt = say("alt_maps", windows=short(at["windows"], "B"), layer=short(at["first_layer"], "B"))
    if at["first_layer"] > LAPTOP:
        alt += " " + say("alt_maps_too_much")
    units = dict.fromkeys(("windows", "global", "first_layer"), "bytes")
    return Chart("maps_over_resolution", figure, alt, rows, units)
