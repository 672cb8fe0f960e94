"""The numbers behind the view, to take away: NPZ of the whole block, CSV of the query's keys, each with its caption."""

import csv
import io

import numpy as np

from swin_viz.explorer.state import View, token
from swin_viz.trace import Trace


def block_npz(trace: Trace, view: View, caption: str) -> bytes:
    """Everything of the view's block as a NumPy archive: shares, places, regions, masks, bias, table, caption."""
    block = trace.blocks[view.block]
    out = io.BytesIO()
    np.savez_compressed(
        out,
        caption=caption,
        query=np.array(token(view, trace)),
        shares=block.shares(),
        places=block.places,
        regions=block.regions,
        mask=block.mask_kinds[block.mask_of],
        bias=block.bias,
        table=block.table,
        image=trace.image,
    )
    return out.getvalue()


def query_csv(trace: Trace, view: View, caption: str) -> bytes:
    """The query's keys, a row each: place, whether padding or blocked, and its share for every head."""
    block = trace.blocks[view.block]
    row, column = token(view, trace)
    window, slot = np.argwhere(block.places == row * block.padded[1] + column)[0]
    shares = block.shares()[window, :, slot]  # (h, N)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"# {caption}; query ({row}, {column})"])
    writer.writerow(["row", "column", "padding", "blocked", *(f"head_{head + 1}" for head in range(block.heads))])
    for key, place in enumerate(block.places[window]):
        y, x = divmod(int(place), block.padded[1])
        padding = y >= block.size[0] or x >= block.size[1]
        blocked = block.mask_kinds[block.mask_of[window], slot, key] != 0
        writer.writerow([y, x, int(padding), int(blocked), *(f"{share:.6f}" for share in shares[:, key])])
    return out.getvalue().encode()
