"""Every switch of the lab against a second way of computing what it does."""

import pytest
import torch

from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.windows import token_places
from tests.network.test_capture import run
from tests.network.test_model import SMALL, random_swin

SHIFTED = "layers.0.blocks.1"


@pytest.fixture(scope="module")
def model():
    return random_swin(SMALL)


def ablated(model, ablation: Ablation, *patterns: str):
    with capture(model, *patterns, edit=ablation.edits(model)) as tape:
        logits = run(model)
    return logits, tape


def test_no_switch_is_no_edit(model) -> None:
    assert Ablation().edits(model) == {}


def test_an_ablation_can_be_part_of_a_cache_key() -> None:
    assert hash(Ablation(silenced=(1, 2))) == hash(Ablation(silenced=(1, 2)))
    assert Ablation(mask=False) != Ablation()


def test_shift_off_is_a_model_without_shifts(model) -> None:
    twin = random_swin(SMALL)
    for stage in twin.layers:
        for block in stage.blocks:
            block.shift_size = 0
    logits, tape = ablated(model, Ablation(shift=False), "*.mask")
    assert torch.equal(logits, run(twin))
    assert not any(mask.any() for mask in tape.values())
    assert not torch.equal(logits, run(model))


def test_bias_off_is_a_model_with_tables_of_zero(model) -> None:
    twin = random_swin(SMALL)
    for name, parameter in twin.named_parameters():
        if name.endswith("bias_table"):
            torch.nn.init.zeros_(parameter)
    assert torch.equal(ablated(model, Ablation(bias=False))[0], run(twin))


def test_mask_off_is_softmax_of_the_biased_scores(model) -> None:
    _, tape = ablated(model, Ablation(mask=False), f"{SHIFTED}.attn.*")
    torch.testing.assert_close(tape[f"{SHIFTED}.attn.probs"], tape[f"{SHIFTED}.attn.biased"].softmax(-1))


def test_scale_off_leaves_the_raw_scores(model) -> None:
    _, tape = ablated(model, Ablation(scale=False), "*.attn.raw", "*.attn.scaled")
    for block in SMALL.block_names:
        assert torch.equal(tape[f"{block}.attn.scaled"], tape[f"{block}.attn.raw"])


@pytest.mark.parametrize("value", [-10.0, -float("inf")])
def test_another_mask_value_replaces_minus_hundred(model, value: float) -> None:
    _, tape = ablated(model, Ablation(mask_value=value), "*.mask", "*.probs", "*.biased")
    mask, probs = tape[f"{SHIFTED}.attn.mask"], tape[f"{SHIFTED}.attn.probs"]
    assert set(mask.unique().tolist()) == {0.0, value}
    across = (mask != 0)[None, :, None].expand_as(probs)
    weights = tape[f"{SHIFTED}.attn.biased"].exp() * torch.where(across, torch.tensor(value).exp(), 1.0)
    torch.testing.assert_close(probs, weights / weights.sum(-1, keepdim=True))
    assert (probs[across].sum() == 0) == (value == -float("inf"))


