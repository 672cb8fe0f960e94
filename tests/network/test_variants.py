"""The table of architectures: what it says follows from the network, and nonsense is refused."""

import dataclasses

import pytest
import torch

from swin_viz.network.capture import points
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS, SwinConfig


@pytest.mark.parametrize("name", VARIANTS)
def test_block_names_and_channels_are_those_of_the_network(name: str) -> None:
    config = VARIANTS[name]
    with torch.device("meta"):
        model = Swin(config)
    found = [each.removesuffix(".attn.probs") for each in points(model) if each.endswith(".attn.probs")]
    assert tuple(found) == config.block_names
    assert len(found) == sum(config.depths)
    for block in config.block_names:
        stage = int(block.split(".")[1])
        assert model.get_submodule(f"{block}.norm1").normalized_shape == (config.channels(stage),)


@pytest.mark.parametrize("name", VARIANTS)
def test_published_heads_have_32_channels_and_windows_tile_the_trained_size(name: str) -> None:
    config = VARIANTS[name]
    side = config.image_size // config.patch
    for stage, heads in enumerate(config.heads):
        assert config.channels(stage) / heads == 32
        assert (side >> stage) % config.window == 0


def test_a_configuration_is_frozen_and_part_of_a_key() -> None:
    assert len({SwinConfig(), SwinConfig(), SwinConfig(classes=5)}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        SwinConfig().window = 12


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"depths": (2, 2), "heads": (3, 6, 12)}, "same stages"),
        ({"depths": (), "heads": ()}, "at least one"),
        ({"embed_dim": 10, "depths": (2,), "heads": (3,)}, "not divisible by 3 heads"),
        ({"depths": (2,), "heads": (0,)}, "not divisible by 0 heads"),
    ],
)
def test_an_impossible_architecture_is_refused_in_a_sentence(wrong: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        SwinConfig(**wrong)
