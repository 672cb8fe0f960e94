"""See how a Swin Transformer works: the network, its capture, its pictures, its lessons.

What a notebook needs is imported from here, when it is first asked for: `import swin_viz` alone loads nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from swin_viz.api import load, prepare, trace
    from swin_viz.network.ablation import Ablation
    from swin_viz.network.capture import capture, points
    from swin_viz.network.model import Swin
    from swin_viz.network.variants import VARIANTS, SwinConfig

__version__ = "0.1.0"
__all__ = ["VARIANTS", "Ablation", "Swin", "SwinConfig", "capture", "load", "points", "prepare", "trace"]

_HOME = {
    "Ablation": "network.ablation",
    "Swin": "network.model",
    "SwinConfig": "network.variants",
    "VARIANTS": "network.variants",
    "capture": "network.capture",
    "load": "api",
    "points": "network.capture",
    "prepare": "api",
    "trace": "api",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'swin_viz' has no attribute {name!r}")
    return getattr(import_module(f"swin_viz.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
