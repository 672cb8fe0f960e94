"""Both languages say everything, with the same fields, and no page has words of its own."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from swin_viz import paths
from swin_viz.text import LANGUAGES, Words, rooms

TEXT = paths.PACKAGE / "text"
SHELL = sorted((paths.PACKAGE / "app").rglob("*.py"))
NOT_WORDS = {
    "key",
    "bind",
    "icon",
    "width",
    "height",
    "type",
    "label_visibility",
    "url_path",
    "position",
    "layout",
    "gap",
    "vertical_alignment",
    "horizontal_alignment",
}
NOT_WORDS |= {
    "initial_sidebar_state",
    "page_icon",
    "page_title",
    "mime",
    "file_name",
    "on_click",
    "orientation",
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def catalogue(language: str, room: str) -> dict[str, str]:
    return tomllib.loads((TEXT / language / f"{room}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_room_says_the_same_things_with_the_same_fields(language: str) -> None:
    assert {path.stem for path in (TEXT / language).glob("*.toml")} == set(rooms())
    for room in rooms():
        english, other = catalogue("en", room), catalogue(language, room)
        assert set(english) == set(other), room
        for key, text in english.items():
            assert fields(text) == fields(other[key]), f"{room}.{key}"
            assert text.strip(), f"{room}.{key}"
            assert other[key].strip(), f"{room}.{key}"


def test_chinese_is_chinese() -> None:
    """Whatever has three words or more in English must hold Chinese characters."""
    for room in rooms():
        english = catalogue("en", room)
        for key, text in catalogue("zh", room).items():
            if len(re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}", "", english[key]))) >= 3:
                assert re.search("[\u4e00-\u9fff]", text), f"{room}.{key}: {text}"


def literals(path: Path) -> list[str]:
    """Strings with letters that are handed to a Streamlit call in this file."""
    found = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_streamlit(call.func)):
            continue
        handed = list(call.args) + [keyword.value for keyword in call.keywords if keyword.arg not in NOT_WORDS]
        for value in handed:
            for node in [value] if isinstance(value, ast.Constant | ast.JoinedStr) else []:
                parts = [node] if isinstance(node, ast.Constant) else node.values
                words = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
                found += [f"{path.name}:{node.lineno} {word!r}" for word in words if re.search(r"[^\W\d_]{2}", word)]
    return found


def _is_streamlit(function: ast.Attribute) -> bool:
    owner = function.value
    named = isinstance(owner, ast.Name) and owner.id in {"st", "bar", "queue", "column", "left", "right", "tab"}
    return named and function.attr not in {"get_option", "column_config"}


@pytest.mark.parametrize("path", sorted(paths.PAGES.glob("*.py")) + SHELL, ids=lambda path: path.name)
def test_no_words_bypass_the_catalogues(path: Path) -> None:
    allowed = {"ui.py": 1, "chart.py": 7}  # the language control is labelled in both languages at once; a table's tags
    assert len(literals(path)) <= allowed.get(path.name, 0), literals(path)


def test_a_missing_key_and_a_missing_field_are_errors() -> None:
    words = Words("en", "ui")
    with pytest.raises(KeyError):
        words("no such key")
    with pytest.raises(KeyError):
        words("queue", wrong=1)
    assert words("queue", place=3) != words("queue", place=4)
