"""The glossary: the same words in both languages, each with an anchor and a screen that there is."""

import re

import pytest

from swin_viz.app.menu import FIRST, NAMES
from swin_viz.text import LANGUAGES, Words
from swin_viz.text.glossary import TERMS
from tests.app.hands import open_app


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_has_a_name_and_a_meaning_and_no_meaning_is_without_its_term(language: str) -> None:
    words = Words(language, "glossary").all()
    for start in ("term_", "means_"):
        assert [key.removeprefix(start) for key in words if key.startswith(start)] == list(TERMS)
    for term in TERMS:
        sentences = re.findall(r"[.。](?:\s|$|(?=[^\d]))", words[f"means_{term}"])
        assert 1 <= len(sentences) <= 2, term
        assert re.fullmatch("[a-z]+", term), "an anchor"


def test_every_screen_that_is_named_is_there() -> None:
    assert set(TERMS.values()) <= set(NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_term_with_its_anchor_and_a_link_to_its_screen(language: str) -> None:
    say = Words(language, "glossary")
    app = open_app("glossary", lang=language)
    assert not app.exception
    found = {heading.proto.anchor: heading.value for heading in app.subheader}
    assert found == {term: say(f"term_{term}") for term in TERMS}
    meanings = [each.value for each in app.markdown]
    assert all(say(f"means_{term}") in meanings for term in TERMS)
    links = [link.proto for link in app.get("page_link")]
    assert [link.page for link in links] == [screen if screen != FIRST else "" for screen in TERMS.values()]
