"""The list of points: what each is called, which axes it has, and what passes there. Printed as CONTRIBUTING's table:

    python -m swin_viz.network.points

Letters: B images, H W tokens of the map, H' W' padded, p a patch's side in pixels, C channels, M window side,
N = M·M, nW windows, h heads, d channels of a head, r the MLP's ratio. A name with `*` stands for every stage and
every block.
"""

from typing import NamedTuple

import torch

from swin_viz.network.capture import points
from swin_viz.network.model import Swin
from swin_viz.network.variants import BUILTIN

BLOCK = "layers.*.blocks.*."
MEANINGS = {
    "patch_embed.padded": "the normalised picture, padded with zeros to full patches",
    "patch_embed.projected": "each patch projected to C channels",
    "patch_embed.tokens": "the patches, embedded (and normed)",
    BLOCK + "attn.q": "queries",
    BLOCK + "attn.k": "keys",
    BLOCK + "attn.v": "values",
    BLOCK + "attn.raw": "q·kᵀ",
    BLOCK + "attn.scale": "the factor 1/√d, a number",
    BLOCK + "attn.scaled": "q·kᵀ times the factor",
    BLOCK + "attn.index": "which row of the bias table each pair reads",
    BLOCK + "attn.bias": "relative position bias of each pair",
    BLOCK + "attn.biased": "scaled scores plus bias",
    BLOCK + "attn.mask": "0 inside a region, −100 across; all 0 without a shift",
    BLOCK + "attn.masked": "the scores that softmax gets",
    BLOCK + "attn.probs": "attention: each query's shares, which sum to 1",
    BLOCK + "attn.z": "each head's sum of values, weighted by its shares",
    BLOCK + "attn.out": "the heads joined and projected",
    BLOCK + "mlp.hidden": "the MLP's hidden values before GELU",
    BLOCK + "mlp.activated": "the same after GELU",
    BLOCK + "resid_pre": "the residual stream that enters the block",
    BLOCK + "attn_in": "the stream, normed: what attention gets",
    BLOCK + "padded": "normed, and padded with zeros to full windows",
    BLOCK + "shift": "rows and columns of the cyclic shift, a pair of numbers",
    BLOCK + "shifted": "the padded map, rolled",
    BLOCK + "regions": "region number of each token of the rolled map",
    BLOCK + "windows": "the rolled map, cut into windows",
    BLOCK + "unshifted": "attention's result: put together, rolled back, cropped",
    BLOCK + "attn_branch": "the same after DropPath: what attention adds to the stream",
    BLOCK + "resid_mid": "the residual stream after attention",
    BLOCK + "mlp_in": "the stream, normed again: what the MLP gets",
    BLOCK + "mlp_out": "the MLP's result",
    BLOCK + "mlp_branch": "the same after DropPath: what the MLP adds to the stream",
    BLOCK + "resid_post": "the residual stream that leaves the block",
    "layers.*.downsample.groups": "groups of 2×2 tokens, concatenated",
    "layers.*.downsample.merged": "the groups, normed and projected",
    "features": "the last stage's tokens, normed",
    "pooled": "their mean",
    "logits": "the classes' logits; the pooled features of a model without a head",
}


class Listed(NamedTuple):
    """One point, or all of that name: its glob pattern, its axes ("" for a number), what passes there."""

    pattern: str
    axes: str
    meaning: str


def listed() -> list[Listed]:
    """Every point of a Swin, in the order of definition. Raises KeyError for one that has no meaning yet."""
    with torch.device("meta"):
        found = points(Swin(BUILTIN))
    axes = {
        ".".join("*" if part.isdigit() else part for part in name.split(".")): at.axes for name, at in found.items()
    }
    return [Listed(pattern, names, MEANINGS[pattern]) for pattern, names in axes.items()]


def table() -> str:
    """The list in Markdown."""
    rows = (f"| `{pattern}` | {f'`{axes}`' if axes else 'none'} | {meaning} |" for pattern, axes, meaning in listed())
    return "\n".join(("| point | axes | what passes |", "| --- | --- | --- |", *rows))


if __name__ == "__main__":
    print(table())
