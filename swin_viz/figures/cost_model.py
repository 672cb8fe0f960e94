"""Charts of whole models: their parts, their blocks, their partners of like size, the memory of their maps."""

from collections.abc import Sequence

from swin_viz.cost.formula import items, map_bytes, total
from swin_viz.cost.sweeps import (
    PARTS,
    ModelRow,
    PartRow,
    by_block,
    by_part,
    factor,
    maps_over_resolution,
    models_over_resolution,
)
from swin_viz.cost.vit import VITS, partner
from swin_viz.figures.theme import GREY, OTHERS, Chart, Draft, Say, bars, finish, kept, line, mark
from swin_viz.network.variants import SwinConfig
from swin_viz.text.numbers import percent, short, times

PIXELS = (112, 224, 384, 640, 1024, 1536, 2880)  # ticks of an axis of pictures


@kept
def parts_chart(
    say: Say, unit: str, config: SwinConfig, height: int, width: int, model: str, everywhere: bool = False
) -> Chart:
    """Stacked by component, stage by stage: with windows, and on demand beside it with global attention everywhere."""
    rows, figure = by_part(config, height, width), Draft()
    drawn = [row for row in rows if everywhere or row["windows"]]
    kinds = {1: say("with_windows"), 0: say("with_global")}
    for style, part in zip(OTHERS, PARTS, strict=True):
        mine = [row for row in drawn if row["part"] == part]
        if mine:
            stages = [say("stage", stage=row["stage"]) for row in mine]
            x = [stages, [kinds[row["windows"]] for row in mine]] if everywhere else stages
            bars(figure, say(f"part_{part}"), x, [row["macs"] * factor(unit) for row in mine], style)
    finish(figure, _title(say, "parts", unit, config, (height, width), model), say("axis_stages"), say(f"axis_{unit}"))
    return Chart("cost_by_part", figure, _parts_alt(say, rows), drawn)


def _title(say: Say, key: str, unit: str, config: SwinConfig, sides: tuple[int, int], model: str) -> str:
    """What is drawn, of which model on which picture, and its whole cost: a saved picture says it all by itself."""
    cost = f"{short(total(items(config, *sides)) * factor(unit))} {say(f'unit_{unit}')}"
    return f"<b>{say(f'title_{key}')}</b><br>{say('title_of', model=model, height=sides[0], width=sides[1], cost=cost)}"


def _parts_alt(say: Say, rows: Sequence[PartRow]) -> str:
    """Which part costs what, and what global attention everywhere would cost: less only where windows are padded."""
    windowed, others = (sum(row["macs"] for row in rows if row["windows"] == kind) for kind in (1, 0))
    of = {part: sum(row["macs"] for row in rows if row["windows"] and row["part"] == part) for part in PARTS}
    alt = say("alt_parts", products=percent(of["products"] / windowed), mlp=percent(of["mlp"] / windowed))
    case = "more" if others > windowed else "same" if others == windowed else "less"
    return alt + " " + say(f"alt_parts_{case}", ratio=times(max(others, windowed) / min(others, windowed)))


@kept
def blocks_chart(say: Say, unit: str, config: SwinConfig, height: int, width: int, model: str) -> Chart:
    """Every block, and what stands between them, from the image to the classes."""
    rows, figure = by_block(config, height, width), Draft()
    places = list(dict.fromkeys(row["place"] for row in rows))
    names = {place: say(f"part_{place}") if place in ("head",) else place for place in places}
    names["patch_embed"] = say("part_embedding")
    for style, part in zip(OTHERS, PARTS, strict=True):
        mine = [row for row in rows if row["part"] == part]
        if mine:
            x, y = [names[row["place"]] for row in mine], [row["macs"] * factor(unit) for row in mine]
            bars(figure, say(f"part_{part}"), x, y, style)
    finish(figure, _title(say, "blocks", unit, config, (height, width), model), say("axis_blocks"), say(f"axis_{unit}"))
    order = [names[place] for place in places]
    figure.layout["xaxis"] |= {"type": "category", "categoryorder": "array", "categoryarray": order}
    sums = {place: sum(row["macs"] for row in rows if row["place"] == place) * factor(unit) for place in places}
    return Chart("cost_by_block", figure, _blocks_alt(say, sums, names, say(f"unit_{unit}")), rows)


def _blocks_alt(say: Say, sums: dict[str, int], names: dict[str, str], unit: str) -> str:
    """Which cost most, and which blocks least: all that do, for blocks of one stage cost the same."""
    blocks = [place for place in sums if "." in place]
    sentences = []
    for key, among, wanted in (("most", list(sums), max), ("least", blocks, min)):
        value = wanted(sums[place] for place in among)
        found = [place for place in among if sums[place] == value]
        told = say("list").join(_runs([names[place] for place in found]))
        many = "one" if len(found) == 1 else "many"
        sentences.append(say(f"alt_{key}_{many}", places=told, cost=f"{short(value)} {unit}"))
    return " ".join(sentences)


