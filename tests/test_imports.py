"""Which room may know which: held by reading the imports, not by convention."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "swin_viz"
STREAMLIT = {
    "server",
    "ui",
    "session",
    "sidebar",
    "picture_source",
    "model_source",
    "uploads",
    "small_grid",
    "address",
    "attention_page",
    "chart_view",
    "cli",
    "explorer.component",
}
LEAVES = {"windows": set(), "capture": set(), "variants": set(), "maps": set(), "text": set(), "samples": set()}
LEAVES |= {
    "refusal": {"text"},
    "slim": {"refusal"},
    "images": {"slim"},
    "scenes.shapes": set(),
    "scenes.generate": {"scenes.shapes"},
}
DIRECTION = {
    "model": {"capture", "variants", "windows"},
    "ablation": {"capture", "model", "windows"},
    "trace": {"ablation", "capture", "images", "model", "variants", "windows"},
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, however deep in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


FILES = {name_of(path): imports(path) for path in PACKAGE.rglob("*.py")}


def rooms(name: str) -> set[str]:
    """The package's own modules that a module imports."""
    inside = {found.removeprefix("swin_viz.") for found in FILES[name] if found.startswith("swin_viz.")}
    return {room for room in inside if room in FILES}


def test_only_the_shell_knows_streamlit() -> None:
    users = {name for name, found in FILES.items() if any(each.split(".")[0] == "streamlit" for each in found)}
    extra = {name for name in users - STREAMLIT if not name.endswith(("_page", ".component"))}
    assert extra == set()


def test_leaves_know_nobody_and_the_core_only_what_is_below() -> None:
    for name, allowed in (LEAVES | DIRECTION).items():
        assert rooms(name) <= allowed, name


def test_nothing_that_computes_draws() -> None:
    for name, found in FILES.items():
        if not name.startswith(("figures", "server", "scenes")) and name not in STREAMLIT:
            assert not any(each.split(".")[0] in ("plotly", "matplotlib") for each in found), name


def test_figures_know_neither_torch_nor_streamlit() -> None:
    for name, found in FILES.items():
        if name.startswith("figures"):
            assert not any(each.split(".")[0] in ("torch", "streamlit") for each in found), name


def test_pages_ask_the_session_and_are_short() -> None:
    for path in (ROOT / "pages").glob("*.py"):
        assert not any(each.split(".")[0] in ("torch", "numpy", "plotly", "matplotlib") for each in imports(path)), path
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 100, path


def test_the_app_does_not_load_the_test_only_peer() -> None:
    assert not any(each.split(".")[0] == "transformers" for found in FILES.values() for each in found)
