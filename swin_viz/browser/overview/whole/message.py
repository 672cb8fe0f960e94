"""The Overview below its opening as a message: facts and words, and every section's data as a part for who looks."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from swin_viz.browser.message import Message, Run, run_parts
from swin_viz.browser.overview.whole.view import MODELS
from swin_viz.engine.parts import Arrays, Part
from swin_viz.engine.shared import Later
from swin_viz.engine.trace import Trace
from swin_viz.lessons.overview import row, sides, stage, votes
from swin_viz.network.variants import VARIANTS

Readings = Callable[[Sequence[np.ndarray]], Arrays]


@dataclass(frozen=True)
class Lens:
    """The trained readouts: how they answer, what is true (None of no drawn scene), and what the browser is told."""

    readings: Readings
    truths: Callable[[Mapping[int, tuple[int, int]], int], Arrays] | None
    told: dict
    key: object  # names the truth


def whole_message(
    trace: Trace, run: Run, later: Later, names: Sequence[str], lens: Lens | None, header: dict
) -> Message:
    """The component's message.

    `header` holds words, language, state, links, what is in force, and why there is no lens, if so; `names` are those
    of the classes. What the model has to be asked for is made when somebody looks.
    """
    config, (height, width) = trace.config, trace.image.shape[:2]
    told = {
        "size": [height, width],
        "window": config.window,
        "patch": config.patch,
        "stages": sides.rulers(trace),
        "cuts": [asdict(sides.cut(height, width, side, config.window)) for side in sides.SIDES],
        "vit": sides.vit(height, width),
        "code": list(stage.code()),
        "turns": [[asdict(turn) for turn in stage.turns(trace, each)] for each in range(config.stages)],
        "classes": config.classes,
        "top": trace.top(),
        "chunk": votes.together(_tokens(trace)),
        "lens": lens.told if lens else None,
    }
    parts = {
        "image": run_parts(trace, run)["image"],
        "row": Part(("row", run.key), lambda owner: row.thumbnails(owner, later.model, later.observe), trace),
        "rows": Part(("rows", config, height, width), lambda owner: _text("rows", _rows(owner)), trace),
    }
    if config.classes:
        parts |= _votes(trace, run, later, names, header.get("language", ""))
    if lens:
        parts["lens"] = _lens(trace, run, later, lens)
    return Message(header | {"told": told, "key": run.key}, parts)


def _tokens(trace: Trace) -> int:
    """Tokens of the last stage."""
    rows, columns = trace.blocks[-1].size
    return rows * columns


def _text(name: str, value: object) -> Arrays:
    """Plain data as an array of its JSON's bytes: a part has arrays alone."""
    return {name: np.frombuffer(json.dumps(value).encode(), np.uint8)}


def _rows(trace: Trace) -> dict[str, list[dict]]:
    """The row of this model, with the shapes of the run, and of the published ones on this picture."""
    size, own = trace.image.shape[:2], trace.config
    live = [{"window": own.window, "shape": row.live_shape(trace, node)} for node in row.row(own, *size)]
    found = {"own": [asdict(node) | more for node, more in zip(row.row(own, *size), live, strict=True)]}
    for name in MODELS[1:]:
        config = VARIANTS[name]
        found[name] = [asdict(node) | {"window": config.window} for node in row.row(config, *size)]
    return found


def _votes(trace: Trace, run: Run, later: Later, names: Sequence[str], language: str) -> dict[str, Part]:
    """The logits and what each token would say alone; the classes' names; the votes, so many classes at once."""
    chunk = votes.together(_tokens(trace))

    def said(owner: Trace) -> Arrays:
        best, share = votes.alone(votes.votes(later.model, votes.last_tokens(later.model, later.observe)))
        return {"votes.logits": owner.logits, "votes.alone": best, "votes.share": share}

    def cast(number: int) -> Callable[[Trace], Arrays]:
        return lambda _: {
            f"votes.{number}": votes.votes(
                later.model, votes.last_tokens(later.model, later.observe), number * chunk, chunk
            )
        }

    parts = {
        "votes": Part(("votes", run.key), said, trace),
        "names": Part(("names", run.model, language), lambda _: _text("names", list(names)), trace),
    }
    for number in range(-(-trace.config.classes // chunk)):
        parts[f"votes.{number}"] = Part(("votes", run.key, number), cast(number), trace)
    return parts


def _lens(trace: Trace, run: Run, later: Later, lens: Lens) -> Part:
    """What every token says at the end of every stage, and what is true."""
    sides_of = {block.stage: (block.size[0], block.pixels) for block in trace.blocks}
    side, ends = trace.image.shape[0], row.stage_ends(trace.config)

    def made(_: Trace) -> Arrays:
        values = later.observe(*ends)
        found = {f"lens.{name}": value for name, value in lens.readings([values[end] for end in ends]).items()}
        true = lens.truths(sides_of, side) if lens.truths else {}
        return found | {f"true.{name}": value for name, value in true.items()}

    return Part(("lens", run.key, lens.key), made, trace)
