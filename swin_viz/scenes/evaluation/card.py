"""What was measured, as the tables of the model card: from `evaluate`'s dictionary to Markdown."""

from collections.abc import Iterable

MARK, END = "<!-- measured -->", "<!-- /measured -->"
QUESTIONS = (
    *("shape of the target", "map of the target (IoU)"),
    *("direction of the cue, stage 4", "direction of the cue, stage 3"),
)
HOPED = (  # of the mean of the heads
    ("layers.3.blocks.0", "any token → cue", "≥", 5),
    ("layers.3.blocks.1", "any token → target", "≥", 5),
    ("layers.3.blocks.1", "any token → other objects", "≤", 1),
)
FEWEST = 20  # scenes in which such a pair shares a window: below that the card gives no lift


def put_into(card: str, found: dict) -> str:
    """The card's text with its measured part replaced."""
    before, _, rest = card.partition(MARK)
    return f"{before}{MARK}\n{as_markdown(found)}\n{END}{rest.partition(END)[2]}"


def as_markdown(found: dict) -> str:
    """All tables."""
    questions = found["accuracy"]
    first = questions["shape of the target"]
    parts = [
        f"**{percent(first)}** of {first['of']} held-out scenes are answered right (chance 12.5 %). A range (a – b) "
        "is a 95 % interval over scenes; where none stands, none was computed.",
        table(("question", "right"), [(name, percent(row)) for name, row in questions.items()]),
        "### Which switch breaks which question",
        _switches(found["switches"], QUESTIONS),
        "The cue's direction in stage 3, by how that stage's two blocks join a token with the cue:",
        _switches(found["switches"], [name for name in questions if "cue reached" in name]),
        "### Where the attention goes: lift (1 = chance), mean of the heads · best head",
        _lifts(found["lifts"]),
        _twin(found["lifts_untrained"]),
        "What the design hoped for in stage 4, after a trial, as a mean of the heads:",
        _hoped(found["lifts"]),
        f"### The cue recoloured, {found['counterfactual']['both answers right']['of']} pairs",
        f"Attention: {found['counterfactual_head']}, chosen on other scenes.",
        table(("before and after", "share"), _shares(found["counterfactual"])),
        "### One object: what the hottest token of a shifted block lies on",
        *_hottest(found["one_object"]),
        *("### Without the mask", _leaks(found["leak"])),
        "### Bias tables",
        _tables(found["tables"], found["tables_untrained"]),
        "### One head silenced",
        *_heads(found["single_heads"]),
    ]
    return "\n\n".join(parts)


def percent(row: dict) -> str:
    """A share with its interval."""
    return f"{row['share']:.1%} ({row['low']:.1%} – {row['high']:.1%})"


def table(head: Iterable[str], rows: Iterable[Iterable]) -> str:
    """A Markdown table."""
    head = list(head)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def _place(block: str) -> str:
    stage, index = block.split(".")[1::2]
    return f"stage {int(stage) + 1}, block {int(index) + 1}"


def _leaks(rows: list[dict]) -> str:
    said = ", ".join(f"{_place(row['block'])}: {row['share_across']:.0%}" for row in rows)
    return (
        "Share of the attention of border windows that crosses to the other edge of the picture: "
        f"{said} (with the mask: none)."
    )


def _shares(rows: dict[str, dict]) -> list[tuple[str, str]]:
    return [(name, percent(row)) for name, row in rows.items()]


def _switches(switches: dict[str, dict], questions: Iterable[str]) -> str:
    short = [name.removeprefix("direction, stage 3, ") for name in questions]
    rows = [(name, *(percent(row[question]) for question in questions)) for name, row in switches.items()]
    return table(("", *short), rows)


def _lifts(rows: list[dict]) -> str:
    kinds = list(dict.fromkeys(row["pairs"] for row in rows))
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        cell = f"{row['mean']:.2f} · {_best(row)}"
        cells.setdefault(row["block"], {})[row["pairs"]] = cell if row["best_head_lift"]["of"] >= FEWEST else "–"
    return table(("", *kinds), [(_place(block), *(row[kind] for kind in kinds)) for block, row in cells.items()])


def _best(row: dict) -> str:
    found = row["best_head_lift"]
    return f"{found['lift']:.1f} ({found['low']:.1f} – {found['high']:.1f}; head {row['best_head']})"


def _hoped(rows: list[dict]) -> str:
    by_key = {(row["block"], row["pairs"]): row for row in rows}
    lines = []
    for block, pairs, sign, bound in HOPED:
        row = by_key[block, pairs]
        met = row["mean"] >= bound if sign == "≥" else row["mean"] <= bound
        hoped = f"{_place(block)}: {pairs} {sign} {bound}"
        lines.append((hoped, f"{row['mean']:.2f}", "met" if met else "not met", _best(row)))
    return table(("hoped for", "mean of the heads", "", "the head that looks there most"), lines)


def _twin(rows: list[dict]) -> str:
    rows = [row for row in rows if row["best_head_lift"]["of"] >= FEWEST]
    means, bests = [row["mean"] for row in rows], [row["best_head_lift"]["lift"] for row in rows]
    how = f"The best head is chosen on one half of the scenes and measured on the other; – where fewer than {FEWEST} "
    how += "scenes have such a pair in one window."
    if not rows:
        return how
    return (
        f"{how} An untrained twin: every mean lies between {min(means):.2f} and {max(means):.2f}, "
        f"every best head between {min(bests):.2f} and {max(bests):.2f}."
    )


def _hottest(found: dict[str, dict]) -> list[str]:
    names = list(next(iter(found.values())))
    return [
        table(
            ("on an object or the cue", *names),
            [(_place(block), *(percent(row[name]) for name in names)) for block, row in found.items()],
        )
    ]


def _tables(rows: list[dict], untrained: list[dict]) -> str:
    head = ("", "near − far, mean (all heads)", "spread", "smoothness", "spread untrained", "smoothness untrained")
    return table(
        head,
        [
            (
                _place(row["block"]),
                f"{row['near_minus_far']:+.2f} ({row['lowest_head']:+.2f} … {row['highest_head']:+.2f})",
                f"{row['spread']:.2f}",
                f"{row['smoothness']:.2f}",
                f"{twin['spread']:.2f}",
                f"{twin['smoothness']:.2f}",
            )
            for row, twin in zip(rows, untrained, strict=True)
        ],
    )


def _heads(rows: list[dict]) -> list[str]:
    still = sum(row["change"]["low"] <= 0 <= row["change"]["high"] for row in rows)
    return [
        f"Of {len(rows)} heads, {still} change the accuracy by less than can be told from nothing on "
        f"{rows[0]['change']['of']} scenes. The eight that hurt most:",
        table(
            ("silenced", "change of the accuracy (95 % interval)"),
            [(f"{_place(row['block'])}, head {row['head']}", _points(row["change"])) for row in rows[:8]],
        ),
    ]


def _points(row: dict) -> str:
    low, mean, high = (100 * row[key] for key in ("low", "share", "high"))
    return f"{mean:+.1f} points ({low:+.1f} … {high:+.1f})"
