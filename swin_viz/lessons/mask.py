"""The mask, step by step, on any map; its regions numbered as published, with fewer numbers, or by mistake.

Letters: H W tokens of a map, H' W' of the padded map, M window side, N = M·M, nW windows, h heads. The same lesson
serves a student's small grid and the real map of a block of the loaded model. Its cells are the tokens of the map, and
for the comparison of one window's tokens: N queries at the side of an N×N table, and its N² pairs.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from torch import Tensor

from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.board import Lesson, Step, check_grid, kept
from swin_viz.lessons.cells import grid, hues, index_map, padded_size, places, rows_of, seats, window_list
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.regions import numbered_by, regions_of
from swin_viz.lessons.source import course, listing
from swin_viz.network.ablation import Ablation
from swin_viz.network.taught import create_mask
from swin_viz.network.windows import cyclic_shift, effective_shift, partition, shift_mask
from swin_viz.text.numbers import percent

HIDDEN = 254  # the group of cells that stand nowhere: no other cell is like them
FREE, BLOCKED = 0, 1  # the groups of pairs in the table
MOST_BORDER = 64  # windows whose scores are sent to the browser
TAUGHT = course(
    create_mask,
    rows="h_slices =",
    columns="w_slices =",
    regions="region[:, h, w, :] = count",
    cut="windows = window_partition(",
    flat="ids = windows.view(",
    query="apart = ids.unsqueeze(1)",
    key="apart = ids.unsqueeze(1)",
    compare="apart = ids.unsqueeze(1)",
    fill="return apart.masked_fill(",
)
MASKINGS = {  # the mask left out, and with each of its values
    "off": Ablation(mask=False),
    "-10": Ablation(mask_value=-10.0),
    "-100": Ablation(),
    "-inf": Ablation(mask_value=-math.inf),
}


@kept
def mask_lesson(height: int, width: int, window: int, shift: int, numbering: str = "nine", which: int = -1) -> Lesson:
    """Regions of the rolled map, partitioned as the data is, laid out as rows; those of window `which` compared.

    The last window (−1) is the one with the most regions. Raises LessonError.
    """
    check_grid(height, width, window, shift)
    rows, columns = padded_size(height, width, window)
    regions = regions_of(height, width, window, shift, numbering)
    ids = cyclic_shift(index_map(rows, columns), effective_shift(rows, columns, window, shift))
    sources = places(rows, columns, (height, width))
    tokens = partition(ids, window)[0, :, :, 0][which].numpy()  # the window's cells, slot by slot
    table = np.stack(np.divmod(np.arange(window**4), window**2), axis=-1)  # of a pair: its slots (query, key)
    numbering_steps = _numbering_steps(ids, regions, numbering, rows * columns)
    cutting_steps = _cutting_steps(ids, regions, window, rows * columns)
    steps = (
        *(_with_hidden(step, window) for step in (*numbering_steps, *cutting_steps)),
        *_comparing_steps(tokens, regions, window, which, len(sources)),
    )
    code = listing(*numbered_by(numbering), shift_mask)
    formula = ("regions", "partition", "id of query | id of key", "≠", "0 / −100")
    pairs = (len(sources) + window**2, window**2)
    cells, taught = np.concatenate((sources, sources[tokens], table)), TAUGHT if numbering == "nine" else None
    return Lesson("mask", steps, code, formula, cells, pairs, course=taught)


def border_windows(block: BlockTrace) -> np.ndarray:
    """The windows that need a mask, the last of them first kept: at most MOST_BORDER, in order."""
    needs = np.flatnonzero((block.mask_kinds != 0).any((1, 2))[block.mask_of])
    return needs[-MOST_BORDER:].astype(np.int32)


def mask_arrays(block: BlockTrace, observe: Observe) -> dict[str, np.ndarray]:
    """The border windows and their scores before the mask, (n, h, N, N)."""
    name, border = f"{block.name}.attn.biased", border_windows(block)
    return {"border.windows": border, "border.biased": observe(name)[name][border]}


def leaks(block: BlockTrace, observe: Callable[..., dict[str, np.ndarray]]) -> dict[str, float]:
    """What leaks through this block by each of MASKINGS, in it alone, from real runs of the same picture.

    `observe(point, ablation=…)` has a point's value without the batch axis.
    """
    mask, probs = block.mask_kinds[block.mask_of], f"{block.name}.attn.probs"
    here = {way: replace(ablation, blocks=(block.name,)) for way, ablation in MASKINGS.items()}
    return {way: leak(observe(probs, ablation=ablation)[probs], block, mask) for way, ablation in here.items()}


def swapped_differs(block: BlockTrace) -> tuple[int, int]:
    """How many entries of the run's masks differ from those by the swapped subtraction, key − query, and how many are.

    Of all windows, (nW, N, N).
    """
    ids = block.regions.reshape(-1, block.window**2).astype(int)
    swapped = np.where(ids[:, None, :] - ids[:, :, None] != 0, -100.0, 0.0)
    return int((swapped != block.mask_kinds[block.mask_of]).sum()), swapped.size


def leak(shares: np.ndarray, block: BlockTrace, mask: np.ndarray) -> float:
    """The share of attention that crosses regions in the border windows: shares (nW, h, N, N), mask (nW, N, N)."""
    windows = border_windows(block)
    if not len(windows):
        return 0.0
    across = (mask[windows] != 0)[:, None]
    return float((shares[windows] * across).sum() / shares[windows].sum())


def masked_otherwise(block: BlockTrace, observe: Observe) -> dict[str, float]:
    """What two other masks would make of this block's border windows, by its real scores.

    `infinite`: the largest difference of any attention weight with −∞ for −100. `multiplied`: what crosses regions if
    blocked scores are multiplied by 0 instead.
    """
    probs, biased = f"{block.name}.attn.probs", f"{block.name}.attn.biased"
    here = [replace(MASKINGS[way], blocks=(block.name,)) for way in ("-100", "-inf")]
    usual, infinite = (observe(probs, ablation=each)[probs] for each in here)
    across = (block.mask_kinds[block.mask_of] != 0)[:, None]
    scores = np.where(across, 0, observe(biased)[biased])
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    multiplied = leak(shares, block, block.mask_kinds[block.mask_of])
    return {"infinite": float(np.abs(usual - infinite).max()), "multiplied": multiplied}


def fewest_allowed(block: BlockTrace) -> int:
    """The fewest keys that any query of the block may look at."""
    return int((block.mask_kinds == 0).sum(-1).min())


def leak_texts(found: dict[str, float]) -> dict[str, str]:
    """Leaks by mask value as the player writes them too: a finite mask value leaves something, however little.

    What e^−100 leaves of a share is lost in float32; only −∞, or a block without a mask, gives 0.
    """
    none = {way for way in found if way == "-inf" or not found["off"]}
    return {way: "0" if way in none else _share_text(share) for way, share in found.items()}


def _share_text(share: float) -> str:
    """A share above 0, or what is too little of one to be read."""
    return "< 0.01 %" if share < 5e-5 else percent(share, 2 if share < 0.0995 else 1)


def _with_hidden(step: Step, window: int) -> Step:
    """The step of a map's tokens, with the queries and pairs of the comparison not yet there."""
    more = window**2 + window**4
    return replace(
        step,
        at=np.concatenate((step.at, np.full((more, 2), np.nan, np.float32))),
        values=np.concatenate((step.values, np.full(more, np.nan, np.float32))),
        groups=np.concatenate((step.groups, np.full(more, HIDDEN, np.uint8))),
    )