def test_silenced_heads_contribute_nothing(model) -> None:
    silenced = (1, 3)
    logits, _ = ablated(model, Ablation(silenced=silenced))
    twin = random_swin(SMALL)
    for stage, heads in zip(twin.layers, SMALL.heads, strict=True):
        for block in stage.blocks:
            parts = block.attn.proj.weight.data.split(block.attn.proj.weight.shape[1] // heads, dim=1)
            for head in silenced:
                if head < heads:
                    parts[head].zero_()
    torch.testing.assert_close(logits, run(twin))


def test_index_without_its_factor_makes_offsets_collide(model) -> None:
    _, tape = ablated(model, Ablation(index_factor=False), "*.index", "*.bias")
    index, window = tape[f"{SHIFTED}.attn.index"], SMALL.window
    table = model.layers[0].blocks[1].attn.relative_position_bias_table
    for p in range(window**2):
        for q in range(window**2):
            row = (p // window - q // window) + (p % window - q % window) + 2 * (window - 1)
            assert index[p, q] == row
            assert torch.equal(tape[f"{SHIFTED}.attn.bias"][:, p, q], table[row])


def test_uniform_attention_is_uniform(model) -> None:
    _, tape = ablated(model, Ablation(uniform=True), "*.probs")
    for probs in tape.values():
        torch.testing.assert_close(probs, torch.full_like(probs, 1 / SMALL.window**2))


@pytest.mark.parametrize("padding_masked", [False, True])
def test_norm_off_is_a_model_whose_first_norm_is_no_norm(model, padding_masked: bool) -> None:
    """Beside the switch for padding too, which looks at the same point."""
    twin = random_swin(SMALL)
    for stage in twin.layers:
        for block in stage.blocks:
            block.norm1 = torch.nn.Identity()
    logits, _ = ablated(model, Ablation(norm=False, padding_masked=padding_masked))
    assert torch.equal(logits, ablated(twin, Ablation(padding_masked=padding_masked))[0])
    assert not torch.equal(logits, run(model))


@pytest.mark.parametrize(("switch", "last"), [("attention", "attn.proj"), ("mlp", "mlp.fc2")])
def test_a_branch_off_is_a_model_whose_branch_ends_in_zeros(model, switch: str, last: str) -> None:
    twin = random_swin(SMALL)
    for name in SMALL.block_names[1:]:
        linear = twin.get_submodule(f"{name}.{last}")
        torch.nn.init.zeros_(linear.weight), torch.nn.init.zeros_(linear.bias)
    logits, tape = ablated(model, Ablation(**{switch: False}, blocks=SMALL.block_names[1:]), "*_branch")
    assert torch.equal(logits, run(twin))
    point = {"attention": "attn_branch", "mlp": "mlp_branch"}[switch]
    assert [bool(tape[f"{name}.{point}"].any()) for name in SMALL.block_names] == [True, False, False, False]


def test_masked_padding_neither_gives_nor_takes(model) -> None:
    """Against a loop: real tokens attend to real tokens of their region only."""
    ablation = Ablation(padding_masked=True)
    _, tape = ablated(model, ablation, "*.mask", "*.shift", "*.resid_pre", "*.padded")
    for block in SMALL.block_names:
        height, width = tape[f"{block}.resid_pre"].shape[1:3]
        padded, shift = tape[f"{block}.padded"].shape[1:3], tape[f"{block}.shift"]
        places = token_places(*padded, SMALL.window, shift)
        mask = tape[f"{block}.attn.mask"]
        inside = (places[..., 0] < height) & (places[..., 1] < width)
        for w, p, q in torch.cartesian_prod(*(torch.arange(n) for n in mask.shape)).tolist():
            same = inside[w, p] == inside[w, q]
            across = any((places[w, p, i] < shift[i]) != (places[w, q, i] < shift[i]) for i in (0, 1))
            assert (mask[w, p, q] != 0) == (across or not same)


def test_masked_padding_with_the_shift_off_uses_the_unshifted_padding(model) -> None:
    _, tape = ablated(model, Ablation(padding_masked=True, shift=False), f"{SHIFTED}.regions", f"{SHIFTED}.resid_pre")
    regions = tape[f"{SHIFTED}.regions"]
    height, width = tape[f"{SHIFTED}.resid_pre"].shape[1:3]
    assert (regions[:height, :width] == 0).all()
    assert (regions[height:] == 9).all()
    assert (regions[:, width:] == 9).all()


def test_only_the_named_blocks_change(model) -> None:
    _, tape = ablated(model, Ablation(bias=False, blocks=("layers.1.*",)), "*.attn.bias")
    assert [bool(tape[f"{name}.attn.bias"].any()) for name in SMALL.block_names] == [True, True, False, False]
    with pytest.raises(KeyError, match="no block matches"):
        Ablation(bias=False, blocks=("layers.7.*",)).edits(model)
