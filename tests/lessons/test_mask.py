"""The mask lesson and what leaks, pair by pair, against the masks of real runs."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.engine import shared
from swin_viz.engine.run import observe as run_observe
from swin_viz.engine.run import run
from swin_viz.lessons.mask import (
    border_windows,
    fewest_allowed,
    leak,
    leak_texts,
    leaks,
    mask_arrays,
    mask_lesson,
    masked_otherwise,
    swapped_differs,
)
from swin_viz.lessons.regions import NUMBERINGS, regions_of
from swin_viz.network.ablation import Ablation
from swin_viz.paths import BUILTIN
from tests.engine.test_trace import IMAGE
from tests.lessons import observing, step
from tests.network.test_model import SMALL, random_swin


@pytest.mark.parametrize("numbering", ["nine", "four"])
def test_the_mask_lesson_ends_in_the_blocks_real_mask(numbering: str) -> None:
    model = random_swin(SMALL, dtype=torch.float32)
    block = run(model, IMAGE).block("layers.0.blocks.1")
    real = block.mask_kinds[block.mask_of]
    for which in range(len(real)):
        lesson = mask_lesson(*block.size, block.window, block.shift[0], numbering, which)
        start, tokens = lesson.pairs
        assert (start, tokens) == (len(lesson.sources) - tokens**2, block.window**2)
        fill = step(lesson, "fill")
        np.testing.assert_array_equal(fill.values[start:].reshape(tokens, tokens), real[which])
        at = fill.at[start:].reshape(tokens, tokens, 2)
        assert all(at[q, k].tolist() == [q + 1.5, k + 1.5] for q in range(tokens) for k in range(tokens))
        assert lesson.sources[start:].tolist() == [[q, k] for q in range(tokens) for k in range(tokens)]
    flat = step(lesson, "flat")
    assert len(np.unique(flat.values[~np.isnan(flat.values)])) == (4 if numbering == "four" else 9)


def test_the_table_of_pairs_compares_the_windows_own_numbers() -> None:
    """Slot by slot from the regions that the model numbers: query's, key's, whether they differ."""
    lesson = mask_lesson(9, 7, 4, 1)  # padded to 12×8, padding and a shift of one
    regions = regions_of(9, 7, 4, 1).numpy()
    start, n = lesson.pairs
    for q in range(n):
        for k in range(n):
            a, b = (regions[8 + slot // 4, 4 + slot % 4] for slot in (q, k))  # the last window
            found = [step(lesson, key).values[start + q * n + k] for key in ("query", "key", "compare", "fill")]
            assert found == [a, b, a != b, -100 * (a != b)]
    shown = ~np.isnan(step(lesson, "query").at[:, 0])
    keys = np.flatnonzero(shown[:96])
    assert len(keys) == 16
    for cell in keys:  # they came from where the roll took them
        row, column = (int(part) for part in step(lesson, "rows").at[cell])
        slot = (row - 8) * 4 + column - 4
        assert step(lesson, "query").at[cell].tolist() == [0, slot + 1.5]
        assert lesson.sources[96 + slot].tolist() == lesson.sources[cell].tolist()


@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_an_axis_that_does_not_move_says_so(numbering: str) -> None:
    name = "" if numbering == "nine" else f"_{numbering}"
    keys = [[each.key for each in mask_lesson(*sizes, numbering).steps[:3]] for sizes in ((4, 8, 4, 2), (8, 8, 4, 0))]
    assert keys[0] == ["rows_still", f"columns{name}", f"regions{name}"]
    assert keys[1] == ["rows_still", "columns_still", "regions_still"]


def test_leaks_are_the_shares_that_cross_regions() -> None:
    model = random_swin(SMALL, dtype=torch.float32)
    block = run(model, IMAGE, Ablation(mask=False)).block("layers.0.blocks.1")
    masked = run(model, IMAGE).block("layers.0.blocks.1")
    mask, shares = masked.mask_kinds[masked.mask_of], block.shares()
    needs = [w for w in range(len(mask)) if mask[w].any()]
    assert border_windows(masked).tolist() == needs
    crossing = np.mean([shares[w, h, q][mask[w, q] != 0].sum() for w in needs for h in range(2) for q in range(9)])
    assert leak(shares, masked, mask) == pytest.approx(crossing, rel=1e-3)
    assert leak(masked.shares(), masked, mask) == 0


def test_leaks_too_small_to_read_are_not_called_nothing() -> None:
    found = leak_texts({"off": 0.2551, "-10": 0.0123, "-100": 0.0, "-inf": 0.0})
    assert list(found.values()) == ["25.5 %", "1.23 %", "< 0.01 %", "0"]
    assert set(leak_texts({"off": 0.0, "-100": 0.0}).values()) == {"0"}  # a block without a shift


def test_leaks_are_those_of_softmax_with_another_mask_in_this_block(odd) -> None:
    """The whole table at once, beside the block's own scores: a smaller mask value leaks more, and no mask most."""
    model, image, block = shared.load(BUILTIN).model, Image.fromarray(odd.image), odd.blocks[3]
    found = leaks(block, lambda *names, ablation: run_observe(model, image, names, ablation))
    biased, windows = f"{block.name}.attn.biased", border_windows(block)
    scores, across = observing(odd)(biased)[biased][windows], (block.mask_kinds[block.mask_of][windows] != 0)[:, None]
    for way, value in {"off": 0.0, "-10": -10.0, "-100": -100.0, "-inf": -np.inf}.items():
        weights = np.exp(scores + np.where(across, value, 0.0), dtype=np.float64)
        weights /= weights.sum(-1, keepdims=True)
        assert found.pop(way) == pytest.approx((weights * across).sum() / weights.sum(), rel=1e-4, abs=1e-9), way
    assert not found


