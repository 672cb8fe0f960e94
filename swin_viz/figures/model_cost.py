"""Charts of whole models: their parts, their blocks, their partners of like size, the memory of their maps."""

import plotly.graph_objects as go

from swin_viz.cost.sweeps import PARTS, by_block, by_part, factor, maps_over_resolution, models_over_resolution
from swin_viz.cost.vit import VITS
from swin_viz.figures.theme import GREY, Chart, Rows, Say, bars, finish, line, mark
from swin_viz.numbers import short
from swin_viz.variants import SwinConfig


def parts_chart(say: Say, unit: str, config: SwinConfig, height: int, width: int) -> Chart:
    """Stacked by component, stage by stage: with windows, and beside it with global attention everywhere."""
    rows, figure = by_part(config, height, width), go.Figure()
    kinds = {1: say("with_windows"), 0: say("with_global")}
    for style, part in enumerate(PARTS):
        mine = [row for row in rows if row["part"] == part]
        if mine:
            x = [[say("stage", stage=row["stage"]) for row in mine], [kinds[row["windows"]] for row in mine]]
            bars(figure, say(f"part_{part}"), x, [row["macs"] * factor(unit) for row in mine], style)
    finish(figure, "", say(f"axis_{unit}"), height=440)
    windowed = sum(row["macs"] for row in rows if row["windows"])
    everywhere = sum(row["macs"] for row in rows if not row["windows"])
    products = sum(row["macs"] for row in rows if row["windows"] and row["part"] == "products")
    mlp = sum(row["macs"] for row in rows if row["windows"] and row["part"] == "mlp")
    alt = say(
        "alt_parts",
        total=short(windowed * factor(unit)),
        ratio=f"{everywhere / windowed:.3g}",
        products=f"{100 * products / windowed:.1f}",
        mlp=f"{100 * mlp / windowed:.0f}",
    )
    return Chart("cost_by_part", figure, alt, rows)


def blocks_chart(say: Say, unit: str, config: SwinConfig, height: int, width: int) -> Chart:
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
    finish(figure, say("axis_blocks"), say(f"axis_{unit}"))
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=[names[place] for place in places])
    sums = {place: sum(row["macs"] for row in rows if row["place"] == place) for place in places}
    most, least = max(sums, key=sums.get), min((place for place in places if "." in place), key=sums.get)
    alt = say(
        "alt_blocks",
        most=names[most],
        most_cost=short(sums[most] * factor(unit)),
        least=names[least],
        least_cost=short(sums[least] * factor(unit)),
    )
    return Chart("cost_by_block", figure, alt, rows)


LAPTOP = 8 * 2**30  # bytes of memory
STYLES = {  # a Swin and the ViT of like size share a colour and a marker
    "swin_t": 0, "deit_s": 0, "swin_s": 2, "swin_b": 1, "swin_b_384": 1, "deit_b": 1, "swin_l": 3, "swin_l_384": 3,
    "vit_l": 3, "own": 4,
}  # fmt: skip


def _curves(figure: go.Figure, say: Say, rows: Rows, key: str, scale: int) -> None:
    for name in dict.fromkeys(row["model"] for row in rows):
        mine = [row for row in rows if row["model"] == name]
        x, y = [row["pixels"] for row in mine], [row[key] * scale for row in mine]
        line(figure, say(f"model_{name}"), x, y, STYLES[name], dash="dash" if name in VITS else "solid", markers=True)


def partners_chart(say: Say, unit: str, names: tuple[str, ...], pixels: int, own: SwinConfig | None = None) -> Chart:
    """Whole models over the side of a square picture, log–log; Swin solid, ViT dashed."""
    rows, figure = models_over_resolution(names, own), go.Figure()
    _curves(figure, say, rows, "macs", factor(unit))
    mark(figure, pixels, f"{pixels} px", log_x=True)
    finish(figure, say("axis_pixels"), say(f"axis_{unit}"), log_x=True, log_y=True)
    ends = [next(row for row in rows if row["model"] == names[0] and row["pixels"] == side) for side in (224, 1024)]
    growth = f"{ends[1]['macs'] / ends[0]['macs']:.3g}"
    alt = say("alt_partners", first=say(f"model_{names[0]}"), growth=growth)
    vits = [name for name in names if name in VITS]
    if vits:
        ends = [next(row for row in rows if row["model"] == vits[0] and row["pixels"] == side) for side in (224, 1024)]
        alt += " " + say(
            "alt_partners_vit", vit=say(f"model_{vits[0]}"), growth=f"{ends[1]['macs'] / ends[0]['macs']:.3g}"
        )
    return Chart("models_over_resolution", figure, alt, rows)


def maps_chart(say: Say, config: SwinConfig, pixels: int) -> Chart:
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
    finish(figure, say("axis_pixels"), say("axis_bytes"), log_x=True, log_y=True)
    at = next(row for row in rows if row["pixels"] == 1024)
    alt = say("alt_maps", windows=short(at["windows"], "B"), layer=short(at["first_layer"], "B"))
    return Chart("maps_over_resolution", figure, alt, rows)
