"""Swin Transformer V1, whole, in the order in which an image passes it (arXiv 2103.14030).

Letters: B images, H W tokens of the map, C channels, M window side, N = M·M, nW windows, h heads, d = C/h channels
of a head. Parameters carry the official checkpoint's names. Every value a lesson shows passes a named `Point`; the
model itself holds no switches and writes nothing to `self` while it runs.
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from swin_viz.network.capture import Point
from swin_viz.network.variants import SwinConfig
from swin_viz.network.windows import (
    cyclic_shift,
    effective_shift,
    pad_to_multiple,
    partition,
    region_ids,
    relative_index,
    reverse,
    shift_mask,
    undo_shift,
)


class PatchEmbed(nn.Module):
    """Cut the image into patches and embed each linearly (paper, section 3.1): a convolution with stride = patch."""

    def __init__(self, config: SwinConfig) -> None:
        super().__init__()
        self.patch = config.patch
        self.proj = nn.Conv2d(config.in_channels, config.embed_dim, config.patch, stride=config.patch)
        self.norm = nn.LayerNorm(config.embed_dim) if config.patch_norm else nn.Identity()
        self.padded, self.projected, self.tokens = Point("B 3 pH pW"), Point("B H W C"), Point("B H W C")

    def forward(self, images: Tensor) -> Tensor:
        """images (B, 3, height, width), any size ≥ 1 → tokens (B, H, W, C), H = ⌈height/patch⌉."""
        height, width = images.shape[2:]
        images = self.padded(F.pad(images, (0, -width % self.patch, 0, -height % self.patch)))
        x = self.proj(images)  # (B, C, H, W)
        x = self.projected(x.permute(0, 2, 3, 1))
        return self.tokens(self.norm(x))


class WindowAttention(nn.Module):
    """Multi-head self-attention inside each window: softmax(QKᵀ/√d + bias + mask)·V (paper, equation 4)."""

    def __init__(self, channels: int, heads: int, config: SwinConfig) -> None:
        super().__init__()
        self.heads, self.window = heads, config.window
        self.qkv = nn.Linear(channels, 3 * channels, bias=config.qkv_bias)
        self.proj = nn.Linear(channels, channels)
        self.attn_drop, self.proj_drop = nn.Dropout(config.attn_drop), nn.Dropout(config.drop)
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * config.window - 1) ** 2, heads))
        self.register_buffer("relative_position_index", relative_index(config.window), persistent=False)
        self.q, self.k, self.v = (Point("B nW h N d") for _ in range(3))
        self.raw, self.scale, self.scaled = Point("B nW h N N"), Point(""), Point("B nW h N N")
        self.index, self.bias, self.biased = Point("N N"), Point("h N N"), Point("B nW h N N")
        self.mask, self.masked, self.probs = Point("nW N N"), Point("B nW h N N"), Point("B nW h N N")
        self.z, self.out = Point("B nW h N d"), Point("B nW N C")

    def forward(self, windows: Tensor, regions: Tensor) -> Tensor:
        """windows (B, nW, N, C), regions (H', W') → (B, nW, N, C)."""
        batch, count, tokens, channels = windows.shape
        qkv = self.qkv(windows).view(batch, count, tokens, 3, self.heads, -1)
        q, k, v = qkv.permute(3, 0, 1, 4, 2, 5).contiguous()  # (B, nW, h, N, d) each
        q, k, v = self.q(q), self.k(k), self.v(v)
        mask = self.mask(shift_mask(regions, self.window).to(q.dtype))  # (nW, N, N), all 0 without a shift
        scores = self.raw(q @ k.transpose(-2, -1))  # (B, nW, h, N, N); one name, so that memory is used again at once
        scores = self.scaled(scores * self.scale(q.shape[-1] ** -0.5))
        scores = self.biased(scores + self.look_up())
        blocks_any = mask.device.type != "cpu" or mask.any()  # a GPU adds zeros sooner than it answers
        scores = self.masked(scores + mask[:, None] if blocks_any else scores)
        scores = self.probs(scores.softmax(dim=-1))
        z = self.z(self.attn_drop(scores) @ v)  # (B, nW, h, N, d)
        joined = z.transpose(2, 3).reshape(batch, count, tokens, channels)
        return self.out(self.proj_drop(self.proj(joined)))

    def look_up(self) -> Tensor:
        """The relative position bias of every pair, looked up in the table. → (h, N, N)."""
        bias = self.relative_position_bias_table[self.index(self.relative_position_index)]  # (N, N, h)
        return self.bias(bias.permute(2, 0, 1).contiguous())


class Mlp(nn.Module):
    """Two linear layers with a GELU between, on every token alone: C → mlp_ratio·C → C."""

    def __init__(self, channels: int, config: SwinConfig) -> None:
        super().__init__()
        hidden = int(channels * config.mlp_ratio)
        self.fc1, self.fc2 = nn.Linear(channels, hidden), nn.Linear(hidden, channels)
        self.drop = nn.Dropout(config.drop)
        self.hidden, self.activated = Point("B H W rC"), Point("B H W rC")

    def forward(self, x: Tensor) -> Tensor:
        """x (B, H, W, C) → (B, H, W, C)."""
        x = self.hidden(self.fc1(x))
        x = self.activated(F.gelu(x))
        return self.drop(self.fc2(self.drop(x)))


class DropPath(nn.Module):
    """Stochastic depth: while training, skip a residual branch for a share `rate` of the images (arXiv 1603.09382)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, branch: Tensor) -> Tensor:
        """branch (B, …): zeroed per image with probability `rate`, the rest scaled so that the expectation stays."""
        if not self.training or self.rate == 0:
            return branch
        keep = 1 - self.rate
        shape = (branch.shape[0],) + (1,) * (branch.ndim - 1)
        return branch * branch.new_empty(shape).bernoulli_(keep) / keep


