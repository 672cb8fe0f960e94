"""The lines that courses teach, run beside the model: equal where they are right, and how far off where not."""

import numpy as np
import pytest
import torch

from swin_viz.lessons.bias import TAUGHT as BIAS
from swin_viz.lessons.bias import bias_lesson
from swin_viz.lessons.mask import TAUGHT as MASK
from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.merging import merging_lesson
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.source import plain
from swin_viz.lessons.windows import windows_lesson
from swin_viz.network import taught
from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.windows import (
    effective_shift,
    pad_to_multiple,
    partition,
    region_ids,
    relative_index,
    reverse,
    shift_mask,
)
from tests.network.test_capture import run
from tests.network.test_model import SMALL, random_swin

SIZES = [(28, 28, 7), (7, 8, 4), (22, 32, 7), (7, 7, 7), (7, 42, 7), (3, 5, 1)]


@pytest.fixture(scope="module")
def model():
    return random_swin(SMALL)


@pytest.mark.parametrize(("height", "width", "window"), SIZES)
def test_windows_masks_and_indices_are_equal(height: int, width: int, window: int) -> None:
    x = torch.randn(2, height, width, 3)
    padded = pad_to_multiple(x, window)
    assert torch.equal(taught.pad_to_windows(x, window), padded)
    cut, (rows, columns) = taught.window_partition(padded, window), padded.shape[1:3]
    assert torch.equal(cut.view(2, -1, window**2, 3), partition(padded, window))
    assert torch.equal(taught.window_reverse(cut, window, rows, columns), padded)
    assert torch.equal(reverse(partition(padded, window), window, rows, columns), padded)
    shift = effective_shift(rows, columns, window, window // 2)
    assert taught.block_shift(rows, columns, window) == shift
    mask = shift_mask(region_ids(rows, columns, window, shift), window)
    assert torch.equal(taught.create_mask(height, width, window, shift), mask)
    assert torch.equal(taught.position_index(window), relative_index(window))


def test_a_block_and_a_merging_give_what_the_models_give(model) -> None:
    for name, x in (("layers.0.blocks.1", torch.randn(2, 8, 7, 8)), ("layers.1.blocks.0", torch.randn(1, 4, 4, 16))):
        block, x = model.get_submodule(name), x.double()
        rows, columns = (-(-side // 3) * 3 for side in x.shape[1:3])
        shift = effective_shift(rows, columns, 3, block.shift_size)
        mask = taught.create_mask(*x.shape[1:3], 3, shift).double() if any(shift) else None
        attend = lambda windows, mask: taught.window_attention(windows, block.attn, mask)  # noqa: B023, E731
        with torch.no_grad():
            found = taught.shifted_block(x, 3, shift, attend, mask)
            torch.testing.assert_close(
                found, block.attend(x), rtol=0, atol=1e-12
            )  # the factor comes before the product
    merging, x = model.layers[0].downsample, torch.randn(1, 5, 7, 8).double()
    with torch.no_grad():
        assert torch.equal(taught.patch_merging(x, merging.norm, merging.reduction), merging(x))


def test_the_tour_pads_a_side_that_fits_by_a_whole_patch() -> None:
    images = torch.ones(1, 3, 300, 401)
    assert taught.pad_patches_as_written(images, 4).shape == (1, 3, 304, 404)
    assert pad_to_multiple(images.permute(0, 2, 3, 1), 4).shape == (1, 300, 404, 3)


def test_the_tour_shifts_where_one_window_holds_the_map(model, monkeypatch: pytest.MonkeyPatch) -> None:
    assert taught.block_shift_as_written(7, 7, 7) == (3, 3)
    blocked = (taught.create_mask(7, 7, 7, taught.block_shift_as_written(7, 7, 7)) != 0).float().mean()
    assert round(100 * blocked.item(), 2) == 73.97
    image = torch.randn(1, 3, 24, 24).double()  # the last stage is one window of 3×3
    with capture(model, "*.shift", edit=Ablation(shift_always=True).edits(model)) as tape:
        found = run(model, image)
    assert [tape[f"{name}.shift"] for name in SMALL.block_names] == [(0, 0), (1, 1), (0, 0), (1, 1)]
    right = run(model, image)
    monkeypatch.setattr("swin_viz.network.model.effective_shift", lambda rows, columns, window, shift: (shift, shift))
    assert torch.equal(found, run(model, image))  # a model whose blocks shift as written
    assert (found - right).abs().max() > 1e-6


def test_the_order_of_unsqueeze_changes_no_entry() -> None:
    ids = partition(region_ids(28, 28, 7, (3, 3))[None, :, :, None].float(), 7)[0, :, :, 0]
    swapped = ids.unsqueeze(2) - ids.unsqueeze(1)
    mask = swapped.masked_fill(swapped != 0, -100.0)
    assert (mask != taught.create_mask(28, 28, 7, (3, 3))).sum() == 0
    assert mask.numel() == 38_416


def test_every_step_has_its_lines_but_the_naive_way_which_no_course_codes() -> None:
    lessons = (
        windows_lesson(7, 8, 4),
        shift_lesson(7, 8, 4, 2),
        mask_lesson(7, 8, 4, 2),
        bias_lesson(3),
        merging_lesson(7, 8),
    )
    none = [step.key for lesson in lessons for step in lesson.steps if not lesson.course.lit(step.key)]
    assert none == ["naive", "naive_pad"]
    struck = [{lesson.course.code[i].split("(")[0] for i in lesson.course.struck} for lesson in lessons]
    assert "def pad_patches_as_written" in struck[0] and "def block_shift_as_written" in struck[1]
    assert not any(struck[2:])


def test_a_lesson_that_shows_a_mistake_has_no_course_beside_it() -> None:
    for lesson in (windows_lesson(7, 8, 4, True), mask_lesson(7, 8, 4, 2, "four"), bias_lesson(3, 1)):
        assert lesson.course is None


def test_a_variant_of_a_step_takes_the_plain_steps_lines() -> None:
    assert plain("corner_one", ("corner", "cut")) == "corner"
    assert plain("dy_plus", ("dy", "dy_plus")) == "dy_plus"
    assert BIAS.lit("bias_table") == BIAS.lit("bias") != BIAS.lit("table")
    assert MASK.lit("rows_still") == MASK.lit("rows")
    assert np.all(np.diff(MASK.lit("fill")) > 0)
