"""Joins plain ES modules into one text, when the app starts: no build step.

Every module becomes a function that is called once and returns what it exports, so names need only differ inside a
module. What a module may write: `import {a, b as c} from "./x.js";` (also `../`) on one line or several, `export`
before a declaration, and `export default function` in the entry alone. Anything else raises ValueError.
"""

import os
import re
from pathlib import Path

from swin_viz.paths import PACKAGE

HERE = PACKAGE / "browser"
_IMPORT = re.compile(r'^import\s+\{([^}]*)\}\s+from\s+"(\.{1,2}/[\w/.-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\s+(\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?=function)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def modules(entry: str) -> list[Path]:
    """The files an entry needs (a path below this folder, or absolute), itself last, each after all that it imports."""
    order: list[Path] = []
    on_the_way: list[Path] = []

    def visit(path: Path) -> None:
        if path in order:
            return
        if path in on_the_way:
            raise ValueError(f"{path.name} imports itself, by way of {on_the_way[-1].name}.")
        on_the_way.append(path)
        for _, name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit((path.parent / name).resolve())
        order.append(on_the_way.pop())

    visit((HERE / entry).resolve())
    return order


def joined(entry: str) -> str:
    """An entry (a path below this folder) and all that it imports as constants, `entry` the last. Raises ValueError."""
    paths = modules(entry)
    names = {path: f"module{i}" for i, path in enumerate(paths[:-1])} | {paths[-1]: "entry"}
    return "\n".join(_scoped(path, names) for path in paths)


def _scoped(path: Path, names: dict[Path, str]) -> str:
    """A module as a constant: what it exports, the default function as `start`."""

    def imported(found: re.Match) -> str:
        source = (path.parent / found[2]).resolve()
        missing = set(re.findall(r"(\w+)(?:\s+as\s+\w+)?", found[1])) - set(_EXPORT.findall(source.read_text("utf-8")))
        if missing:
            raise ValueError(f"{path.name}: {source.name} does not export {', '.join(sorted(missing))}")
        wanted = re.sub(r"\s+as\s+", ": ", " ".join(found[1].split()))
        return f"const {{ {wanted} }} = {names[source]};\n"

    text = _IMPORT.sub(imported, path.read_text(encoding="utf-8"))
    exported = _EXPORT.findall(text)
    text, defaults = _DEFAULT.subn("const start = ", _EXPORT.sub("", text))
    left_over = _LEFT_OVER.search(text)
    if left_over:
        raise ValueError(f"{path.name}: the bundle does not know {left_over[0]!r}")
    returned = ", ".join([*exported, *["start"] * defaults])
    if defaults and names[path] != "entry":
        raise ValueError(f"{path.name}: only the entry has a default function")
    return f"const {names[path]} = (() => {{ // {os.path.relpath(path, HERE)}\n{text}\nreturn {{ {returned} }};\n}})();"


def style(*names: str) -> str:
    """The named style sheets (paths below this folder) as one text."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
