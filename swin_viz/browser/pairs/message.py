"""Self-attention, pair by pair: the steps of one block, the values behind them, and the message for the browser.

Letters: nW windows, h heads, N tokens of a window, d channels of a head, C = h·d. All values are those of the run;
the browser recomputes q·k and everything after it from q, k, bias and mask, and a test holds it to the tensors.
"""

from collections.abc import Mapping

import numpy as np

from swin_viz.engine.parts import pack
from swin_viz.engine.trace import BlockTrace, Trace, describe, trace_arrays
from swin_viz.lessons.source import lit, source_lines
from swin_viz.network.model import WindowAttention

POINTS = ("windows", "attn.q", "attn.k", "attn.v", "attn.z", "attn.out")
WHOLE = 8 * 2**20  # bytes up to which all windows of the block go at once; above, the query's window alone
STEPS: dict[str, tuple[str, ...]] = {  # step → marks of the source lines that compute it
    "project": ("self.qkv(", "qkv.permute", "self.q(q)"),
    "raw": ("self.raw(",),
    "scaled": ("self.scaled(",),
    "biased": ("self.biased(",),
    "masked": ("self.mask(", "self.masked("),
    "probs": ("self.probs(",),
    "z": ("self.z(",),
    "out": ("joined =", "self.out("),
}
CARDS = {  # matrix → the step that makes it, in the order in which they stand
    "raw": "raw",
    "scaled": "scaled",
    "bias": "biased",
    "biased": "biased",
    "mask": "masked",
    "masked": "masked",
    "probs": "probs",
}
SHAPES = {"project": ("q", "k", "v"), "biased": ("bias", "biased"), "masked": ("mask", "masked")}  # else the step's own
FORMULA = ("q, k, v = x·W", "q·kᵀ", "·1/√d", "+ B", "+ mask", "softmax", "·v", "concat·Wₒ")


def values_of(name: str) -> tuple[str, ...]:
    """The points of a block that the page needs."""
    return tuple(f"{name}.{point}" for point in POINTS)


def fits(values: Mapping[str, np.ndarray]) -> bool:
    """Whether the block's values go to the browser at once, or those of the query's window alone."""
    return sum(array.nbytes for array in values.values()) <= WHOLE


def pair_message(trace: Trace, block: BlockTrace, window: int, values: Mapping[str, np.ndarray], header: dict) -> bytes:
    """The component's message: the run's geometry, this block's attention, and its q, k, v, x, z, out.

    `window` is the query's, sent alone where all of them are too much.
    """
    windows = None if fits(values) else [window]
    chosen = values if windows is None else {name: array[windows] for name, array in values.items()}
    names = {f"value.{name.removeprefix(block.name + '.')}": array for name, array in chosen.items()}
    lines = source_lines(WindowAttention.forward)
    own = {name: list(shape) for name, shape in trace.shapes.items() if name.startswith(block.name)}
    header = header | {
        "run": describe(trace) | {"shapes": own},
        "windows": windows,
        "code": lines,
        "lit": [lit(lines, *marks) for marks in STEPS.values()],
        "steps": list(STEPS),
        "cards": [[name, list(STEPS).index(step)] for name, step in CARDS.items()],
        "points": [[f"attn.{point}" for point in SHAPES.get(step, (step,))] for step in STEPS],
        "formula": list(FORMULA),
    }
    arrays = trace_arrays(trace, [block.name]) | names
    return pack(header, {name: np.ascontiguousarray(array) for name, array in arrays.items()})
