"""Every step of every lesson against brute force: where each token stands is what the arithmetic of indices says."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.cost.counted import Counter
from swin_viz.engine import shared
from swin_viz.engine.run import observe, run
from swin_viz.figures.steps import BODY, HOLD_MS, LARGEST_CELL, MARGIN, MOVE_FRAMES, TOP, WIDTH, Pose, gif
from swin_viz.lessons.bias import bias_lesson, collisions, looked_up, middle_window
from swin_viz.lessons.board import Lesson, LessonError, abreast, window_hues
from swin_viz.lessons.mask import (
    NUMBERINGS,
    border_windows,
    faults,
    four_regions,
    leak,
    mask_lesson,
    regions_of,
)
from swin_viz.lessons.merging import as_colours, as_convolution, as_grey, merged, merging_lesson, with_grid
from swin_viz.lessons.shift import naive_shift, shift_lesson, shift_ways
from swin_viz.lessons.source import lit
from swin_viz.lessons.windows import padding_shares, windows_lesson
from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.windows import relative_index, shift_mask
from swin_viz.paths import BUILTIN
from swin_viz.text import LANGUAGES, Words
from tests.engine.test_trace import IMAGE
from tests.network.test_model import SMALL, random_swin

GRIDS = [(8, 8, 4), (7, 9, 4), (5, 3, 3), (1, 1, 1), (14, 14, 7), (6, 4, 1)]


def step(lesson: Lesson, key: str):
    """A lesson's step, whatever its words are: `pieces` may be `pieces_one`."""
    return next(each for each in lesson.steps if each.key == key or each.key.startswith(f"{key}_"))


def cells(lesson: Lesson):
    """(cell, row, column) of the padded map."""
    columns = 1 + int(np.nanmax(lesson.steps[-1].at[:, 1])) if lesson.name == "windows" else None
    for i in range(len(lesson.sources)):
        yield (i, *divmod(i, columns))


