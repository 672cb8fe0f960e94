"""Pair by pair's Python side: how much of a block is sent, and what is saved of a pair."""

import io

import numpy as np
import pytest
from PIL import Image

from swin_viz.browser import tables
from swin_viz.browser.attention.view import View, token
from swin_viz.browser.message import Run
from swin_viz.browser.pairs.message import pair_message, values_of
from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.paths import BUILTIN

NAME = "layers.1.blocks.1"  # stage 2, block 2: shifted


def observed(trace, *names: str) -> dict[str, np.ndarray]:
    return observe(shared.load(BUILTIN).model, Image.fromarray(trace.image), names)


def test_large_blocks_send_the_querys_window_alone(scene, monkeypatch: pytest.MonkeyPatch) -> None:
    trace, values = scene, observed(scene, *values_of(NAME))
    run = Run("run", "model")
    whole = pair_message(trace, run, trace.block(NAME), 5, values, {})
    assert whole.header["windows"] is None
    assert whole.now == ("image", "geometry", "values")
    np.testing.assert_array_equal(whole.parts["values"].arrays()["value.attn.q"], values[f"{NAME}.attn.q"])
    monkeypatch.setattr("swin_viz.browser.pairs.message.WHOLE", 1000)
    alone = pair_message(trace, run, trace.block(NAME), 5, values, {})
    assert alone.header["windows"] == [5]
    np.testing.assert_array_equal(alone.parts["values"].arrays()["value.attn.q"], values[f"{NAME}.attn.q"][[5]])
    assert alone.parts["values"].key != whole.parts["values"].key


def test_exports_are_the_models_stages(scene) -> None:
    trace, truth = scene, observed(scene, f"{NAME}.attn.*")
    view = View(block=3, head=2, at=(0.44, 0.23))
    found = tables.pair_stages(trace, view, truth)
    block = trace.blocks[3]
    row, column = token(view, trace)
    window = int(np.argwhere(block.places == row * block.padded[1] + column)[0][0])
    for name in ("raw", "scaled", "masked", "probs"):
        tensor = truth[f"{NAME}.attn.{name}"][window, 2]
        np.testing.assert_allclose(found[name], tensor, rtol=1e-4, atol=1e-4 * np.abs(tensor).max(), err_msg=name)
    lines = tables.pairs_csv(found, "caption").decode().splitlines()
    shares = [float(line.split(",")[-1]) for line in lines[2:]]
    assert sum(shares) == pytest.approx(1, abs=1e-4)
    assert len(shares) == 49
    archive = np.load(io.BytesIO(tables.pairs_npz(found, "caption")))
    np.testing.assert_array_equal(archive["probs"], found["probs"])
