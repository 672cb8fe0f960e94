"""Every family's names, written from the official ones and read back; our merging against the unfold of another's."""

import re

import pytest
import torch
from safetensors.torch import save
from torch import nn

from swin_viz.network.model import PatchMerging, build
from swin_viz.reading.checkpoint.read import read_checkpoint
from tests.reading.checkpoint.test_read import SMALL, State, official, saved


def renamed(state: State, *rules: tuple[str, object]) -> State:
    found = {}
    for name, value in state.items():
        for pattern, replacement in rules:
            name = re.sub(pattern, replacement, name)
        found[name] = value
    return found


def as_timm(state: State) -> State:
    later = (r"^layers\.(\d+)\.downsample", lambda m: f"layers.{int(m[1]) + 1}.downsample")
    return renamed(state, later, (r"^head\.", "head.fc."))


def as_torchvision(state: State) -> State:
    return renamed(
        state,
        (r"^patch_embed\.proj", "features.0.0"),
        (r"^patch_embed\.norm", "features.0.2"),
        (r"^layers\.(\d+)\.blocks", lambda m: f"features.{2 * int(m[1]) + 1}"),
        (r"^layers\.(\d+)\.downsample", lambda m: f"features.{2 * int(m[1]) + 2}"),
        (r"mlp\.fc1", "mlp.0"),
        (r"mlp\.fc2", "mlp.3"),
    ) | {"features.1.0.attn.relative_position_index": torch.zeros(81, dtype=torch.long)}


def as_hugging_face(state: State, new: bool) -> State:
    found = {}
    for name, value in state.items():
        if ".attn.qkv." in name:
            parts = ("q_proj", "k_proj", "v_proj") if new else ("self.query", "self.key", "self.value")
            for part, chunk in zip(parts, value.chunk(3), strict=True):
                found[name.replace("attn.qkv", f"attention.{part}")] = chunk
        else:
            found[name] = value
    table = "attention.relative_position_bias." if new else "attention.self."
    rules = [
        (r"^patch_embed\.proj", "swin.embeddings.patch_embeddings.projection"),
        (r"^patch_embed\.norm", "swin.embeddings.norm"),
        (r"^layers\.", "swin.encoder.layers."),
        (r"norm1", "layernorm_before"),
        (r"norm2", "layernorm_after"),
        (r"attn\.proj", "attention.o_proj" if new else "attention.output.dense"),
        (r"attn\.relative_position_bias_table", table + "relative_position_bias_table"),
        (r"^norm\.", "swin.layernorm."),
        (r"^head\.", "classifier."),
    ]
    return renamed(
        found, *rules, *(() if new else ((r"mlp\.fc1", "intermediate.dense"), (r"mlp\.fc2", "output.dense")))
    )


def as_openmmlab(state: State, prefix: str = "backbone.") -> State:
    found = {}
    for name, value in state.items():
        if name.endswith("downsample.reduction.weight"):
            out = value.shape[0]
            value = value.reshape(out, 4, -1)[:, [0, 2, 1, 3]].transpose(1, 2).reshape(out, -1)
        elif ".downsample.norm." in name:
            value = value.reshape(4, -1)[[0, 2, 1, 3]].T.reshape(-1)
        found[name] = value
    body = renamed(
        {name: value for name, value in found.items() if not name.startswith("head.")},
        (r"^patch_embed\.proj", "patch_embed.projection"),
        (r"^layers", "stages"),
        (r"attn\.", "attn.w_msa."),
        (r"mlp\.fc1", "ffn.layers.0.0"),
        (r"mlp\.fc2", "ffn.layers.1"),
        (r"^norm\.", "norm2."),
    )
    head = {f"head.fc.{part}": state[f"head.{part}"] for part in ("weight", "bias")}
    return {prefix + name: value for name, value in body.items()} | head