class SwinBlock(nn.Module):
    """LayerNorm → (shifted) window attention → residual; LayerNorm → MLP → residual (paper, equation 3)."""

    def __init__(self, channels: int, heads: int, shift: int, drop_path: float, config: SwinConfig) -> None:
        super().__init__()
        self.window, self.shift_size = config.window, shift
        self.norm1 = nn.LayerNorm(channels)
        self.attn = WindowAttention(channels, heads, config)
        self.drop_path = DropPath(drop_path)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = Mlp(channels, config)
        self.resid_pre, self.attn_in = Point("B H W C"), Point("B H W C")
        self.padded, self.shift = Point("B H' W' C"), Point("2")
        self.shifted, self.regions, self.windows = Point("B H' W' C"), Point("H' W'"), Point("B nW N C")
        self.unshifted, self.attn_branch, self.resid_mid = (Point("B H W C") for _ in range(3))
        self.mlp_in, self.mlp_out, self.mlp_branch, self.resid_post = (Point("B H W C") for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, H, W, C), any H and W → (B, H, W, C)."""
        x = self.resid_pre(x)
        branch = self.attn_in(self.norm1(x))
        branch = self.attn_branch(self.drop_path(self.attend(branch)))
        x = self.resid_mid(x + branch)
        branch = self.mlp_in(self.norm2(x))
        branch = self.mlp_branch(self.drop_path(self.mlp_out(self.mlp(branch))))
        return self.resid_post(x + branch)

    def attend(self, x: Tensor) -> Tensor:
        """Pad, then roll, cut, attend, put back, roll back, crop. x (B, H, W, C), normed → (B, H, W, C)."""
        height, width = x.shape[1:3]
        x = self.padded(pad_to_multiple(x, self.window))
        tall, wide = x.shape[1:3]  # H', W'
        shift = self.shift(effective_shift(tall, wide, self.window, self.shift_size))
        x = self.shifted(cyclic_shift(x, shift))
        regions = self.regions(region_ids(tall, wide, self.window, shift, x.device))
        x = self.windows(partition(x, self.window))
        x = reverse(self.attn(x, regions), self.window, tall, wide)
        return self.unshifted(undo_shift(x, shift)[:, :height, :width])


class PatchMerging(nn.Module):
    """Join each 2×2 group of tokens: concatenate to 4C, norm, project to 2C (paper, section 3.1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * channels)
        self.reduction = nn.Linear(4 * channels, 2 * channels, bias=False)
        self.groups, self.merged = Point("B H/2 W/2 4C"), Point("B H/2 W/2 2C")

    def forward(self, x: Tensor) -> Tensor:
        """x (B, H, W, C), odd sides padded by one → (B, ⌈H/2⌉, ⌈W/2⌉, 2C)."""
        x = pad_to_multiple(x, 2)
        x0, x1 = x[:, 0::2, 0::2], x[:, 1::2, 0::2]  # (row, column) offsets (0, 0), (1, 0)
        x2, x3 = x[:, 0::2, 1::2], x[:, 1::2, 1::2]  # (0, 1), (1, 1)
        groups = self.groups(torch.cat((x0, x1, x2, x3), dim=-1))
        return self.merged(self.reduction(self.norm(groups)))


