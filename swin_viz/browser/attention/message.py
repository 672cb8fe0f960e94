"""What the Attention page sends to the browser: a run, the words, and the numbers over all heads."""

from typing import TypeAlias

from swin_viz.browser.attention.view import CHARTS, LAYERS, SCOPES
from swin_viz.browser.message import Message, Run, described, run_parts
from swin_viz.engine import maps
from swin_viz.engine.trace import BlockTrace, Trace

Second: TypeAlias = tuple[Trace, Run] | None


def head_numbers(block: BlockTrace) -> tuple[list[float], list[float]]:
    """Per head, the mean entropy (0 to 1) and the mean distance in pixels of the picture."""
    shares, width = block.shares(), block.padded[1]
    inside = maps.real(block.places, width, block.size)
    allowed = (block.mask_kinds == 0).sum(axis=-1)[block.mask_of]
    entropies = maps.head_means(maps.entropy(shares, allowed), inside)
    distances = maps.head_means(maps.distance(shares, maps.positions(block.places, width)), inside) * block.pixels
    return [round(float(value), 5) for value in entropies], [round(float(value), 3) for value in distances]


def attention_message(
    trace: Trace, run: Run, header: dict, numbers: list[tuple[list[float], list[float]]], second: Second = None
) -> Message:
    """The component's message.

    `header` holds words, state, caption and classes; `numbers` are `head_numbers` of every block; `second` is a run
    to compare with, and its names.
    """
    header = header | {"run": described(trace), "key": run.key, "layers": LAYERS, "scopes": SCOPES, "charts": CHARTS}
    header |= {"entropy": [entropies for entropies, _ in numbers], "distance": [far for _, far in numbers]}
    parts, now = run_parts(trace, run), ["image", "geometry"]
    if second:
        other, names = second
        header |= {"second": described(other), "second_key": names.key}
        parts |= run_parts(other, names, "second.")
        now += ["second.image", "second.geometry"]
    return Message(header, parts, tuple(now))
