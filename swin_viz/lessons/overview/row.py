"""The whole network as one row of nodes, from the picture to the classes: shapes, parameters, multiply-adds, features.

Letters: H W tokens of a map, C channels. Every node but the picture names the point at which its value passes; so its
shape is that of the run where there is one, and by formula where there is none (T, S, B, L as they were published).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import nn

from swin_viz.cost.formula import Item, items, stage_maps, total
from swin_viz.engine.trace import Trace
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.merging import as_colours
from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig

LARGEST = 128  # tokens a side of a node's picture: of larger maps every second, third … token


@dataclass(frozen=True)
class Node:
    """One node. `kind`: image, patches, pair, merge, norm, mean, head; `blocks` are those of a pair, from 0."""

    kind: str
    point: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    stage: int | None = None
    blocks: tuple[int, ...] = ()


@lru_cache(maxsize=32)
def row(config: SwinConfig, height: int, width: int) -> tuple[Node, ...]:
    """The nodes of a model on a picture of height × width pixels, in order; without the head where there is none."""
    maps, table = stage_maps(config, height, width), items(config, height, width)
    with torch.device("meta"):
        model = Swin(config)
    shapes = [(at.height, at.width, at.channels) for at in maps]
    nodes = [
        Node("image", "", (height, width, config.in_channels), 0, 0),
        Node("patches", "patch_embed.tokens", shapes[0], learned(model.patch_embed), _macs(table, "patch_embed")),
    ]
    for stage, shape in enumerate(shapes):
        nodes += _pairs(config, model, table, stage, shape)
        if stage < config.stages - 1:
            downsample = f"layers.{stage}.downsample"
            cost = learned(model.get_submodule(downsample)), _macs(table, "merging", stage)
            nodes.append(Node("merge", f"{downsample}.merged", shapes[stage + 1], *cost, stage))
    nodes.append(Node("norm", "features", shapes[-1], learned(model.norm), _macs(table, "last_norm")))
    nodes.append(Node("mean", "pooled", shapes[-1][-1:], 0, _macs(table, "pool")))
    if config.classes:
        nodes.append(Node("head", "logits", (config.classes,), learned(model.head), _macs(table, "head")))
    return tuple(nodes)


def _pairs(config: SwinConfig, model: Swin, table: list[Item], stage: int, shape: tuple[int, ...]) -> list[Node]:
    """The blocks of a stage two by two, an odd one alone."""
    found = []
    for first in range(0, config.depths[stage], 2):
        blocks = tuple(range(first, min(first + 2, config.depths[stage])))
        names = [f"layers.{stage}.blocks.{block}" for block in blocks]
        macs = total(item for item in table if item.stage == stage and item.block in blocks)
        parameters = sum(learned(model.get_submodule(name)) for name in names)
        found.append(Node("pair", f"{names[-1]}.resid_post", shape, parameters, macs, stage, blocks))
    return found


def learned(module: nn.Module) -> int:
    """The numbers that a module learned."""
    return sum(parameter.numel() for parameter in module.parameters())


def _macs(table: list[Item], component: str, stage: int | None = None) -> int:
    return total(item for item in table if item.component == component and item.stage == stage)


def live_shape(trace: Trace, node: Node) -> tuple[int, ...]:
    """The shape that was captured in a run, without the batch axis; the picture's own."""
    return tuple(trace.shapes[node.point][1:]) if node.point else trace.image.shape


def stage_ends(config: SwinConfig) -> tuple[str, ...]:
    """The point at which the tokens leave each stage's last block."""
    return tuple(f"layers.{stage}.blocks.{depth - 1}.resid_post" for stage, depth in enumerate(config.depths))


@torch.no_grad()
def features(trace: Trace, model: Swin, observe: Observe) -> dict[str, np.ndarray]:
    """What passes every node's point, by the point: (H, W, C), of the mean (C,).

    A run keeps what enters its blocks, and that is what left the node before: only the stages' last blocks run again.
    """
    nodes, found = row(model.config, *trace.image.shape[:2]), dict(observe(*stage_ends(model.config)))
    names = model.config.block_names
    entered = trace.inputs or {
        name.removesuffix(".resid_pre"): value for name, value in observe("layers.*.blocks.*.resid_pre").items()
    }
    for node in nodes:
        if node.kind == "patches":
            found[node.point] = entered[names[0]]
        elif node.kind == "merge":
            found[node.point] = entered[f"layers.{node.stage + 1}.blocks.0"]  # type: ignore[operator]
        elif node.kind == "pair" and node.point not in found:
            found[node.point] = entered[names[names.index(node.point.removesuffix(".resid_post")) + 1]]
    found["features"] = normed(model, found[stage_ends(model.config)[-1]])
    found["pooled"] = found["features"].mean((0, 1))
    return {node.point: found[node.point] for node in nodes if node.point in found}


@torch.no_grad()
def normed(model: Swin, leaving: np.ndarray) -> np.ndarray:
    """What the network's last norm makes of the tokens that leave the last block: (H, W, C)."""
    x = torch.from_numpy(leaving.copy()).to(model.norm.weight)
    found: np.ndarray = model.norm(x).float().cpu().numpy()
    return found


def thumbnails(trace: Trace, model: Swin, observe: Observe) -> dict[str, np.ndarray]:
    """The nodes' pictures by `row.<number>`: principal components as colours (H, W, 3); of the mean its numbers."""
    values, found = features(trace, model, observe), {}
    for number, node in enumerate(row(model.config, *trace.image.shape[:2])):
        if node.kind == "head":
            found[f"row.{number}"] = trace.logits
        elif node.kind == "mean":
            found[f"row.{number}"] = values[node.point]
        elif node.kind != "image":
            step = -(-max(node.shape[:2]) // LARGEST)
            found[f"row.{number}"] = np.ascontiguousarray(as_colours(values[node.point])[::step, ::step])
    return found
