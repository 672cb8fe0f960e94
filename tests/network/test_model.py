"""The network against a loop over pairs, against Hugging Face's Swin, and against the published counts."""

import copy
import pickle

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from swin_viz.network.capture import capture
from swin_viz.network.model import DropPath, PatchMerging, Swin, build
from swin_viz.network.variants import VARIANTS, SwinConfig
from tests import second_way

SMALL = SwinConfig(8, (2, 2), (2, 4), window=3, classes=5)
PUBLISHED = {  # parameters, matmul and convolution MACs at the size trained at
    "swin_t": (28_288_354, 4_490_566_656),
    "swin_s": (49_606_258, 8_740_875_264),
    "swin_b": (87_768_224, 15_430_946_816),
    "swin_l": (196_532_476, 34_475_759_616),
    "swin_b_384": (87_903_584, 47_083_134_976),
    "swin_l_384": (196_735_516, 103_919_087_616),
}


def random_swin(config: SwinConfig, seed: int = 0, dtype: torch.dtype = torch.float64) -> Swin:
    """A Swin whose every parameter matters: weights large enough that attention is not flat."""
    torch.manual_seed(seed)
    model = Swin(config).to(dtype).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model


@pytest.mark.parametrize("size", [(24, 24), (25, 38), (13, 50), (4, 4), (1, 1), (47, 12)])
def test_logits_and_attention_equal_a_loop_over_pairs(size: tuple[int, int]) -> None:
    model = random_swin(SMALL)
    image = torch.randn(1, 3, *size, dtype=torch.float64)
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    wanted, shares = second_way.forward(image[0].numpy(), state, SMALL)
    with torch.no_grad(), capture(model, "*.probs", "*.shift") as tape:
        logits = model(image)
    np.testing.assert_allclose(logits[0].numpy(), wanted, rtol=0, atol=1e-9)
    for name in SMALL.block_names:
        check_shares(tape[f"{name}.attn.probs"][0].numpy(), tape[f"{name}.shift"], shares[name])


