"""Patches and embedding against second ways: torch's unfold, numpy, a loop over cells, and the tour's own rule."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from swin_viz.engine import shared
from swin_viz.lessons.board import MAX_CELLS
from swin_viz.lessons.patches import (
    by_hand,
    changed_by_covering,
    convolution_difference,
    cut,
    filter_arrays,
    first_filter,
    first_patch,
    flatten_and_project,
    own_size,
    patches_lesson,
    picture_lesson,
    tour_size,
)
from swin_viz.lessons.windows import padding_shares
from swin_viz.network.variants import BUILTIN as CONFIG
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import MEAN, STD
from tests.lessons import observing, step
from tests.network.test_model import SMALL, random_swin


def numbers_of(height: int, width: int, patch: int, row: int, column: int) -> list[float]:
    """A patch's numbers in the order of a convolution's weights, by a loop; NaN for padding."""
    found = []
    for _ in range(3):
        for y in range(row * patch, (row + 1) * patch):
            for x in range(column * patch, (column + 1) * patch):
                found.append(y * width + x if y < height and x < width else float("nan"))
    return found


@pytest.mark.parametrize(("height", "width", "patch"), [(7, 10, 4), (8, 12, 4), (9, 10, 4), (1, 1, 4), (6, 5, 2)])
def test_a_row_of_the_list_is_a_patch_in_the_order_of_the_weights(height: int, width: int, patch: int) -> None:
    lesson = patches_lesson(height, width, patch)
    flat, rows, columns = step(lesson, "flatten"), -(-height // patch), -(-width // patch)
    for number in range(rows * columns):
        cells = np.flatnonzero(flat.windows == number)
        assert len(cells) == 3 * patch**2
        at = flat.at[cells]
        order = cells[np.lexsort((at[:, 1], at[:, 0]))]  # as they are read: a line a colour
        wanted = numbers_of(height, width, patch, *divmod(number, columns))
        np.testing.assert_array_equal(flat.values[order], np.array(wanted, np.float32))
    image, padded = step(lesson, "image"), step(lesson, "pad")
    assert np.isnan(image.at[:, 0]).sum() == np.isnan(padded.values).sum()  # padding comes with its step
    assert (padded.at.max(0) + 1).tolist() == [rows * patch, columns * patch]


@pytest.mark.parametrize(("height", "width"), [(7, 10), (8, 12), (5, 3)])
def test_the_three_channels_of_the_small_picture_are_means_of_halves(height: int, width: int) -> None:
    lesson = patches_lesson(height, width)
    mapped, normed = step(lesson, "map"), step(lesson, "norm")
    columns = -(-width // 4)
    for number in range(-(-height // 4) * columns):
        cells = np.flatnonzero((mapped.windows == number) & ~np.isnan(mapped.at[:, 0]))
        x = np.nan_to_num(numbers_of(height, width, 4, *divmod(number, columns))).reshape(3, 4, 4)
        wanted = [x.mean(), x[..., 2:].mean() - x[..., :2].mean(), x[:, 2:].mean() - x[:, :2].mean()]
        np.testing.assert_allclose(mapped.values[cells], wanted, atol=1e-4)
        scaled = (np.array(wanted) - np.mean(wanted)) / np.sqrt(np.var(wanted) + 1e-5)
        np.testing.assert_allclose(normed.values[cells], scaled, atol=1e-4)
        np.testing.assert_allclose(step(lesson, "project").at[cells], [[number, c] for c in range(3)])
    assert patches_lesson(height, width, 4, norm=False).steps[-1].key == "norm_none"
    assert isinstance(by_hand(4, norm=False).norm, torch.nn.Identity)


def test_flatten_and_linear_are_unfold_and_the_convolution() -> None:
    embed = random_swin(SMALL, dtype=torch.float64).patch_embed
    images = torch.randn(2, 3, 8, 12, dtype=torch.float64)
    columns = F.unfold(images, 4, stride=4).transpose(1, 2)  # (B, H·W, 48)
    torch.testing.assert_close(cut(images, 4).flatten(3).flatten(1, 2), columns)
    listed = flatten_and_project(images, embed.proj)
    torch.testing.assert_close(listed, embed.proj(images).flatten(2).transpose(1, 2))


def test_the_run_is_what_numpy_makes_of_the_pixels(odd) -> None:
    """From pixels to tokens, normalised, padded, cut, projected and normed, on a picture of odd sides."""
    model, observe = shared.load(BUILTIN).model, observing(odd)
    arrays = {name: each.astype(np.float64) for name, each in filter_arrays(model, MEAN, STD).items()}
    pixels = (odd.image / 255 - arrays["patch.mean"]) / arrays["patch.std"]
    tall, wide = own_size(*odd.image.shape[:2])
    padded = np.pad(pixels, ((0, tall - odd.image.shape[0]), (0, wide - odd.image.shape[1]), (0, 0)))
    rows = padded.reshape(tall // 4, 4, wide // 4, 4, 3).transpose(0, 2, 4, 1, 3).reshape(tall // 4, wide // 4, 48)
    projected = rows @ arrays["patch.weight"].reshape(CONFIG.embed_dim, 48).T + arrays["patch.bias"]
    centred = projected - projected.mean(-1, keepdims=True)
    scaled = centred / np.sqrt(projected.var(-1, keepdims=True) + arrays["patch.eps"])
    names = ("padded", "projected", "tokens")
    values = observe(*(f"patch_embed.{name}" for name in names))
    np.testing.assert_allclose(values["patch_embed.padded"], padded.transpose(2, 0, 1), atol=1e-5)
    np.testing.assert_allclose(values["patch_embed.projected"], projected, atol=1e-4)
    np.testing.assert_allclose(
        values["patch_embed.tokens"], scaled * arrays["patch.gamma"] + arrays["patch.beta"], atol=1e-4
    )
    difference, most = convolution_difference(
        model, *(values[f"patch_embed.{name}"] for name in ("padded", "projected"))
    )
    assert 0 < difference < 1e-5 and most == np.abs(values["patch_embed.projected"]).max()
    channel = first_filter(values["patch_embed.projected"])
    assert projected[..., channel].std() == pytest.approx(projected.std(axis=(0, 1)).max())


def test_covering_a_patch_changes_one_token_and_then_what_its_windows_hold(scene) -> None:
    """After the first block the tokens of its window, after the shifted one those of all windows that hold any."""
    model, (rows, columns) = shared.load(BUILTIN).model, scene.blocks[0].size
    padded = observing(scene)("patch_embed.padded")["patch_embed.padded"]
    row, column = 5, 9
    found = changed_by_covering(model, padded, (row, column), 2)
    assert found[0] == [row * columns + column]
    mine = {(r, c) for r in range(rows) for c in range(columns) if (r // 7, c // 7) == (row // 7, column // 7)}
    assert {divmod(token, columns) for token in found[1]} == mine
    place = lambda r, c: ((r - 3) % rows // 7, (c - 3) % columns // 7)  # noqa: E731
    near = {place(*at) for at in mine}
    second, block = {divmod(token, columns) for token in found[2]}, scene.blocks[1]
    assert block.shift == (3, 3) and mine < second
    assert second <= {(r, c) for r in range(rows) for c in range(columns) if place(r, c) in near}


def test_the_tours_padding_is_its_own_rule_and_ours_each_side_alone() -> None:
    for height in range(1, 14):
        for width in range(1, 14):
            image = torch.zeros(1, 3, height, width)
            assert own_size(height, width) == tuple(4 * side for side in by_hand(4)(image).shape[1:3])
            both = height % 4 != 0 or width % 4 != 0
            grown = (height + 4 - height % 4, width + 4 - width % 4) if both else (height, width)
            assert tour_size(height, width) == grown
            one = (height % 4 == 0) != (width % 4 == 0)
            assert (grown != own_size(height, width)) == one  # as the sentence says
    assert tour_size(300, 401) == (304, 404) and own_size(300, 401) == (300, 404)
    maps = padding_shares((57, 57), 7, 4), padding_shares((56, 57), 7, 4)  # 224×225: the tour's map, and ours
    assert [[round(100 * share) for *_, share in each] for each in maps] == [[18, 31, 49, 67], [10, 17, 29, 43]]


@pytest.mark.parametrize(("height", "width"), [(224, 224), (224, 225), (1024, 700), (32, 1024), (301, 401)])
def test_the_pictures_board_shows_patches_and_their_places(height: int, width: int) -> None:
    lesson, (tall, wide) = picture_lesson(height, width), own_size(height, width)
    assert len(lesson.sources) <= MAX_CELLS
    assert lesson.part == (max(tall, wide) > 256)
    last = lesson.sources.max(0) + 1
    for axis, (side, padded) in enumerate(((height, tall), (width, wide))):
        assert last[axis] <= padded // 4
        assert side == padded or last[axis] == padded // 4  # the padded edge is seen
    looks = [each.at.tobytes() + each.features.encode() + each.kind.encode() for each in lesson.steps]
    assert len(set(looks)) == len(looks)


def test_a_link_begins_at_the_subject_and_never_outside(scene) -> None:
    assert first_patch(scene, (0.5, 0.25)) == (28, 14)
    assert first_patch(scene, (1.0, 1.0)) == (55, 55)
