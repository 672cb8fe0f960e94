"""Shift and reach: the roll, the naive way without it, and how far a token's information travels."""

from swin_viz.app import session
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import accepted, controls, small_grid
from swin_viz.engine import shared
from swin_viz.lessons.fact import Fact, Note
from swin_viz.lessons.shift import (
    blocked_if_shifted,
    kept_still,
    naive_differences,
    rolled_first,
    shift_lesson,
    shift_ways,
)
from swin_viz.network.ablation import Ablation
from swin_viz.text.numbers import percent, short

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


def notes() -> list[Note]:
    """Why the last stage does not shift, and why a map is padded before it is rolled."""
    say = session.text("course")
    claim, why = say("stage_claim"), say("stage_why")
    order = {"block": rolled(real), "small": rolled(accepted("shift", "hwms"))}
    return [
        Note(("pieces",), claim, why, wrong=True),
        Note(("pieces",), say("last_title"), last()),
        Note(("rolled",), say("order_title"), say("order", **order)),
    ]


def rolled(sizes: tuple[int, ...]) -> str:
    """What comes of rolling a map before it is padded."""
    say, found = session.text("course"), rolled_first(*sizes)
    counts = {"through": f"{found.through:,}", "lost": f"{found.lost:,}", "far": f"{found.farthest:.1f}"}
    return say("order_differs", **counts) if found.through else say("order_same")


def last() -> str:
    """What shifting would change where one window holds the map."""
    say, still = session.text("course"), kept_still(session.trace())
    if not still:
        return say("last_none" if any(any(each.shift) for each in session.trace().blocks) else "last_nobody")
    run = (session.run_key(), "shift_always")
    found = shared.NUMBERS.get(run, lambda: [outputs_apart()])
    difference, largest = (f"{value:.2f}" for value in found[0])
    blocks = ", ".join(f"{each.stage + 1}.{each.block + 1}" for each in still)
    share = percent(max(blocked_if_shifted(each) for each in still), 2)
    return say("last", blocks=blocks, share=share, difference=difference, largest=largest)


def outputs_apart() -> tuple[float, float]:
    """The largest difference of the model's outputs if every second block shifts, and the largest output."""
    usual, shifted = session.trace().logits, session.observe("logits", ablation=Ablation(shift_always=True))["logits"]
    return float(abs(usual - shifted).max()), float(abs(usual).max())


lesson.show("shift", small, photo, block, facts=lambda: [naive()], notes=notes)
