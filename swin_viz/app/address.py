"""Widgets whose value stands in the address, by its key and not by its label, so that a link works in any language.

(Streamlit's own `bind="query-params"` writes the label a visitor sees.) What an address says is checked against the
register (keys.py) and the widget's options; a value that is the default is left out. Widgets of one key on several
pages are one control.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from swin_viz.app.keys import Key, keys_of
from swin_viz.app.menu import FIRST

Option = TypeVar("Option")
# In the session: the page that is open; key → value last shown; key → the texts of its options last shown.
_PAGE, _VALUES, _TEXTS = "address_page", "address_values", "address_texts"


def follow(page: str) -> None:
    """Keep every widget's value when another page opens; to be called on every run, before any widget is drawn.

    `page`: its path in the address, "" for the first. Streamlit drops the value of a widget that the new page does
    not draw, and gives one that it does draw, under the same key, the widget's first option or least number.
    """
    if st.session_state.get(_PAGE, page) != page:
        for key, value in st.session_state[_VALUES].items():
            st.session_state[key] = st.session_state.get(key, value)
    st.session_state[_PAGE] = page
    for kept in (_VALUES, _TEXTS):
        st.session_state.setdefault(kept, {})
    meaningless = (_keys().keys() & st.query_params.keys()) - said().keys()
    write(dict.fromkeys(meaningless))


def _keys() -> dict[str, Key]:
    """The keys of the screen that is open."""
    return keys_of(st.session_state[_PAGE] or FIRST)


def said() -> dict[str, str]:
    """What the address says under the keys of this screen; a text that cannot be one of the key's is left out."""
    query, found = st.query_params, {}
    for name, key in _keys().items():
        text = query.get(name) or query.get(key.before, "")
        if re.fullmatch(key.check, text):
            found[name] = text
    return found


def choice(
    widget: Callable[..., Option],
    label: str,
    options: Sequence[Option],
    key: str,
    default: Option | None = None,
    **more: Any,
) -> Option:
    """A selectbox, radio or segmented control; `default` is the first option unless said."""
    default = options[0] if default is None else default
    by_text = {str(option): option for option in options}
    _start(key, lambda text: by_text[text], default)
    if st.session_state[key] not in options:
        st.session_state[key] = default
    _say_again(key, [str(more.get("format_func", str)(option)) for option in options])
    return _shown(key, widget(label, options, key=key, **more), default)


def _say_again(key: str, texts: list[str]) -> None:
    """Tell the browser the value anew when the options' texts change (another language, another model).

    It knows an option by its text: the old one would come back at the next change of anything, and be none of these.
    """
    if st.session_state[_TEXTS].get(key) != texts:
        st.session_state[_TEXTS][key] = texts
        st.session_state[key] = st.session_state[key]


def flag(widget: Callable[..., bool], label: str, key: str, default: bool = False, **more: object) -> bool:
    """A toggle or checkbox; 1 or 0 in the address."""
    _start(key, lambda text: {"0": False, "1": True}[text], default)
    return bool(_shown(key, int(widget(label, key=key, **more)), int(default)))


def number(
    widget: Callable[..., float], label: str, least: float, most: float, key: str, default: float, **more: object
) -> float:
    """A number input or slider between two bounds; whole numbers if the default is one."""

    def parsed(text: str) -> float:
        value = type(default)(text)
        if not least <= value <= most:
            raise ValueError
        return value

    _start(key, parsed, default)
    if not least <= st.session_state[key] <= most:
        st.session_state[key] = default
    return _shown(key, widget(label, least, most, key=key, **more), default)


def _start(key: str, parse: Callable[[str], object], default: object) -> None:
    """At the session's first sight of the widget its value is the address's, if that makes sense, or the default."""
    if key in st.session_state:
        return
    try:
        st.session_state[key] = parse(said()[key])
    except (KeyError, ValueError):
        st.session_state[key] = default


def _shown(key: str, value: Option, default: Option) -> Option:
    st.session_state[_VALUES][key] = st.session_state[key]
    write({key: None if value == default else str(value)})
    return value


def write(wanted: Mapping[str, str | None]) -> None:
    """Make the address say `wanted`, and nothing where that is None: one message, if anything changes at all.

    Raises KeyError for a key that the register does not have on this screen.
    """
    old = {_keys()[name].before for name in wanted}
    texts = {name: text for name, text in wanted.items() if text is not None}
    now = st.query_params.to_dict()
    then = {name: text for name, text in now.items() if name in texts or name not in {*wanted, *old}} | texts
    if then != now:
        st.query_params.from_dict(then)
