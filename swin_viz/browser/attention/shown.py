"""What the Attention page shows, for those who take it away: its panels, the map of its layer, its caption, its name.

Letters: H W tokens of the map, nW windows, h heads, N tokens of a window. The browser draws and says the same
(browser/kit/measures.js; `caption` in attention.js and pairs.js): tests hold one to the other. No session in here: a
download is made in a thread of its own, which has none.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from swin_viz.browser.attention.view import View, token
from swin_viz.engine import maps
from swin_viz.engine.trace import Trace
from swin_viz.text.numbers import percent

Panel = tuple[Trace, View]
SAID = ("rolled", "wrong")  # switches that change what a picture means; the window grid shows itself


def panels(trace: Trace, view: View, second: Trace | None = None) -> list[Panel]:
    """The one picture on the screen, or the two that are compared; `second`: the run of another picture, if any."""
    if view.other is None:
        return [(trace, view)]
    block, head = view.other
    return [(trace, view), (second or trace, replace(view, block=block, head=head))]


def seat(trace: Trace, view: View) -> tuple[int, int]:
    """The query's window, and its slot there."""
    block = trace.blocks[view.block]
    row, column = token(view, trace)
    window, slot = np.argwhere(block.places == row * block.padded[1] + column)[0]
    return int(window), int(slot)


def place_name(trace: Trace, view: View, t: Callable[..., str]) -> str:
    """Block, windows, head and query: "Stage 3, block 2 · shifted windows · Head 2 · query (4, 3)". `t`: the words."""
    block, (row, column) = trace.blocks[view.block], token(view, trace)
    name = t("block_name", stage=block.stage + 1, block=block.block + 1)
    head = t("mean") if view.head == "mean" else t("head", head=view.head + 1)
    kind = t("shifted") if any(block.shift) else t("regular")
    return " · ".join((name, kind, head, t("caption_query", row=row, column=column)))


def caption(base: str, shown: list[Panel], t: Callable[..., str], other_title: str = "") -> str:
    """Picture and model (`base`), block, head, query, layer and switches; then what it is compared with."""
    view = shown[0][1]
    parts = [base, place_name(*shown[0], t), t(f"layer_{view.layer}")]
    parts += [t(switch) for switch in SAID if getattr(view, switch)]
    for other in shown[1:]:
        name = " · ".join(filter(None, (other_title, place_name(*other, t))))
        parts.append(t("caption_with", other=name))
    return " · ".join(parts)


def about(title: str, top: list[tuple[str, float]], t: Callable[..., str]) -> str:
    """What stands over one of two pictures: which one it is, and what the model says to it. `top`: names, shares."""
    return t("about", title=title, name=top[0][0], share=percent(top[0][1])) if top else title


def file_name(shown: list[Panel]) -> str:
    """The same in short, without ending: "swin_viz-layers.2.blocks.1-head2-attention"."""
    first, *others = (f"{trace.blocks[view.block].name}-{_head(view)}" for trace, view in shown)
    return "-".join(("swin_viz", first, shown[0][1].layer, *(f"with-{other}" for other in others)))


def _head(view: View) -> str:
    return "mean" if view.head == "mean" else f"head{view.head + 1}"


def layer_map(trace: Trace, view: View) -> np.ndarray | None:
    """The layer's value at every token, (H, W); of a rollout, at every token of the first block. Attention has none."""
    if view.layer == "attention":
        return None
    return _rollout(trace, view) if view.layer == "rollout" else _measure(trace, view)


def _measure(trace: Trace, view: View) -> np.ndarray:
    block = trace.blocks[view.block]
    width, all_shares = block.padded[1], block.shares()
    shares = all_shares.mean(1, keepdims=True) if view.head == "mean" else all_shares[:, [view.head]]  # (nW, 1, N, N)
    if view.layer == "received":
        values = maps.received(shares, maps.real(block.places, width, block.size))
    elif view.layer == "entropy":
        values = maps.entropy(shares, (block.mask_kinds == 0).sum(axis=-1)[block.mask_of])
    else:
        values = maps.distance(shares, maps.positions(block.places, width))
    found = np.zeros(block.padded, np.float32)
    found.ravel()[block.places] = values[:, 0]  # (nW, N) to their places
    return found[: block.size[0], : block.size[1]]


def _rollout(trace: Trace, view: View) -> np.ndarray:
    """From the query back through all blocks before it, merging included."""
    weight = np.zeros(trace.blocks[view.block].size)
    weight[token(view, trace)] = 1
    for index in range(view.block, -1, -1):
        block = trace.blocks[index]
        weight, _ = maps.back_through_block(weight, block.shares(), block.places, block.padded)
        if index and trace.blocks[index - 1].stage != block.stage:
            weight = maps.back_through_merging(weight, trace.blocks[index - 1].size)
    return weight
