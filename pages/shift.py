"""Shift and reach: the roll, the naive way without it, and how far a token's information travels."""

from swin_viz.app import session
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import accepted, controls, small_grid
from swin_viz.engine import shared
from swin_viz.lessons.fact import Fact
from swin_viz.lessons.shift import naive_differences, shift_lesson, shift_ways
from swin_viz.text.numbers import short

t = session.text("shift")
head(t)
with controls():
    block = lesson.choose_block(shifted=True)
    small = small_grid("shift", "hwms", shift_lesson)
module = lesson.block_module(block)
real = (*block.size, block.window, module.shift_size)
photo = shift_lesson(*real)


def naive() -> Fact:
    """The naive way beside the cyclic one: how far their results differ, and what each costs, on both maps."""
    run = (session.run_key(), block.name, "naive")
    found = shared.NUMBERS.get(run, lambda: list(naive_differences(block, module, session.observe)))
    single, double = (f"{value:.1e}" if value else "0" for value in found[:2])
    numbers = {"single": single, "double": double, "largest": f"{found[2]:.2f}", "channels": block.channels}
    grids = {"on_block": real, "on_small": accepted("shift", "hwms")}
    words = t("naive", **numbers) if any(block.shift) else t("naive_none")
    return Fact(t("naive_title"), words, [row for each in grids.items() for row in rows(*each)])


def rows(where: str, sizes: tuple[int, ...]) -> list[dict[str, str]]:
    """Windows, tokens and multiply-adds of both ways on one map."""
    height, width, window, _ = sizes
    ways = shift_ways(*sizes, block.channels)
    return [
        {
            t("where"): t(where, rows=height, columns=width, window=window),
            t("way"): t(name),
            t("windows"): str(way.windows),
            t("tokens"): f"{way.tokens:,}",
            t("macs"): f"{short(way.macs)} ({way.macs:,})",
            t("times"): f"{way.macs / ways[0].macs:.2f}",
        }
        for name, way in zip(("way_cyclic", "way_naive"), ways, strict=True)
    ]


lesson.show("shift", small, photo, block, facts=lambda: [naive()])
