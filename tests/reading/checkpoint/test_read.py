"""Every wrapper and precision opened, every refusal by name, and nothing in a file is ever executed."""

import io
import json
import os
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import Tensor, nn

from swin_viz.network.model import Swin
from swin_viz.network.variants import SwinConfig
from swin_viz.reading.checkpoint.read import CheckpointError, metadata_of, read_checkpoint

SMALL = SwinConfig(8, (2, 2, 2), (1, 2, 4), window=3, image_size=96, classes=5)
State = dict[str, Tensor]


def saved(found: object, **options) -> io.BytesIO:
    file = io.BytesIO()
    torch.save(found, file, **options)
    file.seek(0)
    return file


def official(config: SwinConfig = SMALL, seed: int = 0) -> State:
    torch.manual_seed(seed)
    return {name: torch.randn(value.shape) * 0.2 for name, value in Swin(config).state_dict().items()}


@pytest.mark.parametrize("wrapper", ["model", "state_dict", "model_state_dict", "model_ema"])
def test_wrappers_with_an_optimizer_beside_are_opened(wrapper: str) -> None:
    parameters = [nn.Parameter(torch.zeros(2))]
    around = {"optimizer": torch.optim.AdamW(parameters).state_dict(), "epoch": 7, "lr_scheduler": {"last": 1}}
    assert read_checkpoint(saved({wrapper: official()} | around)).config == SMALL


def test_plain_weights_are_taken_where_averaged_ones_are_there_too() -> None:
    found = read_checkpoint(saved({"model": official(seed=1), "model_ema": official(seed=2)}))
    assert torch.equal(found.state["norm.weight"], official(seed=1)["norm.weight"])
    assert "note_ema" in found.notes


def test_options_beside_the_weights_are_not_made() -> None:
    import argparse

    found = read_checkpoint(saved({"model": official(), "args": argparse.Namespace(lr=1)}))
    assert found.config == SMALL


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(dtype: torch.dtype) -> None:
    state = official()
    found = read_checkpoint(saved({name: value.to(dtype) for name, value in state.items()}))
    for name, value in state.items():
        assert found.state[name].dtype == torch.float32
        torch.testing.assert_close(found.state[name], value.to(dtype).float(), rtol=0, atol=0)


@pytest.mark.parametrize(
    "config",
    [
        SwinConfig(8, (2, 2, 2, 2), (1, 2, 4, 8), window=12, image_size=384, classes=3),
        SwinConfig(12, (2, 4), (3, 6), window=7, classes=21841),
        SwinConfig(8, (2, 2), (2, 2), window=7, classes=10, mlp_ratio=2.0, qkv_bias=False),
        SwinConfig(8, (1, 3, 1), (1, 1, 1), window=5, image_size=160, patch=2, classes=2, patch_norm=False),
    ],
)
def test_the_architecture_is_read_from_the_shapes(config: SwinConfig) -> None:
    assert read_checkpoint(saved(official(config))).config == config


def test_a_backbone_without_a_head_has_no_classes() -> None:
    state = {name: value for name, value in official().items() if not name.startswith(("head.", "norm."))}
    norms = {f"norm{i}.{part}": torch.full((8 * 2**i,), float(i)) for i in range(3) for part in ("weight", "bias")}
    found = read_checkpoint(saved(state | norms))
    assert found.config.classes == 0
    assert torch.equal(found.state["norm.weight"], norms["norm2.weight"])
    without = read_checkpoint(saved(state))
    assert torch.equal(without.state["norm.weight"], torch.ones(32))
    assert "note_norm" in without.notes


