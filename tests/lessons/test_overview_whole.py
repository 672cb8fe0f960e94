"""The Overview below its opening, against the run and against counting."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.cost.counted import compare
from swin_viz.cost.formula import items, parameters, total
from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.engine.shared import Framed, Later
from swin_viz.engine.trace import Trace
from swin_viz.lessons.merging import as_colours, feature_maps
from swin_viz.lessons.overview import row, sides, stage, votes
from swin_viz.network.capture import capture
from swin_viz.network.model import Swin
from swin_viz.network.variants import BUILTIN, VARIANTS, SwinConfig
from swin_viz.network.windows import pad_to_multiple, partition
from swin_viz.paths import BUILTIN as FILE

THREE = SwinConfig(24, (2, 3, 1), (2, 4, 8), window=4, classes=0, mlp_ratio=2.0)
MODELS = {name: VARIANTS[name] for name in ("swin_t", "swin_s", "swin_b", "swin_l")} | {"own": BUILTIN, "three": THREE}


def asked(trace: Trace, model: Swin):
    return lambda *names: observe(model, Image.fromarray(trace.image), names, kept=trace)


@pytest.mark.parametrize("name", MODELS)
def test_the_row_adds_up_to_the_whole_model_and_to_what_a_counter_sees(name: str) -> None:
    config = MODELS[name]
    for size in ((224, 224), (250, 181)):
        nodes = row.row(config, *size)
        assert sum(node.parameters for node in nodes) == parameters(config)
        assert sum(node.macs for node in nodes) == total(items(config, *size))
    seen = [each for each in compare(config, *size) if each.counted_macs]
    for node in nodes:
        mine = [each for each in seen if each.stage == node.stage and each.block in node.blocks]
        if node.kind == "pair":
            assert node.macs == sum(each.counted_macs for each in mine)
    assert [node.kind for node in nodes][-1] == ("head" if config.classes else "mean")


@pytest.mark.parametrize("name", MODELS)
def test_the_shapes_by_formula_are_those_of_a_pass(name: str) -> None:
    with torch.device("meta"):
        model = Swin(MODELS[name]).eval().to("meta")
    with torch.no_grad(), capture(model) as tape:
        model(torch.zeros(1, 3, 250, 181, device="meta"))
    for node in row.row(MODELS[name], 250, 181)[1:]:
        assert tuple(tape.shapes[node.point][1:]) == node.shape, node


@pytest.mark.parametrize("which", ["scene", "odd"])
def test_a_nodes_features_are_those_that_passed_its_point(which: str, request: pytest.FixtureRequest) -> None:
    trace, model = request.getfixturevalue(which), shared.load(FILE).model
    found = row.features(trace, model, asked(trace, model))
    captured = observe(model, Image.fromarray(trace.image), tuple(found))
    assert found.keys() == captured.keys() == {node.point for node in row.row(BUILTIN, *trace.image.shape[:2])[1:-1]}
    for point, value in captured.items():
        np.testing.assert_allclose(found[point], value, atol=2e-5, err_msg=point)
    shown = row.thumbnails(trace, model, asked(trace, model))
    last = [pixels for _, pixels in feature_maps(trace, asked(trace, model))][-1]
    number = [node.point for node in row.row(BUILTIN, *trace.image.shape[:2])].index(row.stage_ends(BUILTIN)[-1])
    np.testing.assert_array_equal(shown[f"row.{number}"], last)


def test_a_large_run_that_kept_no_inputs_has_the_same_features(scene: Trace) -> None:
    model = shared.load(FILE).model
    bare = row.features(replace(scene, inputs={}), model, asked(replace(scene, inputs={}), model))
    for point, value in row.features(scene, model, asked(scene, model)).items():
        np.testing.assert_allclose(bare[point], value, atol=2e-5, err_msg=point)


@pytest.mark.parametrize("which", ["scene", "odd"])
def test_the_mean_of_the_votes_is_the_logit(which: str, request: pytest.FixtureRequest) -> None:
    trace, model = request.getfixturevalue(which), shared.load(FILE).model
    tokens = votes.last_tokens(model, asked(trace, model))
    cast = votes.votes(model, tokens)
    assert cast.shape == (8, np.prod(trace.blocks[-1].size))
    np.testing.assert_allclose(cast.mean(1, dtype=np.float64), trace.logits, atol=1e-5)
    np.testing.assert_allclose(np.concatenate([votes.votes(model, tokens, at, 3) for at in (0, 3, 6)]), cast, atol=1e-5)
    best, share = votes.alone(cast)
    alone = torch.from_numpy(cast.copy()).T.softmax(-1).max(-1)
    np.testing.assert_array_equal(best, alone.indices)
    np.testing.assert_allclose(share, alone.values, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(224, 224), (225, 97), (32, 512)])
@pytest.mark.parametrize("window", [1, 4, 7])
def test_tokens_windows_and_pairs_are_counted(height: int, width: int, window: int) -> None:
    for side in sides.SIDES:
        found = sides.cut(height, width, side, window)
        tokens = {(y // side, x // side) for y, x in product(range(height), range(width))}
        assert found.tokens == len(tokens) == found.rows * found.columns
        at = pad_to_multiple(torch.zeros(1, found.rows, found.columns, 1), window)
        windows = partition(at, window)[0]
        assert (found.windows, found.per_window) == windows.shape[:2]
        assert found.padded == at.numel()
        assert found.window_pairs == sum(len(each) ** 2 for each in windows)
        assert found.pairs == len(tokens) ** 2
    if (height, width) == (224, 224):
        assert [sides.cut(height, width, side, window).tokens for side in sides.SIDES] == [3136, 784, 196, 49]


def test_the_rulers_are_those_of_the_run(odd: Trace) -> None:
    found = sides.rulers(odd)
    assert [(at["rows"], at["columns"]) for at in found] == [odd.blocks[i].size for i in (0, 2, 4, 6)]
    assert [(at["pixels"], at["window"]) for at in found] == [(4, 28), (8, 56), (16, 112), (32, 224)]


@pytest.mark.parametrize("which", ["scene", "odd"])
def test_a_stages_results_are_the_shapes_that_were_captured(which: str, request: pytest.FixtureRequest) -> None:
    trace = request.getfixturevalue(which)
    assert stage.code()[1].strip() == "for block in self.blocks:"
    for number in range(4):
        *blocks, end = stage.turns(trace, number)
        mine = [block for block in trace.blocks if block.stage == number]
        assert [turn.shape for turn in blocks] == [(1, *block.size, block.channels) for block in mine]
        assert [turn.kind == "shifted" for turn in blocks] == [any(block.shift) for block in mine]
        after = [block for block in trace.blocks if block.stage == number + 1] or mine
        assert end.shape == (1, *after[0].size, after[0].channels)
        assert "block(x)" in stage.code()[blocks[0].line] and "downsample" in stage.code()[end.line]


def test_what_is_made_later_is_not_kept_for_it() -> None:
    loaded = shared.load(FILE)
    picture = Framed(Image.new("RGB", (64, 64)))
    later = Later(loaded, picture)
    assert later.model is loaded.model and later.observe("pooled")["pooled"].shape == (384,)
    del picture
    with pytest.raises(KeyError):
        later.observe("pooled")


def test_colours_of_nothing_but_one_token_are_colours() -> None:
    assert as_colours(np.ones((1, 1, 8), np.float32)).shape == (1, 1, 3)
