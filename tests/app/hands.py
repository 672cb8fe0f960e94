"""A page through AppTest: the script runs here, without server and browser."""

from streamlit.testing.v1 import AppTest

from swin_viz import paths
from swin_viz.app.menu import FIRST

ROOT = paths.ROOT


def open_app(page: str = "attention", **query: str) -> AppTest:
    app = AppTest.from_file(str(paths.PACKAGE / "app" / "ui.py"), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(str(ROOT / "pages" / f"{page}.py")) if page != FIRST else None
    return app.run()
