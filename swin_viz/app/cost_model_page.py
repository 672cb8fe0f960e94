"""What the whole-models page shows: the chosen model and size, its totals, formula and counter side by side."""

import csv
import io
from dataclasses import asdict, dataclass

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import choice
from swin_viz.cost.clock import attend
from swin_viz.cost.counted import Comparison, compare, count_attention
from swin_viz.cost.formula import authors_total, items, map_bytes, parameters, stage_maps, total
from swin_viz.cost.sweeps import factor
from swin_viz.cost.vit import VITS
from swin_viz.network.variants import VARIANTS, SwinConfig
from swin_viz.text.numbers import short

SIZES = ("224x224", "256x256", "384x384", "512x512", "768x1024", "1024x1024", "1080x1920", "2160x3840")
AMONG = ("swin_t", "swin_s", "swin_b", "swin_l", "deit_s", "deit_b", "vit_l")
WHY = ("patch_norm", "norms", "move", "bias", "mask", "softmax", "residual", "gelu")  # components without products
WHY += ("merging_norm", "last_norm", "pool")
PROBE = 196  # tokens of the small layer that shows what fused attention hides


@dataclass(frozen=True)
class Chosen:
    """One model on one size of picture."""

    name: str  # "own" or a key of VARIANTS
    title: str
    config: SwinConfig
    height: int
    width: int

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width of the picture."""
        return self.height, self.width

    @property
    def others(self) -> tuple[str, ...]:
        """The models to draw it among: those of the paper at 224 px, without itself."""
        return tuple(name for name in AMONG if name in VITS or VARIANTS[name] != self.config)


def choose() -> Chosen:
    """The model and the size of the picture, in the address."""
    t, say = session.text("cost_model"), session.text("cost_charts")
    width, height = session.picture().image.size
    left, right = st.columns(2)
    names = {"own": session.model_title()} | {name: say(f"model_{name}") for name in VARIANTS}
    with left:
        name = choice(st.selectbox, t("model"), list(names), "of", format_func=names.get)
    sizes = {"picture": (height, width)} | {text: tuple(map(int, text.split("x"))) for text in SIZES}

    def title(key: str) -> str:
        kind = "picture" if key == "picture" else "other"
        return t(f"size_{kind}", height=sizes[key][0], width=sizes[key][1])

    with right:
        chosen = choice(st.selectbox, t("size"), list(sizes), "px", format_func=title)
    config = session.model().config if name == "own" else VARIANTS[name]
    return Chosen(name, names[name], config, *sizes[chosen])


def show_totals(chosen: Chosen, unit: str) -> None:
    """Cost, parameters, memory of the maps, tokens with and without padding."""
    t, config, sides = session.text("cost_model"), chosen.config, (chosen.height, chosen.width)
    first = stage_maps(config, *sides)[0]
    values = {
        "cost": f"{short(factor(unit) * total(items(config, *sides)))} {session.text('cost')(f'unit_{unit}')}",
        "parameters": short(parameters(config)),
        "maps": short(map_bytes(config, *sides), "B"),
        "per_token": t("tokens", tokens=f"{first.tokens:,}", padded=f"{first.padded:,}"),
    }
    helps = {"maps": t("maps_help"), "per_token": t("per_token_help")}
    with st.container(horizontal=True):
        for key, value in values.items():
            st.metric(t(key), value, help=helps.get(key), border=True, width="content")


def counted(chosen: Chosen) -> tuple[Comparison, ...]:
    """Every step by formula and by counter."""
    return compare(chosen.config, chosen.height, chosen.width)


def counted_table(rows: tuple[Comparison, ...], unit: str) -> list[dict[str, str]]:
    """The steps added up by component, in words, for a table."""
    t, scale = session.text("cost_model"), factor(unit)
    table = []
    for component in dict.fromkeys(row.component for row in rows):
        mine = [row for row in rows if row.component == component]
        macs = scale * sum(row.macs for row in mine)
        seen = [scale * row.counted_macs for row in mine if row.counted_macs is not None]
        elements = [row.counted_elements for row in mine if row.counted_elements is not None]
        table.append(
            {
                t("component"): t(f"name_{component}"),
                t("by_formula"): f"{macs:,}",
                t("by_counter"): f"{sum(seen):,}" if seen else t("unseen") if macs else "0",
                t("difference"): f"{sum(seen) - macs:,}" if seen else "–",
                t("elements"): f"{sum(row.elements for row in mine):,}",
                t("elements_counted"): f"{sum(elements):,}" if elements else "–",
                t("why"): t(f"why_{component}") if component in WHY else "",
            }
        )
    return table


def verdict(rows: tuple[Comparison, ...], unit: str) -> str:
    """Whether formula and counter agree, in a sentence."""
    t, scale, name = session.text("cost_model"), factor(unit), session.text("cost")(f"unit_{unit}")
    formula, seen = scale * sum(row.macs for row in rows), scale * sum(row.counted_macs or 0 for row in rows)
    if formula == seen:
        return t("agree", total=f"{formula:,} {name}")
    return t("disagree", formula=f"{formula:,} {name}", counted=f"{seen:,} {name}")


def gaps(chosen: Chosen) -> str:
    """What a counter does not see, with its numbers; the authors' own total where it would be as their code prints."""
    t, layer = session.text("cost_model"), (PROBE, attend.CHANNELS, attend.HEADS)
    text = t(
        "gap",
        tokens=PROBE,
        explicit=f"{count_attention(*layer, attend.explicit):,} MACs",
        fused=f"{count_attention(*layer, attend.fused):,} MACs",
    )
    if any(at.padded != at.tokens for at in stage_maps(chosen.config, *chosen.sides)):
        return text
    authors, macs = authors_total(chosen.config, *chosen.sides), total(items(chosen.config, *chosen.sides))
    return f"{text}\n{t('gap_authors', authors=f'{authors:,}', macs=f'{macs:,}')}"


def steps_csv(rows: tuple[Comparison, ...]) -> str:
    """Every step, formula and counter, one line each; stages and blocks from 1 as on the screen."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(asdict(rows[0])))
    writer.writeheader()
    for row in rows:
        place = {key: None if getattr(row, key) is None else getattr(row, key) + 1 for key in ("stage", "block")}
        writer.writerow(asdict(row) | place)
    return out.getvalue()
