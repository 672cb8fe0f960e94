"""The cost along one axis at a time, as tables of plain rows: what the charts draw and what the CSV files hold.

Letters: h w tokens of the map, C channels, M window side. Every value is in MACs or bytes; no row is interpolated.
"""

from typing import TypedDict

from swin_viz.cost.formula import FLOPS_PER_MAC, Item, items, map_bytes, total
from swin_viz.cost.terms import MSA, Term, msa, padded_w_msa, w_msa
from swin_viz.cost.vit import VITS, vit_items, vit_map_bytes
from swin_viz.network.variants import VARIANTS, SwinConfig

Rows = list[dict[str, int]]
FOUR_K = 540 * 960  # tokens of a 3840×2160 picture in patches of 4×4
SIDES = (112, 160, 224, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 2048, 2880)  # pixels
GROUPS = {  # a component with multiply-adds → the part of the chart it belongs to
    "patch_embed": "embedding",
    "qkv": "projections",
    "scores": "products",
    "values": "products",
    "proj": "projections",
    "mlp": "mlp",
    "merging": "merging",
    "head": "head",
}
PARTS = ("embedding", "projections", "products", "mlp", "merging", "head")
_PROJECTIONS = tuple(term for term in MSA if term.channels == 2)


class PartRow(TypedDict):
    """MACs of one part of one stage, with windows (1) or with global attention everywhere (0)."""

    windows: int
    stage: int  # from 1
    part: str
    macs: int


class BlockRow(TypedDict):
    """MACs of one part of one block, or of what stands between the blocks."""

    place: str
    part: str
    macs: int


class ModelRow(TypedDict):
    """A whole model on a square picture of so many pixels a side."""

    model: str
    pixels: int
    macs: int
    map_bytes: int


def factor(unit: str) -> int:
    """What a number of MACs is multiplied by to be in "macs" or "flops". Raises KeyError for another unit."""
    return {"macs": 1, "flops": FLOPS_PER_MAC}[unit]


def _sum(terms: tuple[Term, ...], h: int, w: int, c: int) -> int:
    return sum(term.macs(h, w, c, 1) for term in terms)


def over_resolution(channels: int, window: int) -> Rows:
    """One attention layer on square maps from 7×7 tokens up to as many as a 4K picture has."""
    sides = sorted({round(7 * (720 / 7) ** (step / 40)) for step in range(41)})
    return [
        {
            "side": n,
            "tokens": n * n,
            "msa": msa(n, n, channels),
            "w_msa": w_msa(n, n, channels, window),
            "padded": padded_w_msa(n, n, channels, window),
            "projections": _sum(_PROJECTIONS, n, n, channels),
        }
        for n in sides
    ]


def over_window(h: int, w: int, channels: int) -> Rows:
    """One attention layer on one map, for every window up to the whole map (64 at most)."""
    return [
        {
            "window": m,
            "msa": msa(h, w, channels),
            "w_msa": w_msa(h, w, channels, m),
            "padded": padded_w_msa(h, w, channels, m),
        }
        for m in range(1, min(64, max(h, w)) + 1)
    ]


def over_channels(h: int, w: int, window: int) -> Rows:
    """One attention layer on one map, from 8 to 1536 channels; `projections` grow with C², the rest with C."""
    channels = sorted({round(8 * 192 ** (step / 30)) for step in range(31)})
    return [
        {
            "channels": c,
            "msa": msa(h, w, c),
            "w_msa": w_msa(h, w, c, window),
            "projections": _sum(_PROJECTIONS, h, w, c),
        }
        for c in channels
    ]


def by_part(config: SwinConfig, height: int, width: int) -> list[PartRow]:
    """The whole model, part by part and stage by stage, with windows and with global attention everywhere."""
    rows: list[PartRow] = []
    for windowed in (True, False):
        table = items(config, height, width, windowed)
        for stage in range(config.stages):
            here = [item for item in table if _stage_of(item, config.stages) == stage]
            rows += [{"windows": int(windowed), "stage": stage + 1, "part": part, "macs": macs}
                     for part, macs in _parts(here).items()]  # fmt: skip
    return rows


def by_block(config: SwinConfig, height: int, width: int) -> list[BlockRow]:
    """The whole model block by block; embedding, merging and head stand between the blocks."""
    sums: dict[tuple[str, str], int] = {}
    for item in items(config, height, width):
        if item.macs:
            key = (_place(item), GROUPS[item.component])
            sums[key] = sums.get(key, 0) + item.macs
    return [{"place": place, "part": part, "macs": macs} for (place, part), macs in sums.items()]


def _place(item: Item) -> str:
    """ "2.1" is block 1 of stage 2, "→3" the merging before stage 3."""
    if item.stage is None:
        return item.component
    return f"→{item.stage + 2}" if item.block is None else f"{item.stage + 1}.{item.block + 1}"


def _stage_of(item: Item, stages: int) -> int:
    """The embedding counts to the first stage, the head to the last."""
    if item.stage is not None:
        return item.stage
    return 0 if item.component.startswith("patch") else stages - 1


def _parts(table: list[Item]) -> dict[str, int]:
    found = dict.fromkeys(PARTS, 0)
    for item in table:
        if item.macs:
            found[GROUPS[item.component]] += item.macs
    return {part: macs for part, macs in found.items() if macs}


def models_over_resolution(names: tuple[str, ...], own: SwinConfig | None = None) -> list[ModelRow]:
    """Whole models over square pictures: MACs and bytes of all attention maps (float32). `own` is named "own"."""
    rows: list[ModelRow] = []
    for side in SIDES:
        for name in names:
            if name in VITS:
                macs, maps = total(vit_items(VITS[name], side, side)), vit_map_bytes(VITS[name], side, side)
            else:
                config = own if name == "own" and own else VARIANTS[name]
                macs, maps = total(items(config, side, side)), map_bytes(config, side, side)
            rows.append({"model": name, "pixels": side, "macs": macs, "map_bytes": maps})
    return rows


def maps_over_resolution(config: SwinConfig) -> Rows:
    """Bytes of the attention maps: all of the model, all if every attention were global, the first layer if it were."""
    one = SwinConfig(config.embed_dim, (1,), config.heads[:1], config.window, config.patch)
    return [
        {
            "pixels": side,
            "windows": map_bytes(config, side, side),
            "global": map_bytes(config, side, side, windowed=False),
            "first_layer": map_bytes(one, side, side, windowed=False),
        }
        for side in SIDES
    ]
