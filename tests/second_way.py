"""A second Swin, written from the definition in float64: loops over pairs, no roll, no partition, no mask.

Two tokens of a block attend to each other if the window they fall into is the same, where windows are cut from the
padded map after moving it up and left by the shift, and if they did not come round an edge to meet there. Used by the
tests only; it shares nothing with the package but the parameters' names.
"""

import math

import numpy as np

State = dict[str, np.ndarray]


def layer_norm(x: np.ndarray, state: State, name: str) -> np.ndarray:
    centred = x - x.mean(-1, keepdims=True)
    return (
        centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * state[f"{name}.weight"] + state[f"{name}.bias"]
    )


def linear(x: np.ndarray, state: State, name: str) -> np.ndarray:
    return x @ state[f"{name}.weight"].T + state.get(f"{name}.bias", 0.0)


def gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def piece(at: int, side: int, window: int, shift: int) -> tuple[int, int]:
    """Along one axis: the index of the window that a token falls into, and whether it came round the edge."""
    moved = (at - shift) % side
    return moved // window, int(at < shift)


def may_attend(
    p: tuple[int, int], q: tuple[int, int], sides: tuple[int, int], window: int, shift: tuple[int, int]
) -> bool:
    """In one window, and neighbours in the picture: not one of them from the other side."""
    return all(piece(p[i], sides[i], window, shift[i]) == piece(q[i], sides[i], window, shift[i]) for i in (0, 1))


def attention(
    x: np.ndarray, state: State, name: str, heads: int, window: int, shifted: bool
) -> tuple[np.ndarray, dict]:
    """x (H, W, C) after the norm → (H, W, C), and the share of every pair: (query, key) → (heads,)."""
    height, width, channels = x.shape
    sides = tuple(-(-side // window) * window for side in (height, width))
    shift = tuple(window // 2 if shifted and side > window else 0 for side in sides)
    padded = np.zeros((*sides, channels))
    padded[:height, :width] = x
    qkv = linear(padded, state, f"{name}.qkv").reshape(*sides, 3, heads, -1)
    table, d = state[f"{name}.relative_position_bias_table"], channels // heads
    out, shares = np.zeros((height, width, channels)), {}
    tokens = [(r, c) for r in range(sides[0]) for c in range(sides[1])]
    for p in [token for token in tokens if token[0] < height and token[1] < width]:
        keys = [q for q in tokens if may_attend(p, q, sides, window, shift)]
        logits = np.zeros((len(keys), heads))
        for i, q in enumerate(keys):
            dy, dx = p[0] - q[0], p[1] - q[1]
            row = (dy + window - 1) * (2 * window - 1) + dx + window - 1
            logits[i] = (qkv[p][0] * qkv[q][1]).sum(-1) / math.sqrt(d) + table[row]
        weights = np.exp(logits - logits.max(0))
        weights /= weights.sum(0)
        for q, weight in zip(keys, weights, strict=True):
            shares[p, q] = weight
        values = np.stack([qkv[q][2] for q in keys])  # (keys, heads, d)
        out[p] = np.einsum("kh,khd->hd", weights, values).reshape(-1)
    return linear(out, state, f"{name}.proj"), shares


def forward(image: np.ndarray, state: State, config) -> tuple[np.ndarray, dict[str, dict]]:
    """image (3, height, width) → logits, and the shares of every block by name."""
    p = config.patch
    height, width = (-(-side // p) for side in image.shape[1:])
    padded = np.zeros((3, height * p, width * p))
    padded[:, : image.shape[1], : image.shape[2]] = image
    kernel, bias = state["patch_embed.proj.weight"], state["patch_embed.proj.bias"]
    x = np.zeros((height, width, config.embed_dim))
    for r in range(height):
        for c in range(width):
            x[r, c] = (kernel * padded[:, r * p : (r + 1) * p, c * p : (c + 1) * p]).sum((1, 2, 3)) + bias
    x = layer_norm(x, state, "patch_embed.norm")
    everything = {}
    for i, depth in enumerate(config.depths):
        for j in range(depth):
            name = f"layers.{i}.blocks.{j}"
            normed = layer_norm(x, state, f"{name}.norm1")
            moved, everything[name] = attention(
                normed, state, f"{name}.attn", config.heads[i], config.window, j % 2 == 1
            )
            x = x + moved
            hidden = gelu(linear(layer_norm(x, state, f"{name}.norm2"), state, f"{name}.mlp.fc1"))
            x = x + linear(hidden, state, f"{name}.mlp.fc2")
        if i < len(config.depths) - 1:
            x = merge(x, state, f"layers.{i}.downsample")
    return linear(layer_norm(x, state, "norm").mean((0, 1)), state, "head"), everything


def merge(x: np.ndarray, state: State, name: str) -> np.ndarray:
    height, width, channels = x.shape
    out = np.zeros((-(-height // 2), -(-width // 2), 4 * channels))
    for r in range(height):
        for c in range(width):
            group = (r % 2) + 2 * (c % 2)  # (0,0), (1,0), (0,1), (1,1)
            out[r // 2, c // 2, group * channels : (group + 1) * channels] = x[r, c]
    return linear(layer_norm(out, state, f"{name}.norm"), state, f"{name}.reduction")