@pytest.mark.parametrize(("height", "width", "window"), GRIDS)
def test_tokens_stand_where_index_arithmetic_puts_them(height: int, width: int, window: int) -> None:
    lesson = windows_lesson(height, width, window)
    columns = -(-width // window) * window
    for i, row, column in cells(lesson):
        assert divmod(i, columns) == (row, column)
        w = (row // window) * (columns // window) + column // window
        slot = (row % window) * window + column % window
        lines = -(-window * window // 24)  # long rows of a few windows go over several lines
        assert lines == 1 or len(lesson.sources) // window**2 == 4
        long = -(-window * window // lines)
        found, seat = step(lesson, "reshape").at[i], [w * (lines + 0.6 * (lines > 1)) + slot // long, slot % long]
        np.testing.assert_allclose(found, seat, atol=1e-5)
        for key in ("view", "permute", "reshape", "reverse"):
            assert step(lesson, key).windows[i] == w
        assert step(lesson, "reverse").at[i].tolist() == [row, column]
        view = [row + 0.6 * (row // window), column + 0.6 * (column // window)]
        np.testing.assert_allclose(step(lesson, "view").at[i], view, atol=1e-5)
        real = row < height and column < width
        assert (lesson.sources[i] >= 0).all() == real
        if real:
            assert step(lesson, "map").at[i].tolist() == [row, column]
            assert step(lesson, "map").values[i] == row * width + column
        else:
            assert np.isnan(step(lesson, "map").at[i]).all()
            assert np.isnan(step(lesson, "pad").values[i])


@pytest.mark.parametrize("grid", [(8, 8, 4), (8, 3, 4), (5, 9, 1), (9, 8, 4)])
def test_view_without_permute_takes_tokens_as_they_lie_in_memory(grid: tuple[int, int, int]) -> None:
    """What the step says of it is true: the shape is that of the view, and words and picture agree on what is mixed."""
    lesson, right, tokens = windows_lesson(*grid, scramble=True), windows_lesson(*grid), grid[2] ** 2
    for i in range(len(lesson.sources)):
        assert step(lesson, "reshape").at[i].tolist() == [i // tokens, i % tokens]
    mixed = not np.array_equal(step(lesson, "reshape").at, step(right, "reshape").at)
    assert mixed == (not np.array_equal(step(lesson, "reverse").at, step(lesson, "pad").at))
    ending = "scrambled" if mixed else "unchanged"
    assert [each.key for each in lesson.steps[3:]] == [f"{key}_{ending}" for key in ("permute", "reshape", "reverse")]
    assert step(lesson, "permute").shape == step(lesson, "view").shape
    assert "permute" not in "".join(lesson.code[number] for number in lit(list(lesson.code), *lesson.steps[3].marks))


@pytest.mark.parametrize(
    ("down", "across"), [(1, 5), (5, 1), (2, 2), (3, 9), (4, 10), (3, 8), (12, 18), (16, 16), (2, 1)]
)
def test_windows_that_touch_differ_in_colour(down: int, across: int) -> None:
    colours = window_hues(np.arange(down * across), down, across).reshape(down, across)
    for row in range(down):
        for column in range(across):
            near = colours[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            assert (near == colours[row, column]).sum() == 1


def test_the_list_of_windows_never_looks_like_the_map() -> None:
    for down, across in [(2, 2), (4, 4), (1, 1), (3, 2), (8, 8), (1, 6)]:
        laid = abreast(down * across, across)
        assert laid != across or down == 1
        assert abs(laid - (down * across) ** 0.5) < 2


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


@pytest.mark.parametrize(
    ("size", "window", "shift"), [((9, 9), 4, 2), ((10, 7), 4, 1), ((8, 8), 4, 2), ((5, 13), 3, 1)]
)
def test_what_the_unpadded_size_gets_wrong(size: tuple[int, int], window: int, shift: int) -> None:
    """Pair by pair: who is blocked, and who should be: tokens that the roll brought from another place."""
    rows, columns = (-(-side // window) * window for side in size)
    wrong = regions_of(*size, window, shift, "unpadded")
    blocked = left_open = 0
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    for a in cells:
        for b in cells:
            if (a[0] // window, a[1] // window) != (b[0] // window, b[1] // window):
                continue
            apart = any(
                (p >= side - shift) != (q >= side - shift) for p, q, side in zip(a, b, (rows, columns), strict=True)
            )
            differ = wrong[a] != wrong[b]
            blocked += bool(differ and not apart)
            left_open += bool(apart and not differ)
    assert faults(*size, window, shift) == (blocked, left_open)
    assert (blocked + left_open > 0) == ((rows, columns) != size)


def test_four_regions_are_numbered_by_what_was_rolled_in() -> None:
    regions = four_regions(8, 12, (2, 3))
    for row in range(8):
        for column in range(12):
            assert regions[row, column] == 2 * (row >= 6) + (column >= 9)
    assert (shift_mask(regions, 4) != 0).any()


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


@pytest.mark.parametrize(("height", "width"), [(8, 8), (5, 7), (1, 1), (2, 3)])
def test_merging_groups_are_in_the_official_order(height: int, width: int) -> None:
    lesson = merging_lesson(height, width)
    columns = width + width % 2
    half = columns // 2
    for i in range(len(lesson.sources)):
        row, column = divmod(i, columns)
        group = (row % 2) + 2 * (column % 2)
        assert step(lesson, "pad").groups[i] == group
        assert step(lesson, "parts").at[i].tolist() == [row // 2, column // 2 + group * (half + 1)]
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


@pytest.mark.parametrize(
    ("grid", "ending"), [((8, 8, 4, 2), ""), ((4, 9, 4, 2), "_one"), ((8, 8, 4, 0), "_none"), ((7, 7, 7, 3), "_none")]
)
def test_the_words_of_the_shift_are_those_of_the_axes_that_move(grid: tuple[int, int, int, int], ending: str) -> None:
    steps = shift_lesson(*grid).steps
    assert [each.key for each in steps[1:]] == [
        key + ending for key in ("pieces", "rolled", "cut", "corner", "back", "naive", "naive_pad")
    ]
    moves = not np.array_equal(steps[1].at, steps[2].at, equal_nan=True)
    assert moves == (ending != "_none")
    pieces = np.unique(steps[1].groups[~np.isnan(steps[1].at[:, 0])])
    assert len(pieces) == {"": 4, "_one": 2, "_none": 1}[ending]


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


def test_padding_shares_are_those_of_the_facts() -> None:
    assert [round(100 * share) for *_, share in padding_shares((64, 64), 7, 4)] == [16, 16, 42, 67]


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: windows_lesson(3, 4, 5), "window_too_large"),
        (lambda: shift_lesson(8, 8, 4, 4), "shift_too_large"),
        (lambda: windows_lesson(0, 4, 2), "not_positive"),
        (lambda: bias_lesson(8), "bias_window"),
        (lambda: merging_lesson(0, 1), "not_positive"),
    ],
)
def test_grids_that_cannot_be_say_why(make, key: str) -> None:
    with pytest.raises(LessonError) as refused:
        make()
    assert refused.value.key == key


ALL = [
    windows_lesson(7, 9, 4),
    windows_lesson(8, 8, 4, scramble=True),
    windows_lesson(8, 4, 4, scramble=True),
    shift_lesson(8, 8, 4, 2),
    shift_lesson(4, 9, 4, 2),
    shift_lesson(8, 8, 4, 0),
    *(mask_lesson(9, 8, 4, 2, numbering) for numbering in NUMBERINGS),
    *(mask_lesson(4, 8, 4, 2, numbering) for numbering in NUMBERINGS),
    mask_lesson(8, 8, 4, 0),
    *(bias_lesson(3, factor, bias=np.zeros((9, 9))) for factor in (5, 1, 4)),
    merging_lesson(5, 7),
]


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_its_paragraph(lesson: Lesson, language: str) -> None:
    assert all(Words(language, lesson.name)(f"step_{each.key}") for each in lesson.steps)


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
def test_every_mark_lights_a_line_and_every_cell_has_its_data(lesson: Lesson) -> None:
    for each in lesson.steps:
        assert len(lit(list(lesson.code), *each.marks)) == len(each.marks) > 0
        assert each.at.shape == (len(lesson.sources), 2)
        assert len(each.values) == len(each.groups) == len(lesson.sources)
        assert 0 <= each.formula < len(lesson.formula)


def test_a_gif_shows_every_step_and_the_way_between() -> None:
    lesson = shift_lesson(4, 4, 2, 1)
    poses = [Pose(each.at, each.values, each.groups, each.key) for each in lesson.steps]
    animation = Image.open(io.BytesIO(gif(poses, lesson.sources[:, 0] < 0, "shift")))
    durations = []
    for number in range(animation.n_frames):
        animation.seek(number)
        durations.append(animation.info["duration"])
    assert durations.count(1800) >= len(poses) - 2  # equal frames may be joined
    assert len(durations) <= len(poses) + (len(poses) - 1) * MOVE_FRAMES
    many = Pose(np.zeros((1000, 2)), np.zeros(1000), np.zeros(1000, np.uint8), "")
    with pytest.raises(ValueError, match="can be read"):
        gif([many], np.zeros(1000, bool), "too many")


def held(lesson: Lesson, ramp: bool = False) -> list[np.ndarray]:
    """The frames of a lesson's GIF that hold a step, as pixels."""
    poses = [Pose(each.at, each.values, each.groups, each.key) for each in lesson.steps]
    animation = Image.open(io.BytesIO(gif(poses, lesson.sources[:, 0] < 0, "a title", ramp)))
    found = []
    for number in range(animation.n_frames):
        animation.seek(number)
        if animation.info["duration"] == HOLD_MS:
            found.append(np.asarray(animation.convert("RGB")).astype(int))
    return found


def test_every_step_of_a_gif_fills_its_sheet() -> None:
    """Rows of windows are wide and short, the map is square: each is as large as fits, not as the largest needs."""
    for frame in held(shift_lesson(8, 8, 4, 2)):
        drawn = (frame[TOP : TOP + BODY] != 255).any(-1)
        high, wide = np.ptp(np.flatnonzero(drawn.any(1))), np.ptp(np.flatnonzero(drawn.any(0)))
        assert high > 0.93 * BODY or wide > 0.93 * (WIDTH - 2 * MARGIN)


def test_colours_and_ink_of_a_gif_are_the_boards() -> None:
    """Cells of a scale from its dark end to its light one, each number readable on its cell; padding is hatched."""
    matrix, side = held(bias_lesson(3), ramp=True)[0], BODY / 9
    left = (WIDTH - 9 * side) / 2
    corners = [matrix[round(TOP + (row + 0.5) * side) - 18, round(left + side / 2) - 18] for row in range(9)]
    np.testing.assert_allclose(corners[0], (0x44, 0x01, 0x54), atol=24)
    np.testing.assert_allclose(corners[8], (0xFD, 0xE7, 0x25), atol=24)
    for row, colour in enumerate(corners):
        cell = matrix[
            round(TOP + row * side) + 8 : round(TOP + (row + 1) * side) - 8, round(left) + 8 : round(left + side) - 8
        ]
        assert np.abs(cell - colour).sum(-1).max() > 250  # the ink
    padded = held(windows_lesson(3, 4, 4))[1]
    strip = padded[round(TOP + BODY / 2 + 1.3 * LARGEST_CELL), WIDTH // 2 - 80 : WIDTH // 2 + 80]
    assert {tuple(pixel > 150) for pixel in strip} >= {(True,) * 3, (False,) * 3}
    assert np.ptp(strip, axis=1).max() < 24  # greys alone


def test_many_people_save_gifs_at_once() -> None:
    lesson = shift_lesson(4, 4, 2, 1)
    poses = [Pose(each.at, each.values, each.groups, each.key) for each in lesson.steps[:2]]
    alone = gif(poses, lesson.sources[:, 0] < 0, "shift")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: gif(poses, lesson.sources[:, 0] < 0, "shift"), range(8)))
    assert all(each == alone for each in found)


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
