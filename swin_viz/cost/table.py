"""The cost of a model as text: the readable table and the CSV of `swin-viz cost`."""

import csv
import io
from dataclasses import asdict, fields

from swin_viz.cost.clock.report import Report, Row
from swin_viz.cost.formula import BYTES, FLOPS_PER_MAC, Item, items, map_bytes, parameters, stage_maps, total
from swin_viz.cost.terms import msa, w_msa
from swin_viz.cost.vit import VITS, vit_items, vit_map_bytes, vit_parameters
from swin_viz.network.variants import VARIANTS, SwinConfig
from swin_viz.text.numbers import percent, seconds, short

MODELS = (*VARIANTS, *VITS)


def model_items(name: str, height: int, width: int) -> list[Item]:
    """Every step of a Swin or a ViT by name. Raises KeyError for an unknown name, ValueError for an empty image."""
    return vit_items(VITS[name], height, width) if name in VITS else items(VARIANTS[name], height, width)


def to_csv(names: list[str], height: int, width: int) -> str:
    """Every step of every model, one line each; stages and blocks from 1."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["model", *(field.name for field in fields(Item)), "bytes"])
    writer.writeheader()
    for name in names:
        for item in model_items(name, height, width):
            place = {key: None if getattr(item, key) is None else getattr(item, key) + 1 for key in ("stage", "block")}
            writer.writerow({"model": name} | asdict(item) | place | {"bytes": item.bytes})
    return out.getvalue()


def summary(names: list[str], height: int, width: int) -> str:
    """What one pass costs: totals of every model, then the first one's stages and components."""
    parts = [f"One image of {height}×{width} pixels. 1 MAC = one multiply-add = {FLOPS_PER_MAC} FLOPs.", ""]
    head = ["model", "MACs", "FLOPs", "parameters", "attention maps (fp32)"]
    parts += _columns([head, *(_totals(name, height, width) for name in names)])
    for name in names:
        parts += ["", f"{name}, by component:"]
        parts += _columns([["component", "MACs", "share", "elements", "written"], *_components(name, height, width)])
        if name in VARIANTS:
            parts += ["", f"{name}, one attention layer of each stage (paper, equations 1 and 2):"]
            parts += _columns(_stages(VARIANTS[name], height, width))
    return "\n".join(parts) + "\n"


def measured_summary(report: Report) -> str:
    """Medians of one attention layer on one machine (the device's own time); in brackets what was computed."""
    machine = report.machine
    head = (
        f"One attention layer on {machine.device} ({machine.dtype}, {machine.threads} thread, torch {machine.torch}):"
    )
    ways = list(dict.fromkeys(row.way for row in report.rows))
    rows = [["map", *ways]]
    for batch, side in dict.fromkeys((row.batch, row.side) for row in report.rows):
        cells = {row.way: _cell(row) for row in report.rows if (row.batch, row.side) == (batch, side)}
        rows.append([f"{side}×{side}" + (f" ×{batch}" if batch > 1 else ""), *(cells[way] for way in ways)])
    lines = [head, *_columns(rows)]
    if report.busy:
        more = percent(report.stretch - 1, 0)
        lines.append(
            f"The machine was busy: by the clock this took {more} longer than the device worked. Measure again."
        )
    return "\n".join(lines) + "\n"


def _cell(row: Row) -> str:
    if row.status == "refused":
        return f"refused: {short(row.needed, 'B')}"
    return seconds(row.median) if row.status == "measured" else f"({seconds(row.median)})"


def _totals(name: str, height: int, width: int) -> list[str]:
    macs = total(model_items(name, height, width))
    if name in VITS:
        learned, maps = vit_parameters(VITS[name]), vit_map_bytes(VITS[name], height, width)
    else:
        learned, maps = parameters(VARIANTS[name]), map_bytes(VARIANTS[name], height, width)
    return [name, f"{macs:,}", f"{FLOPS_PER_MAC * macs:,}", short(learned), short(maps, "B")]


def _components(name: str, height: int, width: int) -> list[list[str]]:
    table = model_items(name, height, width)
    whole = total(table)
    rows = []
    for component in dict.fromkeys(item.component for item in table):
        mine = [item for item in table if item.component == component]
        macs, elements = total(mine), sum(item.elements for item in mine)
        share = percent(macs / whole) if macs else "–"
        rows.append([component, f"{macs:,}", share, f"{elements:,}", short(BYTES * elements, "B")])
    return rows


def _stages(config: SwinConfig, height: int, width: int) -> list[list[str]]:
    rows = [["stage", "tokens", "padded to", "C", "Ω(MSA)", "Ω(W-MSA)", "ratio"]]
    for stage, at in enumerate(stage_maps(config, height, width), 1):
        whole = msa(at.height, at.width, at.channels)
        windows = w_msa(at.height, at.width, at.channels, config.window)
        sizes = [f"{at.height}×{at.width}", f"{at.padded_height}×{at.padded_width}", str(at.channels)]
        rows.append([str(stage), *sizes, short(whole), short(windows), f"{whole / windows:.2f}"])
    return rows


def _columns(rows: list[list[str]]) -> list[str]:
    """Rows under each other: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
