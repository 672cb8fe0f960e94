"""What travels to the browser: named arrays and a header as one message (browser/kit/trace.js reads it)."""

import json
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from swin_viz.engine.trace import Trace, describe, trace_arrays


def pack(header: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """One message for the browser: [u32 header length][JSON header, padded][arrays, each at a multiple of 8 bytes].

    The header gains `arrays`: name → [dtype, shape, offset from the end of the header], and `digest`, a name of all
    their bytes: by it the browser sees that they are the same as before.
    """
    index, offset, digest = {}, 0, blake2b(digest_size=8)
    for name, array in arrays.items():
        index[name] = [array.dtype.str[1:], list(array.shape), offset]
        offset += array.nbytes + -array.nbytes % 8
        digest.update(np.ascontiguousarray(array).data)
    header = header | {"arrays": index, "digest": digest.hexdigest()}
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    parts = [len(text).to_bytes(4, "little"), text]
    for array in arrays.values():
        parts += [array.tobytes(), bytes(-array.nbytes % 8)]
    return b"".join(parts)


def unpack(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The inverse of `pack`: the header and read-only views of the arrays. browser/kit/trace.js does the same."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    arrays = {}
    for name, (dtype, shape, offset) in header["arrays"].items():
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(message, dtype, count, 4 + length + offset).reshape(shape)
    return header, arrays


def pack_trace(trace: Trace, blocks: Iterable[str] | None = None) -> bytes:
    """A trace as one message for the browser; `blocks` as in `trace_arrays`."""
    return pack(describe(trace), trace_arrays(trace, blocks))
