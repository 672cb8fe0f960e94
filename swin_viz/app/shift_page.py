"""The shift page's facts: the naive way beside the cyclic one, on the real block and on the small grid."""

import copy

import numpy as np
import torch

from swin_viz.app import session
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.lesson import Fact
from swin_viz.app.widgets.small_grid import accepted
from swin_viz.engine import shared
from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.shift import naive_shift, shift_ways
from swin_viz.text.numbers import short


def facts(block: BlockTrace) -> list[Fact]:
    """Windows, tokens and multiply-adds of both ways on both stages, and how far their results differ."""
    t = session.text("shift")
    run = (session.picture().key, session.model().key, block.name, "naive")
    single, double, largest = shared.NUMBERS.get(run, lambda: [_differences(block)])[0]
    height, width, window, shift = accepted("shift", "hwms")
    real = (*block.size, block.window, lesson.block_module(block).shift_size)
    rows = [
        *_rows(t("on_block", rows=block.size[0], columns=block.size[1], window=block.window), real, block.channels),
        *_rows(
            t("on_small", rows=height, columns=width, window=window), (height, width, window, shift), block.channels
        ),
    ]
    numbers = {"single": f"{single:.1e}" if single else "0", "double": f"{double:.1e}" if double else "0"}
    return [Fact(t("naive_title"), t("naive", largest=f"{largest:.2f}", channels=block.channels, **numbers), rows)]


def _rows(where: str, sizes: tuple[int, int, int, int], channels: int) -> list[dict[str, str]]:
    t, ways = session.text("shift"), shift_ways(*sizes, channels)
    return [
        {
            t("where"): where,
            t("way"): t(name),
            t("windows"): str(way.windows),
            t("tokens"): f"{way.tokens:,}",
            t("macs"): f"{short(way.macs)} ({way.macs:,})",
            t("times"): f"{way.macs / ways[0].macs:.2f}",
        }
        for name, way in zip(("way_cyclic", "way_naive"), ways, strict=True)
    ]


def _differences(block: BlockTrace) -> tuple[float, float, float]:
    """Largest difference of both ways on this block's real input, in single and in double precision; largest value."""
    module = lesson.block_module(block)
    values = session.observe(f"{block.name}.padded", f"{block.name}.unshifted")
    height, width = block.size
    normed = torch.from_numpy(values[f"{block.name}.padded"][:height, :width].copy())[None]
    wanted = values[f"{block.name}.unshifted"]
    found = naive_shift(module, normed.to(next(module.parameters()).device))[0].cpu().numpy()
    exact = copy.deepcopy(module).cpu().double()
    with torch.no_grad():
        apart = naive_shift(exact, normed.double()) - exact.attend(normed.double())
    return float(np.abs(found - wanted).max()), float(apart.abs().max()), float(np.abs(wanted).max())
