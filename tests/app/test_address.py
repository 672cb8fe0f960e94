"""The register of the address's keys is what the screens read and write: no key more, no key less, old ones read."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from swin_viz import paths
from swin_viz.app.keys import KEYS, keys_of
from swin_viz.app.menu import NAMES
from swin_viz.cost.clock import measured
from tests.app.hands import open_app
from tests.app.test_cost_measured import REPORT

ELSEWHERE = {  # screen → key → a text that is not the default there
    "overview": {
        **{"tile": "2.2", "token": "5.20", "disc": "purple", "pinned": "1"},
        **{"row_of": "swin_b", "lens_ask": "where", "lens_stage": "4", "votes_class": "2", "sides_px": "16"},
        **{"sides_in": "windows", "rulers_stage": "3", "stage_code": "2"},
    },
    "attention": {
        **{"block": "2.2", "head": "3", "q": "5.20", "with": "3.1.4", "layer": "entropy", "scope": "block"},
        **{"chart": "distance", "grid": "0", "pinned": "1", "rolled": "1", "wrong": "1", "second": "chelsea"},
        **{"colours": "1", "arcs": "0"},
    },
    "pairs": {
        **{"block": "2.2", "head": "3", "q": "5.20", "step": "4", "key": "7", "factor": "140"},
        **{"course": "1", "cell": "9", "dims": "64"},
    },
    "windows": {"course": "1", "block": "3.1", "step": "3", "h": "6", "w": "7", "m": "2", "scramble": "1"},
    "shift": {"course": "1", "block": "3.2", "step": "3", "h": "6", "w": "7", "m": "3", "s": "2"},
    "mask": {
        "course": "1",
        "block": "3.2",
        "step": "3",
        "h": "6",
        "w": "7",
        "m": "3",
        "s": "2",
        "window": "2",
        "numbering": "unpadded",
        "pair": "2.3.4.5",
    },
    "bias": {"course": "1", "block": "3.2", "step": "3", "side": "4", "factor": "near", "of_head": "2"},
    "block": {
        **{"block": "3.2", "step": "3", "side": "4", "q": "2.3", "part": "mlp", "norm_over": "image", "neuron": "9"},
        **{"rate": "20", "of_variant": "swin_b", "course": "1"},
    },
    "merging": {"course": "1", "block": "3.2", "step": "3", "h": "6", "w": "7", "channel": "9"},
    "patches": {
        **{"step": "3", "y": "6", "x": "7", "patch": "5.20", "filter": "9", "cover": "1"},
        **{"tall": "300", "wide": "401", "tour": "1", "course": "1"},
    },
    "cost": {
        **{"of": "swin_s", "stage": "2", "px": "384x384", "h": "20", "w": "30", "c": "64", "m": "5", "unit": "flops"},
        **{"format": "svg", "over": "window"},
    },
    "cost_model": {
        **{"of": "swin_s", "px": "384x384", "unit": "flops", "format": "svg", "costs": "blocks", "global": "1"},
        **{"counted": "1"},
    },
    "cost_measured": {"format": "svg", "clock": "ratio", "batch": "2"},
    "glossary": {},
}
SHELL = {"lang": "zh", "image": "chelsea", "size": "256", "whole": "1", "present": "1"}


@pytest.fixture(autouse=True)
def measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    twice = tuple(row.__class__(**row.__dict__ | {"batch": 2}) for row in REPORT.rows)
    measured.keep(REPORT.__class__(REPORT.machine, (*REPORT.rows, *twice)))


def said(app: AppTest) -> dict[str, str]:
    assert not app.exception
    return {key: texts if isinstance(texts, str) else texts[0] for key, texts in app.query_params.items()}


def test_no_key_means_two_things_on_one_screen() -> None:
    for name in NAMES:
        mine = [key.name for key in KEYS if name in key.screens]
        assert sorted(mine) == sorted(set(mine)), name
        assert not {key.before for key in keys_of(name).values()} & set(mine), name
    assert all(set(key.screens) <= set(NAMES) and key.meaning for key in KEYS)


def test_the_address_is_read_and_written_in_one_place() -> None:
    sources = [*(paths.PACKAGE / "app").rglob("*.py"), *paths.PAGES.glob("*.py")]
    users = {path.name for path in sources if "query_params" in path.read_text(encoding="utf-8")}
    assert users == {"address.py", "session.py"}  # the session asks for the language, before any page is known


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_keeps_every_key_that_the_register_has_for_it(name: str) -> None:
    wanted = ELSEWHERE[name] | SHELL
    assert set(wanted) | {"seed", "model"} == set(keys_of(name))
    assert said(open_app(name, **wanted)) == wanted
    for key, text in wanted.items():
        assert re.fullmatch(keys_of(name)[key].check, text), key


def test_the_scenes_number_and_the_model_stand_in_the_address_too() -> None:
    wanted = {"seed": "1000000007", "model": "upload"}
    assert said(open_app(**wanted)) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_nonsense_under_every_key_opens_the_default(name: str) -> None:
    """Which also shows that each is handled: nobody else would take a word that might mean something out of it."""
    bad = {key: "zz" if re.fullmatch(each.check, "zz") else "<nonsense>" for key, each in keys_of(name).items()}
    left = set(bad)
    for picture in ("zz", "chelsea"):  # a drawn scene has a number, another picture a framing
        app = open_app(name, **bad | {"image": picture})
        assert not app.error
        left &= {key for key, text in said(app).items() if text == bad[key]}
    assert left == set()


@pytest.mark.parametrize("name", ["windows", "bias", "attention"])
def test_links_from_before_call_the_block_at(name: str) -> None:
    assert said(open_app(name, at="2.2"))["block"] == "2.2"
    assert "at" not in said(open_app(name, at="2.2"))


def test_what_can_mean_nothing_leaves_the_address() -> None:
    app = open_app("attention", image="scene", whole="7", pinned="yes", grid="0", unknown="stays")
    assert said(app) == {"grid": "0", "unknown": "stays"}
