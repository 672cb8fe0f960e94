"""A checkpoint of any Swin V1 family → its architecture, read from the shapes, and its weights under official names.

Everything else is refused by name: another network, a truncated file, a program. Stored indices and masks are never
trusted: the network computes its own.
"""

import dataclasses
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import torch
from torch import Tensor

from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig
from swin_viz.reading.checkpoint.container import CheckpointError, checked_tensors, read_container
from swin_viz.reading.checkpoint.families import recognise, to_official
from swin_viz.reading.refusal import plain

__all__ = ["Checkpoint", "CheckpointError", "read_checkpoint"]

_WRAPPERS = ("model", "state_dict", "model_state_dict", "state_dict_ema", "model_ema", "module", "net", "ema")
_BLOCK = re.compile(r"layers\.([0-9]{1,9})\.blocks\.([0-9]{1,9})\.")


@dataclass(frozen=True)
class Checkpoint:
    """What a file held. `state`: official parameter names → finite float32 tensors, exactly those of `config`."""

    config: SwinConfig
    state: dict[str, Tensor]
    family: str  # official, timm, torchvision, hugging_face, openmmlab
    classes: tuple[str, ...]  # class names if the file has them, else ()
    notes: tuple[str, ...]  # keys of text/<language>/errors.toml: what was left aside or filled in


def read_checkpoint(path_or_file: str | Path | bytes | BinaryIO) -> Checkpoint:
    """Read a .pth, .pt, .bin or .safetensors file; nothing in it is executed. Raises CheckpointError."""
    if isinstance(path_or_file, str):
        path_or_file = Path(path_or_file)
    if isinstance(path_or_file, bytes):
        path_or_file = io.BytesIO(path_or_file)
    found, metadata, mapped = read_container(path_or_file)
    notes: list[str] = []
    tensors = checked_tensors(_unwrapped(found, notes))
    recognised = recognise(tensors)
    if recognised is None:
        raise CheckpointError(_other_network(tensors))
    _refuse_relatives(tensors)
    family, state, more = to_official(tensors, *recognised)
    notes += more
    config = _architecture(state)
    state = _exactly(config, state, notes)
    if mapped:  # the file may change while its memory map is in use
        state = {name: value.clone() for name, value in state.items()}
    return Checkpoint(config, state, family, _class_names(metadata, config), tuple(notes))


def _unwrapped(found: object, notes: list[str], depth: int = 0) -> Mapping:
    """The mapping that holds the tensors, out of the wrappers met in the wild."""
    if not isinstance(found, Mapping):
        raise CheckpointError("checkpoint_no_weights")
    if any(isinstance(value, Tensor) and str(name).endswith("weight") for name, value in found.items()):
        return found
    for wrapper in _WRAPPERS:
        if isinstance(found.get(wrapper), Mapping) and depth < 3:
            if any(other in found for other in ("model_ema", "state_dict_ema", "ema") if other != wrapper):
                notes.append("note_ema")
            return _unwrapped(found[wrapper], notes, depth + 1)
    if "param_groups" in found or "optimizer" in found:
        raise CheckpointError("checkpoint_optimizer")
    if any(isinstance(value, Tensor) for value in found.values()):
        return found  # some network's, whose names say which
    raise CheckpointError("checkpoint_no_weights")


def _other_network(tensors: dict[str, Tensor]) -> str:
    names = " ".join(tensors)
    if "cls_token" in names or "pos_embed" in names or "position_embeddings" in names:
        return "checkpoint_vit"
    if "relative_position_bias_table" in names or "attn.qkv" in names:
        return "checkpoint_no_patches"
    return "checkpoint_other"


def _refuse_relatives(tensors: dict[str, Tensor]) -> None:
    """Networks that share the patch convolution's name and are not Swin V1."""
    names = list(tensors)
    if any(re.search(r"(logit_scale|cpb_mlp|continuous_position_bias|q_bias)", name) for name in names):
        raise CheckpointError("checkpoint_swin_v2")
    if any(name.endswith(("absolute_pos_embed", "position_embeddings")) for name in names):
        absolute = any("relative_position_bias_table" in name for name in names)
        raise CheckpointError("checkpoint_absolute" if absolute else "checkpoint_vit")
    if any(name.endswith(("cls_token", "pos_embed")) for name in names):
        raise CheckpointError("checkpoint_vit")
    if not any(name.endswith("relative_position_bias_table") for name in names):
        raise CheckpointError("checkpoint_no_tables")


