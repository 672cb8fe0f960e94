"""The exact cost of a Swin Transformer at any image size, item by item, and the paper's two formulas.

Letters: h w tokens of the map, h' w' the map padded to full windows, T = h·w, T' = h'·w', C channels, M window side,
N = M·M tokens of a window, nW = T'/N windows, r the MLP's ratio. The unit is the MAC: one multiply-add. What the paper
(arXiv 2103.14030) and its code call "FLOPs" are MACs; a counter of floating-point operations shows twice as many.
The one idea: every product's cost is read off its shapes, padding included, so a counter must agree to the integer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from swin_viz.network.variants import SwinConfig

FLOPS_PER_MAC = 2  # a multiplication and an addition
BYTES = 4  # of one float32


@dataclass(frozen=True)
class Item:
    """One step of the network: what it multiplies, and how many numbers it writes.

    `stage` and `block` are 0-based and None outside stages and blocks; `elements` are numbers of the result, so
    `bytes` is what the step writes in float32.
    """

    stage: int | None
    block: int | None
    component: str
    macs: int
    elements: int

    @property
    def bytes(self) -> int:
        """Bytes that the step writes in float32."""
        return BYTES * self.elements


@dataclass(frozen=True)
class StageMap:
    """The map a stage works on: its tokens, and its tokens with padding."""

    height: int
    width: int
    padded_height: int
    padded_width: int
    channels: int
    heads: int
    window: int | None  # None: one attention over the whole map

    @property
    def tokens(self) -> int:
        """T, the real tokens."""
        return self.height * self.width

    @property
    def padded(self) -> int:
        """T', the tokens with padding."""
        return self.padded_height * self.padded_width

    @property
    def per_window(self) -> int:
        """N, the tokens that attend to each other."""
        return self.padded if self.window is None else self.window**2

    @property
    def windows(self) -> int:
        """nW, how many windows cover the padded map."""
        return self.padded // self.per_window


def stage_maps(config: SwinConfig, height: int, width: int, windowed: bool = True) -> list[StageMap]:
    """The map of every stage for an image of height × width pixels.

    `windowed=False` is the same network with global attention everywhere. Raises ValueError for an empty image.
    """
    if height < 1 or width < 1:
        raise ValueError(f"an image of {height}×{width} pixels has no tokens.")
    h, w = _up(height, config.patch), _up(width, config.patch)
    maps = []
    for stage, heads in enumerate(config.heads):
        if stage:
            h, w = _up(h, 2), _up(w, 2)
        m = config.window if windowed else 1
        padded = (_up(h, m) * m, _up(w, m) * m)
        maps.append(StageMap(h, w, *padded, config.channels(stage), heads, config.window if windowed else None))
    return maps


def items(config: SwinConfig, height: int, width: int, windowed: bool = True) -> list[Item]:
    """Every step of one forward pass of one image, in order. Raises ValueError for an empty image."""
    maps = stage_maps(config, height, width, windowed)
    first, last = maps[0], maps[-1]
    patch = config.in_channels * config.patch**2  # numbers of a patch
    table = [Item(None, None, "patch_embed", first.tokens * patch * first.channels, first.tokens * first.channels)]
    if config.patch_norm:
        table.append(Item(None, None, "patch_norm", 0, first.tokens * first.channels))
    for stage, (at, depth) in enumerate(zip(maps, config.depths, strict=True)):
        for block in range(depth):
            shift = config.window // 2 if block % 2 else 0
            table += _block(config, at, stage, block, shift)
        if stage < config.stages - 1:
            table += _merging(maps[stage + 1], stage)
    pooled = last.channels
    table.append(Item(None, None, "last_norm", 0, last.tokens * pooled))
    table.append(Item(None, None, "pool", 0, pooled))
    if config.classes:
        table.append(Item(None, None, "head", pooled * config.classes, config.classes))
    return table


