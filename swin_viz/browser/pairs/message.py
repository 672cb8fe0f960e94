"""Self-attention, pair by pair: the steps of one block, the values behind them, and the message for the browser.

Letters: nW windows, h heads, N tokens of a window, d channels of a head, C = h·d. All values are those of the run;
the browser recomputes q·k and everything after it from q, k, bias and mask, and a test holds it to the tensors.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from torch import nn

from swin_viz.browser.lesson.message import told_course, told_notes
from swin_viz.browser.message import Message, Run, described, kept_part, run_parts
from swin_viz.engine.parts import Arrays, Part
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.lessons.fact import Note
from swin_viz.lessons.source import course, lit, source_lines
from swin_viz.network.model import WindowAttention
from swin_viz.network.taught import position_bias, window_attention

POINTS = ("windows", "attn.q", "attn.k", "attn.v", "attn.z", "attn.out")
MANY = 64  # windows of a block that are all named; of more, the query's and those around it
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
TAUGHT = course(
    window_attention,
    position_bias,
    project=("qkv = layer.qkv(", "q, k, v = qkv.permute("),
    raw="attn = q @ k",
    scaled="q = q * d",
    biased=("bias = position_bias(", "attn = attn + bias"),
    masked="mask.unsqueeze(1).unsqueeze(0)",
    probs="attn = attn.softmax(",
    z="x = (attn @ v)",
    out="return layer.proj(x)",
)
CLOUD = 64  # windows of a block whose queries are all shown at once; of more, as many of them
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


def offered(block: BlockTrace, window: int) -> list[int]:
    """The windows whose values the browser can fetch: all of them, or of many the query's and those around it."""
    rows, columns = (side // block.window for side in block.padded)
    if rows * columns <= MANY:
        return list(range(rows * columns))
    row, column = divmod(window, columns)
    near = [(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return [r * columns + c for r, c in near if 0 <= r < rows and 0 <= c < columns]


def pair_message(
    trace: Trace,
    run: Run,
    block: BlockTrace,
    window: int,
    values: Mapping[str, np.ndarray],
    header: dict,
    layer: WindowAttention | None = None,
    notes: Iterable[Note] = (),
) -> Message:
    """The component's message: the run's picture and geometry, this block's bias, and its q, k, v, x, z, out.

    A window's values are a part of their own; `window` is the query's, which is fetched first. So are, of every head,
    the rows of W (`layer`'s) that make its q, and the q and k of all windows.
    """
    lines = source_lines(WindowAttention.forward)
    shapes = {name: list(shape) for name, shape in trace.shapes.items() if name.startswith(block.name)}
    header = header | {
        "run": described(trace) | {"shapes": shapes, "axes": {name: trace.axes[name] for name in shapes}},
        "key": run.key,
        "windows": (windows := offered(block, window)),
        "code": lines,
        "lit": [lit(lines, *marks) for marks in STEPS.values()],
        "steps": list(STEPS),
        "cards": [[name, list(STEPS).index(step)] for name, step in CARDS.items()],
        "points": [[f"attn.{point}" for point in SHAPES.get(step, (step,))] for step in STEPS],
        "formula": list(FORMULA),
        "course": told_course(TAUGHT, list(STEPS)),
        "notes": told_notes(notes, list(STEPS)),
    }
    found = run_parts(trace, run)
    parts = {group: found[group] for group in ("image", "geometry")}
    parts["bias"] = _bias_part(trace, run, block.name)
    parts |= {f"window.{each}": _window_part(trace, run, block.name, each, values) for each in windows}
    for head in range(block.heads):
        parts[f"cloud.{head}"] = _cloud_part(trace, run, block, head, values)
        if layer is not None:
            parts[f"weight.{head}"] = _weight_part(run, block, head, layer)
    return Message(header, parts, ("image", "geometry", "bias", f"window.{window}"))


def _bias_part(trace: Trace, run: Run, block: str) -> Part:
    return Part(("bias", run.key, block), lambda owner: {"bias": owner.block(block).bias}, trace)


def _weight_part(run: Run, block: BlockTrace, head: int, layer: WindowAttention) -> Part:
    """The rows of W that make a head's q, (d, C), and its bias, (d)."""
    d = block.channels // block.heads
    rows = slice(head * d, (head + 1) * d)

    def made(qkv: nn.Linear) -> Arrays:
        bias = np.zeros(d, np.float32) if qkv.bias is None else qkv.bias[rows].detach().float().cpu().numpy()
        return {f"weight.{head}": qkv.weight[rows].detach().float().cpu().numpy(), f"weight.bias.{head}": bias}

    return Part(("weight", run.model, block.name, head), made, layer.qkv)


def _cloud_part(trace: Trace, run: Run, block: BlockTrace, head: int, values: Mapping[str, np.ndarray]) -> Part:
    """q and k of a head in all windows, or in CLOUD of them: which, and (n, N, d) each."""
    count = len(block.places)
    chosen = np.unique(np.linspace(0, count - 1, min(count, CLOUD)).round().astype(np.int32))
    names = {f"{block.name}.attn.{name}": f"cloud.{head}.{name}" for name in "qk"}
    kept = {name: values[name] for name in names}

    def made(found: Mapping[str, np.ndarray]) -> Arrays:
        return {names[name]: array[chosen, head] for name, array in found.items()} | {f"cloud.{head}.windows": chosen}

    return kept_part(("cloud", run.key, block.name, head), kept, made, trace)


def _window_part(trace: Trace, run: Run, block: str, window: int, values: Mapping[str, np.ndarray]) -> Part:
    """The values of one window."""

    def made(found: Mapping[str, np.ndarray]) -> Arrays:
        return {f"value.{window}.{name.removeprefix(block + '.')}": array[window] for name, array in found.items()}

    return kept_part(("values", run.key, block, window), values, made, trace)
