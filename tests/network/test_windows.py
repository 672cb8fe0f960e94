"""Window geometry against brute force, and the numbers that the lessons quote."""

import pytest
import torch

from swin_viz.network.windows import (
    cyclic_shift,
    effective_shift,
    pad_to_multiple,
    partition,
    region_ids,
    relative_index,
    reverse,
    shift_mask,
    token_places,
    undo_shift,
)

SIZES = [(7, 7, 7), (8, 8, 4), (14, 21, 7), (12, 4, 4), (6, 9, 3)]


@pytest.mark.parametrize(("height", "width", "window"), SIZES)
def test_partition_puts_every_token_where_a_loop_puts_it(height: int, width: int, window: int) -> None:
    numbers = torch.arange(height * width).view(1, height, width, 1)
    windows = partition(numbers, window)[0, :, :, 0]
    for row in range(height):
        for column in range(width):
            w = (row // window) * (width // window) + column // window
            assert windows[w, (row % window) * window + column % window] == row * width + column


@pytest.mark.parametrize(("height", "width", "window"), SIZES)
def test_reverse_and_undo_shift_are_inverses(height: int, width: int, window: int) -> None:
    x = torch.randn(2, height, width, 3)
    assert torch.equal(reverse(partition(x, window), window, height, width), x)
    assert torch.equal(undo_shift(cyclic_shift(x, (2, 1)), (2, 1)), x)


def test_an_uneven_map_is_not_partitioned() -> None:
    with pytest.raises(ValueError, match="pad it first"):
        partition(torch.zeros(1, 8, 7, 1), 7)


@pytest.mark.parametrize(("height", "width", "multiple"), [(1, 1, 7), (8, 14, 7), (5, 6, 2), (9, 9, 3)])
def test_padding_is_the_least_that_is_needed_and_zero(height: int, width: int, multiple: int) -> None:
    x = torch.ones(1, height, width, 2)
    padded = pad_to_multiple(x, multiple)
    for side, wanted in zip(padded.shape[1:3], (height, width), strict=True):
        assert side % multiple == 0
        assert wanted <= side < wanted + multiple
    assert padded.sum() == x.sum()
    assert torch.equal(padded[:, :height, :width], x)


@pytest.mark.parametrize(("height", "width", "window"), [(14, 21, 7), (8, 8, 4), (4, 12, 4), (9, 6, 3)])
def test_the_mask_blocks_just_the_pairs_that_came_round_an_edge(height: int, width: int, window: int) -> None:
    shift = effective_shift(height, width, window, window // 2)
    mask = shift_mask(region_ids(height, width, window, shift), window)
    places = token_places(height, width, window, shift)
    for w in range(mask.shape[0]):
        for p in range(window * window):
            for q in range(window * window):
                (py, px), (qy, qx) = places[w, p].tolist(), places[w, q].tolist()
                across = (py < shift[0]) != (qy < shift[0]) or (px < shift[1]) != (qx < shift[1])
                assert mask[w, p, q].item() == (-100.0 if across else 0.0)


def test_nine_regions_and_four_give_the_same_mask() -> None:
    nine = region_ids(21, 21, 7, (3, 3))
    assert nine.unique().numel() == 9
    at = torch.arange(21) >= 18
    four = at[:, None] * 2 + at[None, :]
    assert torch.equal(shift_mask(nine, 7), shift_mask(four, 7))
    assert not (shift_mask(nine, 7) != 0).all(-1).any()  # no row is ever fully masked


def test_a_single_window_is_not_shifted_and_doing_so_would_block_three_quarters() -> None:
    assert effective_shift(7, 7, 7, 3) == (0, 0)
    assert effective_shift(7, 14, 7, 3) == (0, 3)
    blocked = shift_mask(region_ids(7, 7, 7, (3, 3)), 7) != 0
    assert blocked.float().mean().item() == pytest.approx(0.7397, abs=5e-5)


def test_without_a_shift_nothing_is_masked() -> None:
    assert not shift_mask(region_ids(14, 14, 7, (0, 0)), 7).any()


def test_a_mask_of_minus_infinity_has_no_nan() -> None:
    mask = shift_mask(region_ids(14, 14, 7, (3, 3)), 7, -float("inf"))
    assert not mask.isnan().any()
    assert mask.isinf().any()


def test_the_relative_index_is_that_of_a_loop_with_the_numbers_the_lessons_quote() -> None:
    index = relative_index(7)
    for p in range(49):
        for q in range(49):
            dy, dx = p // 7 - q // 7, p % 7 - q % 7
            assert index[p, q] == (dy + 6) * 13 + dx + 6
    assert index.unique().numel() == 169
    assert (index == 84).sum() == 49
    assert (index == 0).sum() == 1
    assert relative_index(7, factor=1).unique().numel() == 25
    assert relative_index(7, factor=12).unique().numel() == 157


@pytest.mark.parametrize(
    ("height", "width", "window", "shift"), [(14, 14, 7, (3, 3)), (8, 4, 4, (2, 0)), (6, 6, 3, (0, 0))]
)
def test_token_places_undo_the_shift(height: int, width: int, window: int, shift: tuple[int, int]) -> None:
    numbers = torch.arange(height * width).view(1, height, width, 1)
    windows = partition(cyclic_shift(numbers, shift), window)[0, :, :, 0]
    places = token_places(height, width, window, shift)
    assert torch.equal(places[..., 0] * width + places[..., 1], windows)


def test_the_padding_shares_of_a_256_pixel_picture() -> None:
    shares, side = [], 64
    for _ in range(4):
        padded = pad_to_multiple(torch.ones(1, side, side, 1), 7)
        shares.append(round(100 * (1 - padded.mean().item())))
        side //= 2
    assert shares == [16, 16, 42, 67]


def test_padding_after_the_roll_would_join_tokens_that_are_far_apart() -> None:
    """Pad, then roll: the other order puts the far edge into the middle of a window."""
    column = torch.arange(10)[None, :, None, None].float()
    right = partition(cyclic_shift(pad_to_multiple(column.expand(1, 10, 7, 1), 7), (3, 0)), 7)
    wrong = partition(pad_to_multiple(cyclic_shift(column.expand(1, 10, 7, 1), (3, 0)), 7), 7)
    assert right[0, 0, ::7, 0].tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert wrong[0, 1, ::7, 0].tolist()[:3] == [0, 1, 2]
    assert right[0, 1, ::7, 0].tolist()[4:] == [0, 1, 2]
