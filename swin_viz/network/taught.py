"""The same steps as courses teach them: the structure of the published implementation, in its idioms, written by us.

Letters as there: B images, B_ windows of all images, H W tokens of the map, C channels, M window side, P patch side.
The model does not run these: lessons show them beside its own lines, and tests run both. Functions named `…_as_written`
are mistakes of the written tour: shown struck through, and held to differ.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from swin_viz.network.model import WindowAttention

Shift = tuple[int, int]


def pad_patches_as_written(images: Tensor, P: int) -> Tensor:
    """Pads both sides where one does not fit: a side that fits gets a whole extra patch. images: (B, 3, H, W)."""
    H, W = images.shape[2:]
    if H % P != 0 or W % P != 0:
        images = F.pad(images, (0, P - W % P, 0, P - H % P))
    return images


def pad_to_windows(x: Tensor, M: int) -> Tensor:
    """Each side on its own, to full windows. x: (B, H, W, C)."""
    H, W = x.shape[1:3]
    pad_b, pad_r = (M - H % M) % M, (M - W % M) % M
    return F.pad(x, (0, 0, 0, pad_r, 0, pad_b))


def window_partition(x: Tensor, M: int) -> Tensor:
    """x: (B, H, W, C) → (B_, M, M, C)."""
    B, H, W, C = x.shape
    x = x.view(B, H // M, M, W // M, M, C)
    windows = x.permute(0, 1, 3, 2, 4, 5).contiguous()
    return windows.view(-1, M, M, C)


def window_reverse(windows: Tensor, M: int, H: int, W: int) -> Tensor:
    """windows: (B_, M, M, C) → (B, H, W, C)."""
    B = windows.shape[0] // (H // M * (W // M))
    x = windows.view(B, H // M, W // M, M, M, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)


def block_shift_as_written(H: int, W: int, M: int) -> Shift:
    """Every second block shifts, also where one window holds the whole map."""
    return M // 2, M // 2


def block_shift(H: int, W: int, M: int) -> Shift:
    """No shift along an axis that one window covers."""
    down, across = M // 2, M // 2
    if H <= M:
        down = 0
    if W <= M:
        across = 0
    return down, across


def shifted_block(x: Tensor, M: int, shift: Shift, attn: nn.Module, mask: Tensor | None) -> Tensor:
    """Pad, roll, cut, attend, put back, roll back, crop. x: (B, H, W, C), normed."""
    H, W, C = x.shape[1:]
    x = pad_to_windows(x, M)
    Hp, Wp = x.shape[1:3]
    x_shifted = torch.roll(x, shifts=(-shift[0], -shift[1]), dims=(1, 2))
    x_windows = window_partition(x_shifted, M).view(-1, M * M, C)
    attended = attn(x_windows, mask)
    x_shifted = window_reverse(attended.view(-1, M, M, C), M, Hp, Wp)
    x = torch.roll(x_shifted, shifts=shift, dims=(1, 2))
    return x[:, :H, :W]


def create_mask(H: int, W: int, M: int, shift: Shift) -> Tensor:
    """0 and −100 for every pair of every window, (nW, M·M, M·M); a course makes it once a stage, for its blocks."""
    Hp, Wp = -(-H // M) * M, -(-W // M) * M
    region = torch.zeros(1, Hp, Wp, 1)
    h_slices = (slice(0, -M), slice(-M, -shift[0]), slice(-shift[0], None))
    w_slices = (slice(0, -M), slice(-M, -shift[1]), slice(-shift[1], None))
    count = 0
    for h in h_slices:
        for w in w_slices:
            region[:, h, w, :] = count
            count += 1
    windows = window_partition(region, M)
    ids = windows.view(-1, M * M)
    apart = ids.unsqueeze(1) - ids.unsqueeze(2)
    return apart.masked_fill(apart != 0, -100.0).masked_fill(apart == 0, 0.0)


def position_index(M: int) -> Tensor:
    """Which row of the table each pair of a window reads: (M·M, M·M)."""
    coords = torch.stack(torch.meshgrid(torch.arange(M), torch.arange(M), indexing="ij"))
    coords = torch.flatten(coords, 1)
    relative = coords[:, :, None] - coords[:, None, :]
    relative = relative.permute(1, 2, 0).contiguous()
    relative[:, :, 0] += M - 1
    relative[:, :, 1] += M - 1
    relative[:, :, 0] *= 2 * M - 1
    return relative.sum(-1)


def position_bias(table: Tensor, index: Tensor) -> Tensor:
    """table: ((2M−1)², h), index: (N, N) → (h, N, N)."""
    N = index.shape[0]
    bias = table[index.view(-1)].view(N, N, -1)
    return bias.permute(2, 0, 1).contiguous()


def window_attention(x: Tensor, layer: WindowAttention, mask: Tensor | None = None) -> Tensor:
    """Multi-head attention inside each window. x: (B_, N, C), mask: (nW, N, N)."""
    B_, N, C = x.shape
    h, d = layer.heads, C // layer.heads
    qkv = layer.qkv(x).reshape(B_, N, 3, h, d)
    q, k, v = qkv.permute(2, 0, 3, 1, 4)
    q = q * d**-0.5
    attn = q @ k.transpose(-2, -1)
    bias = position_bias(layer.relative_position_bias_table, position_index(layer.window))
    attn = attn + bias.unsqueeze(0)
    if mask is not None:
        nW = mask.shape[0]
        attn = attn.view(B_ // nW, nW, h, N, N) + mask.unsqueeze(1).unsqueeze(0)
        attn = attn.view(-1, h, N, N)
    attn = attn.softmax(dim=-1)
    x = (attn @ v).transpose(1, 2).reshape(B_, N, C)
    return layer.proj(x)


def patch_merging(x: Tensor, norm: nn.Module, reduction: nn.Module) -> Tensor:
    """Four neighbours become one token. x: (B, H, W, C) → (B, ⌈H/2⌉, ⌈W/2⌉, 2C)."""
    H, W = x.shape[1:3]
    if H % 2 == 1 or W % 2 == 1:
        x = F.pad(x, (0, 0, 0, W % 2, 0, H % 2))
    x0 = x[:, 0::2, 0::2, :]
    x1 = x[:, 1::2, 0::2, :]
    x2 = x[:, 0::2, 1::2, :]
    x3 = x[:, 1::2, 1::2, :]
    x = torch.cat([x0, x1, x2, x3], -1)
    x = norm(x)
    return reduction(x)