def _architecture(state: dict[str, Tensor]) -> SwinConfig:
    """The configuration that has these shapes. Raises CheckpointError where shapes contradict each other."""
    try:
        depths = _depths(state)
        embed_dim, channels, patch, _ = state["patch_embed.proj.weight"].shape
        tables = [state[f"layers.{stage}.blocks.0.attn.relative_position_bias_table"] for stage in range(len(depths))]
        window = int((tables[0].shape[0] ** 0.5 + 1) / 2)
        hidden = state["layers.0.blocks.0.mlp.fc1.weight"].shape[0]
        head = state.get("head.weight")
        return SwinConfig(
            embed_dim=embed_dim,
            depths=depths,
            heads=tuple(table.shape[1] for table in tables),
            window=window,
            patch=patch,
            image_size=32 * window,
            classes=0 if head is None else head.shape[0],
            mlp_ratio=hidden / embed_dim,
            in_channels=channels,
            qkv_bias="layers.0.blocks.0.attn.qkv.bias" in state,
            patch_norm="patch_embed.norm.weight" in state,
        )
    except KeyError as error:
        raise CheckpointError("checkpoint_missing", name=plain(error.args[0]), count=1) from None
    except CheckpointError:
        raise
    except (ValueError, IndexError, ZeroDivisionError):
        raise CheckpointError("checkpoint_shape", name="relative_position_bias_table") from None


def _depths(state: dict[str, Tensor]) -> tuple[int, ...]:
    """How many blocks each stage has, by their numbers. Raises ValueError where a stage has none."""
    blocks = {(int(m[1]), int(m[2])) for m in map(_BLOCK.match, state) if m}
    stages = 1 + max(stage for stage, _ in blocks)
    depths = tuple(1 + max(j for i, j in blocks if i == stage) for stage in range(stages))
    if stages > 8 or max(depths) > 100:
        raise CheckpointError("checkpoint_shape", name="layers")
    return depths


def _exactly(config: SwinConfig, state: dict[str, Tensor], notes: list[str]) -> dict[str, Tensor]:
    """The parameters of `config` and no others, each of the right shape, float32 and finite."""
    if config.in_channels != 3:
        raise CheckpointError("checkpoint_channels", channels=config.in_channels)
    with torch.device("meta"):
        wanted = Swin(config).state_dict()
    if "norm.weight" not in state:
        state |= {
            "norm.weight": torch.ones(wanted["norm.weight"].shape),
            "norm.bias": torch.zeros(wanted["norm.bias"].shape),
        }
        notes.append("note_norm")
    missing = [name for name in wanted if name not in state]
    if missing:
        raise CheckpointError("checkpoint_missing", name=plain(missing[0]), count=len(missing))
    if len(state) > len(wanted) and "note_aside" not in notes:
        notes.append("note_aside")
    return {name: _checked(name, state[name], value.shape) for name, value in wanted.items()}


def _checked(name: str, value: Tensor, shape: torch.Size) -> Tensor:
    if value.shape != shape:
        raise CheckpointError(
            "checkpoint_shape_of", name=plain(name), shape=plain(tuple(value.shape)), wanted=plain(tuple(shape))
        )
    if not value.is_floating_point():
        raise CheckpointError("checkpoint_type", name=plain(name), type=plain(value.dtype))
    value = value.float()
    if not torch.isfinite(value).all():
        raise CheckpointError("checkpoint_not_finite", name=plain(name))
    return value.contiguous()


def _class_names(metadata: Mapping[str, str], config: SwinConfig) -> tuple[str, ...]:
    """The names that our own safetensors files carry, if there is one for every class."""
    try:
        names = json.loads(metadata.get("classes", "[]"))
    except (ValueError, RecursionError):
        return ()
    good = isinstance(names, list) and len(names) == config.classes and all(isinstance(name, str) for name in names)
    return tuple(plain(name) for name in names) if good else ()


def metadata_of(config: SwinConfig, classes: tuple[str, ...]) -> dict[str, str]:
    """What our own safetensors files say of themselves."""
    return {"config": json.dumps(dataclasses.asdict(config)), "classes": json.dumps(classes)}
