"""MSA and W-MSA on the server's side: what is asked is checked, kept, and shared with the page of whole models."""

import re

import pytest

from swin_viz import paths
from swin_viz.browser.cost.message import derivation_message
from swin_viz.browser.cost.view import Asked, Choices, checked, from_query, to_query
from swin_viz.cost.formula import stage_maps
from swin_viz.cost.whole import PICTURES
from swin_viz.network.variants import BUILTIN, VARIANTS, SwinConfig
from swin_viz.text import LANGUAGES, Words
from tests.app.hands import open_app
from tests.app.test_address import said

CHOICES = Choices(
    {"own": BUILTIN} | VARIANTS, dict.fromkeys(("own", *VARIANTS), "a model"), {"picture": (224, 300)} | PICTURES
)


def test_the_sizes_of_a_question_are_its_stages_map_within_the_sliders_limits() -> None:
    for name, config in CHOICES.models.items():
        for px, sides in CHOICES.pictures.items():
            for stage, at in enumerate(stage_maps(config, *sides), 1):
                found = CHOICES.sizes(Asked(name, stage, px))
                assert found == {"h": at.height, "w": at.width, "c": at.channels, "m": config.window}
    tall = Choices({"own": SwinConfig()}, {"own": ""}, {"picture": (9000, 5)})
    assert CHOICES.sizes(Asked()) != tall.sizes(Asked()) == {"h": 1080, "w": 2, "c": 96, "m": 7}


@pytest.mark.parametrize(
    "bad",
    [{"of": "swin_x"}, {"of": 7}, {"stage": 5}, {"stage": 0}, {"stage": True}, {"px": "1x1"}, {"unit": "furlongs"}],
)
def test_what_cannot_be_asked_stays_as_it_was(bad: dict) -> None:
    before = Asked("swin_b", 3, "384x384", "flops")
    assert CHOICES.asked(vars(before) | bad, Asked("swin_b", 3, "384x384", "flops")) == before


def test_a_model_of_fewer_stages_has_its_last() -> None:
    small = Choices({"own": SwinConfig(96, (1, 1), (3, 6)), "swin_t": SwinConfig()}, {}, {"picture": (64, 64)})
    assert small.asked({"of": "own"}, Asked("swin_t", 4)).stage == 2


def test_an_address_brings_the_question_back_and_leaves_out_what_is_usual() -> None:
    assert set(to_query(Asked(), None).values()) == {None}
    asked = Asked("swin_s", 2, "512x512", "flops")
    texts = {key: text for key, text in to_query(asked, {"h": 3, "w": 4, "c": 5, "m": 6}).items() if text}
    assert CHOICES.asked(texts | {"stage": int(texts["stage"])}, Asked()) == asked
    assert from_query(texts, {"h": 1, "w": 1, "c": 1, "m": 1}) == {"h": 3, "w": 4, "c": 5, "m": 6}
    assert from_query({"of": "swin_s"}, CHOICES.sizes(asked)) is None
    assert checked({"h": 2.5, "w": "4", "c": 0, "m": 9}, {"h": 1, "w": 2, "c": 3, "m": 4}) == {
        **{"h": 1, "w": 2, "c": 3, "m": 9}
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_component_has_all_words_that_it_says(language: str) -> None:
    """Whatever a module asks for by a whole key."""
    words = derivation_message(CHOICES, Asked(), CHOICES.sizes(Asked()), Words(language, "cost"))["words"]
    for path in (paths.PACKAGE / "browser" / "cost").glob("*.js"):
        for key in re.findall(r'say\("(\w+)"', path.read_text(encoding="utf-8")):
            assert key in words, key


def test_model_picture_and_unit_go_along_to_the_page_of_whole_models_and_back() -> None:
    app = open_app("cost", of="swin_b", stage="2", px="512x512", unit="flops")
    app.switch_page(str(paths.PAGES / "cost_model.py")).run()
    assert not app.exception
    assert (app.selectbox(key="of").value, app.selectbox(key="px").value) == ("swin_b", "512x512")
    assert said(app)["unit"] == "flops"
    app.selectbox(key="of").select("swin_l").run()
    app.switch_page(str(paths.PAGES / "cost.py")).run()
    assert not app.exception
    found = said(app)
    assert {key: found[key] for key in ("of", "stage", "px", "unit")} == {
        **{"of": "swin_l", "stage": "2", "px": "512x512", "unit": "flops"}
    }
