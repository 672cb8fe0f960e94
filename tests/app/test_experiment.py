"""What becomes of the answer without a head, against a model whose projection does not read that head."""

import copy
import re

import numpy as np
import torch
from PIL import Image

from swin_viz.engine import shared
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import to_tensor
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene
from swin_viz.text import Words
from tests.app.hands import open_app


@torch.no_grad()
def logits(deaf_to: int | None = None) -> np.ndarray:
    model = copy.deepcopy(shared.load(BUILTIN).model)
    if deaf_to is not None:
        attention = model.layers[3].blocks[1].attn
        wide = attention.proj.in_features // attention.heads
        attention.proj.weight[:, deaf_to * wide : (deaf_to + 1) * wide] = 0
    return model(to_tensor(Image.fromarray(make_scene(FIRST_HELD_OUT).image)))[0].numpy()


def test_each_head_is_removed_in_turn_and_the_logits_move_as_without_it() -> None:
    t = Words("en", "attention")
    app = open_app("attention", block="4.2")
    next(button for button in app.button if button.key == "heads_off").click()
    app.run()
    assert not app.exception
    (table,) = (each.value for each in app.markdown if each.value.startswith("| what is taken out"))
    rows = [re.split(r" *\| *", line.strip("| ")) for line in table.splitlines()[2:]]
    assert [row[0] for row in rows] == [t("off_none"), *(t("off_head", head=h) for h in range(1, 25)), t("off_all")]
    assert rows[0][-1] == "0"
    whole = logits()
    for head in (0, 9, 23):
        moved = abs(logits(head) - whole).max() / whole.std()
        assert abs(float(rows[1 + head][-1]) - moved) <= 0.0051
