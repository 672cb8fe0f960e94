"""The block's lesson against sums by hand: norms, GELU, sums, shuffles, rates; and the parts that travel."""

import math

import numpy as np
import pytest
import torch

from swin_viz.engine import shared
from swin_viz.engine.parts import pack, unpack
from swin_viz.lessons.block import (
    AXES,
    STEPS,
    band,
    band_rows,
    block_arrays,
    block_lesson,
    drop_rates,
    experiments,
    group_size,
    neuron_maps,
    normalised,
    photo_lesson,
    shapes_of,
    shuffled,
    small_values,
    stream,
    values_of,
    without_norm,
)
from swin_viz.lessons.board import LessonError
from swin_viz.network.ablation import Ablation
from swin_viz.network.model import DropPath, Swin
from swin_viz.network.variants import BUILTIN as BUILTIN_CONFIG
from swin_viz.network.variants import VARIANTS
from swin_viz.paths import BUILTIN
from swin_viz.text import Words
from tests.lessons import observing, step

EPS = 1e-5


def by_hand(values: np.ndarray) -> np.ndarray:
    rows = values.astype(np.float64).reshape(-1, values.shape[-1])
    return np.array([(row - row.mean()) / math.sqrt(row.var() + EPS) for row in rows]).reshape(values.shape)


def gelu(x: float) -> float:
    return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))


@pytest.mark.parametrize("side", [1, 2, 3, 5])
def test_the_small_block_is_a_block(side: int) -> None:
    """Its norms, its curve and its sums, each by hand; attention mixes tokens, so only its sum is checked here."""
    found = {name: value.astype(np.float64) for name, value in small_values(side, 4).items()}
    np.testing.assert_allclose(found["attn_in"], by_hand(found["resid_pre"]), atol=1e-4)
    np.testing.assert_allclose(found["resid_mid"], found["resid_pre"] + found["attn_branch"], atol=1e-5)
    np.testing.assert_allclose(found["mlp_in"], by_hand(found["resid_mid"]), atol=1e-4)
    np.testing.assert_allclose(found["mlp.activated"], np.vectorize(gelu)(found["mlp.hidden"]), atol=1e-5)
    np.testing.assert_allclose(found["resid_post"], found["resid_mid"] + found["mlp_branch"], atol=1e-5)


def test_the_small_board_shows_what_passed_and_nothing_else() -> None:
    lesson, found = block_lesson(3), small_values(3, 4)
    assert [each.key for each in lesson.steps] == [key for key, _, _ in STEPS]
    for each, (_, point, _) in zip(lesson.steps, STEPS, strict=True):
        shown = ~np.isnan(each.at[:, 0])
        np.testing.assert_array_equal(each.values[shown].reshape(9, -1), found[point])
        assert each.at[shown].tolist() == [[i, k] for i in range(9) for k in range(found[point].shape[1])]
        assert each.shape == f"1 × 3 × 3 × {found[point].shape[1]}"
    assert step(lesson, "hidden").shape.endswith("× 12")
    with pytest.raises(LessonError):
        block_lesson(6)


def test_the_real_block_adds_up_and_its_norms_are_norms(scene) -> None:
    block, model = scene.blocks[3], shared.load(BUILTIN).model
    module, values = model.get_submodule(block.name), values_of(block, observing(scene))
    learned = by_hand(values["resid_pre"]) * module.norm1.weight.numpy() + module.norm1.bias.numpy()
    np.testing.assert_allclose(values["attn_in"], learned, atol=1e-4)
    np.testing.assert_array_equal(values["resid_mid"], values["resid_pre"] + values["attn_branch"])
    np.testing.assert_array_equal(values["resid_post"], values["resid_mid"] + values["mlp_branch"])
    sample = values["mlp.hidden"].reshape(-1)[::997]
    np.testing.assert_allclose(values["mlp.activated"].reshape(-1)[::997], [gelu(x) for x in sample], atol=1e-5)
    photo = photo_lesson(shapes_of(scene, block), 4)
    assert [each.shape.split(" × ")[-1] for each in photo.steps] == ["96"] * 5 + ["384"] * 2 + ["96"] * 2


