"""Which room may know which: held by reading the imports of every file, however deep, not by convention."""

import ast
from pathlib import Path

import pytest

from swin_viz import paths

ABOVE = {  # room → the rooms whose imports it may use; its own it may always use, and `paths`
    "text": set(),
    "network": set(),
    "reading": {"network", "text"},
    "engine": {"network", "reading"},
    "scenes": {"network", "reading"},
    "cost": {"network", "text"},
    "lessons": {"network", "engine", "cost", "text"},
    "figures": {"network", "cost", "lessons", "text"},
    "browser": {"network", "engine", "cost", "lessons", "text"},
    "app": {"network", "reading", "engine", "scenes", "cost", "lessons", "figures", "browser", "text"},
    "cli": {"network", "reading", "engine", "cost", "app"},
    "api": {"network", "reading", "engine"},
    "paths": set(),
    "__init__": {"network", "api"},
}
ONLY = {  # library → the rooms that may import it
    "streamlit": {"app"},
    "starlette": {"app"},
    "plotly": {"figures"},
    "matplotlib": {"figures"},
    "transformers": set(),
}
FEW = 13  # entries of a folder, beyond which nothing is found in it


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(paths.PACKAGE).with_suffix("").parts)


def imports(path: Path) -> set[str]:
    """Every module that a file imports, however deep in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


FILES = {name_of(path): imports(path) for path in paths.PACKAGE.rglob("*.py")}


def rooms_of(name: str) -> set[str]:
    """The rooms that a module imports from."""
    return {found.split(".")[1] for found in FILES[name] if found.startswith("swin_viz.")} & set(ABOVE)


def libraries_of(found: set[str]) -> set[str]:
    return {each.split(".")[0] for each in found}


def test_the_walk_finds_every_room() -> None:
    assert {name.split(".")[0] for name in FILES} == set(ABOVE)
    assert len(FILES) > 90


@pytest.mark.parametrize("room", ABOVE)
def test_arrows_run_from_lower_rooms_to_upper_ones_only(room: str) -> None:
    for name in FILES:
        if name.split(".")[0] == room:
            assert rooms_of(name) <= ABOVE[room] | {room, "paths"}, name


@pytest.mark.parametrize("library", ONLY)
def test_a_library_stays_in_its_room(library: str) -> None:
    users = {name.split(".")[0] for name, found in FILES.items() if library in libraries_of(found)}
    assert users <= ONLY[library]


def test_the_network_knows_torch_and_numpy_alone() -> None:
    known = {
        "torch",
        "numpy",
        "swin_viz",
        "collections",
        "contextlib",
        "contextvars",
        "dataclasses",
        "fnmatch",
        "difflib",
        "functools",
    }
    for name, found in FILES.items():
        if name.startswith("network."):
            assert libraries_of(found) <= known | {"typing", "weakref"}, name


def test_figures_know_no_torch() -> None:
    for name, found in FILES.items():
        if name.startswith("figures"):
            assert "torch" not in libraries_of(found), name


def test_pages_hold_words_and_wiring() -> None:
    for path in paths.PAGES.glob("*.py"):
        assert not libraries_of(imports(path)) & {"torch", "numpy", "plotly", "matplotlib"}, path
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 150, path


def test_paths_alone_knows_where_files_are() -> None:
    for path in paths.PACKAGE.rglob("*.py"):
        assert "__file__" not in path.read_text(encoding="utf-8") or path.name == "paths.py", path


def test_no_folder_is_crowded() -> None:
    folders = [paths.PACKAGE, *(path for path in paths.PACKAGE.rglob("*") if path.is_dir())]
    for folder in folders:
        if "__pycache__" not in folder.parts and folder.parent.name != "text":
            shown = [path for path in folder.iterdir() if path.name not in ("__pycache__", "__init__.py", "py.typed")]
            assert len(shown) <= FEW, folder
