"""Every page through AppTest, in both languages: no fault, a heading, and bad choices that keep what was there."""

from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from swin_viz.app.menu import NAMES
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS
from swin_viz.reading.checkpoint.published import OFFICIAL
from swin_viz.text import LANGUAGES, Words
from tests.app.hands import ROOT, open_app


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_without_a_fault(name: str, language: str) -> None:
    app = open_app(name, lang=language)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == Words(language, name)("title")


def test_published_weights_answer_with_the_names_of_imagenet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    torch.manual_seed(0)
    torch.save({"model": Swin(VARIANTS["swin_t"]).state_dict()}, tmp_path / OFFICIAL["swin_t"].name)
    app = open_app(model="swin_t")
    assert not app.exception
    classes = app.session_state["current"][1].classes
    assert len(set(classes)) == 1000
    # numbers that everyone who has used ImageNet knows
    assert [classes[i] for i in (0, 207, 281, 388, 999)] == [
        "tench",
        "golden retriever",
        "tabby",
        "giant panda",
        "toilet tissue",
    ]


def go(app: AppTest, page: str) -> dict[str, object]:
    """Open another page by the menu, without a fault or refusal; what its widgets say, by key."""
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    assert not app.warning
    assert not [each for each in app.get("html") if 'class="over bad"' in each.proto.body]
    shown = [*app.number_input, *app.selectbox, *app.toggle, *app.segmented_control]
    return {widget.key: widget.value for widget in shown}


def test_a_grid_chosen_on_one_lesson_is_the_grid_of_the_next() -> None:
    app = open_app("windows")
    app.number_input(key="h").set_value(6).run()
    app.number_input(key="m").set_value(2).run()
    app.selectbox(key="block").set_value("1.2").run()
    chosen = {"h": 6, "w": 8, "m": 2, "block": "1.2"}
    for page in ("shift", "mask", "windows"):
        shown = go(app, page)
        assert {key: shown[key] for key in chosen} == chosen, page
        assert shown.get("s", 1) == 1  # ⌊2/2⌋
        assert app.query_params["h"] == "6" and "w" not in app.query_params


def test_a_choice_outlives_pages_that_do_not_show_it() -> None:
    app = open_app("shift", lang="zh", m="6", s="3")
    shown = go(app, "cost_model")
    assert "m" not in shown and shown["lang"] == "zh"
    shown = go(app, "shift")
    assert (shown["h"], shown["m"], shown["s"], shown["lang"]) == (7, 6, 3, "zh")


def test_a_number_that_the_next_page_cannot_take_is_its_default() -> None:
    app = open_app("merging", h="16")
    app.number_input(key="channel").set_value(400).run()
    app.session_state["channel"] = 5000
    app.run()
    assert not app.exception
    assert (app.number_input(key="channel").value, app.number_input(key="h").value) == (0, 16)


def test_a_language_that_is_not_there_opens_in_one_that_is() -> None:
    app = open_app(lang="tlh")
    assert not app.exception
    assert app.session_state["lang"] in LANGUAGES and app.query_params.get("lang") != ["tlh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_merging_says_what_helps_where_there_is_none_to_see(language: str) -> None:
    """In the last stage another block; where only the last stage is small enough to be shown, another size."""
    says = Words(language, "merging")
    assert says("last_stage") in [each.value for each in open_app("merging", lang=language, block="4.1").markdown]
    large = open_app("merging", lang=language, size="1024")
    assert large.selectbox(key="block").options == [
        title for title in large.selectbox(key="block").options if "32" in title
    ]
    assert says("earlier_too_large") in [each.value for each in large.markdown]
    assert not large.exception
