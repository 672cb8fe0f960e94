"""The merging page's numbers and pictures, from the real run."""

import base64
import html
import io

import numpy as np
import torch
from PIL import Image

from swin_viz.app import session
from swin_viz.cost.vit import VITS
from swin_viz.engine import shared
from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.merging import as_colours, as_convolution, as_grey, merged, with_grid


def merges(block: BlockTrace) -> bool:
    """Whether patch merging follows the block's stage."""
    return block.stage < session.trace().config.stages - 1


def convolution(block: BlockTrace) -> dict[str, str]:
    """How far merging after this block's stage is from a strided convolution."""
    stage = session.model().model.layers[block.stage]
    name = f"layers.{block.stage}.blocks.{len(stage.blocks) - 1}.resid_post"
    x = torch.from_numpy(session.observe(name)[name].copy())[None].to(next(stage.parameters()).device)
    with torch.no_grad():
        bare, normed = as_convolution(stage.downsample, x)
    return {"bare": f"{bare:.1e}", "normed": f"{normed:.2f}", "channels": str(block.channels)}


def arrays(block: BlockTrace) -> dict[str, np.ndarray]:
    """The merging after this block's stage, from captured points: see `lessons.merged.merged`. Made once per run."""
    stage = f"layers.{block.stage}.downsample"
    values = session.observe(f"{stage}.groups", f"{stage}.merged")
    groups, out = values[f"{stage}.groups"], values[f"{stage}.merged"]
    norm = session.model().model.get_submodule(stage).norm
    return shared.VALUES.get((session.run_key(), stage, "merged"), lambda: merged(groups, out, norm))


def feature_maps(channel: int) -> list[tuple[str, np.ndarray]]:
    """(caption, pixels) of every stage: principal components as colour, or a single channel; and a ViT's grid."""
    t, trace = session.text("merging"), session.trace()
    last = [
        max((b for b in trace.blocks if b.stage == stage), key=lambda b: b.block)
        for stage in range(trace.config.stages)
    ]
    values = session.observe(*(f"{block.name}.resid_post" for block in last))
    found = []
    for block in last:
        features = values[f"{block.name}.resid_post"]
        one = channel and channel <= block.channels
        pixels = as_grey(features[..., channel - 1]) if one else as_colours(features)
        shown = t("shown_channel" if one else "shown_lacks" if channel else "shown_components", channel=channel)
        facts = {"stage": block.stage + 1, "rows": block.size[0], "columns": block.size[1], "channels": block.channels}
        facts |= {"pixels": block.pixels, "window": block.window * block.pixels, "shown": shown}
        found.append((t("caption", **facts), pixels))
    return [*found, _vit_grid(trace.image)]


def _vit_grid(image: np.ndarray) -> tuple[str, np.ndarray]:
    """A Vision Transformer's only grid on the picture, with the shapes of DeiT-S."""
    vit = VITS["deit_s"]
    rows, columns = (-(-side // vit.patch) for side in image.shape[:2])
    facts = {"rows": rows, "columns": columns, "channels": vit.embed_dim, "patch": vit.patch, "depth": vit.depth}
    return session.text("merging")("vit_caption", **facts), with_grid(image, vit.patch)


def picture(pixels: np.ndarray, caption: str) -> str:
    """A figure with its caption as alternative text; every token stays a square at any size."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    source = base64.b64encode(out.getvalue()).decode()
    text = html.escape(caption)
    style = "width:100%;image-rendering:pixelated;border-radius:.4rem"
    image = f'<img alt="{text}" style="{style}" src="data:image/png;base64,{source}">'
    return f'<figure style="margin:0">{image}{text}</figure>'
