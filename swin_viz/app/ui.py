"""The Streamlit script: language, navigation, the stage, then the page (see menu.py to add one)."""

from urllib.parse import urlsplit

import streamlit as st

from swin_viz.app import session, stage
from swin_viz.app.address import choice, follow
from swin_viz.app.menu import FIRST, SCREENS
from swin_viz.paths import ASSETS, PAGES
from swin_viz.text import LANGUAGES


def entry(name: str, icon: str, path: str, hidden: bool = False) -> st.Page:
    """A screen as a page of the menu, or one that only answers under its path; the path "" is /."""
    return st.Page(
        PAGES / f"{name}.py",
        title=session.text(name)("nav"),
        icon=f":material/{icon}:",
        url_path=path or "start",  # Streamlit reserves it for the page at / and never answers there
        default=not path,
        visibility="hidden" if hidden else "visible",
    )


def navigation() -> st.Page:
    """The menu in the chosen language; returns the page that is open.

    The first screen answers at / and by its name: of its two pages the menu shows the one that is open.
    """
    t = session.text("ui")
    named = urlsplit(st.context.url or "").path.rstrip("/").endswith(f"/{FIRST}")
    menu = {
        t(f"section_{section}"): [entry(name, icon, name) for name, icon in screens.items() if name != FIRST]
        for section, screens in SCREENS.items()
    }
    section = next(iter(SCREENS))
    icon = SCREENS[section][FIRST]
    both = [entry(FIRST, icon, "", hidden=named), entry(FIRST, icon, FIRST, hidden=not named)]
    menu[t(f"section_{section}")][:0] = both
    return st.navigation(menu, expanded=True)


def choose_language() -> None:
    """Two buttons; until one is pressed, or the address says, the browser's language."""
    st.session_state.setdefault("lang", session.language())
    with st.sidebar:
        choice(
            st.segmented_control,
            "Language · 语言",
            list(LANGUAGES),
            "lang",
            format_func=LANGUAGES.get,
            required=True,
            label_visibility="collapsed",
        )


st.set_page_config(page_icon=str(ASSETS / "icon.png"), layout="wide")
page = navigation()
st.set_page_config(page_title=f"{page.title} · swin_viz")
follow(page.url_path)
choose_language()
stage.line()
session.place_notices("page")
page.run()
