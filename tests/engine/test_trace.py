"""A trace holds what the tensors held, cannot be changed, and reaches the browser as it is."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.engine.parts import pack, pack_trace, unpack
from swin_viz.engine.run import observe, run
from swin_viz.engine.trace import UNIT, Trace, trace_arrays
from swin_viz.network.ablation import Ablation
from swin_viz.network.capture import capture
from swin_viz.network.variants import SwinConfig
from swin_viz.reading.picture.frame import to_tensor
from tests.network.test_model import SMALL, random_swin

NOISE = np.random.default_rng(0).integers(0, 255, (46, 31, 3), dtype=np.uint8)
IMAGE = Image.fromarray(NOISE)


@pytest.fixture(scope="module")
def model():
    return random_swin(SMALL, dtype=torch.float32)


@pytest.fixture(scope="module")
def trace(model) -> Trace:
    return run(model, IMAGE)


@pytest.fixture(scope="module")
def tape(model):
    with torch.no_grad(), capture(model, "*") as tape:
        model(to_tensor(IMAGE))
    return tape


def test_attention_is_the_tensor_to_half_a_step(trace: Trace, tape) -> None:
    for block in trace.blocks:
        error = np.abs(block.shares() - tape[f"{block.name}.attn.probs"][0].numpy())
        assert error.max() <= 0.5 / UNIT + 1e-7
        np.testing.assert_allclose(block.shares().sum(-1), 1, atol=9 / 131070 + 1e-6)


def test_geometry_is_that_of_the_tensors(trace: Trace, tape) -> None:
    for block in trace.blocks:
        height, width, channels = tape[f"{block.name}.resid_pre"].shape[1:]
        assert (block.size, block.channels) == ((height, width), channels)
        assert block.padded == tuple(tape[f"{block.name}.padded"].shape[1:3])
        assert block.shift == tape[f"{block.name}.shift"]
        flat = tape[f"{block.name}.padded"][0].flatten(0, 1)
        windows = tape[f"{block.name}.windows"][0]
        assert torch.equal(flat[torch.from_numpy(block.places.astype(np.int64))], windows)


def test_masks_and_bias_are_those_that_were_added(trace: Trace, tape) -> None:
    for block in trace.blocks:
        np.testing.assert_array_equal(block.mask_kinds[block.mask_of], tape[f"{block.name}.attn.mask"].numpy())
        np.testing.assert_array_equal(block.bias, tape[f"{block.name}.attn.bias"].detach().numpy())
        looked_up = block.table[trace.index].transpose(2, 0, 1)
        np.testing.assert_array_equal(block.bias, looked_up)


def test_regions_differ_just_where_the_mask_blocks(trace: Trace) -> None:
    for block in trace.blocks:
        differ = block.regions[:, :, None] != block.regions[:, None, :]
        np.testing.assert_array_equal(differ, block.mask_kinds[block.mask_of] != 0)


def test_shapes_and_axes_cover_every_point(trace: Trace, tape) -> None:
    assert dict(trace.shapes) == tape.shapes
    assert set(trace.axes) == set(tape)


def test_the_prediction_is_the_softmax_of_the_logits(trace: Trace, tape) -> None:
    shares = tape["logits"][0].softmax(0)
    assert [index for index, _ in trace.top(5)] == shares.argsort(descending=True).tolist()
    for index, share in trace.top(3):
        assert share == pytest.approx(shares[index].item(), rel=1e-5)


def test_a_trace_cannot_be_changed(trace: Trace) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.seconds = 0.0
    for name, array in trace_arrays(trace).items():
        assert not array.flags.writeable, name
    with pytest.raises(TypeError):
        trace.shapes["x"] = ()


def test_bytes_are_counted(trace: Trace) -> None:
    probs = sum(block.probs.nbytes for block in trace.blocks)
    assert probs < trace.nbytes < probs + 400_000
    arrays = (*trace_arrays(trace).values(), *trace.inputs.values())
    assert trace.nbytes == sum(array.nbytes for array in arrays)


def test_pack_and_unpack_are_inverses(trace: Trace) -> None:
    header, arrays = unpack(pack_trace(trace))
    wanted = trace_arrays(trace)
    assert set(arrays) == set(wanted)
    for name, array in wanted.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype
        assert header["arrays"][name][2] % 8 == 0
    assert header["blocks"][1]["shift"] == list(trace.blocks[1].shift)


def test_blocks_can_be_left_out(trace: Trace) -> None:
    _, arrays = unpack(pack_trace(trace, blocks=["layers.1.blocks.0"]))
    assert [name for name in arrays if name.endswith(".probs")] == ["layers.1.blocks.0.probs"]
    assert "layers.0.blocks.0.places" in arrays


def test_minus_infinity_survives_the_header(model) -> None:
    ablated = run(model, IMAGE, Ablation(mask_value=-float("inf")))
    header, arrays = unpack(pack_trace(ablated))
    assert header["ablation"]["mask_value"] == "-inf"
    assert np.isneginf(arrays["layers.0.blocks.1.mask_kinds"]).any()
    assert "Infinity" not in json.dumps(header)


def test_an_empty_message_is_a_message() -> None:
    header, arrays = unpack(pack({"a": 1}, {}))
    assert header.items() >= {"a": 1, "arrays": {}}.items()
    assert arrays == {}


def test_a_message_names_the_bytes_of_its_arrays() -> None:
    of = lambda array: unpack(pack({}, {"a": array}))[0]["digest"]  # noqa: E731
    assert of(np.arange(6)) == of(np.arange(6))
    assert of(np.arange(6)) != of(np.arange(6)[::-1])


def test_observe_gives_the_tensors_without_the_batch(model, tape) -> None:
    found = observe(model, IMAGE, ["layers.0.blocks.1.attn.*", "layers.0.blocks.1.shift"])
    assert found["layers.0.blocks.1.attn.q"].shape == tape["layers.0.blocks.1.attn.q"].shape[1:]
    np.testing.assert_array_equal(found["layers.0.blocks.1.attn.raw"], tape["layers.0.blocks.1.attn.raw"][0].numpy())
    assert found["layers.0.blocks.1.attn.bias"].shape == (2, 9, 9)
    assert found["layers.0.blocks.1.shift"].tolist() == [1, 1]


def test_a_model_without_a_head_has_features_and_no_prediction() -> None:
    headless = random_swin(SwinConfig(8, (2,), (2,), window=3, classes=0), dtype=torch.float32)
    trace = run(headless, IMAGE)
    assert trace.top() == []
    assert trace.logits.shape == (8,)


def test_an_ablation_of_a_missing_block_is_refused(model) -> None:
    with pytest.raises(KeyError, match="no block matches"):
        run(model, IMAGE, Ablation(mask=False, blocks=("layers.9.*",)))


def test_geometry_is_shared_by_pictures_and_not_by_ablations(model, trace: Trace) -> None:
    other, value = run(model, Image.fromarray(NOISE[::-1].copy())), Ablation(mask_value=-10.0)
    for one, same in zip(trace.blocks, other.blocks, strict=True):
        assert one.places is same.places and one.mask_kinds is same.mask_kinds
    for ablation in (value, Ablation(padding_masked=True), Ablation(shift=False), Ablation(mask=False)):
        with torch.no_grad(), capture(model, "*.attn.mask", edit=ablation.edits(model)) as tape:
            model(to_tensor(IMAGE))
        for block in run(model, IMAGE, ablation).blocks:
            mask = tape[f"{block.name}.attn.mask"].numpy()
            np.testing.assert_array_equal(block.mask_kinds[block.mask_of], mask)
