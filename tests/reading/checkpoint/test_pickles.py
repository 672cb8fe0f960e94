"""What may stand beside the weights, and what a hostile pickle may not do: run, hang, or take memory."""

import argparse
import collections
import io
import pathlib
import resource
import struct
import sys
import time
import types
from pathlib import Path

import numpy as np
import pytest
import torch

from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS
from swin_viz.reading.checkpoint import legacy, pickles
from swin_viz.reading.checkpoint.pickles import Budget, Inspector
from swin_viz.reading.checkpoint.read import CheckpointError, read_checkpoint
from tests.reading.checkpoint.test_families import FAMILIES
from tests.reading.checkpoint.test_read import SMALL, Burglar, official, saved, zipped

FORMATS = ("zip", "legacy")


def written(found: object, form: str) -> bytes:
    return saved(found, _use_new_zipfile_serialization=form == "zip").getvalue()


def refused(data: bytes | Path) -> CheckpointError:
    with pytest.raises(CheckpointError) as error:
        read_checkpoint(data)
    return error.value


@pytest.mark.parametrize("family", FAMILIES)
def test_files_from_before_the_zip_format_are_opened(family: str, tmp_path: Path) -> None:
    path = tmp_path / "published.pth"
    path.write_bytes(written(FAMILIES[family](official()), "legacy"))
    for source in (path, path.read_bytes()):
        found = read_checkpoint(source)
        assert found.config == SMALL
        assert all(torch.equal(found.state[name], value) for name, value in official().items())
    path.write_bytes(b"")
    assert torch.isfinite(found.state["norm.bias"]).all()


def test_views_of_one_storage_are_opened() -> None:
    state = official()
    whole = torch.stack([state["norm.weight"], state["norm.bias"]])
    state |= {"norm.weight": whole[0], "norm.bias": whole[1]}
    for form in FORMATS:
        assert torch.equal(read_checkpoint(written(state, form)).state["norm.bias"], official()["norm.bias"])


@pytest.mark.parametrize("cut", [1, 15, 20, 60, 300, -5000, -8, -1])
def test_a_legacy_file_that_is_cut_off_is_refused(cut: int) -> None:
    assert refused(written(official(), "legacy")[:cut]).key.startswith("checkpoint_")
    assert refused(written(official(), "legacy")[:-1]).key == "checkpoint_truncated"


def test_a_legacy_file_too_large_to_read_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "MAX_FILE", 10_000)
    assert refused(written(official(), "legacy")).key == "checkpoint_large"


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


def test_legacy_storages_are_counted_before_memory_is_given() -> None:
    data = written({"model": official(), "extra": torch.zeros(77)}, "legacy")
    giant = replaced(data, b"K\x4dN", b"\x8a\x06" + (2**44).to_bytes(6, "little") + b"N")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(giant).key == "checkpoint_truncated"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_a_storage_left_unfilled_is_refused() -> None:
    """Its content would be whatever was in that memory."""
    data = written({"a.weight": torch.ones(3)}, "legacy")
    keys = data.index(b"\x80\x02]", len(legacy.MAGIC))
    assert refused(data[:keys] + b"\x80\x02]." + bytes(100)).key == "checkpoint_truncated"


@pytest.mark.parametrize("form", FORMATS)
def test_a_hostile_file_of_either_format_executes_nothing(form: str, tmp_path: Path) -> None:
    trap = tmp_path / "burgled"
    for found in (Burglar(trap), {"model": official(), "meta": Burglar(trap)}):
        assert "system" in str(refused(written(found, form)))
    assert not trap.exists()


def made_up(name: str, base: type = object, **members: object) -> type:
    """A class that is importable under a dotted name while a test saves one of its objects."""
    room, _, own = name.rpartition(".")
    return type(own, (base,), {"__module__": room, **members})


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch):
    """Make classes importable."""

    def install(*classes: type) -> None:
        for each in classes:
            parts = each.__module__.split(".")
            for end in range(1, len(parts) + 1):
                name = ".".join(parts[:end])
                module = types.ModuleType(name)
                monkeypatch.setitem(sys.modules, name, sys.modules.get(name, module))
            setattr(sys.modules[each.__module__], each.__name__, each)

    return install


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_checkpoint_of_the_official_code_is_opened(form: str, known) -> None:
    """Options of yacs are a dict of a class of its own, with attributes, in itself."""
    options = made_up("yacs.config.CfgNode", dict)
    known(options)
    config = options({"MODEL": options({"TYPE": "swin", "DEPTHS": [2, 2]}), "AMP": True})
    config.__dict__["__immutable__"] = True
    around = {"optimizer": {}, "lr_scheduler": {}, "max_accuracy": 81.2, "scaler": {}, "epoch": 299, "config": config}
    assert read_checkpoint(written({"model": official()} | around, form)).config == SMALL


@pytest.mark.parametrize("form", FORMATS)
def test_logs_of_openmmlab_are_not_made(form: str, known) -> None:
    history = made_up("mmengine.logging.history_buffer.HistoryBuffer", mean=lambda self: 0)
    history.mean.__module__, history.mean.__qualname__ = history.__module__, "HistoryBuffer.mean"
    known(history)
    log = history()
    log.__dict__ |= {"_log_history": np.arange(5.0), "max_length": 9, "_statistics_methods": {"mean": history.mean}}
    found = {"state_dict": official(), "message_hub": {"log_scalars": {"train/loss": log}}}
    assert read_checkpoint(written(found, form)).config == SMALL


