"""The numbers behind the view, to take away: as CSV what is on the screen, as NPZ all that it is part of.

Everything comes in as arguments: a download is made in a thread of its own, which has no session.
"""

import csv
import io
from collections.abc import Iterable, Iterator

import numpy as np

from swin_viz.browser.attention.shown import Panel, layer_map, seat
from swin_viz.browser.attention.view import View, token
from swin_viz.engine.trace import Trace

STAGES = ("raw", "scaled", "bias", "biased", "mask", "masked", "probs")


def screen_csv(shown: list[Panel], caption: str) -> bytes:
    """Every number painted, a row each: the query's keys, or the tokens of the layer's map; of both pictures if two.

    `share` is that of the head chosen, or the mean over heads; the single heads of the block stand beside it.
    """
    attention = shown[0][1].layer == "attention"
    most = max(trace.blocks[view.block].heads for trace, view in shown)
    numbers = ("padding", "blocked", "share", *(f"head_{head + 1}" for head in range(most)))
    columns = ("picture", "block", "head", "row", "column", *(numbers if attention else ("value",)))
    rows = _keys if attention else _tokens
    return _csv(caption, columns, (named for i, panel in enumerate(shown) for named in _named(i, panel, rows(*panel))))


def _named(index: int, panel: Panel, rows: Iterable[dict]) -> Iterator[dict]:
    trace, view = panel
    name = {"picture": index + 1, "block": trace.blocks[view.block].name, "head": _head_text(view)}
    return (name | row for row in rows)


def _head_text(view: View) -> str:
    return "mean" if view.head == "mean" else str(view.head + 1)  # as on the screen: from 1


def _keys(trace: Trace, view: View) -> Iterator[dict]:
    """The query's keys: place, whether padding or blocked, shares."""
    block, (window, slot) = trace.blocks[view.block], seat(trace, view)
    shares = block.shares()[window, :, slot]  # (h, N)
    share = shares.mean(0) if view.head == "mean" else shares[view.head]
    for key, place in enumerate(block.places[window]):
        row, column = divmod(int(place), block.padded[1])
        yield {
            "row": row,
            "column": column,
            "padding": int(row >= block.size[0] or column >= block.size[1]),
            "blocked": int(block.mask_kinds[block.mask_of[window], slot, key] != 0),
            "share": f"{share[key]:.6f}",
        } | {f"head_{head + 1}": f"{each:.6f}" for head, each in enumerate(shares[:, key])}


def _tokens(trace: Trace, view: View) -> Iterator[dict]:
    """The map's tokens and their values."""
    for (row, column), value in np.ndenumerate(layer_map(trace, view)):
        yield {"row": row, "column": column, "value": f"{value:.6g}"}


def screen_npz(shown: list[Panel], caption: str) -> bytes:
    """All of the view's block, from its shares to its bias table, and the layer's map; of a second as `other_…`."""
    arrays = {"caption": np.array(caption)}
    for prefix, panel in zip(("", "other_"), shown, strict=False):
        arrays |= {f"{prefix}{name}": array for name, array in _block_arrays(*panel).items()}
    return _npz(arrays)


def _block_arrays(trace: Trace, view: View) -> dict[str, np.ndarray]:
    block, found = trace.blocks[view.block], layer_map(trace, view)
    arrays = {
        "block": np.array(block.name),
        "head": np.array(_head_text(view)),
        "layer": np.array(view.layer),
        "query": np.array(token(view, trace)),
        "shares": block.shares(),
        "places": block.places,
        "regions": block.regions,
        "mask": block.mask_kinds[block.mask_of],
        "bias": block.bias,
        "table": block.table,
        "image": trace.image,
    }
    return arrays if found is None else arrays | {"map": found}


def factor_on_scores(d: int, factor: int) -> float:
    """What q·k is multiplied by, from the slider's place: 1/√d at 0, 1 at 100, √d at 200, even in the logarithm."""
    return float(d ** (-0.5 * (1 - factor / 100)))


def pair_stages(trace: Trace, view: View, values: dict[str, np.ndarray], factor: int = 0) -> dict[str, np.ndarray]:
    """The query's window in the view's head, stage by stage: q, k, v (N, d) and raw … probs (N, N), in float32.

    factor: the slider's place, as on the screen; what it makes of q·k is named beside, `scale`.
    """
    block, (window, slot) = trace.blocks[view.block], seat(trace, view)
    head = 0 if view.head == "mean" else int(view.head)
    q, k, v = (values[f"{block.name}.attn.{name}"][window, head] for name in "qkv")
    raw, scale = q @ k.T, factor_on_scores(q.shape[-1], factor)
    found = {"q": q, "k": k, "v": v, "raw": raw, "scaled": raw * np.float32(scale), "bias": block.bias[head]}
    found["biased"] = found["scaled"] + found["bias"]
    found["mask"] = block.mask_kinds[block.mask_of[window]]
    found["masked"] = found["biased"] + found["mask"]
    exponential = np.exp(found["masked"] - found["masked"].max(-1, keepdims=True))
    found["probs"] = exponential / exponential.sum(-1, keepdims=True)
    at = np.stack(np.divmod(block.places[window].astype(int), block.padded[1]), axis=-1)
    found = {name: array.astype(np.float32, copy=False) for name, array in found.items()}
    found |= {"scale": np.array(scale, np.float32), "block": np.array(block.name)}
    whole = {"head": np.array(head + 1), "slot": np.array(slot), "query": at[slot], "places": at}
    return found | {name: array.astype(np.int32) for name, array in whole.items()}


def pairs_csv(found: dict[str, np.ndarray], caption: str) -> bytes:
    """The ledger of the query: a row for every key of its window."""
    slot = int(found["slot"])
    rows = (
        {"row": row, "column": column} | {name: f"{found[name][slot, key]:.6g}" for name in STAGES}
        for key, (row, column) in enumerate(found["places"].tolist())
    )
    return _csv(caption, ("row", "column", *STAGES), rows)


def pairs_npz(found: dict[str, np.ndarray], caption: str) -> bytes:
    """Everything of `pair_stages` as a NumPy archive."""
    return _npz({"caption": np.array(caption)} | found)


def _csv(caption: str, columns: tuple[str, ...], rows: Iterable[dict]) -> bytes:
    """A line with the caption, a line with the columns' names, the rows; empty where a row has nothing to say."""
    out = io.StringIO()
    csv.writer(out).writerow([f"# {caption}"])
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _npz(arrays: dict[str, np.ndarray]) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type] # its types take the arrays for its options
    return out.getvalue()
