"""The routes beside Streamlit's: parts by name, kept for good by those who got them; and the page's own dress."""

import gzip
import re

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
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


HTML = "<!DOCTYPE html><html><head><title>x</title></head><body><div id=root></div></body></html>"


def dressed(answer: object, accept: str = "text/html,*/*") -> str:
    """The body of what an app in dress answers; its length must be what it says."""
    app = Starlette(routes=[Route("/", lambda _: answer)], middleware=[Middleware(routes.Dressed)])
    found = TestClient(app).get("/", headers={"accept": accept})
    assert int(found.headers["content-length"]) == len(found.content)
    assert "etag" not in found.headers
    return found.text


def test_the_page_names_its_style_sheet_and_its_script_and_they_answer(client: TestClient) -> None:
    page = dressed(HTMLResponse(HTML, headers={"etag": "of the file"}))
    named = re.findall(r'(?:href|src)="[.](/shell/[^"]+)"', page)
    assert [name.rpartition(".")[2] for name in named] == ["js", "css"]
    assert page.index("<script") < page.index("<title>") and page.index("<link") > page.index("<body>")
    for name in named:
        answer = client.get(name)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert len(answer.text) > 1000
    assert client.get("/shell/" + "0" * 16 + ".js").status_code == 404


def test_nothing_else_is_dressed() -> None:
    assert dressed(HTMLResponse(HTML), accept="*/*") == HTML
    assert dressed(PlainTextResponse("no page")) == "no page"
