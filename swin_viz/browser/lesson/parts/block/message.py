"""What the block's own view fetches when it is looked at: tokens by bands of rows, neurons by groups, whole runs."""

from collections.abc import Callable
from functools import partial

from swin_viz.browser.message import Run, kept_part
from swin_viz.engine.parts import Part
from swin_viz.engine.shared import Later
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.lessons.block import Arrays, band, band_rows, group_size, neuron_maps, shuffled, stream, without_norm


def block_parts(trace: Trace, run: Run, block: BlockTrace, values: Arrays, later: Later) -> dict[str, Part]:
    """The parts by group: band.<i>, neurons.<i>; stream, of the whole run; without, without norm1; shuffled."""
    name, rows = block.name, band_rows(values)
    bands = -(-block.size[0] // rows)
    groups = -(-values["mlp.hidden"].shape[-1] // group_size(block.size[0] * block.size[1]))

    def kept(what: str, i: int, make: Callable[[Arrays], Arrays]) -> Part:
        return kept_part((what, run.key, name, i), values, lambda found: make(dict(found)), trace)

    bare = lambda owner: without_norm(owner.block(name), later.observe)  # noqa: E731
    parts = {"stream": Part(("stream", run.key), lambda owner: stream(owner, later.once), trace)}
    parts["without"] = Part(("without", run.key, name), bare, trace)
    mixed = lambda found: shuffled(later.model, block, dict(found))  # noqa: E731
    parts["shuffled"] = kept_part(("shuffled", run.key, name), values, mixed, trace)
    parts |= {f"band.{i}": kept("band", i, partial(band, number=i, rows=rows)) for i in range(bands)}
    return parts | {f"neurons.{i}": kept("neurons", i, partial(neuron_maps, number=i)) for i in range(groups)}


def told(block: BlockTrace, values: Arrays, **more: object) -> dict:
    """What the view is told beside its parts."""
    hidden = values["mlp.hidden"].shape[-1]
    sizes = {"rows": band_rows(values), "group": group_size(block.size[0] * block.size[1]), "hidden": hidden}
    return sizes | more