def _on_cells(ids: Tensor, values: Tensor, count: int) -> np.ndarray:
    """Values of the rolled map, for every cell by its number."""
    found = np.zeros(count, np.float32)
    found[ids.reshape(-1).numpy()] = values.reshape(-1).numpy()
    return found


def _numbering_steps(ids: Tensor, regions: Tensor, numbering: str, count: int) -> tuple[Step, ...]:
    """From slices of rows and columns to region numbers, on the rolled map."""
    (rows, columns), parts = regions.shape, 2 if numbering == "four" else 3
    at, shape = seats(ids, grid(rows, columns), count), f"{rows} × {columns}"
    number = _on_cells(ids, regions, count)
    slices = (regions.numpy()[:, 0] // parts, regions.numpy()[0] % parts)  # of every row, of every column
    down, across = (part[at[:, axis].astype(int)].astype(np.uint8) for axis, part in enumerate(slices))
    if numbering == "four":
        by_row, by_column, joined = ("down = ",), ("across = torch.arange",), ("return down",)
    else:
        by_row = by_column = ("return (at >= size - window)",)
        joined = ("return slices(height",) if numbering == "nine" else ("return F.pad(region_ids(",)
    name = "" if numbering == "nine" else f"_{numbering}"
    endings = [name if part.any() else "_still" for part in slices]
    key = f"regions{name if regions.any() else '_still'}"
    return (
        Step(f"rows{endings[0]}", by_row, 0, shape, at, down.astype(np.float32), down, axes="H W"),
        Step(f"columns{endings[1]}", by_column, 0, shape, at, across.astype(np.float32), across, axes="H W"),
        Step(key, joined, 0, shape, at, number, hues(number.astype(int)), axes="H W"),
    )


def _cutting_steps(ids: Tensor, regions: Tensor, window: int, count: int) -> tuple[Step, ...]:
    """The region numbers cut into windows, and laid out as rows."""
    flat, tokens = partition(ids, window)[0, :, :, 0], window * window
    windows, number = len(flat), _on_cells(ids, regions, count)
    mark = ("ids = partition(regions",)
    layout = window_list(windows, window, regions.shape[1] // window)
    cut = seats(flat.view(-1, window, window), layout, count)
    listed = seats(flat, rows_of(windows, tokens), count)
    written = (number, hues(number.astype(int)))
    return (
        Step("cut", mark, 1, f"{windows} × {window} × {window}", cut, *written, axes="nW M M"),
        Step(
            "flat", ("ids = partition(regions",), 1, f"{windows} × {tokens}", listed, *written, kind="rows", axes="nW N"
        ),
    )


def _comparing_steps(tokens: np.ndarray, regions: Tensor, window: int, which: int, count: int) -> tuple[Step, ...]:
    """One window's region numbers against each other, by the function that the model runs: N×N pairs.

    tokens (N,): the window's cells, which stand above the table as keys; `count`: the cells of the map.
    """
    cut = partition(regions[None, :, :, None], window)[0, :, :, 0]  # (nW, N)
    ids, mask = cut[which].numpy(), shift_mask(regions, window)[which].numpy()  # (N,), (N, N)
    (windows, n), verdict = cut.shape, np.where(mask != 0, BLOCKED, FREE)
    chosen, ending = f"[{which % windows}]", "" if which == -1 else "_chosen"
    at = np.full((count + n + n * n, 2), np.nan, np.float32)
    at[tokens] = np.stack((np.zeros(n), np.arange(n) + 1.5), axis=-1)
    at[count : count + n] = at[tokens][:, ::-1]
    at[count + n :] = (grid(n, n) + np.float32(1.5)).reshape(-1, 2)
    query, key = np.repeat(ids, n), np.tile(ids, n)
    compare = "across = ids[:, :, None] != ids[:, None, :]"

    def step(
        name: str,
        mark: str,
        part: int,
        shape: str,
        axes: str,
        values: np.ndarray,
        groups: np.ndarray,
        kind: str = "numbers",
    ) -> Step:
        written, coloured = np.full(len(at), np.nan, np.float32), np.full(len(at), HIDDEN, np.uint8)
        for cells in (tokens, slice(count, count + n)):
            written[cells], coloured[cells] = ids, hues(ids)
        written[count + n :], coloured[count + n :] = values.reshape(-1), groups.reshape(-1)
        shape = f"({windows} × {shape}){chosen}"
        return Step(name, (mark,), part, shape, at, written, coloured, kind=kind or "numbers", axes=f"nW {axes}")

    return (
        step(f"query{ending}", compare, 2, f"{n} × 1", "N 1", query, hues(query)),
        step("key", compare, 2, f"1 × {n}", "1 N", key, hues(key)),
        step("compare", compare, 3, f"{n} × {n}", "N N", query != key, verdict, "split"),
        step("fill", "torch.where(across, value, 0.0)", 4, f"{n} × {n}", "N N", mask, verdict, "verdict"),
    )
