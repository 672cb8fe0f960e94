"""A block, step by step; and what its parts make of the real run: norms, branches, the MLP's neurons, what is dropped.

Letters: H W tokens of the map, C channels, N = M·M tokens of the small window, L blocks of a model. The small board is
a SwinBlock of three channels that was never trained, run on one window: a row is a token, a column a channel.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from swin_viz.engine.maps import entropy
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.lessons.board import PLAIN, Lesson, LessonError, Step, kept
from swin_viz.lessons.cells import grid, places
from swin_viz.lessons.fact import Observe
from swin_viz.lessons.merging import as_colours
from swin_viz.lessons.source import listing
from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.model import Mlp, Swin, SwinBlock
from swin_viz.network.variants import SwinConfig

CHANNELS = 3  # of the small block
LEAST, MOST = 1, 5  # tokens of the small window's side
STEPS = (  # key, the point whose value is shown, the marks of its source lines
    ("pre", "resid_pre", ("x = self.resid_pre(x)",)),
    ("norm1", "attn_in", ("self.attn_in(",)),
    ("attend", "attn_branch", ("self.attn_branch(",)),
    ("add1", "resid_mid", ("self.resid_mid(",)),
    ("norm2", "mlp_in", ("self.mlp_in(",)),
    ("hidden", "mlp.hidden", ("self.hidden(",)),
    ("gelu", "mlp.activated", ("self.activated(",)),
    ("mlp", "mlp_branch", ("self.fc2(", "self.mlp_branch(")),
    ("add2", "resid_post", ("self.resid_post(",)),
)
IDLE = (("unshifted", "attn_branch"), ("mlp_out", "mlp_branch"))  # before and after a DropPath
AXES = ("token", "image", "channel")  # over what is normalised: what this model does, and what it does not
STRONGEST = 5  # tokens that are named of a neuron
BAND, GROUP = 192 * 2**10, 128 * 2**10  # bytes of the tokens' values, and of the neurons' maps, that travel at once
SATURATED = 0.99  # a query that gives a single key more than this

Arrays = dict[str, np.ndarray]


@kept
def block_lesson(side: int, ratio: float = 4.0) -> Lesson:
    """The small block on one window of side × side tokens; `ratio`: of the MLP. Raises LessonError."""
    if not LEAST <= side <= MOST:
        raise LessonError("bias_window", least=LEAST, most=MOST)
    values, wide = small_values(side, ratio), max(CHANNELS, int(ratio * CHANNELS))
    at = np.moveaxis(np.indices((side**2, wide), np.float32), 0, -1)
    steps = []
    for i, (key, point, marks) in enumerate(STEPS):
        shown = np.full((side**2, wide), np.nan, np.float32)
        shown[:, : values[point].shape[1]] = values[point]
        seats = np.where(np.isnan(shown)[..., None], np.nan, at).reshape(-1, 2)
        shape = f"1 × {side} × {side} × {values[point].shape[1]}"
        steps.append(_step(i, key, marks, shape, seats, shown.reshape(-1)))
    sources = places(side, side, (side, side)).repeat(wide, axis=0)
    return Lesson("block", tuple(steps), listing(SwinBlock.forward, Mlp.forward), _formula(ratio), sources)


def _formula(ratio: float) -> tuple[str, ...]:
    return ("x", "LN", "(S)W-MSA", "+ x", "LN", f"C → {ratio:g}C", "GELU", f"{ratio:g}C → C", "+ x")


@lru_cache(maxsize=16)
@torch.no_grad()
def small_values(side: int, ratio: float) -> Arrays:
    """What passed the points of the small block: (N, C) each, (N, rC) inside the MLP."""
    chance = torch.Generator().manual_seed(4)
    block = SwinBlock(CHANNELS, 1, 0, 0.0, SwinConfig(CHANNELS, (1,), (1,), side, mlp_ratio=ratio)).eval()
    for name, parameter in block.named_parameters():
        if "norm" not in name:  # norms begin with γ = 1, β = 0
            parameter.copy_(torch.randn(parameter.shape, generator=chance) * 0.8)
    size = torch.rand(side, side, 1, generator=chance) * 4 + 0.3  # tokens of very different sizes
    x = size * torch.randn(side, side, CHANNELS, generator=chance)
    with capture(block, *(point for _, point, _ in STEPS)) as tape:
        block(x[None])
    return {name: value.reshape(side**2, -1).numpy() for name, value in tape.items()}


@kept
def photo_lesson(shapes: tuple[tuple[int, ...], ...], ratio: float) -> Lesson:
    """The same steps on the tokens of a map; `shapes` are those of the steps' values in the run."""
    _, height, width, _ = shapes[0]
    at = grid(height, width).reshape(-1, 2)
    blank = np.full(height * width, np.nan, np.float32)
    steps = tuple(
        _step(i, key, marks, " × ".join(str(side) for side in shape), at, blank)
        for i, ((key, _, marks), shape) in enumerate(zip(STEPS, shapes, strict=True))
    )
    code = listing(SwinBlock.forward, Mlp.forward)
    return Lesson("block", steps, code, _formula(ratio), places(height, width, (height, width)))


