"""What the Overview below its opening sends: small, whole for every model, and nothing that the model does not say."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from swin_viz.browser.message import Run
from swin_viz.browser.overview.whole.message import whole_message
from swin_viz.browser.overview.whole.view import TOP, checked, offered, to_query
from swin_viz.engine.run import run
from swin_viz.engine.shared import Framed, Later, Loaded
from swin_viz.network.model import Swin
from swin_viz.network.variants import BUILTIN, VARIANTS, SwinConfig

THREE = SwinConfig(24, (2, 3, 1), (2, 4, 8), window=4, classes=0, mlp_ratio=2.0)


def made(config: SwinConfig, width: int, height: int) -> tuple[dict, dict[str, dict[str, np.ndarray]]]:
    """What is told of a model with chance weights on a picture of chance, and all its parts."""
    torch.manual_seed(0)
    loaded = Loaded(Swin(config).eval().requires_grad_(False), "official", (), (), "key")
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    picture = Framed(Image.fromarray(pixels))
    message = whole_message(run(loaded.model, picture.image), Run("a", "b"), Later(loaded, picture), (), None, {})
    return message.header["told"], {group: part.arrays() for group, part in message.parts.items()}


def test_a_model_of_three_stages_without_a_head_sends_all_but_votes() -> None:
    told, parts = made(THREE, 100, 61)
    assert set(parts) == {"image", "row", "rows"} and told["classes"] == 0 and told["top"] == []
    nodes = json.loads(parts["rows"]["rows"].tobytes())["own"]
    kinds = ["image", "patches", "pair", "merge", "pair", "pair", "merge", "pair", "norm", "mean"]
    assert [node["kind"] for node in nodes] == kinds
    assert [node["shape"] for node in nodes] == [
        *([61, 100, 3], [16, 25, 24], [16, 25, 24], [8, 13, 48], [8, 13, 48], [8, 13, 48], [4, 7, 96], [4, 7, 96]),
        *([4, 7, 96], [96]),
    ]
    for number, node in enumerate(nodes[1:-1], 1):
        assert list(parts["row"][f"row.{number}"].shape) == [*node["shape"][:2], 3]
    assert [len(turns) for turns in told["turns"]] == [3, 4, 2]


def test_a_thousand_classes_travel_in_parts_that_together_are_all_votes() -> None:
    told, parts = made(SwinConfig(24, (2, 2), (2, 4), window=7, classes=1000), 224, 160)
    tokens = 28 * 20
    assert told["chunk"] * tokens <= 2**16 and len(told["top"]) == 5
    cast = np.concatenate([parts[f"votes.{i}"][f"votes.{i}"] for i in range(-(-1000 // told["chunk"]))])
    assert cast.shape == (1000, tokens)
    np.testing.assert_allclose(cast.mean(1, dtype=np.float64), parts["votes"]["votes.logits"], atol=1e-5)


@pytest.mark.parametrize("config", [BUILTIN, THREE, VARIANTS["swin_t"]], ids=["builtin", "three", "swin_t"])
def test_what_is_not_offered_stays_as_it_was(config: SwinConfig) -> None:
    plain = checked(None, {}, config)
    assert plain == {key: options[0] for key, options in offered(config).items()}
    assert set(to_query(plain, config).values()) == {None}
    last = str(config.stages)
    moved = checked({"rulers_stage": last, "lens_ask": "zz", "votes_class": ["3"], "row_of": "swin_l"}, plain, config)
    assert (moved["rulers_stage"], moved["lens_ask"], moved["votes_class"]) == (last, "what", TOP)
    assert to_query(moved, config) == dict.fromkeys(plain) | {"rulers_stage": last, "row_of": "swin_l"}
    assert checked({"rulers_stage": "5", "votes_class": "1000"}, moved, config) == moved
