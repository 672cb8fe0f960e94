"""The roll against the modulus, and the naive way against the cyclic one: by coordinates, results and a counter."""

import numpy as np
import pytest
import torch

from swin_viz.cost.counted import Counter
from swin_viz.engine import shared
from swin_viz.lessons.shift import (
    blocked_if_shifted,
    kept_still,
    naive_differences,
    naive_shift,
    rolled_first,
    shift_lesson,
    shift_ways,
)
from swin_viz.network.capture import capture
from swin_viz.paths import BUILTIN
from tests.lessons import observing, step
from tests.network.test_model import SMALL, random_swin


@pytest.mark.parametrize(
    ("height", "width", "window", "shift"), [(8, 8, 4, 2), (7, 9, 4, 1), (4, 8, 4, 2), (14, 14, 7, 3)]
)
def test_the_roll_moves_every_token_as_the_modulus_says(height: int, width: int, window: int, shift: int) -> None:
    lesson = shift_lesson(height, width, window, shift)
    rows, columns = (-(-side // window) * window for side in (height, width))
    down, across = (shift if side > window else 0 for side in (rows, columns))
    for i in range(rows * columns):
        row, column = divmod(i, columns)
        assert step(lesson, "before").at[i].tolist() == [row, column]
        assert step(lesson, "rolled").at[i].tolist() == [(row - down) % rows, (column - across) % columns]
        assert step(lesson, "back").at[i].tolist() == [row, column]
        assert step(lesson, "pieces").groups[i] == 2 * (row < down) + (column < across)


@pytest.mark.parametrize(
    ("grid", "ending"), [((8, 8, 4, 2), ""), ((4, 9, 4, 2), "_one"), ((8, 8, 4, 0), "_none"), ((7, 7, 7, 3), "_none")]
)
def test_the_words_of_the_shift_are_those_of_the_axes_that_move(grid: tuple[int, int, int, int], ending: str) -> None:
    steps = shift_lesson(*grid).steps
    keys = [each.key.replace("_padding", ending) for each in steps[1:]]
    assert keys == [key + ending for key in ("pieces", "rolled", "cut", "corner", "back", "naive", "naive_pad")]
    moves = not np.array_equal(steps[1].at, steps[2].at, equal_nan=True)
    assert moves == (ending != "_none")
    pieces = np.unique(steps[1].groups[~np.isnan(steps[1].at[:, 0])])
    assert len(pieces) == {"": 4, "_one": 2, "_none": 1}[ending]


@pytest.mark.parametrize(
    "grid", [(8, 8, 4, 2), (4, 9, 4, 2), (22, 32, 7, 3), (7, 9, 4, 1), (14, 14, 7, 3), (7, 7, 7, 3)]
)
def test_the_corner_window_says_whether_one_of_its_pieces_is_nothing_but_padding(grid) -> None:
    """By coordinates: the last window's tokens, rolled back, in pieces by the edge that they came over."""
    height, width, window, shift = grid
    rows, columns = (-(-side // window) * window for side in (height, width))
    down, across = (shift if side > window else 0 for side in (rows, columns))
    pieces: dict[tuple[bool, bool], int] = {}
    for r, c in np.ndindex(window, window):
        row, column = (rows - window + r + down) % rows, (columns - window + c + across) % columns
        piece = (row < down, column < across)
        pieces[piece] = pieces.get(piece, 0) + (row < height and column < width)
    lacking = not all(pieces.values())
    assert step(shift_lesson(*grid), "corner").key.endswith("_padding") == lacking


def test_the_new_windows_keep_the_old_windows_colours() -> None:
    lesson = shift_lesson(8, 8, 4, 2)
    before, cut = step(lesson, "before"), step(lesson, "cut")
    np.testing.assert_array_equal(cut.groups, before.groups)
    old = [i // 8 // 4 * 2 + i % 8 // 4 for i in range(64)]
    assert (
        len({(o, int(g)) for o, g in zip(old, cut.groups[:64], strict=True)}) == len(set(cut.groups[:64].tolist())) == 4
    )
    assert all(len({old[i] for i in range(64) if cut.windows[i] == w}) == 4 for w in range(4))


@pytest.mark.parametrize("grid", [(8, 8, 4, 2), (7, 9, 4, 1), (4, 9, 4, 2), (8, 8, 4, 0), (14, 14, 7, 3)])
def test_naive_windows_hold_whom_the_moved_grid_holds(grid: tuple[int, int, int, int]) -> None:
    """By coordinates alone: a token's window is that of its place moved by M − s; all padded ones have M·M cells."""
    height, width, window, shift = grid
    lesson = shift_lesson(*grid)
    rows, columns = (-(-side // window) * window for side in (height, width))
    top, left = (window - shift if shift and side > window else 0 for side in (rows, columns))
    cut, padded = lesson.steps[-2], lesson.steps[-1]
    homes = [((i // columns + top) // window, (i % columns + left) // window) for i in range(rows * columns)]
    numbered = {home: number for number, home in enumerate(sorted(set(homes)))}
    assert [numbered[home] for home in homes] == cut.windows[: rows * columns].tolist()
    assert (np.bincount(padded.windows) == window**2).all() and len(np.bincount(padded.windows)) == len(numbered)
    assert np.isnan(cut.at[rows * columns :]).all() and (lesson.sources[rows * columns :] == -1).all()
    assert f"→ {len(numbered)}" in cut.shape
    cyclic, naive = shift_ways(*grid, 5)
    assert (cyclic.windows, naive.windows) == (rows * columns // window**2, len(numbered))
    assert naive.tokens == len(padded.windows) == len(lesson.sources)


@pytest.mark.parametrize("shape", [(40, 43), (12, 31), (48, 48)])
def test_the_naive_ways_multiply_adds_are_what_a_counter_sees(shape: tuple[int, int]) -> None:
    block = random_swin(SMALL).get_submodule("layers.0.blocks.1")
    x = torch.randn(1, *(side // 4 for side in shape), 8, dtype=torch.float64)
    runs = (lambda: block.attend(x), lambda: naive_shift(block, x))
    for way, run_it in zip(shift_ways(*x.shape[1:3], 3, block.shift_size, 8), runs, strict=True):
        with torch.no_grad(), Counter() as counter:
            run_it()
        assert counter.macs == way.macs


@pytest.mark.parametrize("shape", [(40, 43), (12, 31), (48, 48)])
def test_the_naive_shift_gives_the_same_with_more_windows(shape: tuple[int, int]) -> None:
    model = random_swin(SMALL)
    image = torch.randn(1, 3, *shape, dtype=torch.float64)
    name = "layers.0.blocks.1"
    with torch.no_grad(), capture(model, f"{name}.padded", f"{name}.unshifted") as tape:
        model(image)
    height, width = tape[f"{name}.unshifted"].shape[1:3]
    found = naive_shift(model.get_submodule(name), tape[f"{name}.padded"][:, :height, :width])
    torch.testing.assert_close(found, tape[f"{name}.unshifted"], atol=1e-10, rtol=0)
    rows, columns = (-(-side // 3) for side in (height, width))
    cyclic, naive = shift_ways(height, width, 3, 1, 8)
    assert cyclic.windows == rows * columns
    assert naive.windows == (rows + (rows > 1)) * (columns + (columns > 1))


def test_both_ways_give_the_same_on_a_real_block(odd) -> None:
    block = odd.blocks[3]
    module = shared.load(BUILTIN).model.get_submodule(block.name)
    single, double, largest = naive_differences(block, module, observing(odd))
    assert double < 1e-12 and single < 1e-4 and largest > 0.1


@pytest.mark.parametrize("grid", [(7, 8, 4, 2), (9, 8, 4, 2), (6, 5, 3, 1), (8, 8, 4, 2), (5, 9, 7, 3), (7, 7, 7, 3)])
def test_what_comes_of_rolling_first_is_counted_pair_by_pair(grid: tuple[int, int, int, int]) -> None:
    """Where each token comes to stand, and with which number, by coordinates alone."""
    height, width, window, shift = grid
    rows, columns = (-(-side // window) * window for side in (height, width))
    down, across = (shift if side > window else 0 for side in (rows, columns))

    def part(at: int, side: int, step: int) -> int:
        return (at >= side - window) + (at >= side - step) if step else 0

    def seat(r: int, c: int) -> tuple[int, ...]:
        region = part(r, rows, down) * 3 + part(c, columns, across)
        return r // window, c // window, region

    tokens = [(r, c) for r in range(height) for c in range(width)]
    right = {(r, c): seat((r - down) % rows, (c - across) % columns) for r, c in tokens}
    wrong = {(r, c): seat((r - down) % height, (c - across) % width) for r, c in tokens}
    pairs = [(p, q, right[p] == right[q], wrong[p] == wrong[q]) for p in tokens for q in tokens]
    through = [(p, q) for p, q, may, does in pairs if does and not may]
    found = rolled_first(*grid)
    assert found.through == len(through)
    assert found.lost == sum(may and not does for *_, may, does in pairs)
    assert found.farthest == pytest.approx(max((np.hypot(p[0] - q[0], p[1] - q[1]) for p, q in through), default=0))
    assert (found.through > 0) == ((height, width) != (rows, columns) and bool(down or across))


def test_blocks_that_would_shift_but_for_their_one_window(scene, odd) -> None:
    assert [block.name for block in kept_still(scene)] == ["layers.3.blocks.1"]
    assert round(100 * blocked_if_shifted(scene.blocks[-1]), 2) == 73.97
    one_window = [b.name for b in odd.blocks if b.block % 2 and min(b.padded) <= b.window]  # along an axis at least
    assert [block.name for block in kept_still(odd)] == one_window != []
