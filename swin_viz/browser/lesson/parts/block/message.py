"""What the block's own view fetches when it is looked at: tokens by bands of rows, neurons by groups, whole runs."""

import weakref
from collections.abc import Callable
from functools import partial

from swin_viz.browser.lesson.message import kept_part
from swin_viz.browser.message import Run
from swin_viz.engine.parts import Part
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.lessons.block import Arrays, band, band_rows, group_size, neuron_maps, shuffled, stream, without_norm
from swin_viz.lessons.fact import Observe
from swin_viz.network.model import SwinBlock


def block_parts(
    trace: Trace, run: Run, block: BlockTrace, values: Arrays, observe: Observe, once: Observe
) -> dict[str, Part]:
    """The parts by group: band.<i>, neurons.<i>; stream, of the whole run; without, without norm1."""
    name, rows = block.name, band_rows(values)
    bands = -(-block.size[0] // rows)
    groups = -(-values["mlp.hidden"].shape[-1] // group_size(block.size[0] * block.size[1]))

    def kept(what: str, i: int, make: Callable[[Arrays], Arrays]) -> Part:
        return kept_part((what, run.key, name, i), values, lambda found: make(dict(found)), trace)

    bare = lambda owner: without_norm(owner.block(name), observe)  # noqa: E731
    parts = {"stream": Part(("stream", run.key), lambda owner: stream(owner, once), trace)}
    parts["without"] = Part(("without", run.key, name), bare, trace)
    parts |= {f"band.{i}": kept("band", i, partial(band, number=i, rows=rows)) for i in range(bands)}
    return parts | {f"neurons.{i}": kept("neurons", i, partial(neuron_maps, number=i)) for i in range(groups)}


def shuffled_part(trace: Trace, run: Run, block: BlockTrace, values: Arrays, module: SwinBlock) -> Part:
    """What a shuffle of the tokens changes; the model is not kept alive for it."""
    reference = weakref.ref(module)

    def made(found: object) -> Arrays:
        module = reference()
        if module is None:
            raise KeyError(block.name)
        return shuffled(module, dict(found))  # type: ignore[call-overload]

    return kept_part(("shuffled", run.key, block.name), values, made, trace)


def told(block: BlockTrace, values: Arrays, **more: object) -> dict:
    """What the view is told beside its parts."""
    hidden = values["mlp.hidden"].shape[-1]
    sizes = {"rows": band_rows(values), "group": group_size(block.size[0] * block.size[1]), "hidden": hidden}
    return sizes | more