def _runs(names: list[str]) -> list[str]:
    """Blocks of one stage that follow each other as one: "3.1–3.6"; two stay two."""
    stages: dict[str, list[str]] = {}
    for name in names:
        stages.setdefault(name.split(".")[0] if "." in name else name, []).append(name)
    return [
        text for run in stages.values() for text in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run)
    ]  # all blocks of a stage cost the same, so a run has no gaps


LAPTOP = 8 * 10**9  # bytes of memory
STYLES = {  # a Swin and the ViT of like size share a colour and a marker
    "swin_t": 2, "deit_s": 2, "swin_s": 6, "swin_b": 3, "swin_b_384": 3, "deit_b": 3, "swin_l": 4, "swin_l_384": 4,
    "vit_l": 4, "own": 5, "deit_ti": 5,
}  # fmt: skip


def _dash(name: str) -> str:
    """Solid for a Swin, dotted at 384 pixels; dashed for a ViT."""
    return "dash" if name in VITS else "dot" if name.endswith("_384") else "solid"


def _curves(figure: Draft, say: Say, rows: list[ModelRow], scale: int, titles: dict[str, str]) -> None:
    for name in dict.fromkeys(row["model"] for row in rows):
        mine = [row for row in rows if row["model"] == name]
        x, y = [row["pixels"] for row in mine], [row["macs"] * scale for row in mine]
        title = titles.get(name) or say(f"model_{name}")
        line(figure, title, x, y, STYLES[name], dash=_dash(name), markers=True)


def _growth(rows: list[ModelRow], name: str) -> str:
    """How many times more a model costs at 1024 pixels than at 224."""
    at = {row["pixels"]: row["macs"] for row in rows if row["model"] == name}
    return times(at[1024] / at[224])


@kept
def partners_chart(
    say: Say, unit: str, chosen: str, names: tuple[str, ...], pixels: int, config: SwinConfig, model: str
) -> Chart:
    """Whole models over the side of a square picture, log–log; Swin solid, ViT dashed.

    `names` are drawn, with the chosen one (named `model`) first, and the ViT of nearest cost among them.
    """
    vit = partner(total(items(config, 224, 224)))
    names = tuple(dict.fromkeys((chosen, *names, vit)))
    rows, figure = models_over_resolution(names, config), Draft()
    _curves(figure, say, rows, factor(unit), {chosen: model})
    mark(figure, pixels, f"{pixels} px", log_x=True)
    title = _title(say, "partners", unit, config, (pixels, pixels), model)
    finish(figure, title, say("axis_pixels"), say(f"axis_{unit}"), log_x=True, log_y=True, x_ticks=PIXELS)
    alt = say("alt_partners", first=model, growth=_growth(rows, chosen))
    alt += " " + say("alt_partners_vit", vit=say(f"model_{vit}"), growth=_growth(rows, vit))
    return Chart("models_over_resolution", figure, alt, rows)


@kept
def maps_chart(say: Say, config: SwinConfig, pixels: int, model: str) -> Chart:
    """Bytes of all attention maps in float32: windows, global attention everywhere, global in the first layer alone."""
    rows, figure = maps_over_resolution(config), Draft()
    x = [row["pixels"] for row in rows]
    for style, key in ((0, "windows"), (1, "global"), (2, "first_layer")):
        line(figure, say(f"maps_{key}"), x, [row[key] for row in rows], style, markers=True)
    figure.add_scatter(
        x=[x[0], x[-1]], y=[LAPTOP, LAPTOP], name=say("laptop"), mode="lines", line={"color": GREY, "dash": "dot"},
        hoverinfo="skip",
    )  # fmt: skip
    mark(figure, pixels, f"{pixels} px", log_x=True)
    drawn = short(map_bytes(config, pixels, pixels), "B")
    title = f"<b>{say('title_maps')}</b><br>{say('title_of', model=model, height=pixels, width=pixels, cost=drawn)}"
    finish(figure, title, say("axis_pixels"), say("axis_bytes"), log_x=True, log_y=True, x_ticks=PIXELS)
    at = next(row for row in rows if row["pixels"] == 1024)
    alt = say("alt_maps", windows=short(at["windows"], "B"), layer=short(at["first_layer"], "B"))
    if at["first_layer"] > LAPTOP:
        alt += " " + say("alt_maps_too_much")
    units = dict.fromkeys(("windows", "global", "first_layer"), "bytes")
    return Chart("maps_over_resolution", figure, alt, rows, units)
