"""Patch merging against sums by hand: order, norm, features, and the convolution that it is without the norm."""

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.lessons.merging import (
    as_colours,
    as_convolution,
    as_grey,
    feature_maps,
    merged,
    merging_arrays,
    merging_lesson,
    normed_over_the_map,
    principal_axes,
    real_convolution,
    with_grid,
)
from swin_viz.paths import BUILTIN
from tests.lessons import observing, step
from tests.network.test_model import SMALL, random_swin


@pytest.mark.parametrize(("height", "width"), [(8, 8), (5, 7), (1, 1), (2, 3)])
def test_merging_groups_are_in_the_official_order(height: int, width: int) -> None:
    lesson = merging_lesson(height, width)
    columns = width + width % 2
    half = columns // 2
    for i in range(len(lesson.sources)):
        row, column = divmod(i, columns)
        group = (row % 2) + 2 * (column % 2)
        assert step(lesson, "pad").groups[i] == group
        corner = [row % 2 * (-(-height // 2) + 1), column % 2 * (half + 1)]
        assert step(lesson, "parts").at[i].tolist() == [row // 2 + corner[0], column // 2 + corner[1]]
        np.testing.assert_allclose(step(lesson, "concat").at[i, 0], (row // 2) * 4.6 + group, atol=1e-5)


def test_the_norm_and_the_new_tokens_of_the_small_grid() -> None:
    lesson = merging_lesson(5, 4)  # padded to 6×4: the last row of tokens is zeros
    normed, linear = step(lesson, "norm"), step(lesson, "linear")
    for row in range(0, 6, 2):
        for column in range(0, 4, 2):
            cells = [(row + dy) * 4 + column + dx for dx in (0, 1) for dy in (0, 1)]
            numbers = np.array([cell if cell < 20 else 0 for cell in cells], float)
            wanted = (numbers - numbers.mean()) / np.sqrt(numbers.var() + 1e-5)
            real = [i for i, cell in enumerate(cells) if cell < 20]
            np.testing.assert_allclose(normed.values[cells][real], wanted[real], atol=1e-5)
            assert np.isnan(linear.at[cells[1:]]).all()  # one cell for every four
            assert linear.at[cells[0]].tolist() == [row // 2, column // 2]
            assert linear.values[cells[0]] == row + column // 2
            assert (lesson.sources[cells[0]] >= 0).all()  # so it is never hatched


def test_real_features_on_the_cells_are_those_of_their_tokens(scene) -> None:
    """Groups taken from the stage's end by hand; the norm by hand; colours by what stands where."""
    model = shared.load(BUILTIN).model
    name = "layers.1.downsample"
    wanted = (f"{name}.groups", f"{name}.merged", "layers.1.blocks.1.resid_post")
    values = observe(model, Image.fromarray(scene.image), wanted)
    groups, out, x = (values[each] for each in wanted)
    found = merged(groups, out, model.get_submodule(name).norm)
    np.testing.assert_array_equal(found["photo.colours.groups"], as_colours(x).reshape(-1, 3))
    assert found["photo.colours.out"].reshape(28, 28, 3)[::2, ::2].tolist() == as_colours(out).tolist()
    token, norm = groups[5, 9].astype(np.float64), model.get_submodule(name).norm
    np.testing.assert_array_equal(token[96:192], x[11, 18].astype(np.float64))  # x1: one row down
    scaled = (token - token.mean()) / np.sqrt(token.var() + norm.eps)
    learned = scaled * norm.weight.numpy() + norm.bias.numpy()
    np.testing.assert_allclose(found["merge.normed"][5, 9], learned, atol=1e-4)
    facts = [part for each in (token, scaled, learned) for part in (each.mean(), each.var())]
    np.testing.assert_allclose(found["merge.stats"][5, 9], facts, atol=1e-4)
    np.testing.assert_allclose(model.get_submodule(name).reduction.weight.numpy() @ learned, out[5, 9], atol=1e-3)


def test_merging_is_a_convolution_only_without_the_norm() -> None:
    model = random_swin(SMALL, dtype=torch.float32)
    with torch.no_grad():
        bare, normed = as_convolution(model.layers[0].downsample, torch.randn(1, 7, 6, 8))
    assert bare < 1e-5
    assert normed > 0.01


@pytest.mark.parametrize("shape", [(300, 12), (20, 64), (9, 2), (1, 5)])
def test_principal_axes_are_those_of_a_singular_value_decomposition(shape: tuple[int, int]) -> None:
    flat = np.random.default_rng(1).standard_normal(shape) * np.linspace(3, 1, shape[1])
    flat -= flat.mean(0)
    found, (_, _, axes) = principal_axes(torch.from_numpy(flat)).numpy(), np.linalg.svd(flat, full_matrices=False)
    for one, other in zip(found[: np.linalg.matrix_rank(flat)], axes, strict=False):
        assert abs(one @ other) == pytest.approx(1, abs=1e-9)
        assert one[np.abs(one).argmax()] > 0  # a sign of its own, or colours would flip


def test_colours_of_features_follow_the_strongest_directions() -> None:
    rng = np.random.default_rng(0)
    strong = np.linspace(-5, 5, 60).reshape(6, 10)
    features = np.stack((strong, *0.1 * rng.standard_normal((5, 6, 10))), axis=-1)
    colours = as_colours(features)
    assert colours.shape == (6, 10, 3)
    assert abs(np.corrcoef(colours[..., 0].ravel(), strong.ravel())[0, 1]) > 0.98
    np.testing.assert_array_equal(colours, as_colours(features))
    grey = as_grey(strong)
    assert (grey.min(), grey.max()) == (0, 255)
    assert (with_grid(np.zeros((32, 32, 3), np.uint8), 16).mean((1, 2)) == 255).sum() == 2


def test_real_merging_is_no_convolution_and_only_for_its_norm(scene) -> None:
    model, observe = shared.load(BUILTIN).model, observing(scene)
    bare, normed = real_convolution(1, model, observe)
    assert bare < 1e-5 and normed > 0.01
    name = "layers.1.downsample.merged"
    np.testing.assert_array_equal(merging_arrays(1, model, observe)["merge.out"], observe(name)[name])


def test_every_stage_shows_what_leaves_it(scene) -> None:
    """In colour, or one channel in grey where the stage has it: counted from 1."""
    observe = observing(scene)
    coloured, grey = feature_maps(scene, observe), feature_maps(scene, observe, 60)
    assert [block.name for block, _ in coloured] == [f"layers.{stage}.blocks.1" for stage in range(4)]
    assert [pixels.shape for _, pixels in coloured] == [(*block.size, 3) for block, _ in coloured]
    np.testing.assert_array_equal(grey[0][1], coloured[0][1])  # 48 channels: there is no 60th
    for block, pixels in grey[1:]:
        channel = observe(f"{block.name}.resid_post")[f"{block.name}.resid_post"][..., 59]
        assert np.unravel_index(pixels[..., 0].argmax(), block.size) == np.unravel_index(channel.argmax(), block.size)


def test_one_norm_for_the_whole_map_leaves_tokens_apart() -> None:
    """Against layer_norm over all axes; per token every variance is 1."""
    groups = torch.randn(5, 6, 16) * torch.linspace(0.5, 3, 30).view(5, 6, 1) + torch.randn(5, 6, 1)
    stats = torch.stack((groups.mean(-1), groups.var(-1, correction=0)), dim=-1).numpy()
    whole = torch.nn.functional.layer_norm(groups, groups.shape, eps=0).var(-1, correction=0)
    assert normed_over_the_map(stats) == pytest.approx((whole.min().item(), whole.max().item()), rel=1e-4)
