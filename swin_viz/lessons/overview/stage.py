"""A stage as it runs: `Stage.forward`, and the shape of every line's result in this run."""

from dataclasses import dataclass
from functools import cache

from swin_viz.engine.trace import Trace
from swin_viz.lessons.source import lit, source_lines
from swin_viz.network.model import Stage

TURN, LEAVE = "x = block(x)", "return x if"


@dataclass(frozen=True)
class Turn:
    """One result: the line (from 0) that makes it, which block (from 0) or None, whether it shifts, and the shape."""

    line: int
    block: int | None
    kind: str  # windows, shifted, merge, leave
    shape: tuple[int, ...]


@cache
def code() -> tuple[str, ...]:
    """The lines of a stage's forward pass, as they run."""
    return tuple(source_lines(Stage.forward))


def turns(trace: Trace, stage: int) -> list[Turn]:
    """What a stage makes of its tokens, block after block; then the merging, or in the last stage what leaves."""
    lines, found = list(code()), []
    (turn,), (leave,) = lit(lines, TURN), lit(lines, LEAVE)
    mine = [block for block in trace.blocks if block.stage == stage]
    for block in mine:
        kind = "shifted" if any(block.shift) else "windows"
        found.append(Turn(turn, block.block, kind, tuple(trace.shapes[f"{block.name}.resid_post"])))
    merged = trace.shapes.get(f"layers.{stage}.downsample.merged")
    kind, shape = ("merge", tuple(merged)) if merged else ("leave", found[-1].shape)
    return [*found, Turn(leave, None, kind, shape)]
