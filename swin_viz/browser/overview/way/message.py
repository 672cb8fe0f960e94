"""What the Overview's opening sends to the browser: a run's picture and geometry, and of every block two maps.

Of all heads only the one that a tile shows (`<block>.head`), and the mean over heads (`<block>.mean`), of which the
rollout is: (nW, N, N) each, in the integers of the trace. The chosen block's is in the first picture, the others come
after it.
"""

from collections.abc import Callable, Sequence

import numpy as np

from swin_viz.browser.message import Message, Run, content_part, described, run_parts
from swin_viz.browser.overview.way.heads import Truth, objects
from swin_viz.engine.parts import Arrays, Part
from swin_viz.engine.trace import Trace

Named = Sequence[tuple[int, str]]  # the head of every block, and the rule


def way_message(trace: Trace, run: Run, header: dict, heads: Named, truth: Truth | None, votes: np.ndarray) -> Message:
    """The component's message. `votes`: (tokens of the last stage, classes that are shown), or of no size."""
    header = header | {"run": described(trace), "key": run.key, "heads": [head for head, _ in heads]}
    header |= {"rules": [rule for _, rule in heads]}
    kept = run_parts(trace, run)
    parts = {"image": kept["image"], "geometry": kept["geometry"], "votes": content_part({"votes": votes})}
    if truth is not None:
        parts["objects"] = Part(("objects", run.key), _objects(truth), trace)
    now = tuple(parts)
    for block, (head, _) in zip(trace.blocks, heads, strict=True):
        parts[block.name] = Part(("way", block.name, run.key, head), _head(block.name, head), trace)
        parts[f"mean.{block.name}"] = Part(("mean", block.name, run.key), _mean(block.name), trace)
    return Message(header, parts, now)


def _objects(truth: Truth) -> Callable[[Trace], Arrays]:
    return lambda owner: {f"{block.name}.objects": objects(block, truth) for block in owner.blocks}


def _head(name: str, head: int) -> Callable[[Trace], Arrays]:
    return lambda owner: {f"{name}.head": np.ascontiguousarray(owner.block(name).probs[:, head])}


def _mean(name: str) -> Callable[[Trace], Arrays]:
    def mean(owner: Trace) -> Arrays:
        probs = owner.block(name).probs
        total = probs.sum(axis=1, dtype=np.uint32)
        return {f"{name}.mean": np.round(total / probs.shape[1]).astype(np.uint16)}

    return mean
