"""From picture to tokens: how many there are by the side of a patch, and how many pairs attend, of all or in windows.

Letters: n tokens, M window side, N = M·M, nW windows. All tokens with all: n². In windows of a padded map: nW·N².
And three rulers, pixel, token and window, for every stage of a run; and a Vision Transformer's only one.
"""

from dataclasses import dataclass

from swin_viz.cost.vit import VITS
from swin_viz.engine.trace import Trace

SIDES = (4, 8, 16, 32)  # of a patch, in pixels
VIT = "deit_s"


@dataclass(frozen=True)
class Cut:
    """A picture cut into patches of one side, and the windows over them."""

    side: int
    rows: int
    columns: int
    tokens: int
    pairs: int
    windows: int
    per_window: int
    window_pairs: int
    padded: int  # tokens with padding to full windows


def cut(height: int, width: int, side: int, window: int) -> Cut:
    """A picture of height × width pixels cut into patches; what is left at the rim is padded to a full one."""
    rows, columns = -(-height // side), -(-width // side)
    windows, n = -(-rows // window) * -(-columns // window), window * window
    return Cut(side, rows, columns, rows * columns, (rows * columns) ** 2, windows, n, windows * n * n, windows * n)


def rulers(trace: Trace) -> list[dict]:
    """By stage: the map, the side of a token and of a window in pixels of the picture, and how many windows."""
    first = {block.stage: block for block in reversed(trace.blocks)}
    return [
        {
            "rows": block.size[0],
            "columns": block.size[1],
            "padded": list(block.padded),
            "channels": block.channels,
            "pixels": block.pixels,
            "m": block.window,
            "window": block.pixels * block.window,
            "windows": len(block.places),
        }
        for _, block in sorted(first.items())
    ]


def vit(height: int, width: int) -> dict:
    """The single grid of a Vision Transformer (DeiT-S) on the picture; without its class token."""
    config = VITS[VIT]
    rows, columns = -(-height // config.patch), -(-width // config.patch)
    return {
        "rows": rows,
        "columns": columns,
        "patch": config.patch,
        "channels": config.embed_dim,
        "depth": config.depth,
        "tokens": rows * columns,
    }
