"""Formulas against published totals, against the paper's text, and against a real Vision Transformer."""

import ast
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import ViTConfig, ViTForImageClassification

from swin_viz.cost import formula, terms
from swin_viz.cost.formula import authors_total, items, map_bytes, parameters, stage_maps, total
from swin_viz.cost.sweeps import GROUPS
from swin_viz.cost.vit import VITS, VitConfig, partner, vit_items, vit_map_bytes, vit_parameters
from swin_viz.cost.whole import left_out
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS, SwinConfig

PUBLISHED = {  # name, side: parameters, the authors' flops(), matmul and convolution MACs
    ("swin_t", 224): (28_288_354, 4_494_405_120, 4_490_566_656),
    ("swin_s", 224): (49_606_258, 8_746_520_064, 8_740_875_264),
    ("swin_b", 224): (87_768_224, 15_438_473_216, 15_430_946_816),
    ("swin_l", 224): (196_532_476, 34_487_049_216, 34_475_759_616),
    ("swin_b_384", 384): (87_903_584, 47_105_253_376, 47_083_134_976),
    ("swin_l_384", 384): (196_735_516, 103_952_265_216, 103_919_087_616),
}


@pytest.mark.parametrize(("key", "numbers"), PUBLISHED.items(), ids=lambda value: str(value[0]))
def test_published_totals_are_met(key: tuple[str, int], numbers: tuple[int, int, int]) -> None:
    name, side = key
    config = VARIANTS[name]
    assert (parameters(config), authors_total(config, side, side), total(items(config, side, side))) == numbers


def test_swin_t_adds_up_item_by_item() -> None:
    table = items(VARIANTS["swin_t"], 224, 224)
    macs = {name: total(item for item in table if item.component == name) for name in GROUPS}
    assert macs == {
        "patch_embed": 14_450_688,
        "qkv": 1_040_449_536,
        "scores": 70_070_784,
        "values": 70_070_784,
        "proj": 346_816_512,
        "mlp": 2_774_532_096,
        "merging": 173_408_256,
        "head": 768_000,
    }
    norms = {item.component: 0 for item in table if "norm" in item.component}
    for item in table:
        if item.component in norms:
            norms[item.component] += item.elements
    assert norms == {"patch_norm": 301_056, "norms": 2_860_032, "merging_norm": 526_848, "last_norm": 37_632}


@pytest.mark.parametrize("classes", [0, 5])
def test_parameters_are_those_of_the_model(classes: int) -> None:
    config = SwinConfig(18, (1, 2, 1), (1, 2, 3), window=3, classes=classes, mlp_ratio=2.5, qkv_bias=False)
    with torch.device("meta"):
        model = Swin(config)
    assert parameters(config) == sum(value.numel() for value in model.parameters())


def test_every_component_with_macs_belongs_to_a_part_of_the_chart() -> None:
    assert {item.component for item in items(VARIANTS["swin_t"], 256, 256) if item.macs} == set(GROUPS)


def test_global_attention_everywhere_costs_what_the_paper_does_not_say() -> None:
    config = VARIANTS["swin_t"]
    ratio = {
        side: total(items(config, side, side, windowed=False)) / total(items(config, side, side))
        for side in (224, 1024)
    }
    assert ratio[224] == pytest.approx(1.96, abs=0.01)
    assert ratio[1024] == pytest.approx(20.6, abs=0.1)


def test_padding_enters_attention_but_not_the_mlp() -> None:
    config = VARIANTS["swin_t"]
    by_area = total(items(config, 224, 224)) * (256 / 224) ** 2
    assert total(items(config, 256, 256)) / by_area == pytest.approx(1.25, abs=0.01)
    plain, padded = stage_maps(config, 224, 224)[0], stage_maps(config, 225, 224)[0]
    assert (plain.padded, padded.padded) == (56 * 56, 63 * 56)


def test_all_maps_of_swin_t_are_as_many_numbers_as_counted_by_hand() -> None:
    assert map_bytes(VARIANTS["swin_t"], 224, 224, size=1) == 2_189_712
    one_layer = map_bytes(SwinConfig(96, (1,), (3,)), 1024, 1024, windowed=False)
    assert one_layer == 3 * (256 * 256) ** 2 * 4


