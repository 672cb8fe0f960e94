"""The documents cannot lie: what they name is there, and every command, switch, room and version stands in them."""

import argparse
import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from swin_viz import __version__, paths
from swin_viz.cli import parser
from swin_viz.network.ablation import Ablation

README, CONTRIBUTING = ((paths.ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md"))
DOCUMENTS = sorted(paths.ROOT.glob("*.md"))


def commands() -> set[str]:
    (found,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return set(found.choices)


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"bin/swin-viz ([a-z]+)", README)) == commands()


def test_every_switch_stands_in_the_contributors_table() -> None:
    table = CONTRIBUTING[CONTRIBUTING.index("## Switches") :]
    named = set(re.findall(r"^\| `(\w+)` \|", table.split("\n## ")[0].split("\n\n", 1)[1], re.MULTILINE))
    assert named == {field.name for field in dataclasses.fields(Ablation)}


def test_the_example_view_is_the_one_that_a_test_draws() -> None:
    example = Path(__file__).parent / "browser" / "kit" / "example_view.js"
    assert example.read_text("utf-8") in CONTRIBUTING


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_names_are_there(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    named = set(re.findall(r"`((?:swin_viz|tests|benchmarks|pages|assets)/[\w./-]+)`", text))
    named |= set(re.findall(r"\]\(([\w./-]+)\)", text))
    assert [name for name in named if not (paths.ROOT / name).exists()] == []


def test_the_rooms_of_the_readme_are_those_of_the_package() -> None:
    drawn = README[README.index("## How it is built") :]
    rooms = {path.name for path in paths.PACKAGE.iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert {room for room in rooms if f"{room}/" not in drawn} == set()


def test_the_version_is_the_same_everywhere() -> None:
    assert f"version: {__version__}" in (paths.ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {__version__}" in (paths.ROOT / "CHANGELOG.md").read_text("utf-8")
    dynamic = tomllib.loads((paths.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"]
    assert dynamic == ["version"]