BESIDE = {
    "numpy scalar": np.float64(81.2),
    "numpy array": np.arange(6).reshape(2, 3),
    "path": pathlib.Path("/data/imagenet"),
    "windows path": pathlib.PureWindowsPath("C:/x"),
    "options": argparse.Namespace(lr=0.1, output=pathlib.Path("/x"), best=np.float32(3)),
    "defaultdict": collections.defaultdict(list, {"loss": [1.0]}),
    "counter": collections.Counter("swin"),
    "set": {1, "a", (2, 3)},
    "bytes": b"\x80abc",
    "complex": 1j,
    "dtype and device": (torch.float16, torch.device("cpu"), torch.Size([2, 3])),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", BESIDE)
def test_what_stands_beside_the_weights_does_not_refuse_the_file(what: str, form: str) -> None:
    assert read_checkpoint(written({"model": official(), "args": BESIDE[what]}, form)).config == SMALL


def test_a_flipped_byte_is_found_by_the_checksum(tmp_path: Path) -> None:
    data = bytearray(written(official(), "zip"))
    value = official()["layers.1.blocks.0.attn.qkv.weight"].numpy().tobytes()
    data[data.index(value) + 40] ^= 1  # the last bit of a weight: still finite, still plausible
    path = tmp_path / "w.pth"
    path.write_bytes(data)
    assert refused(bytes(data)).key == refused(path).key == "checkpoint_truncated"


def test_a_file_without_checksums_is_opened() -> None:
    torch.serialization.set_crc32_options(False)
    try:
        data = written(official(), "zip")
    finally:
        torch.serialization.set_crc32_options(True)
    assert read_checkpoint(data).config == SMALL


def test_a_large_honest_checkpoint_is_far_below_the_bounds() -> None:
    """Swin-L with AdamW's state and averaged weights; the tensors' sizes do not matter to the pickle."""
    with torch.device("meta"):
        names = list(Swin(VARIANTS["swin_l"]).state_dict())
    small = {name: torch.zeros(2) for name in names}
    moments = {i: {key: torch.zeros(2) for key in ("step", "exp_avg", "exp_avg_sq")} for i in range(len(names))}
    groups = [{"lr": 0.1, "betas": (0.9, 0.999), "params": [i]} for i in range(len(names))]
    averaged = {f"module.{name}": value.clone() for name, value in small.items()}
    whole = {"model": small, "model_ema": averaged, "optimizer": {"state": moments, "param_groups": groups}}
    budget = Budget(io.BytesIO(program(written(whole, "zip"))))
    Inspector(budget).inspect()
    assert pickles.MAX_STEPS - budget.steps < pickles.MAX_STEPS / 3
    assert pickles.MAX_BYTES - budget.bytes < pickles.MAX_BYTES / 40


def program(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith("/data.pkl")))


def text(value: bytes) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value


DOUBLED = b")q\0" + b"".join(b"h" + bytes([i]) + b"h" + bytes([i]) + b"\x86q" + bytes([i + 1]) for i in range(60))
GIANT = b"\x8a\x05" + (10**10).to_bytes(5, "little") + b"\x85R."
OFTEN = 60_000
HOSTILE = {
    "a key that takes 2**60 steps to hash": b"}" + DOUBLED + b"Ns.",
    "a set of it": b"c__builtin__\nset\n]" + DOUBLED + b"a\x85R.",
    "a bytearray of 10 GB": b"c__builtin__\nbytearray\n" + GIANT,
    "a tensor of 40 GB": b"ctorch\nFloatTensor\n" + GIANT,
    "a storage of 10 GB": b"ctorch.storage\nUntypedStorage\n" + GIANT,
    "nested tuples": b")" * 4_000_000 + b"\x85" * 3_000_000 + b".",
    "nested marks": b"(" * 2_000_000 + b"t" * 1_999_999 + b".",
    "many dicts": b"](" + b"}" * 3_900_000 + b"e.",
    "many copies of a dict": b"ccollections\nOrderedDict\nq\0}q\1("
    + b"".join(b"J" + struct.pack("<i", i) + b"N" for i in range(OFTEN))
    + b"u]("
    + b"h\0h\1\x85R" * OFTEN
    + b"e.",
    "many copies of a text": b"c_codecs\nencode\nq\0"
    + text(b"a" * 8_000_000)
    + b"q\1"
    + text(b"latin1")
    + b"q\2]("
    + b"h\0h\1h\2\x86R" * OFTEN
    + b"e.",
    "a slow codec": b"c_codecs\nencode\n" + text(b"a" * 4_000_000) + text(b"idna") + b"\x86R.",
    "keys that collide": b"}("
    + b"".join(b"\x8a\x0e" + (i * (2**61 - 1)).to_bytes(14, "little") + b"N" for i in range(OFTEN))
    + b"u.",
    "a text longer than the file": b"X\xff\xff\xff\x7f.",
    "honest steps, as many as there may be": b"](" + b"cargparse\nNamespace\n" * 79_000 + b"e.",
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_pickle_costs_little(what: str, form: str) -> None:
    code = b"\x80\x02" + HOSTILE[what]
    data = zipped({"a/data.pkl": code, "a/version": b"3\n"}) if form == "zip" else legacy.MAGIC + b"\x80\x02}." + code
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    refused(data)
    assert time.process_time() - start < 8  # seconds; 2 measured
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB
