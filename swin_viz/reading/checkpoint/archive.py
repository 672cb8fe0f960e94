"""PyTorch's format: a zip archive of uncompressed entries, one of them the pickle that says what the others are."""

import io
import zipfile
from typing import BinaryIO

from swin_viz.reading.checkpoint.pickles import MAX_BYTES, Budget, CheckpointError, Inspector

MAX_ENTRIES = 20_000


def check_archive(file: BinaryIO, size: int) -> None:
    """Refuse what is broken (by its checksums, too), claims more than the file has, or wants objects."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            program = _program(entries, size)
            for entry in entries:
                entry.CRC = entry.CRC or None  # type: ignore[assignment] # 0 where PyTorch computed none; None: unchecked
            if archive.testzip():
                raise CheckpointError("checkpoint_truncated")
            inspector = Inspector(Budget(io.BytesIO(archive.read(program))))
    except CheckpointError:
        raise
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RecursionError, OverflowError):
        raise CheckpointError("checkpoint_truncated") from None
    inspector.inspect()
    if sum(inspector.claims.values()) > size:
        raise CheckpointError("checkpoint_truncated")


def _program(entries: list[zipfile.ZipInfo], size: int) -> zipfile.ZipInfo:
    """The entry that is the pickle. Entries are not compressed, so they cannot hold more than the file does."""
    names = [entry.filename.rsplit("/", 1)[-1] for entry in entries]
    if "constants.pkl" in names:
        raise CheckpointError("checkpoint_torchscript")
    if names.count("data.pkl") != 1:
        raise CheckpointError("checkpoint_archive")
    if len(entries) > MAX_ENTRIES:
        raise CheckpointError("checkpoint_entries", most=MAX_ENTRIES)
    stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    if not stored or sum(entry.file_size for entry in entries) > size:
        raise CheckpointError("checkpoint_compressed")
    program = entries[names.index("data.pkl")]
    if program.file_size > MAX_BYTES:
        raise CheckpointError("checkpoint_header")
    return program
