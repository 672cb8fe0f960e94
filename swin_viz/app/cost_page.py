"""What the MSA and W-MSA page keeps for its visitor: h, w, C and M, their address, and the data for the browser."""

from collections.abc import Mapping

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import write
from swin_viz.cost.formula import items, stage_maps, total
from swin_viz.cost.sweeps import factor
from swin_viz.cost.terms import LIMITS, as_data, msa, padded_w_msa
from swin_viz.network.variants import VARIANTS
from swin_viz.text.numbers import times

Sizes = dict[str, int]
KEY, STORED = "derivation", "cost_sizes"
WORDS = ("presets", "impossible", "msa_", "one_", "windows_", "term_", "unit_", "ratio", "equal_", "overtaken")
WORDS += ("not_overtaken", "padded_to", "window_too_large", "spoken", "curves_", "size_")


def presets() -> list[dict]:
    """The map of every stage of the current model on the current picture."""
    t, config = session.text("cost"), session.model().config
    width, height = session.picture().image.size
    maps = stage_maps(config, height, width)
    return [
        {
            "title": t("preset", stage=stage, h=at.height, w=at.width, c=at.channels),
            "at": {"h": at.height, "w": at.width, "c": at.channels, "m": config.window},
        }
        for stage, at in enumerate(maps, 1)
    ]


def checked(found: object, before: Sizes) -> Sizes:
    """Sizes from untrusted values: what is no whole number within its limits stays as it was."""
    found = found if isinstance(found, Mapping) else {}

    def good(name: str) -> bool:
        value, (least, most) = found.get(name), LIMITS[name]
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return {name: found[name] if good(name) else before[name] for name in LIMITS}


def _from_address(before: Sizes) -> Sizes:
    texts = {name: st.query_params.get(name, "") for name in LIMITS}
    return checked({name: int(text) for name, text in texts.items() if text.isdecimal() and len(text) < 6}, before)


def sizes() -> Sizes:
    """The sizes in force: what settled in the browser, else the address's, else the first stage's of this very run.

    Only the first two are kept: until the visitor moves one, the sizes follow the picture and the model.
    """
    first = checked(presets()[0]["at"], {name: most for name, (_, most) in LIMITS.items()})
    if STORED not in st.session_state and any(name in st.query_params for name in LIMITS):
        st.session_state[STORED] = _from_address(first)
    settled = st.session_state.get(KEY)
    if settled is not None and settled.sizes is not None:
        st.session_state[STORED] = checked(settled.sizes, st.session_state.get(STORED, first))
    return st.session_state.get(STORED, first)


def picture_map() -> tuple[int, int]:
    """Rows and columns of the first stage's map of the current picture."""
    at = presets()[0]["at"]
    return at["h"], at["w"]


def show_address(first: Sizes) -> None:
    """Write the sizes into the address; left out while they are the first stage's."""
    at = sizes()
    write(LIMITS, {} if at == first else {name: str(at[name]) for name in LIMITS})


def data(first: Sizes, unit: str) -> dict:
    """What the browser needs; `first` must not follow its moves, or it would be told what it just said."""
    words = {key: text for key, text in session.text("cost").all().items() if key.startswith(WORDS)}
    return {
        "words": words,
        "language": session.language(),
        "terms": as_data(),
        "limits": {name: list(bounds) for name, bounds in LIMITS.items()},
        "presets": presets(),
        "first": first,
        "unit": unit,
        "factor": factor(unit),
    }


def limits() -> dict[str, str]:
    """The numbers in the text on what the formulas leave out: Swin-T and its first layer, padding counted in both."""
    config = VARIANTS["swin_t"]
    found = {}
    for side in (224, 1024):
        at = stage_maps(config, side, side)[0]
        whole = total(items(config, side, side, windowed=False)) / total(items(config, side, side))
        layer = msa(at.height, at.width, at.channels) / padded_w_msa(at.height, at.width, at.channels, config.window)
        found |= {f"whole_{side}": times(whole), f"layer_{side}": times(layer)}
    by_area = total(items(config, 224, 224)) * (256 / 224) ** 2
    return found | {"padding_256": f"{100 * (total(items(config, 256, 256)) / by_area - 1):.0f}"}
