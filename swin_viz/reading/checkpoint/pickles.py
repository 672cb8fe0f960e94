"""What a pickle would do, found out without doing it: every name it asks for, all the memory that it claims.

A pickle is a program for a stack machine. Here the machine runs on stand-ins: no name is looked up anywhere, a call
makes a token, a storage is only counted, and every step and every byte is paid from a budget. What passes is fit for
`torch.load(weights_only=True)`, which is the second lock, not the first: by itself it makes a bytearray of any size
and hashes tuples nested in tuples for ever.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, BinaryIO, ClassVar

from swin_viz.reading.checkpoint.standins import CALLS, ITEM_BYTES, STRANGE, Name, StandIn, Token, checked_key, is_type
from swin_viz.reading.refusal import Refusal, plain

MAX_STEPS = 400_000  # Swin-L with AdamW's state and averaged weights takes about 110,000
MAX_BYTES = 16 * 2**20  # that Swin-L's pickle has 0.2 MB; the logs of a long training have several
MAX_NAME = 200

_OLD_ROOMS = {"__builtin__": "builtins", "copy_reg": "copyreg"}  # Python 2's
_HARMLESS = (  # what torch's own reader understands, too
    *("APPEND", "APPENDS", "BINFLOAT", "BINGET", "BININT", "BININT1", "BININT2", "BINPERSID", "BINPUT", "BINUNICODE"),
    *("BUILD", "EMPTY_DICT", "EMPTY_LIST", "EMPTY_SET", "EMPTY_TUPLE", "GLOBAL", "LONG1", "LONG_BINGET", "LONG_BINPUT"),
    *("MARK", "NEWFALSE", "NEWOBJ", "NEWTRUE", "NONE", "PROTO", "REDUCE", "SETITEM", "SETITEMS", "SHORT_BINSTRING"),
    *("STOP", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"),
)


class CheckpointError(Refusal):
    """Why this file is not a checkpoint that can be used."""


class Budget:
    """A file of which so many bytes may be read, in so many steps."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.steps, self.bytes = file, MAX_STEPS, MAX_BYTES

    def pay(self, steps: int, size: int = 0) -> None:
        """Raise CheckpointError if there is not as much left."""
        self.steps -= steps
        self.bytes -= size
        if self.steps < 0 or self.bytes < 0:
            raise CheckpointError("checkpoint_header")

    def read(self, size: int) -> bytes:
        """So many bytes, no fewer."""
        self.pay(1, size)
        data = self.file.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def readline(self) -> bytes:
        """A part of a name; torch is slow with names."""
        line = self.file.readline(MAX_NAME)
        self.pay(2, len(line))
        return line


class Inspector(pickle._Unpickler):  # the one in Python: each of its steps can be watched
    """Runs one pickle on stand-ins. `claims`: key of a storage → the bytes that it is said to have."""

    read: Callable[[int], bytes]  # the base's own, which its types do not name
    stack: list[Any]
    pop_mark: Callable[[], list]
    dispatch: ClassVar[dict[int, Any]] = {
        code[0]: pickle._Unpickler.dispatch[code[0]] for code in (getattr(pickle, name) for name in _HARMLESS)
    }

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget, encoding="utf-8")
        self.budget = budget
        self.claims: dict[str, int] = {}

    def inspect(self) -> object:
        """What the pickle makes, of stand-ins. Raises CheckpointError."""
        try:
            return self.load()
        except CheckpointError:
            raise
        except Exception:  # a broken program stumbles anywhere
            raise CheckpointError("checkpoint_truncated") from None

    def find_class(self, module: str, name: str) -> Name:
        """A token for a name that is known to be harmless. Raises CheckpointError for any other."""
        path = f"{_OLD_ROOMS.get(module, module)}.{name}"
        if path not in CALLS and path not in ITEM_BYTES:
            if path.startswith(STRANGE):
                raise CheckpointError("checkpoint_strange", name=plain(path))
            if not is_type(path):
                raise CheckpointError("checkpoint_objects", name=plain(path))
        return Name(path, self._call)

    def persistent_load(self, pid: tuple) -> Token:
        """Count a storage; a part of one is (key, offset, size)."""
        kind, storage, key, place, count, *more = pid
        part = more[0] if more else None
        sound = kind == "storage" and type(key) is type(place) is str and type(count) is int and 0 <= count < 2**48
        if not sound or not (part is None or all(type(number) in (int, str) for number in part)):
            raise ValueError("not a storage")
        self.claims[key] = max(count * ITEM_BYTES[storage.path], self.claims.get(key, 0))
        return Token()

    def _call(self, path: str, args: tuple) -> object:
        for value in (args, *args):
            self._pay_copy(value)
        return CALLS[path](*args)

    def _pay_copy(self, value: object) -> None:
        """A large thing made once could be copied by every later step."""
        if isinstance(value, str | bytes):
            self.budget.pay(0, len(value))
        elif isinstance(value, list | tuple | dict | set):
            self.budget.pay(len(value))

    def _proto(self) -> None:
        if self.read(1) != b"\x02":  # what torch.save writes and torch.load reads
            raise CheckpointError("checkpoint_protocol")

    def _build(self) -> None:
        """State for an object: an OrderedDict's attributes; a stand-in ignores it."""
        state = self.stack.pop()
        self._pay_copy(state)
        owner = type(self.stack[-1])
        if owner is not StandIn and not (owner is OrderedDict and type(state) is dict):
            raise ValueError("state for what has none")

    def _setitem(self) -> None:
        value = self.stack.pop()
        self._fill([self.stack.pop(), value])

    def _setitems(self) -> None:
        self._fill(self.pop_mark())

    def _fill(self, items: list) -> None:
        if type(self.stack[-1]) not in (dict, OrderedDict):
            raise ValueError("not a dict")
        for key, value in zip(items[::2], items[1::2], strict=True):
            self.stack[-1][checked_key(key)] = value

    dispatch |= {pickle.PROTO[0]: _proto, pickle.BUILD[0]: _build, pickle.NEWOBJ[0]: dispatch[pickle.REDUCE[0]]}
    dispatch |= {pickle.SETITEM[0]: _setitem, pickle.SETITEMS[0]: _setitems}
