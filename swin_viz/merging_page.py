"""The merging page's numbers and pictures, from the real run."""

import base64
import html
import io

import numpy as np
import torch
from PIL import Image

from swin_viz import session
from swin_viz.lessons.position import as_convolution
from swin_viz.lessons.real import as_colours, as_grey, with_grid
from swin_viz.trace import BlockTrace


def convolution(block: BlockTrace) -> dict[str, str] | None:
    """How far merging after this block's stage is from a strided convolution, or None in the last stage."""
    stage = session.model().model.layers[block.stage]
    if stage.downsample is None:
        return None
    name = f"layers.{block.stage}.blocks.{len(stage.blocks) - 1}.resid_post"
    x = torch.from_numpy(session.observe(name)[name].copy())[None].to(next(stage.parameters()).device)
    with torch.no_grad():
        bare, normed = as_convolution(stage.downsample, x)
    return {"bare": f"{bare:.1e}", "normed": f"{normed:.2f}", "channels": str(block.channels)}


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
        one = channel and channel <= features.shape[-1]
        pixels = as_grey(features[..., channel - 1]) if one else as_colours(features)
        facts = {"stage": block.stage + 1, "rows": block.size[0], "columns": block.size[1], "channels": block.channels}
        found.append((t("caption", **facts, pixels=block.pixels, window=block.window * block.pixels), pixels))
    grid = with_grid(trace.image, 16)
    rows, columns = (-(-side // 16) for side in trace.image.shape[:2])
    return [*found, (t("vit_caption", rows=rows, columns=columns), grid)]


def picture(pixels: np.ndarray, caption: str) -> str:
    """A figure with its caption as alternative text; every token stays a square at any size."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    source = base64.b64encode(out.getvalue()).decode()
    text = html.escape(caption)
    style = "width:100%;image-rendering:pixelated;border-radius:.4rem"
    image = f'<img alt="{text}" style="{style}" src="data:image/png;base64,{source}">'
    return f'<figure style="margin:0">{image}{text}</figure>'