def test_the_browser_gets_the_scores_of_the_windows_that_need_a_mask(odd) -> None:
    block, observe = odd.blocks[3], observing(odd)
    found = mask_arrays(block, observe)
    scores = observe(f"{block.name}.attn.*")
    for number, window in enumerate(found["border.windows"]):
        assert block.mask_kinds[block.mask_of[window]].any()
        biased = scores[f"{block.name}.attn.scaled"][window] + block.bias
        np.testing.assert_allclose(found["border.biased"][number], biased, atol=1e-5)


def test_what_other_masks_would_make_of_the_scores(scene) -> None:
    """−∞ for −100, and 0 times a score: each query's softmax again, one by one."""
    block, observe = scene.blocks[3], observing(scene)
    found, name = masked_otherwise(block, observe), f"{block.name}.attn.biased"
    scores, mask, crossing, apart = observe(name)[name], block.mask_kinds[block.mask_of], [], [0.0]
    for w in border_windows(block):
        blocked = mask[w] != 0
        for head in range(block.heads):
            for query in range(block.window**2):
                row, off = torch.tensor(scores[w, head, query]), torch.tensor(blocked[query])
                crossing.append(float((row * ~off).softmax(0)[off].sum()))
                usual, infinite = (row + off * -100.0).softmax(0), row.masked_fill(off, -torch.inf).softmax(0)
                apart.append(float((usual - infinite).abs().max()))
    assert found["multiplied"] == pytest.approx(np.mean(crossing), rel=1e-4)
    assert found["infinite"] == pytest.approx(max(apart), abs=1e-6) and found["infinite"] < 1e-6
    assert found["multiplied"] > 0.05
    assert fewest_allowed(block) == min(int((row == 0).sum()) for kind in block.mask_kinds for row in kind)


def test_swapping_the_subtraction_changes_nothing_of_the_runs_masks(scene, odd) -> None:
    assert swapped_differs(scene.blocks[3]) == (0, 38_416)
    for block in (*scene.blocks, *odd.blocks):
        assert swapped_differs(block) == (0, len(block.places) * block.window**4)
    block = scene.blocks[3]
    blocked = int((block.mask_kinds[block.mask_of] != 0).sum())  # all that another map's regions would get wrong
    assert swapped_differs(replace(block, regions=np.zeros_like(block.regions)))[0] == blocked == 8832
