"""Joins plain ES modules into the one text that a Streamlit component takes; no build step, no file served.

The rule: a module is followed by nothing it does not import. `import {…} from "./x.js";` lines fall away, `export `
before a declaration falls away (but `export default` of the entry stays). So top-level names must differ between the
modules of one component; a clash raises ValueError.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import\s+(?:\{[^}]*\}|\w+)\s+from\s+"\./([\w/.-]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let)\s+(\w+|[\[{][^\]}]*[\]}])", re.MULTILINE)


def modules(entry: str) -> list[Path]:
    """The files an entry needs, itself last, each after all that it imports."""
    order: list[Path] = []

    def visit(path: Path) -> None:
        if path in order:
            return
        for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit((path.parent / name).resolve())
        order.append(path)

    visit((HERE / "js" / entry).resolve())
    return order


def script(entry: str) -> str:
    """One ES module made of an entry and all that it imports. Raises ValueError if two modules share a name."""
    seen: dict[str, Path] = {}
    parts = []
    for path in modules(entry):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"\w+", " ".join(_DECLARED.findall(text))):
            if seen.setdefault(name, path) != path:
                raise ValueError(f"{name} stands in {seen[name].name} and in {path.name}: rename one.")
        parts.append(f"// {path.name}\n" + _EXPORT.sub("", _IMPORT.sub("", text)))
    return "\n".join(parts)


def style(*names: str) -> str:
    """The named style sheets as one text."""
    return "\n".join((HERE / "css" / name).read_text(encoding="utf-8") for name in names)
