"""The routes beside Streamlit's: parts and code by name, kept for good by those who got them; the page's own dress."""

import gzip
import hashlib
import json
import re

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from swin_viz.app import routes
from swin_viz.app.components import CODE, Component
from swin_viz.browser.bundle import joined, style
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


@pytest.mark.parametrize("component", CODE, ids=lambda each: each.name)
def test_code_comes_compressed_and_for_good_with_all_its_styles(client: TestClient, component: Component) -> None:
    answer = client.get(f"/code/{CODE[component].name}")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert joined(component.entry) in answer.text
    assert json.dumps(style(*component.styles)) in answer.text


def test_code_is_named_by_its_content(client: TestClient) -> None:
    names = [code.name for code in CODE.values()]
    assert len(set(names)) == len(CODE) > 4
    for name in names:
        content = client.get(f"/code/{name}").content
        assert name == f"{hashlib.sha256(content).hexdigest()[:32]}.js"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.2", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("*, gzip; q=0.000", False),
    ],
)
def test_only_who_reads_gzip_gets_it(client: TestClient, accepted: str, packed: bool) -> None:
    part = shared.PARTS.offer(Part(("test", "plain"), lambda _: {"a": np.arange(3)}))
    for path in (f"/part/{part}", f"/code/{next(iter(routes.FILES))}"):
        with client.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
        assert answer.headers["vary"] == "accept-encoding"
        whole = client.get(path).content
        assert (gzip.decompress(raw) if packed else raw) == whole


@pytest.mark.parametrize("route", ["part", "code"])
@pytest.mark.parametrize("rest", ["/" + "0" * 32, "/" + "0" * 32 + ".js", "/", "", "/../{}/x", "s", "/attention.js"])
def test_an_unknown_name_is_not_there_and_not_remembered(client: TestClient, route: str, rest: str) -> None:
    answer = client.get(f"/{route}{rest.format(route)}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")
    if rest.count("/") == 1 and len(rest) > 1:
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_route_writes(client: TestClient, method: str) -> None:
    name = shared.PARTS.offer(Part(("test", "other"), lambda _: {"a": np.arange(3)}))
    for path in (f"/part/{name}", f"/code/{next(iter(routes.FILES))}"):
        assert client.request(method, path).status_code == 405


@pytest.mark.parametrize("base", ["swin", "/swin/", "a/b"])
def test_the_routes_stand_below_the_base_path(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes.st, "get_option", lambda _: base)
    name = shared.PARTS.offer(Part(("test", "other"), lambda _: {"a": np.arange(3)}))
    client = TestClient(Starlette(routes=routes.routes()))
    for path in (f"/part/{name}", f"/code/{next(iter(routes.FILES))}"):
        assert client.get(f"/{base.strip('/')}{path}").status_code == 200
        assert client.get(path).status_code == 404


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
    named = re.findall(r'(?:href|src)="[.](/code/[^"]+)"', page)
    assert [name.rpartition(".")[2] for name in named] == ["js", "css"]
    assert page.index("<script") < page.index("<title>") and page.index("<link") > page.index("<body>")
    for name in named:
        answer = client.get(name)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert len(answer.text) > 1000
    assert client.get("/code/" + "0" * 16 + ".js").status_code == 404


def test_nothing_else_is_dressed() -> None:
    assert dressed(HTMLResponse(HTML), accept="*/*") == HTML
    assert dressed(PlainTextResponse("no page")) == "no page"


@pytest.mark.parametrize("base", ["", "class/swin"])
def test_an_older_link_to_the_first_page_leads_to_attention(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    """Attention answered at / before: what only it knows says that it is meant; the rest of the link comes along."""
    monkeypatch.setattr(routes.st, "get_option", lambda _: base)
    path = f"/{base}/".replace("//", "/")
    app = Starlette(
        routes=[Route(each, lambda _: HTMLResponse(HTML)) for each in {path, path.rstrip("/") or "/", "/mask"}],
        middleware=[Middleware(routes.Dressed)],
    )
    client = TestClient(app, headers={"accept": "text/html"}, follow_redirects=False)
    for query in ("block=2.2&head=3&q=5.20&lang=zh", "at=2.2", "layer=entropy", "seed=1000000007&with=3.1.4"):
        for asked in {path, path.rstrip("/") or "/"}:
            answer = client.get(f"{asked}?{query}")
            assert answer.status_code == 307
            assert answer.url.join(answer.headers["location"]) == answer.url.join(f"{path}attention?{query}")
    for query in ("", "seed=1000000007&lang=zh", "tile=2.2&token=5.20&pinned=1&disc=purple", "embed=true"):
        assert client.get(f"{path}?{query}").status_code == 200
    assert client.get("/mask?block=2.2").status_code == 200


def test_who_asks_for_the_head_alone_hears_the_whole_pages_length() -> None:
    app = Starlette(routes=[Route("/", lambda _: HTMLResponse(HTML))], middleware=[Middleware(routes.Dressed)])
    found = TestClient(app).head("/", headers={"accept": "text/html"})
    assert found.content == b""
    assert int(found.headers["content-length"]) == len(dressed(HTMLResponse(HTML)))