def _block(config: SwinConfig, at: StageMap, stage: int, block: int, shift: int) -> Iterator[Item]:
    """The steps of one block (paper, equation 3): attention over padded tokens, the MLP over real ones."""
    t, padded, c = at.tokens, at.padded, at.channels
    hidden = int(c * config.mlp_ratio)
    scores = at.windows * at.heads * at.per_window**2
    shifted = bool(shift and at.window and (at.padded_height > at.window or at.padded_width > at.window))
    copies = 0 if at.window is None else 2 + 2 * shifted + (padded != t)  # cut, put back; roll, roll back; pad
    yield Item(stage, block, "norms", 0, 2 * t * c)
    yield Item(stage, block, "move", 0, copies * padded * c)
    yield Item(stage, block, "qkv", padded * 3 * c * c, padded * 3 * c)
    yield Item(stage, block, "scores", padded * at.per_window * c, scores)  # heads split C: they cost no MACs
    if at.window is not None:
        yield Item(stage, block, "bias", 0, scores)
    yield Item(stage, block, "mask", 0, scores if shifted else 0)
    yield Item(stage, block, "softmax", 0, scores)
    yield Item(stage, block, "values", padded * at.per_window * c, padded * c)
    yield Item(stage, block, "proj", padded * c * c, padded * c)
    yield Item(stage, block, "residual", 0, 2 * t * c)
    yield Item(stage, block, "mlp", 2 * t * c * hidden, t * (hidden + c))
    yield Item(stage, block, "gelu", 0, t * hidden)


def _merging(after: StageMap, stage: int) -> Iterator[Item]:
    """Patch merging: norm and projection of 4C → 2C, on groups of 2×2 tokens (paper, section 3.1)."""
    wide = 2 * after.channels  # 4C, C being the channels before
    yield Item(stage, None, "merging_norm", 0, after.tokens * wide)
    yield Item(stage, None, "merging", after.tokens * wide * after.channels, after.tokens * after.channels)


def total(table: Iterable[Item]) -> int:
    """The MACs of a table."""
    return sum(item.macs for item in table)


def authors_total(config: SwinConfig, height: int, width: int) -> int:
    """What the authors' own `flops()` method prints where windows fit: MACs plus one per LayerNorm element.

    It counts the last norm once per halving too many: 2^(stages−2) times what is there (150,528 for 37,632 in T).
    """
    table = items(config, height, width)
    norms = sum(item.elements for item in table if item.component in ("patch_norm", "norms", "merging_norm"))
    last = next(item.elements for item in table if item.component == "last_norm")
    return total(table) + norms + (last << config.stages) // 4


def parameters(config: SwinConfig) -> int:
    """The learned numbers of the network, bias tables included, buffers not."""
    first, last = config.channels(0), config.channels(config.stages - 1)
    count = first * (config.in_channels * config.patch**2 + 1) + 2 * first * config.patch_norm
    for stage, (depth, heads) in enumerate(zip(config.depths, config.heads, strict=True)):
        c, hidden = config.channels(stage), int(config.channels(stage) * config.mlp_ratio)
        attention = 3 * c * (c + config.qkv_bias) + c * (c + 1) + (2 * config.window - 1) ** 2 * heads
        count += depth * (4 * c + attention + hidden * (c + 1) + c * (hidden + 1))
        if stage < config.stages - 1:
            count += 8 * c + 8 * c * c
    return count + 2 * last + config.classes * (last + 1)


def map_bytes(config: SwinConfig, height: int, width: int, windowed: bool = True, size: int = BYTES) -> int:
    """Bytes of all attention maps of one pass, `size` bytes a number."""
    maps = stage_maps(config, height, width, windowed)
    pairs = (depth * at.windows * at.heads * at.per_window**2 for at, depth in zip(maps, config.depths, strict=True))
    return size * sum(pairs)


def _up(size: int, step: int) -> int:
    return -(-size // step)
