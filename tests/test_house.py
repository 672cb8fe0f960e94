"""One rule: screen /mask is mask.* in every layer, and no file is named after a screen that is not there."""

from pathlib import Path

import pytest

from swin_viz import paths
from swin_viz.app.menu import NAMES, SCREENS
from swin_viz.text import LANGUAGES, Words

TESTS = Path(__file__).parent
ROWS = (paths.ROOT / "README.md").read_text(encoding="utf-8").splitlines()
OTHERS = {  # folder → what in it belongs to no screen alone
    paths.PAGES: set(),
    paths.PACKAGE / "lessons": {"board", "cells", "fact", "regions", "source"},
    **{
        paths.PACKAGE / "text" / language: {
            "ui",
            "errors",
            "kit",
            "scenes",
            "steps",
            "cost_charts",
            "cost_paper",
            "course",
        }
        for language in LANGUAGES
    },
}


def stems(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.suffix in (".py", ".toml")} - {"__init__"}


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_has_its_page_its_words_its_row_and_its_tests(name: str) -> None:
    assert (paths.PAGES / f"{name}.py").is_file()
    for language in LANGUAGES:
        assert (paths.PACKAGE / "text" / language / f"{name}.toml").is_file(), language
    assert any(row.startswith(f"| {Words('en', name)('nav')} |") for row in ROWS)
    assert list(TESTS.rglob(f"test_{name}*.py"))


@pytest.mark.parametrize("name", SCREENS["steps"])
def test_a_lesson_is_a_file_of_its_name_on_both_sides(name: str) -> None:
    assert (paths.PACKAGE / "lessons" / f"{name}.py").is_file()
    assert (paths.PACKAGE / "browser" / "lesson" / f"{name}.js").is_file()


@pytest.mark.parametrize("folder", OTHERS, ids=lambda folder: folder.name)
def test_no_file_is_named_after_a_screen_that_is_not_there(folder: Path) -> None:
    assert stems(folder) - OTHERS[folder] <= set(NAMES)


def test_what_belongs_to_no_screen_is_there() -> None:
    for folder, others in OTHERS.items():
        assert others <= stems(folder), folder
