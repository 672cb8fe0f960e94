"""The Streamlit script: language, navigation, the shared sidebar, then the page (see menu.py to add one)."""

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
@media (min-width: 768px) { .stMainBlockContainer { padding: 2.75rem 2.5rem } }
</style>
"""


# Streamlit reserves a default page's own path without ever answering there: one that no screen wants.
AT_ROOT = {"default": True, "url_path": "start"}


def navigation():
    """The menu in the chosen language; returns the page that is open."""
    t = session.text("ui")

    def entry(name: str, icon: str, **more: object) -> st.Page:
        title = session.text(name)("nav")
        return st.Page(PAGES / f"{name}.py", title=title, icon=f":material/{icon}:", **{"url_path": name} | more)

    menu = {
        t(f"section_{section}"): [entry(*screen, **AT_ROOT if screen[0] == FIRST else {}) for screen in screens.items()]
        for section, screens in SCREENS.items()
    }
    # The default page answers at / alone: this one, shown in no menu, answers under the first screen's name.
    menu[t("section_look")].append(entry(FIRST, SCREENS["look"][FIRST], visibility="hidden"))
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


st.set_page_config(page_title="swin_viz", page_icon=str(ASSETS / "icon.png"), layout="wide")
st.html(LESS_AIR)
st.html(BACK_LEAVES_THE_PAGE, unsafe_allow_javascript=True)
page = navigation()
follow(page.url_path)
choose_language()
sidebar.show()
page.run()
