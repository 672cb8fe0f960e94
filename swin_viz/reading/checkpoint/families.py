"""The same network under many names: renaming any family's parameters to the official checkpoint's.

A family is recognised by the name of its patch convolution; what stands before that name (`module.`, `backbone.`,
`swin.` …) is the prefix of all its parameters. Heads may stand outside the prefix, or of a part of it.
"""

import re
from collections.abc import Callable

import torch
from torch import Tensor

State = dict[str, Tensor]
Rule = tuple[str, str | Callable[[re.Match], str]]

_DROPPED = re.compile(r"(relative_position_index|attn_mask|relative_coords_table|num_batches_tracked)$")
_HEADS = re.compile(r"^(?:head|classifier|cls_head|fc)\.(?:.*\.)?(?:weight|bias)$")
_PUBLISHED_HEADS = ("head", "head.fc", "classifier", "cls_head.fc")
_STAGE_NORMS = re.compile(r"^(?:.*\.)?hidden_states_norms\.stage([1-9])\.(weight|bias)$")  # Hugging Face's backbone

_OFFICIAL: list[Rule] = []
_TORCHVISION: list[Rule] = [
    (r"^features\.0\.0\.", "patch_embed.proj."),
    (r"^features\.0\.2\.", "patch_embed.norm."),
    (r"^features\.([0-9]?[13579])\.([0-9]+)\.", lambda m: f"layers.{int(m[1]) // 2}.blocks.{m[2]}."),
    (r"^features\.([0-9]?[02468])\.", lambda m: f"layers.{int(m[1]) // 2 - 1}.downsample."),
    (r"\.mlp\.0\.", ".mlp.fc1."),
    (r"\.mlp\.3\.", ".mlp.fc2."),
]
_HUGGING_FACE: list[Rule] = [
    (r"^embeddings\.patch_embeddings\.projection\.", "patch_embed.proj."),
    (r"^embeddings\.norm\.", "patch_embed.norm."),
    (r"^encoder\.layers\.", "layers."),
    (r"\.layernorm_before\.", ".norm1."),
    (r"\.layernorm_after\.", ".norm2."),
    (r"\.attention\.self\.(query|key|value)\.", r".attn.\1."),
    (r"\.attention\.q_proj\.", ".attn.query."),
    (r"\.attention\.k_proj\.", ".attn.key."),
    (r"\.attention\.v_proj\.", ".attn.value."),
    (r"\.attention\.(?:output\.dense|o_proj)\.", ".attn.proj."),
    (
        r"\.attention\.(?:self|relative_position_bias)\.relative_position_bias_table$",
        ".attn.relative_position_bias_table",
    ),
    (r"\.intermediate\.dense\.", ".mlp.fc1."),
    (r"\.output\.dense\.", ".mlp.fc2."),
    (r"^layernorm\.", "norm."),
]
_MM: list[Rule] = [
    (r"^patch_embed\.projection\.", "patch_embed.proj."),
    (r"^stages\.", "layers."),
    (r"\.attn\.w_msa\.", ".attn."),
    (r"\.ffn\.layers\.0\.0\.", ".mlp.fc1."),
    (r"\.ffn\.layers\.1\.", ".mlp.fc2."),
]
_ANCHORS: dict[str, tuple[str, list[Rule]]] = {
    "hugging_face": ("embeddings.patch_embeddings.projection.weight", _HUGGING_FACE),
    "torchvision": ("features.0.0.weight", _TORCHVISION),
    "openmmlab": ("patch_embed.projection.weight", _MM),
    "official": ("patch_embed.proj.weight", _OFFICIAL),
}


def recognise(state: State) -> tuple[str, str] | None:
    """(family, prefix) of a state dict, or None if it has no patch convolution that we know."""
    for family, (anchor, _) in _ANCHORS.items():
        prefixes = [name[: -len(anchor)] for name in state if name == anchor or name.endswith("." + anchor)]
        if prefixes:
            return family, min(prefixes, key=len)
    return None


