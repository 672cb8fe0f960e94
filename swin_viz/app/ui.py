"""The Streamlit script: language, navigation, the shared sidebar, then the page (see menu.py to add one)."""

from urllib.parse import urlsplit

import streamlit as st

from swin_viz.app import session, sidebar
from swin_viz.app.address import BACK_LEAVES_THE_PAGE, choice, follow
from swin_viz.app.menu import FIRST, SCREENS
from swin_viz.paths import ASSETS, PAGES
from swin_viz.text import LANGUAGES

# Streamlit leaves 96 px free above every page and 80 px beside it; a projector has better use for them.
LESS_AIR = """
<style>
.stMainBlockContainer { padding-top: 3.75rem }  /* the header is 60 px high */
.stMain h1 { padding: 0 0 .5rem }
@media (max-width: 480px) {
  .stMarkdown :is(th, td) { padding: .2rem .3rem; font-size: .82rem; overflow-wrap: anywhere }
}
@media (min-width: 768px) { .stMainBlockContainer { padding: 2.75rem 2.5rem } }
</style>
"""


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
    return st.navigation(menu)


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
st.html(LESS_AIR)
st.html(BACK_LEAVES_THE_PAGE, unsafe_allow_javascript=True)
page = navigation()
st.set_page_config(page_title=f"{page.title} · swin_viz")
follow(page.url_path)
choose_language()
session.place_notices()
sidebar.show()
page.run()
