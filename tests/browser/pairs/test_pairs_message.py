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
from swin_viz.browser.pairs.view import from_query, masked_first, to_query
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
    kinds = {each.dtype.kind + str(each.dtype.itemsize) for name, each in found.items() if name != "block"}
    assert kinds == {"f4", "i4"}  # one width of each
    lines = tables.pairs_csv(found, "caption").decode().splitlines()
    shares = [float(line.split(",")[-1]) for line in lines[2:]]
    assert sum(shares) == pytest.approx(1, abs=1e-4)
    assert len(shares) == 49
    archive = np.load(io.BytesIO(tables.pairs_npz(found, "caption")))
    np.testing.assert_array_equal(archive["probs"], found["probs"])


def test_exports_hold_what_another_factor_makes(scene) -> None:
    truth, view = observed(scene, f"{NAME}.attn.*"), View(block=3, head=2, at=(0.44, 0.23))
    usual, found = (tables.pair_stages(scene, view, truth, factor) for factor in (0, 100))
    assert (usual["scale"], found["scale"]) == (0.25, 1.0)
    assert tables.factor_on_scores(16, 200) == 4
    np.testing.assert_array_equal(found["scaled"], found["raw"])
    logits = found["raw"].astype(float) + found["bias"] + found["mask"]
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    np.testing.assert_allclose(found["probs"], shares / shares.sum(-1, keepdims=True), atol=1e-5)


def test_a_heads_rows_of_w_make_its_q_and_the_cloud_has_every_query(scene) -> None:
    values, layer = observed(scene, *values_of(NAME)), shared.load(BUILTIN).model.get_submodule(f"{NAME}.attn")
    message = pair_message(scene, Run("run", "model"), scene.block(NAME), 5, values, {}, layer)
    weight = message.parts["weight.2"].arrays()
    found = values[f"{NAME}.windows"][5] @ weight["weight.2"].T + weight["weight.bias.2"]
    np.testing.assert_allclose(found, values[f"{NAME}.attn.q"][5, 2], atol=1e-4)
    cloud = message.parts["cloud.2"].arrays()
    assert cloud["cloud.2.windows"].tolist() == list(range(16))
    for name in "qk":
        np.testing.assert_array_equal(cloud[f"cloud.2.{name}"], values[f"{NAME}.attn.{name}"][:, 2])
    assert not {"weight.2", "cloud.2"} & set(message.now)


def test_of_many_windows_the_cloud_has_some_evenly_chosen(scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swin_viz.browser.pairs.message.CLOUD", 4)
    message = pair_message(
        scene, Run("run", "model"), scene.block(NAME), 5, values := observed(scene, *values_of(NAME)), {}
    )
    cloud = message.parts["cloud.0"].arrays()
    assert cloud["cloud.0.windows"].tolist() == [0, 5, 10, 15]
    np.testing.assert_array_equal(cloud["cloud.0.q"], values[f"{NAME}.attn.q"][[0, 5, 10, 15], 0])


def test_the_first_query_is_the_nearest_whose_window_has_a_mask(scene) -> None:
    view = View(block=3, head=0, at=(0.1, 0.2))
    found = masked_first(view, scene)
    block, (row, column) = scene.blocks[3], token(found, scene)
    window = int(np.argwhere(block.places == row * block.padded[1] + column)[0][0])
    assert block.mask_kinds[block.mask_of[window]].any()
    away = {}
    for w, places in enumerate(block.places):
        for place in places if block.mask_kinds[block.mask_of[w]].any() else ():
            r, c = divmod(int(place), block.padded[1])
            away[r, c] = (r - 2) ** 2 + (c - 5) ** 2
    assert token(view, scene) == (2, 5)
    assert away[row, column] == min(away.values())
    assert masked_first(found, scene) == found
    assert masked_first(View(block=2), scene) == View(block=2)  # no window of it has a mask


def test_pair_by_pair_opens_at_its_first_step_and_keeps_what_an_address_says(scene) -> None:
    assert from_query({}, scene, View(block=3)).step == 0
    assert to_query(from_query({}, scene, View(block=3)), scene)["step"] is None
    wanted = {"step": "4", "factor": "180", "cell": "9", "dims": "200"}
    found = from_query(wanted, scene, View(block=3))
    assert {name: to_query(found, scene)[name] for name in wanted} == wanted
    wild = from_query({"cell": "16", "dims": "0", "factor": "201"}, scene, View(block=3))
    assert (wild.cell, wild.dims, wild.factor) == (None, 16, 0)
