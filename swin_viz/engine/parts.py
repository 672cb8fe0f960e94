"""What travels to the browser: named arrays and a header as one message, and *parts*, which it fetches by name.

A message carries words, state and the names of the parts of a run; a part (a picture, a block's attention, values of
one block) is made once, whoever asks, and never changes: the browser keeps it. A name is a capability: it cannot be
guessed, not even by someone who has the picture, and there is no list. browser/kit/trace.js reads both.
"""

import hashlib
import hmac
import json
import secrets
import threading
import weakref
import zlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from cachetools import LRUCache

from swin_viz.engine.store import Store
from swin_viz.engine.trace import Trace, describe, trace_arrays

Arrays = Mapping[str, np.ndarray]
OFFERED = 8192  # parts that are known by name, made or not


def pack(header: dict, arrays: Arrays, planes: bool = False) -> bytes:
    """One message for the browser: [u32 header length][JSON header, padded][arrays, each at a multiple of 8 bytes].

    The header gains `arrays`: name → [dtype, shape, offset from the end of the header], and `digest`, a name of all
    their bytes: by it the browser sees that they are the same as before. With `planes`, numbers of several bytes
    travel as all their first bytes, then all their second ones … (dtype "p" and theirs): that compresses better.
    """
    index, bodies, offset = {}, [], 0
    for name, array in arrays.items():
        split = planes and array.itemsize > 1
        index[name] = ["p" * split + array.dtype.str[1:], list(array.shape), offset]
        body = array.tobytes()
        if split:
            body = np.frombuffer(body, np.uint8).reshape(-1, array.itemsize).T.tobytes()
        bodies += [body, bytes(-len(body) % 8)]
        offset += len(body) + -len(body) % 8
    digest = hashlib.blake2b(b"".join(bodies), digest_size=8).hexdigest()
    header = header | {"arrays": index, "digest": digest}
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join((len(text).to_bytes(4, "little"), text, *bodies))


def unpack(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The inverse of `pack`: the header and read-only arrays. browser/kit/trace.js does the same."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    arrays = {}
    for name, (dtype, shape, offset) in header["arrays"].items():
        count, start = int(np.prod(shape)), 4 + length + offset
        if dtype[0] == "p":
            size = np.dtype(dtype[1:]).itemsize
            bytes_ = np.frombuffer(message, np.uint8, size * count, start).reshape(size, count).T.tobytes()
            arrays[name] = np.frombuffer(bytes_, dtype[1:]).reshape(shape)
        else:
            arrays[name] = np.frombuffer(message, dtype, count, start).reshape(shape)
    return header, arrays


def pack_trace(trace: Trace, blocks: Iterable[str] | None = None) -> bytes:
    """A trace as one message for the browser; `blocks` as in `trace_arrays`."""
    return pack(describe(trace), trace_arrays(trace, blocks))


def encoded(arrays: Arrays) -> bytes:
    """A part's body: packed in byte planes, as gzip of level 1 (higher ones gain nothing that is worth their time).

    Measured values have runs of equal bytes and no longer repetitions: not to look for any takes half the time, and
    less room. What shrinks much all the same is none of these, and is done again with a search.
    """
    named = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    raw = pack({}, named, planes=True)
    if any(array.itemsize > 1 for array in named.values()):
        body = _gzip(raw, zlib.Z_RLE)
        if 3 * len(body) > len(raw):
            return body
    return _gzip(raw, zlib.Z_DEFAULT_STRATEGY)


def _gzip(raw: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS, 9, strategy)  # 16: with gzip's header
    return packer.compress(raw) + packer.flush()


@dataclass(frozen=True)
class Part:
    """Arrays that a browser may fetch by name.

    `key` is a tuple of texts and numbers that says all they are made of; `make` makes them of `owner`, which is not
    kept alive for it; without an owner they are made when they are offered. What is `public` is nobody's secret: its
    name is a sum of its content, the same in every process.
    """

    key: Hashable
    make: Callable[[Any], Arrays]
    owner: Any = None
    public: bool = False

    def arrays(self) -> Arrays:
        """The arrays, made now."""
        return self.make(self.owner)


class Parts:
    """Bodies by name, at most `limit` bytes of them; what was offered and is not made yet is made when asked for.

    Of a run that is gone, so are the parts that were never made: the page offers them again, under the same names
    while the process lives.
    """

    def __init__(self, limit: int) -> None:
        self._bodies: Store[bytes] = Store(limit, len)
        self._makers: LRUCache[str, tuple[Any, Callable[[Any], Arrays]]] = LRUCache(OFFERED)
        self._public: LRUCache[Hashable, str] = LRUCache(OFFERED)
        self._lock, self._secret = threading.Lock(), secrets.token_bytes(32)

    def offer(self, part: Part) -> str:
        """The part's name, 32 hex digits; from now on `body` knows it."""
        if part.public:
            return self._share(part)
        name = hmac.digest(self._secret, repr(part.key).encode(), "sha256").hex()[:32]
        if part.owner is None:
            self._bodies.get(name, lambda: encoded(part.arrays()))
        else:
            with self._lock:
                self._makers[name] = (weakref.ref(part.owner), part.make)
        return name

    def _share(self, part: Part) -> str:
        with self._lock:
            name = self._public.get(part.key)
        if name is None:
            body = encoded(part.arrays())
            name = hashlib.sha256(body).hexdigest()[:32]
            with self._lock:
                self._public[part.key] = name
        self._bodies.get(name, lambda: encoded(part.arrays()))
        return name

    def body(self, name: str) -> bytes:
        """The part of that name, compressed. Raises KeyError if it was never offered, or is gone."""
        return self._bodies.get(name, lambda: self._made(name))

    def _made(self, name: str) -> bytes:
        with self._lock:
            reference, make = self._makers[name]
        owner = reference()
        if owner is None:
            raise KeyError(name)
        return encoded(make(owner))

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        return self._bodies.nbytes
