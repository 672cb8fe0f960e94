"""From a file to named tensors, executing nothing: what a checkpoint file is, and whether it is safe to open.

Everything that a file claims (sizes, counts, types) is checked against what it has before memory is given to it.
"""

import codecs
import json
import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_safetensors
from safetensors.torch import load_file as load_safetensors_file
from torch import Tensor

from swin_viz.reading.checkpoint.archive import MAX_ENTRIES, check_archive
from swin_viz.reading.checkpoint.legacy import MAGIC, check_legacy
from swin_viz.reading.checkpoint.pickles import CheckpointError
from swin_viz.reading.refusal import plain

MAX_FILE = 3 * 2**30
MAX_HEADER = 4 * 2**20  # of safetensors' table of contents
MAX_NUMBERS = 1_000_000_000  # in all tensors together; Swin-L has 0.2 billion


class Container(NamedTuple):
    """What a file holds, the text metadata of a safetensors file, and whether the tensors are the file's own bytes."""

    found: object
    metadata: dict[str, str]
    mapped: bool


def read_container(source: Path | BinaryIO) -> Container:
    """What a checkpoint file holds. Raises CheckpointError."""
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                return _read(file, source)
        except OSError:
            raise CheckpointError("checkpoint_unreadable") from None
    return _read(source, None)


def _read(file: BinaryIO, path: Path | None) -> Container:
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    if not head:
        raise CheckpointError("checkpoint_empty")
    if size > MAX_FILE:
        raise CheckpointError("checkpoint_large", most=MAX_FILE // 2**30)
    if head.startswith(b"PK\x03\x04"):
        check_archive(file, size)
        return Container(_read_torch(file, path, mapped=path is not None), {}, path is not None)
    if head.startswith(MAGIC):
        check_legacy(file, size)
        return Container(_read_torch(file, path, mapped=False), {}, False)
    if head[8:9] == b"{" and _text(head) is None:
        return Container(*_read_safetensors(file, path, size, head), path is not None)
    raise CheckpointError(_what_it_is(head))


def _text(head: bytes) -> str | None:
    """The first characters of a text; None for anything else."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head).strip()
    except UnicodeDecodeError:
        return None
    return text.lower() if all(c.isprintable() or c.isspace() for c in text) else None


def _what_it_is(head: bytes) -> str:
    text = _text(head)
    if text is not None:
        starts = {"version https://git-lfs": "checkpoint_lfs", "<": "checkpoint_html"}
        starts |= dict.fromkeys("{[", "checkpoint_json")
        return next((key for start, key in starts.items() if text.startswith(start)), "checkpoint_text")
    if head.startswith(b"\x80") and head[1:2] in b"\x02\x03\x04\x05":
        return "checkpoint_pickle"
    if head.startswith((b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")) or b"ustar" in head:
        return "checkpoint_archive"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return "checkpoint_picture"
    return "checkpoint_unknown"


def _read_safetensors(file: BinaryIO, path: Path | None, size: int, head: bytes) -> tuple[object, dict[str, str]]:
    length = int.from_bytes(head[:8], "little")
    if length > MAX_HEADER or length + 8 > size:
        raise CheckpointError("checkpoint_header")
    try:
        header = json.loads(file.read(8 + length)[8:])
        metadata = header.get("__metadata__") or {}
        if len(header) > MAX_ENTRIES:
            raise CheckpointError("checkpoint_entries", most=MAX_ENTRIES)
        file.seek(0)
        tensors = load_safetensors_file(path) if path else load_safetensors(file.read())
    except CheckpointError:
        raise
    except (SafetensorError, ValueError, AttributeError, KeyError, TypeError, RecursionError, OverflowError):
        raise CheckpointError("checkpoint_truncated") from None
    return tensors, {str(key): str(value) for key, value in metadata.items()}


def _read_torch(file: BinaryIO, path: Path | None, mapped: bool) -> object:
    file.seek(0)
    try:
        return torch.load(path or file, map_location="cpu", weights_only=True, mmap=True if mapped else None)
    except pickle.UnpicklingError as error:
        wanted = re.search(r"GLOBAL ([\w.]+)", str(error))
        if wanted:
            raise CheckpointError("checkpoint_objects", name=plain(wanted[1])) from None
        raise CheckpointError("checkpoint_truncated") from None
    except (MemoryError, torch.OutOfMemoryError):
        raise CheckpointError("checkpoint_memory") from None
    except Exception:  # the reader raises almost anything on a broken or hostile file
        raise CheckpointError("checkpoint_truncated") from None


def checked_tensors(found: Mapping) -> dict[str, Tensor]:
    """The entries that are tensors, each dense, on the CPU and with all the memory that its shape claims.

    Raises CheckpointError for one that is not: sparse, quantised, meta, or stretched beyond its storage.
    """
    tensors = {str(name): value for name, value in found.items() if isinstance(value, Tensor)}
    if sum(value.numel() for value in tensors.values()) > MAX_NUMBERS:
        raise CheckpointError("checkpoint_numbers", most=MAX_NUMBERS // 10**9)
    for name, value in tensors.items():
        dense = value.layout == torch.strided and value.device.type == "cpu" and not value.is_quantized
        if not dense or value.numel() * value.element_size() > value.untyped_storage().nbytes():
            raise CheckpointError("checkpoint_tensor", name=plain(name))
    return tensors
