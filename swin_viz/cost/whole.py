"""A whole model on one picture, in words: its totals, and formula and counter side by side."""

import csv
import io
from dataclasses import asdict, dataclass

from swin_viz.cost.clock import attend
from swin_viz.cost.counted import Comparison, count_attention
from swin_viz.cost.formula import authors_total, items, map_bytes, parameters, stage_maps, total
from swin_viz.cost.sweeps import factor
from swin_viz.cost.terms import msa, padded_w_msa
from swin_viz.cost.vit import VITS
from swin_viz.network.variants import VARIANTS, SwinConfig
from swin_viz.text import Words
from swin_viz.text.numbers import comments, short, signed, times

AMONG = ("swin_t", "swin_s", "swin_b", "swin_l", "deit_s", "deit_b", "vit_l")
PICTURES = {  # what can be asked for: height × width in pixels
    f"{height}x{width}": (height, width)
    for height, width in (
        *((side, side) for side in (224, 256, 384, 512)),
        *((768, 1024), (1024, 1024), (1080, 1920), (2160, 3840)),
    )
}
WHY = (  # components without products
    *("patch_norm", "norms", "move", "bias", "mask", "softmax", "residual", "gelu"),
    *("merging_norm", "last_norm", "pool"),
)
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
    def slug(self) -> str:
        """The same for the name of a file."""
        return f"{self.name}-{self.height}x{self.width}"

    @property
    def others(self) -> tuple[str, ...]:
        """The models to draw it among: those of the paper at 224 px, without itself."""
        return tuple(name for name in AMONG if name in VITS or VARIANTS[name] != self.config)


def answer(chosen: Chosen, unit: str, unit_name: str, t: Words) -> str:
    """What the whole model costs on that picture. `t`: the words of the screen."""
    macs = total(items(chosen.config, *chosen.sides))
    cost = f"{short(factor(unit) * macs)} {unit_name}"
    return t("answer", model=chosen.title, height=chosen.height, width=chosen.width, cost=cost)


def totals(chosen: Chosen, t: Words) -> str:
    """Parameters, memory of the maps, tokens of the first stage, with padding where there is any: in one line."""
    config, sides = chosen.config, chosen.sides
    first = stage_maps(config, *sides)[0]
    tokens = {"tokens": f"{first.tokens:,}", "padded": f"{first.padded:,}"}
    maps = short(map_bytes(config, *sides), "B")
    line = t("totals", parameters=short(parameters(config)), maps=maps)
    return line + t("tokens_padded" if first.padded != first.tokens else "tokens", **tokens)


def counted_table(rows: tuple[Comparison, ...], unit: str, t: Words) -> list[dict[str, str]]:
    """The steps added up by component, in words, for a table."""
    scale, table = factor(unit), []
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
                t("difference"): signed(sum(seen) - macs) if seen else "–",
                t("elements"): f"{sum(row.elements for row in mine):,}",
                t("elements_counted"): f"{sum(elements):,}" if elements else "–",
                t("why"): t(f"why_{component}") if component in WHY else "",
            }
        )
    return table


def verdict(rows: tuple[Comparison, ...], unit: str, unit_name: str, t: Words) -> str:
    """Whether formula and counter agree, in a sentence."""
    scale = factor(unit)
    formula, seen = scale * sum(row.macs for row in rows), scale * sum(row.counted_macs or 0 for row in rows)
    if formula == seen:
        return t("agree", total=f"{formula:,} {unit_name}")
    return t("disagree", formula=f"{formula:,} {unit_name}", counted=f"{seen:,} {unit_name}")


def gaps(chosen: Chosen, t: Words) -> str:
    """What a counter does not see, with its numbers; the authors' own total where it would be as their code prints."""
    layer = (PROBE, attend.CHANNELS, attend.HEADS)
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


def steps_csv(rows: tuple[Comparison, ...], about: str) -> str:
    """Every step, formula and counter, one line each; stages and blocks from 1. `about`: of what, in the first line."""
    out = io.StringIO()
    out.write(comments([about]))
    writer = csv.DictWriter(out, list(asdict(rows[0])), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        place = {key: None if getattr(row, key) is None else getattr(row, key) + 1 for key in ("stage", "block")}
        writer.writerow(asdict(row) | place)
    return out.getvalue()


def left_out() -> dict[str, str]:
    """The numbers in the text on what the formulas leave out: Swin-T and its first layer, padding counted in both.

    And by how much MSA is too little without its output projection, in the first stage and in the last.
    """
    config = VARIANTS["swin_t"]
    found: dict[str, str] = {}
    for side in (224, 1024):
        at = stage_maps(config, side, side)[0]
        whole = total(items(config, side, side, windowed=False)) / total(items(config, side, side))
        layer = msa(at.height, at.width, at.channels) / padded_w_msa(at.height, at.width, at.channels, config.window)
        found |= {f"whole_{side}": times(whole), f"layer_{side}": times(layer)}
    maps = stage_maps(config, 224, 224)
    for name, at in (("first", maps[0]), ("last", maps[-1])):  # without the output projection, as the tour counts MSA
        tokens = at.height * at.width
        less = tokens * at.channels**2 / msa(at.height, at.width, at.channels)
        found[f"less_{name}"] = f"{100 * less:.1f}"
    by_area = total(items(config, 224, 224)) * (256 / 224) ** 2
    return found | {"padding_256": f"{100 * (total(items(config, 256, 256)) / by_area - 1):.0f}"}
