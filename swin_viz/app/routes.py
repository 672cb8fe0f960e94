"""What the app answers beside Streamlit: parts of a run, for whoever was told the name, and code. Nothing writes."""

import gzip

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swin_viz.app.components import CODE
from swin_viz.engine import shared

FOREVER = "max-age=31536000, immutable"  # a name stands for one content
FILES = {each.name: each.body for each in CODE.values()}


def part(request: Request) -> Response:
    """A part of a run as `Parts.offer` named it; 404 if there is none of that name (any more): then ask the page anew.

    Not a coroutine: a part may have to be made, and the server goes on meanwhile.
    """
    try:
        body = shared.PARTS.body(request.path_params["name"])
    except KeyError:
        return _missing()
    return _kept(request, body, "application/octet-stream", f"private, {FOREVER}")


def code(request: Request) -> Response:
    """A component's script with its styles; 404 if this version of the app has none of that name."""
    body = FILES.get(request.path_params["name"])
    return _kept(request, body, "text/javascript", f"public, {FOREVER}") if body else _missing()


def _missing() -> Response:
    return Response(status_code=404, headers={"cache-control": "no-store"})


def _kept(request: Request, body: bytes, media: str, keep: str) -> Response:
    """A body that is kept compressed, as this client can read it."""
    headers = {"cache-control": keep, "vary": "accept-encoding"}
    if _reads_gzip(request.headers.get("accept-encoding", "")):
        return Response(body, media_type=media, headers=headers | {"content-encoding": "gzip"})
    return Response(gzip.decompress(body), media_type=media, headers=headers)


def _reads_gzip(accepted: str) -> bool:
    """Whether a client that accepts this takes gzip: named, or by a star, and not with quality 0."""
    qualities = {}
    for each in accepted.lower().split(","):
        name, _, quality = each.partition(";")
        qualities[name.strip()] = quality.replace(" ", "").removeprefix("q=").strip("0.") != "" or not quality
    return qualities.get("gzip", qualities.get("*", False))


def routes() -> list[Route]:
    """The routes, below the base path that Streamlit is served under (user routes get none by themselves)."""
    base = st.get_option("server.baseUrlPath").strip("/")
    answers = {"part": part, "code": code}
    return [Route(f"/{base}/{name}/{{name}}".replace("//", "/"), answer) for name, answer in answers.items()]