@pytest.mark.parametrize("picture", ["scene", "odd"])
def test_what_the_browser_gets_is_the_runs(picture: str, request) -> None:
    """Every band joined is the map; statistics by loops; colours, sizes and neurons' strongest tokens."""
    trace = request.getfixturevalue(picture)
    block, observe = trace.blocks[3], observing(trace)
    module, values = shared.load(BUILTIN).model.get_submodule(block.name), values_of(trace.blocks[3], observe)
    (height, width), rows = block.size, band_rows(values)
    bands = [unpack(pack({}, band(values, i, rows)))[1] for i in range(-(-height // rows))]
    for name, point in {"x": "resid_pre", "attn": "attn_branch", "mlp": "mlp_branch", "hidden": "mlp.hidden"}.items():
        joined = np.concatenate([found[f"band.{i}.{name}"] for i, found in enumerate(bands)])
        np.testing.assert_array_equal(joined, values[point].reshape(height * width, -1))
    found, x = block_arrays(values, module), values["resid_pre"].astype(np.float64)
    for row, column in ((0, 0), (height - 1, width - 1), (5, 2)):
        token = x[row, column]
        facts = [token.mean(), token.var()]
        np.testing.assert_allclose(found["block.stats"][:, row, column], facts, rtol=1e-4, atol=1e-5)
        size = np.linalg.norm(token) / math.sqrt(len(token))
        np.testing.assert_allclose(found["block.sizes"][0, row, column], size, rtol=1e-5)
    assert found["block.same"].tolist() == [1, 1]
    activated = values["mlp.activated"].reshape(height * width, -1)
    neuron = int(found["block.first"][0])
    assert neuron == max(range(activated.shape[1]), key=lambda i: activated[:, i].std())
    strongest = sorted(range(height * width), key=lambda i: -activated[i, neuron])[:5]
    assert found["block.top"][neuron].tolist() == strongest
    group = neuron // group_size(height * width)
    levels = neuron_maps(values, group)[f"neurons.{group}"][neuron % group_size(height * width)]
    assert (levels.argmax(), levels.max(), levels.min()) == (strongest[0], 255, 0)


def test_the_three_axes_share_what_they_say(scene) -> None:
    x = values_of(scene.blocks[3], observing(scene))["resid_pre"]
    token, image, channel = (normalised(x, axis, 0.0) for axis in AXES)
    assert np.abs(token.mean(-1)).max() < 1e-6 and np.abs(token.var(-1) - 1).max() < 1e-6
    assert abs(image.mean()) < 1e-6 and abs(image.var() - 1) < 1e-6
    flat = channel.reshape(-1, x.shape[-1])
    assert max(abs(flat[:, c].mean()) + abs(flat[:, c].std() - 1) for c in range(flat.shape[1])) < 1e-6
    np.testing.assert_allclose(token, by_hand(x), atol=1e-3)
    assert image.var(-1).max() > 2 * image.var(-1).min()  # tokens keep their sizes


def test_the_stream_is_every_blocks(scene) -> None:
    """From one pass of all, and by coordinates."""
    found, observe = stream(scene, observing(scene)), observing(scene)
    name = scene.blocks[5].name
    wanted = observe(f"{name}.resid_pre", f"{name}.mlp.hidden", "logits")
    tokens = wanted[f"{name}.resid_pre"].astype(np.float64).reshape(-1, 192)
    np.testing.assert_allclose(found["stream.variance"][5], np.mean([each.var() for each in tokens]), rtol=1e-5)
    sizes = [math.sqrt(sum(value * value for value in each) / 192) for each in tokens]
    np.testing.assert_allclose(found["stream.sizes"][5, 0], np.mean(sizes), rtol=1e-5)
    hidden = wanted[f"{name}.mlp.hidden"]
    np.testing.assert_allclose(found["stream.below"][5], np.count_nonzero(hidden < 0) / hidden.size, rtol=1e-6)
    assert len(found["stream.sizes"]) == len(scene.blocks)


def test_without_norm1_scores_grow_and_softmax_saturates(scene) -> None:
    block, observe = scene.blocks[-1], observing(scene)
    found = without_norm(block, observe)["without"]
    points = f"{block.name}.attn.scaled", f"{block.name}.attn.probs"
    bare = observe(*points, ablation=Ablation(norm=False, blocks=(block.name,)))
    np.testing.assert_allclose(found[1, 0], bare[points[0]].std(), rtol=1e-4)
    entropy = torch.distributions.Categorical(torch.tensor(bare[points[1]])).entropy().mean() / math.log(49)
    np.testing.assert_allclose(found[1, 1], entropy, rtol=1e-4)
    assert found[1, 0] > found[0, 0] and found[1, 1] < found[0, 1] and found[1, 2] > found[0, 2]


def test_entropy_is_a_part_of_that_of_the_keys_a_query_may_look_at(scene) -> None:
    block, observe = scene.blocks[1], observing(scene)
    assert any(block.shift)
    point, mask = f"{block.name}.attn.probs", block.mask_kinds[block.mask_of]  # (nW, N, N)
    probs = torch.tensor(observe(point)[point])
    most = torch.tensor((mask == 0).sum(-1)).log()[:, None]  # (nW, 1, N)
    wanted = (torch.distributions.Categorical(probs).entropy() / most).mean()
    np.testing.assert_allclose(without_norm(block, observe)["without"][0, 1], wanted, rtol=1e-4)


def test_the_mlp_looks_at_no_neighbour_and_attention_does(scene) -> None:
    block = scene.blocks[3]
    found = shuffled(shared.load(BUILTIN).model, block, values_of(block, observing(scene)))
    (mlp, most), (attention, most2) = found["shuffled"]
    assert mlp < 1e-5 * most and attention > 0.01 * most2


@pytest.mark.parametrize("name", ["swin_t", "swin_s", "swin_b", "builtin"])
def test_rates_are_those_of_the_models_own_drop_paths(name: str) -> None:
    config = (VARIANTS | {"builtin": BUILTIN_CONFIG})[name]
    assert f"r = {config.drop_path}" in Words("en", "block")(f"rates_{name}")
    with torch.device("meta"):
        found = [module.rate for module in Swin(config).modules() if isinstance(module, DropPath)]
    assert drop_rates(config.drop_path, config.depths) == pytest.approx(found)
    assert found == pytest.approx(np.linspace(0, config.drop_path, sum(config.depths)).tolist())
    assert drop_rates(0.2, (1,)) == [0.0]


def test_the_experiments_are_of_the_last_stage(scene) -> None:
    found = experiments(scene)
    assert next(iter(found.items())) == ("nothing", Ablation())
    assert found["one"] == Ablation(attention=False, blocks=("layers.3.blocks.1",))
    assert found["all"].blocks == found["uniform"].blocks == ("layers.3.blocks.0", "layers.3.blocks.1")
    edits = found["uniform"].edits(shared.load(BUILTIN).model)
    assert set(edits) == {f"layers.3.blocks.{i}.attn.masked" for i in (0, 1)}
