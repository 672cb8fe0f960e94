"""The block's page without a browser: what is run when it is asked for, against a model without that branch."""

import copy

import torch
from PIL import Image

from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.paths import BUILTIN
from tests.app.hands import open_app


def test_the_experiments_are_runs_of_models_without_these_branches(scene) -> None:
    app = open_app("block")
    assert not any("of block 4.2" in each.value for each in app.markdown)  # nothing runs unasked
    app.button(key="break_block").click().run()
    assert not app.exception
    (table,) = (each.value for each in app.markdown if "of block 4.2" in each.value)
    moved = [line.split("|")[-2].strip() for line in table.splitlines()[2:]]
    model = copy.deepcopy(shared.load(BUILTIN).model)
    wanted = ["0"]
    for block in reversed(model.layers[3].blocks):  # 4.2 alone, then both
        torch.nn.init.zeros_(block.attn.proj.weight), torch.nn.init.zeros_(block.attn.proj.bias)
        logits = run(model, Image.fromarray(scene.image)).logits
        wanted.append(f"{abs(logits - scene.logits).max() / scene.logits.std():.2f}")
    assert moved[:3] == wanted
    assert len(moved) == 5
