"""What the names in a checkpoint's pickle mean here: a stand-in each, never what the name means elsewhere.

Training scripts save options, paths, logs and counters beside the weights. None of that is made: `torch.load` gets an
object that does nothing, and the inspection (pickles.py) a token. A name that is not listed is refused.
"""

from collections import OrderedDict
from collections.abc import Callable

import torch


class StandIn:
    """Takes whatever it is given, and keeps nothing."""

    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass


class Token:
    """A tensor or a storage while a pickle is inspected: something that may be handed around."""


class Name(Token):
    """A name while a pickle is inspected: a type that is only mentioned, or something to be called."""

    def __init__(self, path: str, call: Callable[[str, tuple], object]) -> None:
        self.path, self.call = path, call

    def __call__(self, *args: object) -> object:
        """What stands for the result."""
        return self.call(self.path, args)


def _empty(*_: object) -> OrderedDict:
    return OrderedDict()


_OBJECTS = {
    *(f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("scalar", "_reconstruct")),
    *(f"pathlib.{kind}Path" for kind in ("Posix", "PurePosix", "Windows", "PureWindows")),
    *(f"pathlib._local.{kind}Path" for kind in ("Posix", "PurePosix", "Windows", "PureWindows")),
    *(f"builtins.{name}" for name in ("bool", "dict", "float", "int", "list", "object", "str", "tuple")),
    *(f"omegaconf.base.{name}" for name in ("ContainerMetadata", "Metadata")),
    *(f"omegaconf.nodes.{kind}Node" for kind in ("Any", "Boolean", "Float", "Integer", "String")),
    "argparse.Namespace",
    "builtins.getattr",  # how a method of HistoryBuffer is written
    "copyreg._reconstructor",
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "mmengine.logging.history_buffer.HistoryBuffer",
    "numpy.dtype",
    "numpy.ndarray",
    "omegaconf.dictconfig.DictConfig",
    "omegaconf.listconfig.ListConfig",
    "types.SimpleNamespace",
    "typing.Any",
}
_DICTS = {  # entries are put into these, so the stand-in is a kind of dict that torch fills
    "addict.addict.Dict",
    "addict.dict.Dict",
    "easydict.EasyDict",
    "mmcv.utils.config.ConfigDict",
    "mmengine.config.config.ConfigDict",
    "yacs.config.CfgNode",
}
_SAFE: list[Callable | tuple[Callable, str]] = [(StandIn, name) for name in _OBJECTS]
_SAFE += [(OrderedDict, name) for name in _DICTS]
torch.serialization.add_safe_globals([*_SAFE, (_empty, "collections.defaultdict")])

ITEM_BYTES = {
    f"torch.{name}Storage": size
    for size, names in {
        1: ("Bool", "Byte", "Char", "Untyped", "storage.Untyped"),
        2: ("BFloat16", "Half", "Short"),
        4: ("Float", "Int"),
        8: ("ComplexFloat", "Double", "Long"),
        16: ("ComplexDouble",),
    }.items()
    for name in names
}
STRANGE = ("torch._utils._rebuild_", "torch.Q", "torch.serialization._get_layout", "torch.per_")  # sparse, quantised …
_TENSORS = {f"torch._utils._rebuild_tensor{version}" for version in ("", "_v2", "_v3")}
_TENSORS |= {f"torch._utils._rebuild_parameter{version}" for version in ("", "_with_state")}
_TENSORS |= {"torch.nn.parameter.Parameter"}


def is_type(path: str) -> bool:
    """Whether a name is a type of torch's, which may be mentioned."""
    room, _, name = path.partition(".")
    return room == "torch" and isinstance(vars(torch).get(name), torch.dtype | type)


def checked_key(value: object) -> object:
    """A key, or an element of a set, if it is quick to hash and cannot collide with many others."""
    parts = value if type(value) is tuple and len(value) <= 4 else (value,)
    for part in parts:
        small = type(part) is int and abs(part) < 2**60
        if not small and type(part) not in (str, bytes, float, bool, type(None)):
            raise ValueError("a strange key")
    return value


def _filled(*found: dict | list) -> OrderedDict:
    entries = [pair for each in found for pair in (each.items() if isinstance(each, dict) else each)]
    return OrderedDict((checked_key(key), value) for key, value in entries)


def _tensor(inside: Token, *_: object) -> Token:
    if type(inside) is not Token:
        raise ValueError("neither a storage nor a tensor")
    return inside


def _subclass(rebuild: Name, kind: Name, args: tuple, *_: object) -> object:
    if rebuild.path not in _TENSORS or not isinstance(kind, Name):
        raise ValueError("not a tensor")
    return rebuild(*args)


def _encoded(text: str, codec: str) -> bytes:
    if codec not in ("latin1", "latin-1", "ascii", "utf-8"):
        raise ValueError("a strange codec")
    return text.encode(codec)


def _bytes(data: bytes = b"") -> bytes:
    if type(data) is not bytes:  # a number would mean so many zeros
        raise ValueError("not bytes")
    return data


CALLS: dict[str, Callable[..., object]] = {
    **dict.fromkeys(_OBJECTS, StandIn),
    **dict.fromkeys(_TENSORS, _tensor),
    **dict.fromkeys(_DICTS | {"collections.OrderedDict", "collections.Counter"}, _filled),
    "collections.defaultdict": _empty,
    "builtins.set": lambda found=(): {checked_key(value) for value in found},
    "builtins.bytearray": _bytes,
    "builtins.complex": lambda real, imaginary=0.0: complex(float(real), float(imaginary)),
    "_codecs.encode": _encoded,
    "torch.Size": lambda sides=(): tuple(sides),
    "torch.device": lambda *_: Token(),
    "torch._tensor._rebuild_from_type_v2": _subclass,
}
"""What may be called while a pickle is inspected, and what that gives there."""