@pytest.mark.parametrize("size", [(0, 4), (4, -1)])
def test_an_empty_image_has_no_cost_to_compute(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no tokens"):
        items(VARIANTS["swin_t"], *size)
    with pytest.raises(ValueError, match="no tokens"):
        vit_items(VITS["deit_s"], *size)


def test_the_papers_ratio_falls_stage_by_stage() -> None:
    maps = stage_maps(VARIANTS["swin_t"], 224, 224)
    ratios = [terms.msa(at.height, at.width, at.channels) for at in maps]
    ratios = [whole / terms.w_msa(at.height, at.width, at.channels, 7) for whole, at in zip(ratios, maps, strict=True)]
    assert ratios == pytest.approx([13.81, 2.70, 1.18, 1.00], abs=0.01)


def test_terms_are_the_papers_equations() -> None:
    for h, w, c, m in [(56, 56, 96, 7), (7, 7, 768, 7), (13, 29, 48, 5)]:
        assert terms.msa(h, w, c) == 4 * h * w * c**2 + 2 * (h * w) ** 2 * c
        assert terms.w_msa(h, w, c, m) == 4 * h * w * c**2 + 2 * m**2 * h * w * c


def test_one_window_times_their_number_is_w_msa() -> None:
    for one, every in zip(terms.ONE_WINDOW, terms.W_MSA, strict=True):
        assert one.macs(56, 56, 96, 7) * (56 // 7) ** 2 == every.macs(56, 56, 96, 7)


def test_both_cost_the_same_in_one_window_and_products_overtake_beyond_2c() -> None:
    assert terms.msa(7, 7, 768) == terms.w_msa(7, 7, 768, 7)
    projections = terms.MSA[0].macs(8, 24, 96, 1) + terms.MSA[3].macs(8, 24, 96, 1)
    products = terms.MSA[1].macs(8, 24, 96, 1) + terms.MSA[2].macs(8, 24, 96, 1)
    assert projections == products  # at h·w = 192 = 2C


def test_the_largest_inputs_stay_exact_in_the_browser() -> None:
    (_, h), (_, w), (_, c), (_, m) = terms.LIMITS.values()
    assert max(terms.msa(h, w, c), terms.w_msa(h, w, c, m)) * 2 < 2**53


def test_a_stage_of_the_model_costs_what_the_papers_formula_says_where_windows_fit() -> None:
    table = items(VARIANTS["swin_t"], 224, 224)
    attention = total(item for item in table if (item.stage, item.block) == (0, 1) and item.component != "mlp")
    assert attention == terms.w_msa(56, 56, 96, 7) == terms.padded_w_msa(56, 56, 96, 7)
    assert terms.padded_w_msa(50, 56, 96, 7) == terms.w_msa(56, 56, 96, 7)


@pytest.mark.parametrize(
    ("config", "size"),
    [
        (VITS["deit_s"], (224, 224)),
        (VITS["deit_b"], (384, 384)),
        (VITS["vit_l"], (512, 1024)),
        (VitConfig(24, 2, 3, patch=8, mlp_ratio=3, classes=5), (40, 64)),
    ],
    ids=str,
)
def test_the_vit_formula_counts_what_a_real_vit_runs(config: VitConfig, size: tuple[int, int]) -> None:
    settings = ViTConfig(
        hidden_size=config.embed_dim,
        num_hidden_layers=config.depth,
        num_attention_heads=config.heads,
        intermediate_size=int(config.embed_dim * config.mlp_ratio),
        image_size=list(size),
        patch_size=config.patch,
        num_labels=config.classes,
        attn_implementation="eager",
    )
    with torch.device("meta"):
        model = ViTForImageClassification(settings).eval()
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(torch.zeros(1, 3, *size))
    assert counter.get_total_flops() == 2 * total(vit_items(config, *size))


@pytest.mark.parametrize("name", VITS)
def test_a_real_vit_learns_as_many_numbers(name: str) -> None:
    config = VITS[name]
    settings = ViTConfig(
        hidden_size=config.embed_dim,
        num_hidden_layers=config.depth,
        num_attention_heads=config.heads,
        intermediate_size=4 * config.embed_dim,
        num_labels=config.classes,
    )
    with torch.device("meta"):
        model = ViTForImageClassification(settings)
    assert vit_parameters(config) == sum(value.numel() for value in model.parameters())


def test_each_swin_has_the_vit_of_like_cost() -> None:
    found = {name: partner(total(items(VARIANTS[name], 224, 224))) for name in ("swin_t", "swin_s", "swin_b", "swin_l")}
    assert found == {"swin_t": "deit_s", "swin_s": "deit_s", "swin_b": "deit_b", "swin_l": "vit_l"}


def test_deits_published_size_is_met() -> None:
    assert total(vit_items(VITS["deit_s"], 224, 224)) == 4_598_882_304
    assert total(vit_items(VITS["deit_b"], 224, 224)) == 17_563_828_224
    assert vit_map_bytes(VITS["deit_s"], 224, 224) == 4 * 12 * 6 * 197**2


@pytest.mark.parametrize("module", ["formula", "terms", "vit", "paper"])
def test_formulas_need_neither_torch_nor_the_screen(module: str) -> None:
    source = (Path(formula.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not imported & {"torch", "streamlit", "plotly", "matplotlib"}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_the_page_says_of_the_published_models_is_true(name: str) -> None:
    """An MLP costs 8hwC², more than the W-MSA of the formula, in every stage; the numbers of the text are theirs."""
    config = VARIANTS[name]
    for at in stage_maps(config, config.image_size, config.image_size):
        mlp = 8 * at.tokens * at.channels**2
        assert mlp > terms.w_msa(at.height, at.width, at.channels, config.window)
    found = {item.macs for item in items(config, 224, 224) if item.component == "mlp"}
    assert found == {8 * at.tokens * at.channels**2 for at in stage_maps(config, 224, 224)}


def test_the_numbers_of_what_the_formulas_leave_out() -> None:
    assert left_out() == {
        **{"whole_224": "1.96", "layer_224": "13.8", "whole_1024": "20.6", "layer_1024": "266"},
        "less_first": "1.4",
        "less_last": "24.2",
        **{"less_first": "1.4", "less_last": "24.2", "padding_256": "25"},
    }
