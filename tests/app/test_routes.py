"""The one route beside Streamlit's: parts by name, kept for good by those who got them, unknown to all others."""

import gzip

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from swin_viz.app import routes
from swin_viz.engine import shared
from swin_viz.engine.parts import Part, unpack


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(routes.st, "get_option", lambda _: "")
    return TestClient(Starlette(routes=routes.routes()))


def test_a_part_comes_compressed_and_for_good(client: TestClient) -> None:
    wanted = np.arange(12, dtype=np.uint16).reshape(3, 4)
    name = shared.PARTS.offer(Part(("test", "route"), lambda _: {"a": wanted}))
    answer = client.get(f"/part/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    np.testing.assert_array_equal(unpack(answer.content)[1]["a"], wanted)
    assert gzip.decompress(shared.PARTS.body(name)) == answer.content


@pytest.mark.parametrize("path", ["/part/" + "0" * 32, "/part/", "/part", "/part/../part/x", "/parts"])
def test_an_unknown_name_is_not_there_and_not_remembered(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_route_writes(client: TestClient, method: str) -> None:
    name = shared.PARTS.offer(Part(("test", "other"), lambda _: {"a": np.arange(3)}))
    assert client.request(method, f"/part/{name}").status_code == 405


@pytest.mark.parametrize("base", ["swin", "/swin/", "a/b"])
def test_the_routes_stand_below_the_base_path(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes.st, "get_option", lambda _: base)
    name = shared.PARTS.offer(Part(("test", "other"), lambda _: {"a": np.arange(3)}))
    client = TestClient(Starlette(routes=routes.routes()))
    assert client.get(f"/{base.strip('/')}/part/{name}").status_code == 200
    assert client.get(f"/part/{name}").status_code == 404