def test_class_names_of_our_own_files_come_along(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d", "<b>e</b>")
    data = save(official(), metadata_of(SMALL, names))
    assert read_checkpoint(data).classes == ("a", "b", "c", "d", "be/b")
    path = tmp_path / "w.safetensors"
    path.write_bytes(save(official(), {"classes": json.dumps(["too", "few"])}))
    assert read_checkpoint(path).classes == ()


def test_paths_bytes_and_files_are_the_same(tmp_path: Path) -> None:
    file = saved(official())
    path = tmp_path / "weights.pth"
    path.write_bytes(file.getvalue())
    for source in (path, str(path), file.getvalue(), file):
        found = read_checkpoint(source)
        assert torch.equal(found.state["norm.bias"], official()["norm.bias"])
    path.write_bytes(b"")  # what was read does not depend on the file any more
    assert torch.isfinite(found.state["norm.bias"]).all()


class Burglar:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


@pytest.mark.parametrize("how", ["torch", "pickle", "inside", "safetensors"])
def test_a_hostile_checkpoint_executes_nothing(tmp_path: Path, how: str) -> None:
    trap = tmp_path / "burgled"
    if how == "torch":
        data = saved(Burglar(trap)).getvalue()
    elif how == "inside":
        data = saved({"model": official(), "meta": Burglar(trap)}).getvalue()
    elif how == "pickle":
        data = pickle.dumps({"model": Burglar(trap)})
    else:
        data = save(official())[:100] + pickle.dumps(Burglar(trap))
    with pytest.raises(CheckpointError) as refused:
        read_checkpoint(data)
    assert not trap.exists()
    if how in ("torch", "inside"):
        assert "system" in str(refused.value)


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def changed(**values: Tensor) -> State:
    return official() | {name.replace("__", "."): value for name, value in values.items()}


def scripted() -> bytes:
    entries = {"a/data.pkl": b"x", "a/constants.pkl": b"x", "a/code/x.py": b""}
    return zipped(entries)


REFUSED = {
    "checkpoint_empty": lambda: b"",
    "checkpoint_html": lambda: b"<!DOCTYPE html><html>Not found</html>",
    "checkpoint_lfs": lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "checkpoint_json": lambda: b'{"message": "Not Found"}',
    "checkpoint_text": lambda: b"Entry not found",
    "checkpoint_pickle": lambda: pickle.dumps({"a": 1}),
    "checkpoint_protocol": lambda: saved(official(), pickle_protocol=4),
    "checkpoint_picture": lambda: b"\x89PNG\r\n\x1a\n0000",
    "checkpoint_archive": lambda: zipped({"swin.pth": b"weights"}),
    "checkpoint_unknown": lambda: b"\x89HDF\r\n\x1a\n\0\0\0\0",
    "checkpoint_torchscript": scripted,
    "checkpoint_compressed": lambda: zipped({"a/data.pkl": b"x" * 10**6}, zipfile.ZIP_DEFLATED),
    "checkpoint_strange": lambda: saved(changed(norm__bias=torch.zeros(3, 4).to_sparse())),
    "checkpoint_header": lambda: (2**62).to_bytes(8, "little") + b"{" + b"0" * 100,
    "checkpoint_truncated": lambda: saved(official()).getvalue()[:-5000],
    "checkpoint_optimizer": lambda: saved(torch.optim.AdamW([nn.Parameter(torch.zeros(2))]).state_dict()),
    "checkpoint_no_weights": lambda: saved({"epoch": 3}),
    "checkpoint_objects": lambda: saved({"model": Swin(SMALL)}),
    "checkpoint_vit": lambda: saved(
        {
            "cls_token": torch.zeros(1, 1, 8),
            "pos_embed": torch.zeros(1, 5, 8),
            "patch_embed.proj.weight": torch.zeros(8, 3, 16, 16),
        }
    ),
    "checkpoint_swin_v2": lambda: saved(changed(layers__0__blocks__0__attn__logit_scale=torch.ones(1, 1, 1))),
    "checkpoint_absolute": lambda: saved(changed(absolute_pos_embed=torch.zeros(1, 576, 8))),
    "checkpoint_no_tables": lambda: saved({"patch_embed.proj.weight": torch.zeros(8, 3, 4, 4)}),
    "checkpoint_no_patches": lambda: saved({"layers.0.blocks.0.attn.qkv.weight": torch.zeros(24, 8)}),
    "checkpoint_other": lambda: saved({"conv1.weight": torch.zeros(64, 3, 7, 7)}),
    "checkpoint_missing": lambda: saved({k: v for k, v in official().items() if k != "layers.2.blocks.0.norm2.bias"}),
    "checkpoint_shape_of": lambda: saved(changed(layers__1__blocks__0__attn__proj__weight=torch.zeros(3, 3))),
    "checkpoint_shape": lambda: saved(
        changed(layers__0__blocks__0__attn__relative_position_bias_table=torch.zeros(25, 3))
    ),
    "checkpoint_channels": lambda: saved(official(SwinConfig(8, (2,), (1,), window=3, in_channels=4))),
    "checkpoint_type": lambda: saved(changed(norm__bias=torch.zeros(32, dtype=torch.int32))),
    "checkpoint_not_finite": lambda: saved(changed(norm__bias=torch.full((32,), float("nan")))),
    "checkpoint_tensor": lambda: saved(changed(norm__bias=torch.zeros(1).expand(32))),
}


@pytest.mark.parametrize("key", REFUSED)
def test_every_refusal_says_what_the_file_is(key: str) -> None:
    with pytest.raises(CheckpointError) as refused:
        read_checkpoint(REFUSED[key]())
    assert refused.value.key == key
    assert "\n" not in str(refused.value)
    assert 30 < len(str(refused.value)) < 400
    assert re.search("[\u4e00-\u9fff]", refused.value.say("zh"))


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "checkpoint_html"),
        (b"<!-- proxy --><html></html>", "checkpoint_html"),
        (b"<Error><Code>AccessDenied</Code></Error>", "checkpoint_html"),
        (b'[{"a":{"b": 1}}]', "checkpoint_json"),  # a brace where safetensors has one
        ("\ufeff没有这个文件".encode(), "checkpoint_text"),
        ("é".encode() * 400, "checkpoint_text"),
        (b"\0", "checkpoint_unknown"),
    ],
)
def test_what_servers_send_instead_is_named(data: bytes, key: str) -> None:
    with pytest.raises(CheckpointError) as refused:
        read_checkpoint(data)
    assert refused.value.key == key


