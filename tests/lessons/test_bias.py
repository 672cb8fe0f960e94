"""Indices and looked-up numbers of every pair, by the arithmetic of offsets."""

import numpy as np
import pytest

from swin_viz.lessons.bias import bias_arrays, bias_lesson, collisions, looked_up, middle_window
from swin_viz.network.windows import relative_index
from tests.lessons import observing, step


@pytest.mark.parametrize(("window", "factor"), [(1, None), (2, None), (3, None), (3, 1), (4, 6), (7, None)])
def test_every_pair_gets_the_index_of_its_offset(window: int, factor: int | None) -> None:
    lesson = bias_lesson(window, factor)
    side = 2 * window - 1
    used = side if factor is None else factor
    way = {side: "", 1: "_none"}.get(used, "_near")
    for query in range(window**2):
        for key in range(window**2):
            i = query * window**2 + key
            dy, dx = query // window - key // window, query % window - key % window
            assert step(lesson, "dy").values[i] == dy
            assert step(lesson, "dx").values[i] == dx
            assert step(lesson, "dx_plus").values[i] == dx + window - 1
            assert step(lesson, f"times{way}").values[i] == (dy + window - 1) * used
            index = (dy + window - 1) * used + dx + window - 1
            assert step(lesson, f"index{way}").values[i] == index
            assert step(lesson, f"table{way}").at[i].tolist() == [index // side, index % side]


@pytest.mark.parametrize("window", [1, 2, 3, 7])
def test_any_window_looks_up_the_middle_of_the_real_table(window: int, scene) -> None:
    block = scene.blocks[4]
    for head in (0, 3):
        bias = looked_up(block.table, window, 2 * window - 1, head)
        for query in range(window**2):
            for key in range(window**2):
                dy, dx = query // window - key // window, query % window - key % window
                assert bias[query, key] == block.table[(dy + 6) * 13 + dx + 6, head]
        if window == 7:
            np.testing.assert_array_equal(bias, block.bias[head])
    assert looked_up(block.table, 8, 15, 0) is None


@pytest.mark.parametrize("factor", [1, 12])
def test_a_wrong_factor_reads_what_the_network_then_reads(factor: int, scene) -> None:
    block = scene.blocks[4]
    index = relative_index(7, factor).numpy()
    np.testing.assert_array_equal(looked_up(block.table, 7, factor, 1), block.table[index, 1])


def test_the_middle_window_is_in_the_middle(scene, odd) -> None:
    for block in (*scene.blocks, *odd.blocks):
        rows, columns = (side // block.window for side in block.padded)
        row, column = divmod(middle_window(block), columns)
        assert abs(row - (rows - 1) / 2) <= 0.5
        assert abs(column - (columns - 1) / 2) <= 0.5


def test_collisions_are_those_the_lessons_quote() -> None:
    assert collisions(7, 13) == (169, 169)
    assert collisions(7, 1) == (25, 169)
    assert collisions(7, 12) == (157, 169)


def test_what_the_browser_gets_is_the_middle_windows_scores(scene) -> None:
    """A window of 7×7 tokens at the third row and column of 4×4: its q·k by hand."""
    block, observe = scene.blocks[2], observing(scene)
    found = bias_arrays(block, 1, observe)
    q, k = (observe(f"{block.name}.attn.{name}")[f"{block.name}.attn.{name}"][2 * 4 + 2] for name in "qk")
    wanted = np.einsum("hqd,hkd->hqk", q, k) / q.shape[-1] ** 0.5
    np.testing.assert_allclose(found["centre.scaled"], wanted, atol=1e-4)
    assert found["head"].tolist() == [1]


def test_the_step_of_the_table_has_the_tables_shape_and_not_the_pairs() -> None:
    for window, rows in ((3, 25), (7, 169)):
        shapes = {each.key: each.shape for each in bias_lesson(window).steps}
        assert (shapes["table"], shapes["index"]) == (f"{rows} × h", f"{window**2} × {window**2}")
