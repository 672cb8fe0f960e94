"""The explorer's Python side: what the browser and the address say is checked, what is saved holds the numbers."""

import io
import re

import numpy as np
import pytest

from swin_viz.explorer import exports
from swin_viz.explorer.bundle import modules, script
from swin_viz.explorer.state import View, checked, default_view, from_query, to_query, token


@pytest.mark.parametrize(
    "junk",
    [
        *(None, 3, "x", {}, {"block": 99}, {"block": True}, {"head": "all"}, {"head": 10**30}, {"at": "ab"}),
        *({"at": [float("nan"), 0]}, {"layer": ["attention"]}, {"pinned": "yes"}, {"scope": {"a": 1}}),
        *({"other": {"block": -1, "head": None}}, {"at": [1e300, -5]}),
    ],
)
def test_junk_from_the_browser_is_checked(scene, junk: object) -> None:
    before = default_view(scene)
    found = checked(junk, scene, before)
    assert 0 <= found.block < len(scene.blocks)
    assert found.head == "mean" or 0 <= found.head < scene.blocks[found.block].heads
    assert all(0 <= part < 1 for part in found.at)
    assert all(0 <= part < side for part, side in zip(token(found, scene), scene.blocks[found.block].size, strict=True))


def test_every_view_survives_its_address(odd) -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        block = int(rng.integers(len(odd.blocks)))
        other = int(rng.integers(len(odd.blocks)))
        heads = odd.blocks[block].heads
        view = View(
            block=block,
            head="mean" if rng.random() < 0.3 else int(rng.integers(heads)),
            at=tuple(rng.random(2)),
            pinned=bool(rng.integers(2)),
            layer=str(rng.choice(["attention", "rollout"])),
            scope=str(rng.choice(["query", "block"])),
            grid=bool(rng.integers(2)),
            wrong=bool(rng.integers(2)),
            other=(other, "mean") if rng.random() < 0.5 else None,
        )
        again = from_query(to_query(view, odd), odd)
        assert token(again, odd) == token(view, odd)
        assert to_query(again, odd) == to_query(view, odd)


@pytest.mark.parametrize(
    "query", [{"block": "9.9", "head": "x", "q": "a.b"}, {"q": "99999.1"}, {"with": "1.1"}, {"head": "²"}]
)
def test_senseless_addresses_open_the_default(scene, query: dict) -> None:
    found = from_query(query, scene)
    assert found.block == default_view(scene).block
    assert found.head == "mean"


def test_exports_hold_the_numbers_of_the_view(scene) -> None:
    view = View(block=3, head=1, at=(0.31, 0.77))
    npz = np.load(io.BytesIO(exports.block_npz(scene, view, "a caption")))
    np.testing.assert_array_equal(npz["shares"], scene.blocks[3].shares())
    assert str(npz["caption"]) == "a caption"
    lines = exports.query_csv(scene, view, "a caption").decode().splitlines()
    assert lines[0].startswith('"# a caption; query (8, 21)') or lines[0].startswith("# a caption; query (8")
    assert len(lines) == 2 + 49
    total = np.sum([[float(cell) for cell in line.split(",")[4:]] for line in lines[2:]], axis=0)
    np.testing.assert_allclose(total, 1, atol=1e-3)


def test_the_bundle_holds_every_module_once_in_order() -> None:
    text = script("explorer.js")
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert text.count("export default") == 1
    order = [path.name for path in modules("explorer.js")]
    assert order.index("trace.js") < order.index("explorer.js") == len(order) - 1
    assert len(order) == len(set(order))