def _step(number: int, key: str, marks: tuple[str, ...], shape: str, at: np.ndarray, values: np.ndarray) -> Step:
    plain, features = np.full(len(values), PLAIN, np.uint8), key if number else ""
    return Step(key, marks, number, shape, at, values, plain, features=features, axes="B H W C")


def shapes_of(trace: Trace, block: BlockTrace) -> tuple[tuple[int, ...], ...]:
    """The shapes of the steps' values in a run."""
    return tuple(trace.shapes[f"{block.name}.{point}"] for _, point, _ in STEPS)


def values_of(block: BlockTrace, observe: Observe) -> Arrays:
    """The steps' values of a block in the run, by point: (H, W, C or 4C)."""
    names = [f"{block.name}.{point}" for point in (*(point for _, point, _ in STEPS), *(before for before, _ in IDLE))]
    found = observe(*names)
    return {name.removeprefix(f"{block.name}."): found[name] for name in names}


def block_arrays(values: Mapping[str, np.ndarray], module: SwinBlock) -> Arrays:
    """What the browser gets at once: colours of the board's cells, and what is small enough of the parts.

    block.sizes (4, H, W): root mean square of x, of attention, of the MLP, of what leaves; block.stats (2, H, W): mean
    and variance of every token; block.lengths (3, H, W): root mean square of the tokens, normalised over `AXES`;
    block.channels (2, C), block.image (2,): mean and variance over them; block.norm1 (2, C): γ and β; block.same (2,):
    whether DropPath handed on attention, and the MLP, bit for bit.
    """
    x, (h, w, _) = values["resid_pre"], values["resid_pre"].shape
    arrays = {f"photo.colours.{key}": as_colours(values[point]).reshape(-1, 3) for key, point, _ in STEPS[1:]}
    parts = ("resid_pre", "attn_branch", "mlp_branch", "resid_post")
    arrays["block.sizes"] = np.stack([_size(values[point]) for point in parts])
    arrays["block.stats"] = np.stack((x.mean(-1), x.var(-1)))
    arrays["block.lengths"] = np.stack([_size(normalised(x, axis, module.norm1.eps)) for axis in AXES])
    arrays["block.channels"] = np.stack((x.mean((0, 1)), x.var((0, 1))))
    arrays["block.image"] = np.array((x.mean(), x.var()))
    arrays["block.norm1"] = torch.stack((module.norm1.weight, module.norm1.bias)).float().cpu().numpy()
    arrays["block.below"] = np.array(((values["mlp.hidden"] < 0).mean(),))
    arrays["block.same"] = np.array([np.array_equal(values[before], values[after]) for before, after in IDLE], np.uint8)
    arrays |= _neurons(values["mlp.activated"].reshape(h * w, -1))
    return {name: array if array.dtype == np.uint8 else _small_type(array) for name, array in arrays.items()}


def normalised(x: np.ndarray, axis: str, eps: float) -> np.ndarray:
    """A map (H, W, C) minus mean, divided by √(variance + ε), over one of `AXES`: without γ and β."""
    over = {"token": (2,), "image": (0, 1, 2), "channel": (0, 1)}[axis]
    x = x.astype(np.float64)
    found: np.ndarray = (x - x.mean(over, keepdims=True)) / np.sqrt(x.var(over, keepdims=True) + eps)
    return found


