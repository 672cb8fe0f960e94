"""PyTorch's format before the zip archive, in which OpenMMLab still publishes: pickles, then the storages' bytes.

After a magic number, the protocol and the system come the pickle of the whole, the list of its storages' keys, and for
each of them its length (8 bytes) and its content.
"""

from typing import BinaryIO

from swin_viz.reading.checkpoint.pickles import Budget, CheckpointError, Inspector

MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."
MAX_FILE = 2**30  # such a file is read into memory whole; Swin-L has 0.8 GB


def check_legacy(file: BinaryIO, size: int) -> None:
    """Refuse what is broken, claims more than the file has, leaves a storage unfilled, or wants objects."""
    if size > MAX_FILE:
        raise CheckpointError("checkpoint_large", most=MAX_FILE // 2**30)
    budget = Budget(file)
    for _ in ("magic number", "protocol", "system"):
        Inspector(budget).inspect()
    whole = Inspector(budget)
    whole.inspect()
    keys = Inspector(budget).inspect()
    if not isinstance(keys, list) or any(type(key) is not str for key in keys) or sorted(keys) != sorted(whole.claims):
        raise CheckpointError("checkpoint_truncated")
    if file.tell() + sum(8 + claimed for claimed in whole.claims.values()) > size:
        raise CheckpointError("checkpoint_truncated")
