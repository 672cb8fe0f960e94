"""The exact cost of a plain Vision Transformer, the partner of like size that Swin is compared with.

Letters: T patches, S = T + 1 tokens with the class token, C channels, r the MLP's ratio. Unit: MAC, one multiply-add.
Every token attends to every token in every block (arXiv 2010.11929; DeiT: arXiv 2012.12877, without distillation).
"""

import math
from dataclasses import dataclass

from swin_viz.cost.formula import BYTES, Item, total


@dataclass(frozen=True)
class VitConfig:
    """The architecture of a Vision Transformer; patches at the rim are padded to full ones."""

    embed_dim: int
    depth: int
    heads: int
    patch: int = 16
    mlp_ratio: float = 4.0
    classes: int = 1000
    image_size: int = 224  # that its position embedding was learned at

    def tokens(self, height: int, width: int) -> int:
        """S: the patches of an image and the class token."""
        return -(-height // self.patch) * -(-width // self.patch) + 1


VITS = {
    "deit_ti": VitConfig(192, 12, 3),
    "deit_s": VitConfig(384, 12, 6),
    "deit_b": VitConfig(768, 12, 12),
    "vit_l": VitConfig(1024, 24, 16),
}


def vit_items(config: VitConfig, height: int, width: int) -> list[Item]:
    """Every step of one forward pass of one image. Raises ValueError for an empty image."""
    if height < 1 or width < 1:
        raise ValueError(f"an image of {height}×{width} pixels has no tokens.")
    s, c, hidden = config.tokens(height, width), config.embed_dim, int(config.embed_dim * config.mlp_ratio)
    table = [Item(None, None, "patch_embed", (s - 1) * 3 * config.patch**2 * c, (s - 1) * c)]
    for block in range(config.depth):
        table += [
            Item(0, block, "norms", 0, 2 * s * c),
            Item(0, block, "qkv", s * 3 * c * c, s * 3 * c),
            Item(0, block, "scores", s * s * c, config.heads * s * s),
            Item(0, block, "softmax", 0, config.heads * s * s),
            Item(0, block, "values", s * s * c, s * c),
            Item(0, block, "proj", s * c * c, s * c),
            Item(0, block, "residual", 0, 2 * s * c),
            Item(0, block, "mlp", 2 * s * c * hidden, s * (hidden + c)),
            Item(0, block, "gelu", 0, s * hidden),
        ]
    table.append(Item(None, None, "last_norm", 0, s * c))
    table.append(Item(None, None, "head", c * config.classes, config.classes))
    return table


def partner(macs: int, side: int = 224) -> str:
    """The ViT that costs the nearest number of times as much as a model of so many MACs at side × side pixels."""
    return min(VITS, key=lambda name: abs(math.log(total(vit_items(VITS[name], side, side)) / macs)))


def vit_map_bytes(config: VitConfig, height: int, width: int, size: int = BYTES) -> int:
    """Bytes of all attention maps of one pass, `size` bytes a number."""
    return size * config.depth * config.heads * config.tokens(height, width) ** 2


def vit_parameters(config: VitConfig) -> int:
    """The learned numbers of the network, class token and position embedding included."""
    c, hidden = config.embed_dim, int(config.embed_dim * config.mlp_ratio)
    block = 4 * c + 4 * c * (c + 1) + hidden * (c + 1) + c * (hidden + 1)
    embedding = c * (3 * config.patch**2 + 1) + c + config.tokens(config.image_size, config.image_size) * c
    return embedding + config.depth * block + 2 * c + config.classes * (c + 1)