def test_tensors_without_a_weight_among_them_are_another_network() -> None:
    with pytest.raises(CheckpointError) as refused:
        read_checkpoint(saved({"alpha": torch.zeros(3), "epoch": 2}))
    assert refused.value.key == "checkpoint_other"


@pytest.mark.parametrize(
    "tensor", [torch.zeros(1).expand(10**12), torch.zeros(3, 4).to_sparse(), torch.zeros(2, dtype=torch.complex64)]
)
def test_strange_tensors_are_refused_without_memory(tensor: Tensor) -> None:
    with pytest.raises(CheckpointError):
        read_checkpoint(saved(changed(norm__bias=tensor)))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="could not be read"):
        read_checkpoint(tmp_path / "missing.pth")


@pytest.mark.parametrize("kind", ["torch", "legacy", "safetensors"])
def test_any_damage_is_a_refusal_or_finite_weights(kind: str) -> None:
    config = SwinConfig(4, (1,), (1,), window=2, image_size=64, classes=2)
    written = saved(official(config), _use_new_zipfile_serialization=kind == "torch").getvalue()
    data = save(official(config)) if kind == "safetensors" else written
    rng = np.random.default_rng(0)
    for cut in np.linspace(1, len(data) - 1, 25).astype(int):
        accepted_or_refused(data[:cut])
    for _ in range(120):
        broken = bytearray(data)
        for at in rng.integers(0, len(data), rng.integers(1, 6)):
            broken[at] = rng.integers(256)
        accepted_or_refused(bytes(broken))


def accepted_or_refused(data: bytes) -> None:
    try:
        found = read_checkpoint(data)
    except CheckpointError as refused:
        assert "\n" not in str(refused)
    else:
        assert all(torch.isfinite(value).all() for value in found.state.values())