class Stage(nn.Module):
    """Blocks in pairs, every second one shifted by ⌊M/2⌋; then patch merging, but for the last stage."""

    def __init__(self, config: SwinConfig, stage: int, drop_paths: list[float]) -> None:
        super().__init__()
        channels, heads = config.channels(stage), config.heads[stage]
        self.blocks = nn.ModuleList(
            SwinBlock(channels, heads, config.window // 2 if j % 2 else 0, rate, config)
            for j, rate in enumerate(drop_paths)
        )
        self.downsample = PatchMerging(channels) if stage < config.stages - 1 else None

    def forward(self, x: Tensor) -> Tensor:
        """x (B, H, W, C) → (B, ⌈H/2⌉, ⌈W/2⌉, 2C), or the same shape in the last stage."""
        for block in self.blocks:
            x = block(x)
        return x if self.downsample is None else self.downsample(x)


class Swin(nn.Module):
    """The whole network: patches, stages, norm, mean over tokens, head."""

    def __init__(self, config: SwinConfig) -> None:
        super().__init__()
        self.config = config
        self.patch_embed = PatchEmbed(config)
        self.pos_drop = nn.Dropout(config.drop)
        count = sum(config.depths)
        rates = iter([config.drop_path * k / max(1, count - 1) for k in range(count)])  # linear from 0 (section A2.1)
        self.layers = nn.ModuleList(
            Stage(config, i, [next(rates) for _ in range(depth)]) for i, depth in enumerate(config.depths)
        )
        channels = config.channels(config.stages - 1)
        self.norm = nn.LayerNorm(channels)
        self.head = nn.Linear(channels, config.classes) if config.classes else nn.Identity()
        self.features, self.pooled, self.logits = Point("B H W C"), Point("B C"), Point("B classes")
        self.apply(_initialise)

    def forward(self, images: Tensor) -> Tensor:
        """images (B, 3, height, width), normalised as the weights expect → logits (B, classes), or (B, C) headless."""
        x = self.pos_drop(self.patch_embed(images))
        for stage in self.layers:
            x = stage(x)
        pooled = self.pooled(self.features(self.norm(x)).mean(dim=(1, 2)))
        return self.logits(self.head(pooled))


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, WindowAttention):
        nn.init.trunc_normal_(module.relative_position_bias_table, std=0.02)


def build(config: SwinConfig, state: Mapping[str, Tensor]) -> Swin:
    """A model ready to be watched: weights in place (float32 ones are not copied), evaluation mode, no gradients.

    Raises RuntimeError if `state` does not fit `config` exactly; `read_checkpoint` yields pairs that do.
    """
    with torch.device("meta"):
        model = Swin(config)
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True, assign=True)
    return model.eval().requires_grad_(False)