FAMILIES = {
    "official": lambda state: {"model": state | {"layers.0.blocks.1.attn_mask": torch.zeros(4, 9, 9)}},
    "timm": as_timm,
    "torchvision": as_torchvision,
    "hugging_face": lambda state: as_hugging_face(state, new=True),
    "hugging_face_old": lambda state: as_hugging_face(state, new=False),
    "openmmlab": lambda state: {"meta": {"epoch": 3}, "state_dict": as_openmmlab(state)},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_gives_back_the_official_weights(family: str) -> None:
    state = official()
    found = read_checkpoint(saved(FAMILIES[family](state)))
    assert found.config == SMALL
    assert found.family == family.removesuffix("_old")
    assert set(found.state) == set(state)
    for name, value in state.items():
        torch.testing.assert_close(found.state[name], value, rtol=0, atol=0)
    build(found.config, found.state)


@pytest.mark.parametrize("family", ["timm", "hugging_face", "torchvision", "openmmlab"])
def test_safetensors_of_every_family(family: str) -> None:
    state = official()
    renamed_state = FAMILIES[family](state)
    plain = renamed_state.get("state_dict", renamed_state)
    found = read_checkpoint(save({name: value.contiguous() for name, value in plain.items()}))
    assert all(torch.equal(found.state[name], value) for name, value in state.items())


@pytest.mark.parametrize("prefix", ["module.", "backbone.", "encoder.", "module.encoder."])
def test_prefixes_are_found(prefix: str) -> None:
    state = official()
    found = read_checkpoint(saved({prefix + name: value for name, value in state.items()}))
    assert torch.equal(found.state["layers.1.blocks.1.mlp.fc2.weight"], state["layers.1.blocks.1.mlp.fc2.weight"])
    assert found.config == SMALL


def test_merging_of_openmmlab_equals_its_unfold() -> None:
    """The reordered weights in our merging give what nn.Unfold with the original ones gives."""
    torch.manual_seed(0)
    theirs = {"norm": nn.LayerNorm(32), "reduction": nn.Linear(32, 16, bias=False)}
    nn.init.normal_(theirs["norm"].weight)
    nn.init.normal_(theirs["norm"].bias)
    x = torch.randn(1, 6, 8, 8)
    unfolded = nn.Unfold(2, stride=2)(x.permute(0, 3, 1, 2)).transpose(1, 2)
    wanted = theirs["reduction"](theirs["norm"](unfolded)).view(1, 3, 4, 16)
    state = as_openmmlab(official())
    state["backbone.stages.0.downsample.reduction.weight"] = theirs["reduction"].weight.data
    state["backbone.stages.0.downsample.norm.weight"] = theirs["norm"].weight.data
    state["backbone.stages.0.downsample.norm.bias"] = theirs["norm"].bias.data
    found = read_checkpoint(saved(state)).state
    ours = PatchMerging(8)
    ours.load_state_dict({key: found[f"layers.0.downsample.{key}"] for key in ours.state_dict()})
    torch.testing.assert_close(ours(x), wanted)


def as_own_head(state: State, name: str) -> State:
    return {key.replace("head.", f"{name}.") if key.startswith("head.") else key: value for key, value in state.items()}


@pytest.mark.parametrize("name", ["head.1", "head.4", "fc", "classifier.1", "head.linear"])
@pytest.mark.parametrize("family", ["official", "torchvision"])
def test_a_head_of_ones_own_is_found_by_its_shape(name: str, family: str) -> None:
    state = official()
    body = as_torchvision(state) if family == "torchvision" else state
    found = read_checkpoint(saved(as_own_head(body, name)))
    assert found.config.classes == 5
    assert torch.equal(found.state["head.weight"], state["head.weight"])
    assert torch.equal(found.state["head.bias"], state["head.bias"])
    assert "note_head" not in found.notes


def test_a_head_beside_a_wrapped_network_is_found() -> None:
    state = official()
    wrapped = {("net." if name.startswith("head.") else "net.backbone.") + name: value for name, value in state.items()}
    found = read_checkpoint(saved(wrapped))
    assert torch.equal(found.state["head.weight"], state["head.weight"])


@pytest.mark.parametrize(
    "head",
    [
        {"head.0.weight": torch.ones(32), "head.1.weight": torch.ones(5, 32)},  # a norm before it
        {"head.0.weight": torch.ones(16, 32), "head.2.weight": torch.ones(5, 16)},  # two layers
        {"fc.weight": torch.ones(5, 99), "fc.bias": torch.ones(5)},
    ],
)
def test_a_head_that_is_not_one_layer_is_said_to_be_unknown(head: State) -> None:
    body = {name: value for name, value in official().items() if not name.startswith("head.")}
    found = read_checkpoint(saved(body | head))
    assert found.config.classes == 0
    assert "note_head" in found.notes


def test_a_head_without_bias_has_a_zero_one() -> None:
    found = read_checkpoint(saved({name: value for name, value in official().items() if name != "head.bias"}))
    assert torch.equal(found.state["head.bias"], torch.zeros(5))
    assert "note_bias" in found.notes


def test_the_norm_of_hugging_face_backbones_is_that_of_the_last_stage() -> None:
    """Against their own forward: the last feature map is ours before the mean over tokens."""
    from transformers import SwinBackbone
    from transformers import SwinConfig as Theirs

    torch.manual_seed(0)
    shape = {"embed_dim": 8, "depths": [2, 2], "num_heads": [1, 2], "window_size": 3, "image_size": 48}
    peer = SwinBackbone(Theirs(**shape, out_features=["stage1", "stage2"])).eval()
    for parameter in peer.parameters():
        nn.init.normal_(parameter, std=0.3)
    found = read_checkpoint(saved(peer.state_dict()))
    assert found.config.classes == 0
    assert "note_norm" not in found.notes
    image = torch.randn(1, 3, 48, 48, dtype=torch.float64)  # no stage is one window: there, theirs shifts
    with torch.no_grad():
        theirs = peer.double()(image).feature_maps[-1].mean((2, 3))
        torch.testing.assert_close(build(found.config, found.state).double()(image), theirs)


@pytest.mark.parametrize(
    "name",
    ["layers." + "9" * 5000 + ".blocks.0.norm1.weight", "features." + "9" * 5000 + ".x", "layers.٣.blocks.0.x"],
)
@pytest.mark.parametrize("body", ["official", "torchvision", "timm"])
def test_absurd_numbers_in_names_are_left_aside(name: str, body: str) -> None:
    found = read_checkpoint(
        saved(FAMILIES[body](official()).get("model", FAMILIES[body](official())) | {name: torch.ones(1)})
    )
    assert found.config == SMALL
    assert "note_aside" in found.notes
