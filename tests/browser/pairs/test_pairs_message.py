"""Pair by pair's Python side: how much of a block is sent, and what is saved of a pair."""

import gc
import io

import numpy as np
import pytest
from PIL import Image

from swin_viz.browser import tables
from swin_viz.browser.attention.view import View, token
from swin_viz.browser.message import Run
from swin_viz.browser.pairs.message import POINTS, offered, pair_message, values_of
from swin_viz.engine import shared
from swin_viz.engine.parts import encoded
from swin_viz.engine.run import observe
from swin_viz.paths import BUILTIN

NAME = "layers.1.blocks.1"  # stage 2, block 2: shifted


def observed(trace, *names: str) -> dict[str, np.ndarray]:
    return observe(shared.load(BUILTIN).model, Image.fromarray(trace.image), names)


def test_a_window_is_a_part_of_its_own_and_the_querys_comes_first(scene) -> None:
    values = observed(scene, *values_of(NAME))
    message = pair_message(scene, Run("run", "model"), scene.block(NAME), 5, values, {})
    assert message.header["windows"] == list(range(16))
    assert message.now == ("image", "geometry", "bias", "window.5")
    arrays = message.parts["window.7"].arrays()
    assert set(arrays) == {f"value.7.{point}" for point in POINTS}
    np.testing.assert_array_equal(arrays["value.7.attn.q"], values[f"{NAME}.attn.q"][7])
    np.testing.assert_array_equal(message.parts["bias"].arrays()["bias"], scene.block(NAME).bias)
    assert len({part.key for part in message.parts.values()}) == len(message.parts)


def test_opening_moves_little(scene) -> None:
    """Picture, geometry, bias and one window, as they travel."""
    values = observed(scene, *values_of(NAME))
    message = pair_message(scene, Run("run", "model"), scene.block(NAME), 5, values, {})
    assert sum(len(encoded(message.parts[group].arrays())) for group in message.now) <= 350_000


def test_of_many_windows_those_around_the_query_are_named(scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swin_viz.browser.pairs.message.MANY", 15)
    block = scene.block(NAME)  # 4×4 windows
    assert offered(block, 5) == [0, 1, 2, 4, 5, 6, 8, 9, 10]
    assert offered(block, 15) == [10, 11, 14, 15]


def test_a_windows_values_are_not_kept_for_it(scene) -> None:
    values = observed(scene, *values_of(NAME))
    part = pair_message(scene, Run("run", "model"), scene.block(NAME), 5, values, {}).parts["window.5"]
    del values
    gc.collect()
    with pytest.raises(KeyError):
        part.arrays()


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