def check_shares(probs: np.ndarray, shift: tuple[int, int], shares: dict) -> None:
    """Every pair of the loop has the same share in the window it falls into."""
    window = SMALL.window
    rows = 1 + max(q[0] for _, q in shares)
    columns = 1 + max(q[1] for _, q in shares)
    rows, columns = (-(-side // window) * window for side in (rows, columns))
    for (p, q), wanted in shares.items():
        slots = []
        for at in (p, q):
            r, c = (at[0] - shift[0]) % rows, (at[1] - shift[1]) % columns
            slots.append(((r // window) * (columns // window) + c // window, (r % window) * window + c % window))
        (w, query), (other, key) = slots
        assert w == other
        np.testing.assert_allclose(probs[w, :, query, key], wanted, rtol=0, atol=1e-9)


@pytest.mark.parametrize("size", [224, 256, 280])
def test_logits_and_attention_equal_hugging_face(size: int) -> None:
    from transformers import SwinConfig as PeerConfig
    from transformers import SwinForImageClassification

    from swin_viz.reading.checkpoint.read import read_checkpoint
    from tests.reading.checkpoint.test_read import saved

    config = PeerConfig(
        embed_dim=16, depths=[2, 2, 2], num_heads=[2, 4, 8], num_labels=7, image_size=224, attn_implementation="eager"
    )
    torch.manual_seed(1)
    peer = SwinForImageClassification(config).eval()
    for parameter in peer.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    checkpoint = read_checkpoint(saved(peer.state_dict()))
    model = build(checkpoint.config, checkpoint.state)
    image = torch.randn(2, 3, size, size)
    with torch.no_grad(), capture(model, "*.probs") as tape:
        logits = model(image)
        found = peer(image, output_attentions=True, interpolate_pos_encoding=True)
    torch.testing.assert_close(logits, found.logits, atol=2e-4, rtol=2e-4)
    for stage, theirs in enumerate(found.attentions):  # of each stage's last block
        ours = tape[f"layers.{stage}.blocks.1.attn.probs"].flatten(0, 1)
        torch.testing.assert_close(ours, theirs, atol=2e-5, rtol=2e-4)


@pytest.mark.parametrize("name", VARIANTS)
def test_parameters_and_operations_are_the_published_ones(name: str) -> None:
    config = VARIANTS[name]
    with torch.device("meta"):
        model = Swin(config).eval()
        image = torch.empty(1, 3, config.image_size, config.image_size)
    assert sum(parameter.numel() for parameter in model.parameters()) == PUBLISHED[name][0]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(image)
    assert counter.get_total_flops() == 2 * PUBLISHED[name][1]


def test_an_image_leaves_no_trace_on_the_next() -> None:
    model = random_swin(SMALL)
    image = torch.randn(1, 3, 40, 28, dtype=torch.float64)
    with torch.no_grad():
        before = model(image)
        for size in (12, 100, 30):
            model(torch.randn(2, 3, size, size + 4, dtype=torch.float64))
        assert torch.equal(model(image), before)


def test_a_batch_is_its_images_one_by_one() -> None:
    model = random_swin(SMALL)
    images = torch.randn(3, 3, 29, 35, dtype=torch.float64)
    with torch.no_grad():
        together = model(images)
        alone = torch.cat([model(image[None]) for image in images])
    torch.testing.assert_close(together, alone, atol=1e-12, rtol=0)


def test_each_side_of_the_image_is_padded_on_its_own() -> None:
    model = random_swin(SMALL)
    with torch.no_grad(), capture(model, "patch_embed.tokens") as tape:
        for (height, width), grid in {(32, 33): (8, 9), (33, 32): (9, 8), (32, 32): (8, 8), (1, 5): (1, 2)}.items():
            model(torch.randn(1, 3, height, width, dtype=torch.float64))
            assert tape["patch_embed.tokens"].shape[1:3] == grid


def test_the_strided_convolution_is_flatten_and_linear() -> None:
    model = random_swin(SMALL)
    image = torch.randn(1, 3, 16, 12, dtype=torch.float64)
    patches = image.unfold(2, 4, 4).unfold(3, 4, 4).permute(0, 2, 3, 1, 4, 5).flatten(3)
    embed = model.patch_embed
    linear = patches @ embed.proj.weight.flatten(1).T + embed.proj.bias
    torch.testing.assert_close(embed(image), embed.norm(linear))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_lower_precision_is_close_to_float64(dtype: torch.dtype) -> None:
    model = random_swin(SMALL)
    image = torch.randn(1, 3, 31, 45, dtype=torch.float64)
    with torch.no_grad():
        exact = model(image)
        found = copy.deepcopy(model).to(dtype)(image.to(dtype)).double()
    scale = exact.abs().max()
    assert ((found - exact).abs().max() / scale) < (1e-5 if dtype == torch.float32 else 0.15)


def test_a_copy_and_a_pickle_give_the_same_answer_and_can_be_watched() -> None:
    model = random_swin(SMALL)
    image = torch.randn(1, 3, 24, 24, dtype=torch.float64)
    with torch.no_grad():
        wanted = model(image)
        for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            with capture(twin, "*") as tape:
                assert torch.equal(twin(image), wanted)
            assert len(tape) > 50


def test_merging_is_a_strided_convolution_only_without_the_norm() -> None:
    torch.manual_seed(0)
    merging = PatchMerging(6).double()
    torch.nn.init.normal_(merging.norm.weight)
    x = torch.randn(1, 8, 10, 6, dtype=torch.float64)
    order = merging.reduction.weight.view(12, 2, 2, 6).permute(0, 3, 2, 1)  # (out, in, row, column)
    convolved = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), order, stride=2).permute(0, 2, 3, 1)
    assert not torch.allclose(merging(x), convolved)
    merging.norm = torch.nn.Identity()
    torch.testing.assert_close(merging(x), convolved)


def test_drop_path_keeps_the_expectation_and_is_off_at_inference() -> None:
    torch.manual_seed(0)
    drop, ones = DropPath(0.3), torch.ones(20_000, 2, 2)
    kept = drop.train()(ones)
    assert kept.unique().tolist() == pytest.approx([0.0, 1 / 0.7])
    assert (kept.flatten(1).std(1) == 0).all()  # an image's branch goes as a whole
    assert kept.mean().item() == pytest.approx(1, abs=0.02)
    assert torch.equal(drop.eval()(ones), ones)


def test_drop_rates_rise_linearly_over_the_blocks() -> None:
    model = Swin(SwinConfig(8, (2, 4), (1, 2), drop_path=0.5))
    rates = [block.drop_path.rate for stage in model.layers for block in stage.blocks]
    np.testing.assert_allclose(rates, np.linspace(0, 0.5, 6))


def test_training_mode_learns() -> None:
    torch.manual_seed(0)
    model = Swin(SwinConfig(8, (2, 2), (1, 2), window=3, classes=2, drop=0.1, attn_drop=0.1, drop_path=0.2)).train()
    images = torch.randn(8, 3, 24, 24)
    labels = torch.arange(8) % 2
    optimiser = torch.optim.Adam(model.parameters(), 3e-3)
    losses = []
    for _ in range(30):
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < 0.6 * losses[0]
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_weights_that_do_not_fit_are_refused() -> None:
    state = Swin(SMALL).state_dict()
    del state["norm.weight"]
    with pytest.raises(RuntimeError, match=r"norm\.weight"):
        build(SMALL, state)
    with pytest.raises(ValueError, match="divisible"):
        SwinConfig(10, (2,), (3,))
