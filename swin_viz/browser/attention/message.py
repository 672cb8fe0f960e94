"""What the Attention page sends to the browser: a run, the words, and the numbers over all heads."""

from typing import TypeAlias

import numpy as np

from swin_viz.browser.attention.view import CHARTS, LAYERS, SCOPES
from swin_viz.browser.message import Message, Run, described, run_parts
from swin_viz.engine import maps
from swin_viz.engine.parts import Arrays, Part
from swin_viz.engine.trace import BlockTrace, Trace

Second: TypeAlias = tuple[Trace, Run] | None


def head_numbers(block: BlockTrace) -> tuple[np.ndarray, np.ndarray]:
    """Per head, the mean entropy (0 to 1) and the mean distance in pixels of the picture: (h,) each."""
    shares, width = block.shares(), block.padded[1]
    inside = maps.real(block.places, width, block.size)
    allowed = (block.mask_kinds == 0).sum(axis=-1)[block.mask_of]
    entropies = maps.head_means(maps.entropy(shares, allowed), inside)
    distances = maps.head_means(maps.distance(shares, maps.positions(block.places, width)), inside) * block.pixels
    return entropies, distances


def _all_heads(trace: Trace) -> Arrays:
    """`head_numbers` of every head of every block, block after block."""
    entropies, distances = zip(*map(head_numbers, trace.blocks), strict=True)
    named = {"heads.entropy": entropies, "heads.distance": distances}
    return {name: np.concatenate(values).astype(np.float32) for name, values in named.items()}


def attention_message(trace: Trace, run: Run, header: dict, second: Second = None) -> Message:
    """The component's message.

    `header` holds words, state, caption and classes; `second` is a run to compare with, and its names. The numbers of
    all heads are a part of their own, made when somebody looks at their chart.
    """
    header = header | {"run": described(trace), "key": run.key, "layers": LAYERS, "scopes": SCOPES, "charts": CHARTS}
    parts, now = run_parts(trace, run), ["image", "geometry"]
    parts["heads"] = Part(("heads", run.key), _all_heads, trace)
    if second:
        other, names = second
        header |= {"second": described(other), "second_key": names.key}
        parts |= run_parts(other, names, "second.")
        now += ["second.image", "second.geometry"]
    return Message(header, parts, tuple(now))
