"""Who made a sample photograph stands where it is chosen, and agrees with the licences."""

import pytest
from streamlit.testing.v1 import AppTest

from swin_viz import paths
from swin_viz.reading.picture.samples import SAMPLES
from swin_viz.text import LANGUAGES, Words

TERMS = {"cc0": "CC0", "public_domain": "public domain"}
LICENCES = (paths.ASSETS / "samples" / "LICENSE.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SAMPLES)
def test_the_maker_of_a_sample_stands_below_its_choice(key: str, language: str) -> None:
    app = AppTest.from_file(str(paths.PACKAGE / "app" / "ui.py"), default_timeout=120)
    app.query_params |= {"image": key, "lang": language}
    app.run()
    shown = [each.value for each in app.caption]
    assert Words(language, "ui")(f"by_{SAMPLES[key].terms}", maker=SAMPLES[key].maker) in shown


@pytest.mark.parametrize("key", SAMPLES)
def test_makers_and_terms_are_those_of_the_licences(key: str) -> None:
    (line,) = (line for line in LICENCES if line.startswith(f"| {SAMPLES[key].file} "))
    assert SAMPLES[key].maker in line and TERMS[SAMPLES[key].terms] in line


def test_a_scene_has_no_maker_but_us() -> None:
    app = AppTest.from_file(str(paths.PACKAGE / "app" / "ui.py"), default_timeout=120).run()
    assert not any("CC0" in each.value for each in app.caption)
