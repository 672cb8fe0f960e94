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


def pair_stages(trace: Trace, view: View, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The query's window in the view's head, stage by stage: q, k, v (N, d) and raw … probs (N, N)."""
    block = trace.blocks[view.block]
    row, column = token(view, trace)
    window, slot = np.argwhere(block.places == row * block.padded[1] + column)[0]
    head = 0 if view.head == "mean" else int(view.head)
    q, k, v = (values[f"{block.name}.attn.{name}"][window, head] for name in "qkv")
    raw = q @ k.T
    found = {"q": q, "k": k, "v": v, "raw": raw, "scaled": raw / np.sqrt(q.shape[-1]), "bias": block.bias[head]}
    found["mask"] = block.mask_kinds[block.mask_of[window]]
    found["masked"] = found["scaled"] + found["bias"] + found["mask"]
    exponential = np.exp(found["masked"] - found["masked"].max(-1, keepdims=True))
    found["probs"] = exponential / exponential.sum(-1, keepdims=True)
    at = np.stack(np.divmod(block.places[window].astype(int), block.padded[1]), axis=-1)
    return found | {"slot": np.array(slot), "places": at}


def pairs_csv(found: dict[str, np.ndarray], caption: str) -> bytes:
    """The ledger of the query: a row for every key of its window."""
    names, slot = ("raw", "scaled", "bias", "mask", "masked", "probs"), int(found["slot"])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"# {caption}; query {tuple(found['places'][slot].tolist())}"])
    writer.writerow(["row", "column", *names])
    for key, (row, column) in enumerate(found["places"].tolist()):
        writer.writerow([row, column, *(f"{found[name][slot, key]:.6g}" for name in names)])
    return out.getvalue().encode()


def pairs_npz(found: dict[str, np.ndarray], caption: str) -> bytes:
    """Everything of `pair_stages` as a NumPy archive."""
    out = io.BytesIO()
    np.savez_compressed(out, caption=caption, **found)
    return out.getvalue()