def _size(values: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.sqrt((values.astype(np.float64) ** 2).mean(-1))
    return found


def _small_type(array: np.ndarray) -> np.ndarray:
    return array.astype(np.uint16 if array.dtype.kind in "iu" else np.float32)


def _neurons(activated: np.ndarray) -> Arrays:
    """Of every neuron (H·W, 4C): which tokens it answers most, and how much; its ends; the one that varies most."""
    top = torch.tensor(activated).topk(min(STRONGEST, len(activated)), 0)
    strongest, order = (found.T.numpy() for found in top)
    ends = np.stack((activated.min(0), activated.max(0)), axis=1)
    first = np.array((int(activated.std(0).argmax()),))
    return {"block.top": order, "block.top_values": strongest, "block.ends": ends, "block.first": first}


def band_rows(values: Mapping[str, np.ndarray]) -> int:
    """How many rows of tokens travel at once: x, both branches and the hidden numbers of each token."""
    _, width, channels = values["resid_pre"].shape
    numbers = 3 * channels + values["mlp.hidden"].shape[-1]
    return max(1, int(BAND // (width * numbers * 4)))


def band(values: Mapping[str, np.ndarray], number: int, rows: int) -> Arrays:
    """The values of a few rows of tokens, (tokens, C or 4C): band.<number>.x, .attn, .mlp, .hidden."""
    points = {"x": "resid_pre", "attn": "attn_branch", "mlp": "mlp_branch", "hidden": "mlp.hidden"}
    chosen = {name: values[point][number * rows : (number + 1) * rows] for name, point in points.items()}
    return {f"band.{number}.{name}": value.reshape(-1, value.shape[-1]) for name, value in chosen.items()}


def group_size(tokens: int) -> int:
    """How many neurons' maps travel at once."""
    return max(1, GROUP // tokens)


def neuron_maps(values: Mapping[str, np.ndarray], number: int) -> Arrays:
    """A group of neurons' maps, 0 to 255 from each one's smallest to its largest: (neurons, H·W)."""
    activated = values["mlp.activated"]
    flat = activated.reshape(-1, activated.shape[-1]).T
    count = group_size(flat.shape[1])
    part = flat[number * count : (number + 1) * count]
    low, high = part.min(1, keepdims=True), part.max(1, keepdims=True)
    scaled = (part - low) / np.where(high > low, high - low, 1)
    return {f"neurons.{number}": (scaled * 255).round().astype(np.uint8)}


def stream(trace: Trace, observe: Observe) -> Arrays:
    """The residual stream over all blocks, one block at a time, means over its tokens.

    stream.sizes (L, 3): root mean square of x, attention, MLP; stream.variance (L,): of a token over its channels;
    stream.below (L,): the share of hidden numbers below zero.
    """
    sizes, variances, below = [], [], []
    for block in trace.blocks:
        names = [f"{block.name}.{point}" for point in ("resid_pre", "attn_branch", "mlp_branch", "mlp.hidden")]
        found = observe(*names)
        sizes.append([_size(found[name]).mean() for name in names[:3]])
        variances.append(found[names[0]].astype(np.float64).var(-1).mean())
        below.append((found[names[3]] < 0).mean())
    arrays = {"stream.sizes": sizes, "stream.variance": variances, "stream.below": below}
    return {name: np.array(value, np.float32) for name, value in arrays.items()}


def without_norm(block: BlockTrace, observe: Observe) -> Arrays:
    """What attention makes of the stream with norm1 and without: `without` (2, 3).

    The scores' standard deviation; the entropy of a query's weights as a part of that of equal ones on its allowed
    keys; the share of queries that give one key more than `SATURATED`. Over all windows, heads, queries.
    """
    allowed = (block.mask_kinds == 0).sum(-1)[block.mask_of]  # (nW, N)
    names, rows = [f"{block.name}.attn.{point}" for point in ("scaled", "probs")], []
    for ablation in (Ablation(), Ablation(norm=False, blocks=(block.name,))):
        found = observe(*names, ablation=ablation)
        scores, probs = (found[name].astype(np.float64) for name in names)
        rows.append([scores.std(), entropy(probs, allowed).mean(), (probs.max(-1) > SATURATED).mean()])
    return {"without": np.array(rows, np.float32)}


@torch.no_grad()
def shuffled(model: Swin, block: BlockTrace, values: Mapping[str, np.ndarray]) -> Arrays:
    """Tokens shuffled before a part and put back after it: how far off its result is, `shuffled` (2, 2).

    For the MLP and for attention: the largest difference, and the largest of the result's numbers.
    """
    module = model.get_submodule(block.name)
    assert isinstance(module, SwinBlock)
    device, rows = module.norm1.weight.device, []
    for part, point in ((module.mlp, "mlp_in"), (module.attend, "attn_in")):
        x = torch.tensor(values[point], device=device)[None]
        right, mixed = part(x), _through_shuffled(part, x)
        rows.append([float((mixed - right).abs().max()), float(right.abs().max())])
    return {"shuffled": np.array(rows, np.float32)}


def _through_shuffled(part: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    flat = x.flatten(1, 2)
    order = torch.randperm(flat.shape[1], generator=torch.Generator().manual_seed(0)).to(x.device)
    out = part(flat[:, order].view_as(x)).flatten(1, 2)
    return out[:, order.argsort()].view_as(x)


def drop_rates(rate: float, depths: tuple[int, ...]) -> list[float]:
    """DropPath's rate of every block: linear from 0 to `rate` (arXiv 2103.14030, A2.1)."""
    count = sum(depths)
    return [rate * k / max(1, count - 1) for k in range(count)]


def experiments(trace: Trace) -> dict[str, Ablation]:
    """What is taken out of the last stage: nothing, one attention branch, all of them, all uniform, all MLPs.

    Nothing comes first: a second run of the whole model.
    """
    last = [block.name for block in trace.blocks if block.stage == trace.blocks[-1].stage]
    found = {"nothing": Ablation(), "one": Ablation(attention=False, blocks=(last[-1],))}
    if len(last) > 1:
        found["all"] = Ablation(attention=False, blocks=tuple(last))
    found["uniform"] = Ablation(uniform=True, blocks=tuple(last))
    return found | {"mlp": Ablation(mlp=False, blocks=tuple(last))}
