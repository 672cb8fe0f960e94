"""A block that runs alone on its kept input passes the values of a whole run, bit for bit."""

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.engine import sections, shared
from swin_viz.engine.run import observe, run
from swin_viz.engine.trace import Trace
from swin_viz.network.ablation import Ablation
from swin_viz.network.model import PatchEmbed, Swin
from swin_viz.paths import BUILTIN

IMAGE = Image.fromarray(np.random.default_rng(1).integers(0, 255, (96, 150, 3), dtype=np.uint8))  # padded everywhere
ALONE = (
    ("layers.1.blocks.1.*",),
    ("layers.0.downsample.*", "layers.0.blocks.1.attn.*"),
    ("layers.*.resid_post",),
    ("layers.2.blocks.0.attn.q", "layers.0.blocks.0.attn.probs"),
)
WHOLE = (("logits",), ("patch_embed.tokens", "layers.1.blocks.1.attn.q"))


@pytest.fixture(scope="module")
def model() -> Swin:
    return shared.load(BUILTIN).model


@pytest.fixture(scope="module")
def kept(model: Swin) -> Trace:
    return run(model, IMAGE)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A number for every pass of the whole network."""
    found: list[int] = []
    forward = PatchEmbed.forward
    monkeypatch.setattr(PatchEmbed, "forward", lambda self, x: found.append(1) or forward(self, x))
    return found


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("patterns", ALONE)
def test_values_are_those_of_a_whole_run(model: Swin, kept: Trace, passes: list[int], patterns: tuple) -> None:
    found = observe(model, IMAGE, patterns, kept=kept)
    assert not passes
    assert same(found, observe(model, IMAGE, patterns))


@pytest.mark.parametrize("patterns", WHOLE)
def test_what_lies_outside_the_blocks_is_a_whole_run(model: Swin, kept: Trace, passes: list[int], patterns) -> None:
    assert same(observe(model, IMAGE, patterns, kept=kept), observe(model, IMAGE, patterns))
    assert len(passes) == 2


@pytest.mark.parametrize(("edited", "whole"), [("layers.1.blocks.1", 0), ("layers.2.*", 0), ("layers.1.blocks.0", 1)])
def test_only_an_ablation_that_lies_before_needs_a_whole_run(model, kept, passes, edited: str, whole: int) -> None:
    """Beside what the same ablation gives without a kept run."""
    ablation, wanted = Ablation(bias=False, mask=False, blocks=(edited,)), ["layers.1.blocks.1.*"]
    found = observe(model, IMAGE, wanted, ablation, kept)
    assert len(passes) == whole
    assert same(found, observe(model, IMAGE, wanted, ablation))


def test_an_ablated_run_and_a_large_one_keep_no_inputs(model: Swin, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, ablated = run(model, IMAGE), run(model, IMAGE, Ablation(bias=False))
    assert not ablated.inputs
    assert plain.nbytes - ablated.nbytes == sum(array.nbytes for array in plain.inputs.values()) > 0
    assert not any(array.flags.writeable for array in plain.inputs.values())
    monkeypatch.setattr(sections, "KEPT", 1000)
    small = run(model, IMAGE)
    assert not small.inputs
    assert same(observe(model, IMAGE, ["layers.1.*.z"], kept=small), observe(model, IMAGE, ["layers.1.*.z"]))


def test_a_model_of_another_precision_keeps_none(model: Swin) -> None:
    double = Swin(model.config).double().eval()
    assert not run(double.requires_grad_(False), IMAGE).inputs


def test_a_page_of_a_kept_run_makes_no_second_pass(passes: list[int]) -> None:
    loaded, picture = shared.load(BUILTIN), shared.Framed(IMAGE)
    shared.trace(loaded, picture, Ablation())
    passes.clear()
    found = shared.observe(loaded, picture, ("layers.2.blocks.1.attn.masked",), Ablation())
    assert not passes
    with torch.no_grad():
        assert same(found, observe(loaded.model, IMAGE, ["layers.2.blocks.1.attn.masked"]))
