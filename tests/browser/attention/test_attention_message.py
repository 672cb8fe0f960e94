"""The Attention screen's Python side: what browser and address say is checked, what is saved holds the numbers."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest

from swin_viz.browser import tables
from swin_viz.browser.attention.message import attention_message, head_numbers
from swin_viz.browser.attention.shown import caption, file_name, layer_map, panels
from swin_viz.browser.attention.view import View, checked, default_view, from_query, to_query, token
from swin_viz.browser.bundle import joined, modules
from swin_viz.browser.message import Run
from swin_viz.text import LANGUAGES, Words


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
        address = {key: text for key, text in to_query(view, odd).items() if text is not None}
        again = from_query(address, odd)
        assert token(again, odd) == token(view, odd)
        assert to_query(again, odd) == to_query(view, odd)


@pytest.mark.parametrize(
    "query",
    [
        *({"block": "9.9", "head": "x", "q": "a.b"}, {"q": "99999.1"}, {"head": "²"}),
        *({"with": text} for text in ("1.1", "9.9.9", "9.9.mean", "1.1.x")),
    ],
)
def test_senseless_addresses_open_the_default(scene, query: dict) -> None:
    found = from_query(query, scene)
    assert found.block == default_view(scene).block
    assert found.head == "mean"
    assert found.other is None


def rows_of(data: bytes) -> tuple[str, list[dict[str, str]]]:
    """The caption of a CSV file and its rows."""
    first, rest = data.decode().split("\r\n", 1)
    return next(csv.reader([first]))[0], list(csv.DictReader(io.StringIO(rest)))


def test_exports_hold_the_numbers_of_the_view(scene) -> None:
    view = View(block=3, head=1, at=(0.31, 0.77))
    npz = np.load(io.BytesIO(tables.screen_npz([(scene, view)], "a caption")))
    np.testing.assert_array_equal(npz["shares"], scene.blocks[3].shares())
    assert (str(npz["caption"]), str(npz["head"]), npz["query"].tolist()) == ("a caption", "2", [8, 21])
    assert "map" not in npz
    caption, rows = rows_of(tables.screen_csv([(scene, view)], "a caption"))
    assert caption == "# a caption"
    assert len(rows) == 49
    for head in range(1, 7):
        assert sum(float(row[f"head_{head}"]) for row in rows) == pytest.approx(1, abs=1e-3)
    assert [row["share"] for row in rows] == [row["head_2"] for row in rows]
    assert {row["blocked"] for row in rows} == {"0"}
    _, rows = rows_of(tables.screen_csv([(scene, replace(view, at=(0.31, 0.99)))], ""))  # a window at the right edge
    pieces = {(int(row["column"]) > 20, row["blocked"]) for row in rows}
    assert pieces == {(True, "0"), (False, "1")}  # what came round from the left is blocked


def test_two_compared_blocks_are_saved_together(scene) -> None:
    shown = panels(scene, View(block=5, head=1, at=(0.3, 0.2), other=(6, "mean")))
    _, rows = rows_of(tables.screen_csv(shown, ""))
    assert [(row["picture"], row["block"], row["head"]) for row in rows[::49]] == [
        ("1", "layers.2.blocks.1", "2"),
        ("2", "layers.3.blocks.0", "mean"),
    ]
    assert len(rows) == 98
    assert rows[0]["head_13"] == ""  # 12 heads here, 24 there
    for row in rows[49:]:
        heads = [float(row[f"head_{head + 1}"]) for head in range(24)]
        assert float(row["share"]) == pytest.approx(np.mean(heads), abs=1e-5)
    npz = np.load(io.BytesIO(tables.screen_npz(shown, "")))
    np.testing.assert_array_equal(npz["shares"], scene.blocks[5].shares())
    np.testing.assert_array_equal(npz["other_shares"], scene.blocks[6].shares())


@pytest.mark.parametrize(("head", "block"), [(0, 1), ("mean", 3), (2, 5)])
def test_a_layers_map_is_that_of_a_loop_over_tokens(odd, head, block: int) -> None:
    b, views = odd.blocks[block], {name: View(block, head, layer=name) for name in ("received", "entropy", "distance")}
    shares = b.shares().mean(1) if head == "mean" else b.shares()[:, head]
    found = {name: layer_map(odd, view) for name, view in views.items()}
    assert {array.shape for array in found.values()} == {b.size}
    rng = np.random.default_rng(block)
    for row, column in [(0, 0), tuple(part - 1 for part in b.size), *rng.integers(0, b.size, (6, 2)).tolist()]:
        w, q = np.argwhere(b.places == row * b.padded[1] + column)[0]
        places = [divmod(int(place), b.padded[1]) for place in b.places[w]]
        inside = [y < b.size[0] and x < b.size[1] for y, x in places]
        own, allowed = shares[w, q], np.sum(b.mask_kinds[b.mask_of[w], q] == 0)
        wanted = {
            "received": sum(shares[w, k, q] for k in range(len(places)) if inside[k]),
            "entropy": -sum(share * np.log(share) for share in own if share > 0) / np.log(allowed),
            "distance": sum(s * np.hypot(y - row, x - column) for s, (y, x) in zip(own, places, strict=True)),
        }
        for name, value in wanted.items():
            assert found[name][row, column] == pytest.approx(value, abs=1e-5), name


def test_a_rollout_is_a_product_of_matrices(odd) -> None:
    """Two blocks of the first stage: the query's row of one matrix times the other, padding left out."""
    view = View(block=1, at=(0.9, 0.4), layer="rollout")
    weight = np.zeros(odd.blocks[1].size)
    weight[token(view, odd)] = 1
    for b in (odd.blocks[1], odd.blocks[0]):
        tokens, (height, width) = b.size[0] * b.size[1], b.size
        matrix = np.eye(tokens) / 2
        for w, places in enumerate(b.places):
            rows, columns = np.divmod(places.astype(int), b.padded[1])
            real = (rows < height) & (columns < width)
            at = (rows * width + columns)[real]
            matrix[np.ix_(at, at)] += b.shares()[w].mean(0)[np.ix_(real, real)] / 2
        weight = (weight.ravel() @ matrix).reshape(b.size)
    np.testing.assert_allclose(layer_map(odd, view), weight, atol=1e-7)


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_and_file_names_say_what_is_shown(scene, language: str) -> None:
    t = Words(language, "attention")
    view = View(block=5, head="mean", at=(0.3, 0.2), layer="entropy", rolled=True, other=(6, 2))
    shown = panels(scene, view)
    found = caption("Cat · Swin-T", shown, t, "Dog")
    said = [t("block_name", stage=3, block=2), t("shifted"), t("mean"), "(4, 2)", t("layer_entropy"), t("rolled")]
    said += ["Dog", t("block_name", stage=4, block=1), t("regular"), t("head", head=3), "(2, 1)"]
    places = [found.index(each) for each in ["Cat · Swin-T", *said]]
    assert places == sorted(places)
    assert t("wrong") not in found
    assert file_name(shown) == "swin_viz-layers.2.blocks.1-mean-entropy-with-layers.3.blocks.0-head3"
    assert file_name(panels(scene, replace(view, head=1, other=None))) == "swin_viz-layers.2.blocks.1-head2-entropy"


def test_the_bundle_holds_every_module_once_in_order() -> None:
    text = joined("attention/attention.js")
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert "\nexport " not in text and text.count("\nreturn { start };") == 1
    order = [path.name for path in modules("attention/attention.js")]
    assert order.index("trace.js") < order.index("attention.js") == len(order) - 1
    assert len(order) == len(set(order))


def test_the_numbers_of_all_heads_are_a_part_that_is_made_when_asked_for(scene) -> None:
    part = attention_message(scene, Run("a run", "a model"), {}).parts["heads"]
    found, at = part.arrays(), 0
    for block in scene.blocks:
        for name, values in zip(("entropy", "distance"), head_numbers(block), strict=True):
            np.testing.assert_array_equal(found[f"heads.{name}"][at : at + block.heads], values.astype(np.float32))
        at += block.heads
    assert at == len(found["heads.entropy"])
    assert "heads" not in attention_message(scene, Run("a run", "a model"), {}).now
