"""Every refusal has its sentence, every sentence its refusal; a refusal brings the fields that its sentence names."""

import ast
import re
import string
from collections.abc import Iterator

import pytest

from swin_viz import paths
from swin_viz.reading.checkpoint.pickles import CheckpointError
from swin_viz.reading.checkpoint.published import WeightsError
from swin_viz.reading.picture.slim import ImageError
from swin_viz.reading.refusal import Refusal, plain
from swin_viz.text import LANGUAGES, Words

SENTENCES = Words("en", "errors").all()
KEY = re.compile(r"(image|checkpoint|weights|note)_[a-z_0-9]+")
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in (paths.PACKAGE / "reading").rglob("*.py")]
NODES = [node for tree in TREES for node in ast.walk(tree)]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def raised() -> Iterator[tuple[str, set[str]]]:
    """(key, names of the fields) of every refusal that is made with its key on the spot."""
    makers = {kind.__name__: set() for kind in (ImageError, CheckpointError, WeightsError)} | {
        "_failed": {"url", "folder"}
    }
    for node in NODES:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
            given = {keyword.arg for keyword in node.keywords if keyword.arg} | makers[node.func.id]
            if isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, given


def test_every_key_that_the_code_names_has_a_sentence_and_every_sentence_is_named() -> None:
    named = {node.value for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {name for name in named if KEY.fullmatch(name)} == set(SENTENCES)


def test_every_refusal_brings_the_fields_of_its_sentence() -> None:
    found = list(raised())
    assert len(found) > 50
    for key, given in found:
        assert names(SENTENCES[key]) <= given, key


def test_an_unknown_refusal_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        Refusal("no_such_sentence")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_itself_in_every_language(language: str) -> None:
    refusal = Refusal("image_size", size=5, least=32, most=1024)
    assert "5" in refusal.say(language) and "1024" in refusal.say(language)
    assert str(refusal) == refusal.say("en")


def test_a_name_from_outside_is_made_plain() -> None:
    assert plain("<b>layers.0</b>\n{x}") == "blayers.0/bx"
    assert len(plain("a" * 1000)) == 60
