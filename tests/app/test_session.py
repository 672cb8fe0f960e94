"""What pages ask the session for belongs to the picture that is shown, whatever was shown before."""

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from swin_viz import paths
from swin_viz.app import settings
from swin_viz.app.widgets.picture import Source
from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.lessons.mask import leak
from swin_viz.network.ablation import Ablation
from swin_viz.text.numbers import percent


def test_leaks_are_those_of_the_picture_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two plain pictures, one the other's transpose: their pixels are the same bytes."""
    model, shown = shared.load(paths.BUILTIN).model, []
    for image in (Image.new("RGB", size, "teal") for size in ((96, 224), (224, 96))):
        source = Source(("test", str(image.size)), "plain", lambda image=image: (image, None))
        monkeypatch.setattr(settings, "choose_picture", lambda source=source: source)
        app = AppTest.from_file(str(paths.PACKAGE / "app" / "ui.py"), default_timeout=120)
        app.query_params |= {"whole": "1", "at": "1.2"}
        app.switch_page(str(paths.ROOT / "pages" / "mask.py")).run()
        name = "layers.0.blocks.1"
        block = run(model, image).block(name)
        shares = run(model, image, Ablation(mask=False)).block(name).shares()
        own = percent(leak(shares, block, block.mask_kinds[block.mask_of]))
        assert any(f"| {own} |" in each.value for each in app.markdown), own
        shown.append(own)
    assert shown[0] != shown[1]
