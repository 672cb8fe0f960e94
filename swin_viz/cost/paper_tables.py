"""The paper's tables 4 and 5, and in the second column what this app measured of the same thing itself."""

from swin_viz.cost.clock.report import Report, Row
from swin_viz.cost.paper import POSITION, SHIFT, SPEED, Accuracy
from swin_viz.cost.switches import QUESTIONS, Share, measured_switches
from swin_viz.text import Words
from swin_viz.text.numbers import seconds, times

Table = list[dict[str, str]]
LIVE = {"window": "w_msa", "padded_shift": "padded", "cyclic_shift": "sw_msa", "sliding_naive": "sliding"}
STAGE_1 = 56  # tokens a side of Swin-T's first stage at 224 px, whose layer is measured
SWITCHED = {  # the paper's variation, or one that it does not have → the built-in model's switch
    "no_shift": "shift",
    "shift": "none",
    "no_mask": "mask",
    "no_position": "bias",
    "relative": "none",
}


def layer_measured(found: Report | None, batch: int) -> dict[str, Row]:
    """The rows of the first stage's map, or of the largest on which windows were measured; none of a busy run."""
    if found is None or found.busy:
        return {}
    by_side: dict[int, dict[str, Row]] = {}
    for row in found.rows:
        if row.status == "measured" and row.batch == batch:
            by_side.setdefault(row.side, {})[row.way] = row
    whole = [side for side, ways in by_side.items() if {"w_msa", "sw_msa", "padded"} <= set(ways)]
    return by_side[STAGE_1 if STAGE_1 in whole else max(whole)] if whole else {}


def speed_note(found: Report | None, batch: int, t: Words) -> str:
    """What stands in the column of this machine, or why nothing does. `t`: the words of these tables."""
    here = layer_measured(found, batch)
    if here:
        return t("speed_note", side=here["w_msa"].side, batch=batch)
    return t("speed_busy" if found is not None and found.busy else "speed_never")


def speed_table(found: Report | None, batch: int, t: Words, charts: Words) -> Table:
    """The paper's table 5; beside it time and ratio of the same method here. `charts` names the models."""
    here, table = layer_measured(found, batch), []
    for speed in SPEED:
        row = {t("method"): t(speed.method), t("here"): _here(here, speed.method, t)}
        row |= {t("stage_ms", stage=i): f"{ms:.1f}" for i, ms in enumerate(speed.stage_ms, 1)}
        for name, rate in zip(("swin_t", "swin_s", "swin_b"), speed.images_per_second, strict=True):
            row[t("images_per_second", model=charts(f"model_{name}"))] = str(rate)
        table.append(row)
    return table


def _here(here: dict[str, Row], method: str, t: Words) -> str:
    """Time and ratio of one method in one cell."""
    if method not in LIVE:
        return t("no_kernel")
    row = here.get(LIVE[method])
    return f"{seconds(row.median)} · {times(row.ratio or 1)} ×" if row else "–"


def accuracy_note(t: Words) -> str:
    """Which model, which task, and how many scenes the column of the built-in model is about."""
    return t("accuracy_note", scenes=measured_switches()["none"]["answer"].of)


def accuracy_table(t: Words) -> Table:
    """The paper's table 4; beside it the built-in model's answers with the same switch off."""
    rows = {of.variation: of for of in (*SHIFT, *POSITION)}
    names = [*(of.variation for of in SHIFT), "no_mask", *(of.variation for of in POSITION)]
    return [_accuracy(t(name), rows.get(name), SWITCHED.get(name), t) for name in names]


def _accuracy(title: str, printed: Accuracy | None, switch: str | None, t: Words) -> dict[str, str]:
    found = measured_switches()
    live = {t(f"asked_{question}"): _share(found[switch][question]) if switch else "–" for question in QUESTIONS}
    paper = {t(name): f"{getattr(printed, name):.1f}" if printed else "–" for name in ("top1", "box_ap", "miou")}
    return {t("variation"): title} | live | paper


def _share(of: Share) -> str:
    """A share in percent with its interval."""
    return f"{100 * of.share:.1f} ({100 * of.low:.1f}–{100 * of.high:.1f})"
