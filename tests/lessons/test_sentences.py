"""Every sentence with a number or a quantifier, read in the states in which it can be read: by coordinates alone."""

import numpy as np
import pytest

from swin_viz.lessons.bias import bias_lesson, factors_of
from swin_viz.lessons.mask import mask_lesson
from swin_viz.lessons.regions import regions_of, window_masks
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.windows import padding_attention, pair_counts
from swin_viz.network.windows import relative_index
from swin_viz.text import LANGUAGES, Words
from tests.lessons import step

# plain, padded, one window, one window padded, unshifted, a panorama of one row of windows, windows of one token
STATES = [
    (8, 8, 4, 2),
    (22, 32, 7, 3),
    (7, 7, 7, 3),
    (5, 7, 7, 3),
    (8, 8, 4, 0),
    (7, 42, 7, 3),
    (4, 9, 4, 1),
    (3, 3, 1, 0),
]


def padded(height: int, width: int, window: int) -> tuple[int, int]:
    return -(-height // window) * window, -(-width // window) * window


def moved(height: int, width: int, window: int, shift: int) -> tuple[int, ...]:
    return tuple(shift if side > window else 0 for side in padded(height, width, window))


@pytest.mark.parametrize(
    ("size", "window", "says"),
    [
        ((28, 28), 7, "why"),
        ((22, 32), 7, "why"),
        ((8, 8), 7, "why_more"),
        ((7, 7), 7, "why_single"),
        ((5, 6), 7, "why_single"),
        ((7, 42), 7, "why"),
        ((3, 3), 1, "why"),
    ],
)
def test_what_windows_save_is_said_as_it_is(size: tuple[int, int], window: int, says: str) -> None:
    found, (rows, columns) = pair_counts(size, window), padded(*size, window)
    homes = [(r // window, c // window) for r in range(rows) for c in range(columns)]
    inside = sum(homes.count(home) for home in homes)
    assert (found.everywhere, found.inside, found.windows) == ((size[0] * size[1]) ** 2, inside, len(set(homes)))
    assert found.says == says
    fewer = found.everywhere > found.inside
    assert ("fewer" in Words("en", "windows")(says)) == (fewer and found.windows > 1)
    for language in LANGUAGES:  # what the shift is for is said where there is a shift
        shifts = any(word in Words(language, "windows")(says) for word in ("what the shift is for", "移位就是为此"))
        assert shifts == (says == "why")


def test_what_padding_gets_is_counted_key_by_key(odd, scene) -> None:
    block = odd.blocks[3]
    shares, given = block.shares(), []
    for w in range(len(block.places)):
        real = [divmod(int(p), block.padded[1]) for p in block.places[w]]
        inside = [r < block.size[0] and c < block.size[1] for r, c in real]
        for q in np.flatnonzero(inside):
            given.append(sum(shares[w, h, q][~np.array(inside)].sum() for h in range(block.heads)) / block.heads)
    found = padding_attention(block)
    assert found == (pytest.approx(np.mean(given), rel=1e-4), pytest.approx(max(given), rel=1e-4))
    assert padding_attention(scene.blocks[2]) is None  # 28×28 tokens in windows of 7


@pytest.mark.parametrize("grid", STATES)
def test_the_shifts_counts_hold_in_every_state(grid: tuple[int, int, int, int]) -> None:
    """The words “four old windows” and “one window holds the whole map”, counted by coordinates."""
    height, width, window, _ = grid
    rows, columns = padded(height, width, window)
    down, across = moved(*grid)
    lesson = shift_lesson(*grid)
    axes = sum(each > 0 for each in (down, across))
    old = {(r // window, c // window) for r in range(rows) for c in range(columns)}
    assert (lesson.steps[0].key == "before_single") == (len(old) == 1)
    held: dict[tuple[int, int], set] = {}
    for r in range(rows):
        for c in range(columns):
            new = ((r - down) % rows // window, (c - across) % columns // window)
            held.setdefault(new, set()).add((r // window, c // window))
    most = max(len(each) for each in held.values())
    assert most == 2**axes
    ending = ["_none", "_one", ""][axes]
    assert lesson.steps[3].key == f"cut{ending}"
    sentence = Words("en", "shift")(f"step_{lesson.steps[3].key}")
    assert ("four old windows" in sentence, "two old windows" in sentence) == (most == 4, most == 2)


@pytest.mark.parametrize("grid", STATES)
def test_the_masks_counts_hold_in_every_state(grid: tuple[int, int, int, int]) -> None:
    """ "Nine numbers at most", "none holds more regions", "a window with one number needs no mask"."""
    height, width, window, _ = grid
    rows, columns = padded(height, width, window)
    regions = regions_of(*grid).numpy()
    assert len(np.unique(regions)) <= 9
    cut = regions.reshape(rows // window, window, columns // window, window).swapaxes(1, 2).reshape(-1, window**2)
    counts = [len(np.unique(each)) for each in cut]
    assert counts[-1] == max(counts)
    assert [bool(mask.any()) for mask in window_masks(*grid)] == [count > 1 for count in counts]
    keys = [each.key for each in mask_lesson(*grid).steps[:3]]
    down, across = moved(*grid)
    stay = [key.endswith("_still") for key in keys]
    assert stay == [not down, not across, not (down or across)]


@pytest.mark.parametrize("grid", STATES)
def test_tokens_of_one_number_lay_side_by_side_before_the_roll(grid: tuple[int, int, int, int]) -> None:
    rows, columns = padded(*grid[:3])
    down, across = moved(*grid)
    regions = regions_of(*grid).numpy()
    for number in np.unique(regions):
        at = {((r + down) % rows, (c + across) % columns) for r, c in np.argwhere(regions == number).tolist()}
        reached, edge = set(), [min(at)]
        while edge:
            r, c = edge.pop()
            reached.add((r, c))
            near = {(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)} & at - reached
            edge += near
            reached |= near
        assert reached == at


@pytest.mark.parametrize("window", range(1, 8))
def test_the_bias_sentences_hold_for_every_window(window: int) -> None:
    factors, side = factors_of(window), 2 * window - 1
    right = relative_index(window, side).numpy()
    assert len(set(factors.values())) == len(factors)  # no mistake that is none, no two names of one number
    assert set(factors) == ({"right"} if window == 1 else {"right", "none", "near"})
    if window == 1:
        return
    none, near = (relative_index(window, factors[name]).numpy() for name in ("none", "near"))
    assert len(np.unique(none)) == 4 * window - 3
    assert near.max() < side**2 - 1  # the last cells are never read
    for wrong in (none, near):
        assert (wrong != right).mean() > 0.5  # mostly numbers of other offsets
        assert len(np.unique(wrong)) < side**2
    rows = [each.key for each in bias_lesson(window, factors["near"]).steps]
    assert "times_near" in rows and "index_near" in rows


def test_no_sentence_speaks_of_a_small_grid_where_the_picture_can_be_meant() -> None:
    """A step's words are said of both boards: only those of a lesson whose boards differ in kind may name one."""
    merging, patches = ("norm", "concat", "linear"), ("image", "project", "norm")
    rooms = dict.fromkeys(("windows", "shift", "mask", "block"), ()) | {"merging": merging, "patches": patches}
    for room, may in rooms.items():
        for key, text in Words("en", room).all().items():
            named = key.startswith("step_") and ("small grid" in text or "small picture" in text)
            assert not named or key.removeprefix("step_") in may, (room, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_minus_sign(language: str) -> None:
    for room in ("steps", "windows", "shift", "mask", "bias", "block", "merging", "pairs", "patches"):
        for key, text in Words(language, room).all().items():
            assert not any(f"-{digit}" in text for digit in "0123456789"), (room, key)


def test_the_pieces_of_the_picture_are_as_many_as_the_sentence_says() -> None:
    for grid in STATES:
        pieces = step(shift_lesson(*grid), "pieces")
        shown = len(np.unique(pieces.groups[~np.isnan(pieces.at[:, 0])]))
        sentence = Words("en", "shift")(f"step_{pieces.key}")
        assert {4: "Four pieces", 2: "Two pieces", 1: "Nothing will move"}[shown] in sentence
