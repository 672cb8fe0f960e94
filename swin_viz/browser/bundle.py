"""Joins plain ES modules into the one text that a Streamlit component takes; no build step, no file served.

Every module becomes a function that is called once and returns what it exports, so names need only differ inside a
module. What a module may write: `import {a, b as c} from "./x.js";` (also `../`) on one line or several, `export`
before a declaration, and `export default function` in the entry alone. Anything else raises ValueError.
"""

import re
from pathlib import Path

from swin_viz.paths import PACKAGE

HERE = PACKAGE / "browser"
_IMPORT = re.compile(r'^import\s+\{([^}]*)\}\s+from\s+"(\.{1,2}/[\w/.-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\s+(\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?=function)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def modules(entry: str) -> list[Path]:
    """The files an entry needs (a path below this folder), itself last, each after all that it imports."""
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


def script(entry: str) -> str:
    """The ES module of a component: its entry's default function. Raises ValueError."""
    return f"{joined(entry)}\nexport default entry.start;"


def _scoped(path: Path, names: dict[Path, str]) -> str:
    """A module as a constant: what it exports, the default function as `start`."""

    def imported(found: re.Match) -> str:
        wanted = re.sub(r"\s+as\s+", ": ", " ".join(found[1].split()))
        return f"const {{ {wanted} }} = {names[(path.parent / found[2]).resolve()]};\n"

    text = _IMPORT.sub(imported, path.read_text(encoding="utf-8"))
    exported = _EXPORT.findall(text)
    text, defaults = _DEFAULT.subn("const start = ", _EXPORT.sub("", text))
    left_over = _LEFT_OVER.search(text)
    if left_over:
        raise ValueError(f"{path.name}: the bundle does not know {left_over[0]!r}")
    returned = ", ".join([*exported, *["start"] * defaults])
    return f"const {names[path]} = (() => {{ // {path.relative_to(HERE)}\n{text}\nreturn {{ {returned} }};\n}})();"


def style(*names: str) -> str:
    """The named style sheets (paths below this folder) as one text."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
