"""Which Swin: one frozen `SwinConfig` per architecture, and the published ones by name.

The numbers are those of arXiv 2103.14030, section 3.3, and of the official configurations.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SwinConfig:
    """The architecture of a Swin Transformer V1; everything a checkpoint's shapes decide.

    `image_size` is the side, in pixels, the weights were trained at: the network itself runs at any size.
    `classes` is 0 for a backbone without a head.
    """

    embed_dim: int = 96
    depths: tuple[int, ...] = (2, 2, 6, 2)
    heads: tuple[int, ...] = (3, 6, 12, 24)
    window: int = 7
    patch: int = 4
    image_size: int = 224
    classes: int = 1000
    mlp_ratio: float = 4.0
    in_channels: int = 3
    qkv_bias: bool = True
    patch_norm: bool = True
    drop: float = 0.0
    attn_drop: float = 0.0
    drop_path: float = 0.0

    def __post_init__(self) -> None:
        if not self.depths or len(self.depths) != len(self.heads):
            raise ValueError(f"depths {self.depths} and heads {self.heads} must name the same stages, at least one.")
        for stage, heads in enumerate(self.heads):
            if heads < 1 or self.channels(stage) % heads:
                raise ValueError(
                    f"stage {stage + 1} has {self.channels(stage)} channels, not divisible by {heads} heads."
                )

    @property
    def stages(self) -> int:
        """Number of stages."""
        return len(self.depths)

    def channels(self, stage: int) -> int:
        """Channels C of a stage (0-based): the embedding's, doubled by every patch merging."""
        return self.embed_dim * 2**stage

    @property
    def block_names(self) -> tuple[str, ...]:
        """Module paths of all blocks in the order in which they run: `layers.<stage>.blocks.<block>`."""
        return tuple(f"layers.{i}.blocks.{j}" for i, depth in enumerate(self.depths) for j in range(depth))


VARIANTS: dict[str, SwinConfig] = {
    "swin_t": SwinConfig(drop_path=0.2),
    "swin_s": SwinConfig(depths=(2, 2, 18, 2), drop_path=0.3),
    "swin_b": SwinConfig(128, (2, 2, 18, 2), (4, 8, 16, 32), drop_path=0.5),
    "swin_l": SwinConfig(192, (2, 2, 18, 2), (6, 12, 24, 48)),
    "swin_b_384": SwinConfig(128, (2, 2, 18, 2), (4, 8, 16, 32), window=12, image_size=384, drop_path=0.5),
    "swin_l_384": SwinConfig(192, (2, 2, 18, 2), (6, 12, 24, 48), window=12, image_size=384),
}

# Ours, trained on drawn scenes (swin_viz/scenes), one class per shape; the weights are assets/builtin.safetensors.
BUILTIN = SwinConfig(48, (2, 2, 2, 2), (3, 6, 12, 24), classes=8, drop_path=0.05)