def to_official(state: State, family: str, prefix: str) -> tuple[str, State, list[str]]:
    """A family's parameters under the official names: (family, parameters, notes on what was left aside)."""
    found, heads, aside = _sorted_out(state, family, prefix)
    stages = 1 + max((int(m[1]) for m in map(re.compile(r"^layers\.([0-9]{1,3})\.").match, found) if m), default=0)
    if family == "hugging_face":
        _join_qkv(found)
    if family == "openmmlab":
        _reorder_merging(found)
    if f"layers.{stages - 1}.downsample.reduction.weight" in found and stages > 1:  # timm: at the start of a stage
        found = {_earlier_downsample(name): value for name, value in found.items()}
        family = "timm"
    _last_norm(found, stages, aside, alone=not heads)
    notes = _head(found, heads, stages, aside)
    return family, found, notes + (["note_aside"] if aside else [])


def _sorted_out(state: State, family: str, prefix: str) -> tuple[State, State, list[str]]:
    """(parameters under the official names, those of heads under their own, names of the rest)."""
    found: State = {}
    heads: State = {}
    aside: list[str] = []
    for name, value in state.items():
        own = _without_wrappers(name, prefix)
        stage_norm = _STAGE_NORMS.match(name)
        if _HEADS.match(own):
            heads[own] = value
        elif stage_norm:
            found[f"norm{int(stage_norm[1]) - 1}.{stage_norm[2]}"] = value
        elif _DROPPED.search(name):
            continue
        elif name.startswith(prefix):
            found[_renamed(name[len(prefix) :], _ANCHORS[family][1])] = value
        else:
            aside.append(name)
    return found, heads, aside


def _without_wrappers(name: str, prefix: str) -> str:
    """A name without the prefix, or what of it stands before the name."""
    for part in prefix.split(".")[:-1]:
        if not name.startswith(part + "."):
            break
        name = name[len(part) + 1 :]
    return name


def _head(found: State, heads: State, stages: int, aside: list[str]) -> list[str]:
    """Add the classifier: one linear layer on the last features, whatever its name. Returns notes."""
    weights = [name for name in heads if name.endswith(".weight")]
    published = [name for name in weights if name.removesuffix(".weight") in _PUBLISHED_HEADS]
    width = found["patch_embed.proj.weight"].shape[:1].numel() * 2 ** (stages - 1)
    linear = [name for name in weights if heads[name].ndim == 2 and heads[name].shape[1] == width]
    chosen = published or (linear if len(weights) == 1 else [])
    if not chosen:
        aside += heads
        return ["note_head"] if heads else []
    weight, bias = chosen[0], chosen[0].removesuffix("weight") + "bias"
    aside += [name for name in heads if name not in (weight, bias)]
    found["head.weight"] = heads[weight]
    found["head.bias"] = heads[bias] if bias in heads else torch.zeros(heads[weight].shape[:1])
    return [] if bias in heads else ["note_bias"]


def _renamed(name: str, rules: list[Rule]) -> str:
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name


def _earlier_downsample(name: str) -> str:
    return re.sub(r"^layers\.([0-9]{1,3})\.downsample\.", lambda m: f"layers.{int(m[1]) - 1}.downsample.", name)


def _join_qkv(found: State) -> None:
    """Query, key and value as one matrix whose rows are q, k, v."""
    for name in [name for name in found if ".attn.query." in name]:
        parts = [name.replace(".query.", f".{part}.") for part in ("query", "key", "value")]
        if all(part in found for part in parts):
            found[name.replace(".query.", ".qkv.")] = torch.cat([found.pop(part) for part in parts])


def _reorder_merging(found: State) -> None:
    """OpenMMLab unfolds 2×2 patches channel by channel, and in reading order; the official code group by group."""
    for name in list(found):
        if ".downsample.reduction.weight" in name:
            weight = found[name]
            found[name] = (
                weight.reshape(weight.shape[0], -1, 4)[:, :, [0, 2, 1, 3]].transpose(1, 2).reshape(weight.shape[0], -1)
            )
        elif ".downsample.norm." in name:
            found[name] = found[name].reshape(-1, 4)[:, [0, 2, 1, 3]].transpose(0, 1).reshape(-1)


def _last_norm(found: State, stages: int, aside: list[str], alone: bool) -> None:
    """Backbones have one norm per stage's output, norm0 … norm3: the last of them is the network's.

    `alone`: there is no head, so of a plain last norm beside them (Hugging Face keeps one) nothing was trained.
    """
    for name in [name for name in found if re.match(r"^norm[0-9]\.(weight|bias)$", name)]:
        value = found.pop(name)
        if int(name[4]) == stages - 1 and (alone or f"norm.{name[6:]}" not in found):
            found[f"norm.{name[6:]}"] = value
        else:
            aside.append(name)
