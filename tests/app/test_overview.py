"""The Overview as a page."""

from tests.app.hands import open_app


def test_the_page_opens() -> None:
    assert not open_app("overview").exception
