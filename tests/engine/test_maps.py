"""Maps over the picture against loops over tokens."""

import numpy as np
import pytest
import torch

from swin_viz.browser.attention.message import head_numbers
from swin_viz.engine import maps
from swin_viz.engine.run import run
from swin_viz.engine.trace import BlockTrace, Trace
from tests.engine.test_trace import IMAGE
from tests.network.test_model import SMALL, random_swin


@pytest.fixture(scope="module")
def trace() -> Trace:
    return run(random_swin(SMALL, dtype=torch.float32), IMAGE)


def pairs(block: BlockTrace):
    """Every (window, query slot, key slot, query place, key place) of a block."""
    for w, places in enumerate(block.places):
        at = [divmod(int(place), block.padded[1]) for place in places]
        for q, query in enumerate(at):
            for k, key in enumerate(at):
                yield w, q, k, query, key


def is_real(block: BlockTrace, place: tuple[int, int]) -> bool:
    return place[0] < block.size[0] and place[1] < block.size[1]


def test_entropy_and_distance_are_those_of_a_loop(trace: Trace) -> None:
    for block in trace.blocks:
        shares = block.shares()
        allowed = (block.mask_kinds == 0).sum(-1)[block.mask_of]
        entropy = np.zeros(shares.shape[:3])
        distance = np.zeros(shares.shape[:3])
        for w, q, k, query, key in pairs(block):
            share = shares[w, :, q, k].astype(float)
            entropy[w, :, q] -= np.where(share > 0, share * np.log(np.maximum(share, 1e-30)), 0) / np.log(
                max(2, allowed[w, q])
            )
            distance[w, :, q] += share * np.hypot(query[0] - key[0], query[1] - key[1])
        at = maps.positions(block.places, block.padded[1])
        np.testing.assert_allclose(maps.entropy(shares, allowed), entropy, atol=1e-4)
        np.testing.assert_allclose(maps.distance(shares, at), distance, atol=1e-4)


def test_entropy_is_one_for_uniform_and_zero_for_one_key() -> None:
    allowed = np.full((1, 4), 4)
    assert maps.entropy(np.full((1, 1, 4, 4), 0.25, np.float32), allowed) == pytest.approx(1)
    assert maps.entropy(np.eye(4, dtype=np.float32)[None, None], allowed) == pytest.approx(0)
    assert maps.entropy(np.ones((1, 1, 1, 1), np.float32), np.ones((1, 1), int)) == pytest.approx(0)


def test_numbers_per_head_leave_padding_out(trace: Trace) -> None:
    for block in trace.blocks:
        shares = block.shares()
        total, count = np.zeros(block.heads), 0
        for w, q, k, query, key in pairs(block):
            if is_real(block, query):
                total += shares[w, :, q, k] * np.hypot(query[0] - key[0], query[1] - key[1]) * block.pixels
                count += k == 0
        assert count == block.size[0] * block.size[1]
        np.testing.assert_allclose(head_numbers(block)[1], total / count, rtol=1e-3)


def test_received_attention_is_that_of_real_queries(trace: Trace) -> None:
    for block in trace.blocks:
        shares = block.shares()
        wanted = np.zeros(shares.shape[:3])
        for w, q, k, query, _ in pairs(block):
            if is_real(block, query):
                wanted[w, :, k] += shares[w, :, q, k]
        inside = maps.real(block.places, block.padded[1], block.size)
        np.testing.assert_allclose(maps.received(shares, inside), wanted, atol=1e-4)


def test_rollout_of_a_block_is_half_residual_half_attention(trace: Trace) -> None:
    block = trace.blocks[1]
    shares = block.shares()
    matrix = np.zeros((np.prod(block.size) + 1,) * 2)  # the last column collects padding
    for w, q, k, query, key in pairs(block):
        if is_real(block, query):
            row = query[0] * block.size[1] + query[1]
            column = key[0] * block.size[1] + key[1] if is_real(block, key) else -1
            matrix[row, column] += shares[w, :, q, k].mean() / 2
    matrix[:-1, :-1] += np.eye(np.prod(block.size)) / 2
    weight = np.random.default_rng(0).random(block.size)
    out, padding = maps.back_through_block(weight, shares, block.places, block.padded)
    wanted = weight.ravel() @ matrix[:-1]
    np.testing.assert_allclose(out.ravel(), wanted[:-1], rtol=1e-4)
    assert padding == pytest.approx(wanted[-1], rel=1e-4)
    assert out.sum() + padding == pytest.approx(weight.sum(), rel=1e-4)


@pytest.mark.parametrize("size", [(4, 6), (5, 6), (5, 7), (1, 1)])
def test_merged_tokens_divide_their_weight_among_their_real_children(size: tuple[int, int]) -> None:
    merged = np.random.default_rng(0).random((-(-size[0] // 2), -(-size[1] // 2)))
    out = maps.back_through_merging(merged, size)
    assert out.sum() == pytest.approx(merged.sum())
    for row in range(size[0]):
        for column in range(size[1]):
            parent = (row // 2, column // 2)
            family = [at for at in np.ndindex(*size) if (at[0] // 2, at[1] // 2) == parent]
            assert out[row, column] == pytest.approx(merged[parent] / len(family))
