"""What the Attention page sends to the browser: a run, the words, and the numbers over all heads."""

from collections.abc import Iterable

import numpy as np

from swin_viz.browser.attention.view import CHARTS, LAYERS, SCOPES, View
from swin_viz.engine import maps
from swin_viz.engine.parts import pack
from swin_viz.engine.trace import BlockTrace, Trace, describe, trace_arrays

WHOLE = 20 * 2**20  # bytes of attention up to which all blocks go at once; above, only those that are looked at


def head_numbers(block: BlockTrace) -> tuple[list[float], list[float]]:
    """Per head, the mean entropy (0 to 1) and the mean distance in pixels of the picture."""
    shares, width = block.shares(), block.padded[1]
    inside = maps.real(block.places, width, block.size)
    allowed = (block.mask_kinds == 0).sum(axis=-1)[block.mask_of]
    entropies = maps.head_means(maps.entropy(shares, allowed), inside)
    distances = maps.head_means(maps.distance(shares, maps.positions(block.places, width)), inside) * block.pixels
    return [round(float(value), 5) for value in entropies], [round(float(value), 3) for value in distances]


def sent_blocks(trace: Trace, view: View) -> list[str]:
    """The blocks whose attention goes along: all, or where that is too much, those that are looked at."""
    if sum(block.probs.nbytes for block in trace.blocks) <= WHOLE:
        return [block.name for block in trace.blocks]
    looked_at = {view.block} | ({view.other[0]} if view.other else set())
    return [trace.blocks[i].name for i in sorted(looked_at)]


def attention_message(
    trace: Trace,
    key: str,
    blocks: Iterable[str],
    header: dict,
    numbers: list[tuple[list[float], list[float]]],
    second: tuple[Trace, str, Iterable[str]] | None = None,
) -> bytes:
    """The component's message.

    `header` holds words, state, caption and classes; `numbers` are `head_numbers` of every block; `second` is a run
    to compare with, its key, and which of its blocks go along.
    """
    header = header | {"run": _described(trace), "key": key, "layers": LAYERS, "scopes": SCOPES, "charts": CHARTS}
    header |= {"entropy": [entropies for entropies, _ in numbers], "distance": [far for _, far in numbers]}
    arrays = _drawn(trace, blocks)
    if second:
        other, other_key, other_blocks = second
        header |= {"second": _described(other), "second_key": other_key}
        arrays |= {f"second.{name}": array for name, array in _drawn(other, other_blocks).items()}
    return pack(header, {name: np.ascontiguousarray(array) for name, array in arrays.items()})


def _drawn(trace: Trace, blocks: Iterable[str]) -> dict[str, np.ndarray]:
    """The arrays that this page draws: all but the biases and tables."""
    return {
        name: array for name, array in trace_arrays(trace, blocks).items() if not name.endswith((".bias", ".table"))
    }


def _described(trace: Trace) -> dict:
    """What this page needs to know of a run."""
    return {name: value for name, value in describe(trace).items() if name not in ("shapes", "axes")}
