"""What the app answers beside Streamlit: parts of a run, for whoever was told the name, and code. Nothing writes.

And the page itself, dressed: Streamlit's own HTML with the stage's style sheet and script (browser/shell/), so that
nothing moves when they arrive with the first run.
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swin_viz.app.components import CODE
from swin_viz.app.keys import only_of
from swin_viz.app.menu import FIRST
from swin_viz.browser.bundle import joined, style
from swin_viz.engine import shared
from swin_viz.engine.store import BusyError

FOREVER = "max-age=31536000, immutable"  # a name stands for one content
SHEETS = ("kit/look/tokens.css", *(f"shell/{name}.css" for name in ("rail", "head", "grid", "over", "present")))


def _named(text: str, ending: str) -> tuple[str, bytes]:
    """A text under a name that is its content's, as it travels."""
    return f"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}.{ending}", gzip.compress(text.encode())


SHELL = dict((_named(style(*SHEETS), "css"), _named(joined("shell/shell.js"), "js")))
FILES = {each.name: each.body for each in CODE.values()} | SHELL
_CSS, _JS = SHELL
# Relative, like all that Streamlit's own HTML names. The script before Streamlit's; the sheet after the head, to which
# Streamlit adds its own, so that of two rules alike this one holds.
DRESS = {
    b"<head>": f'<head><script defer src="./code/{_JS}"></script>'.encode(),
    b"<body>": f'<body><link rel="stylesheet" href="./code/{_CSS}">'.encode(),
}
_STALE = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")  # of the file on the disk
BEFORE = "attention"  # the screen that answered at / in older links
_OF_FILE = (b"content-length", b"etag", b"last-modified", b"accept-ranges")


def part(request: Request) -> Response:
    """A part of a run as `Parts.offer` named it; 404 if there is none of that name (any more): then ask the page anew.

    Not a coroutine: a part may have to be made, and the server goes on meanwhile.
    """
    try:
        body = shared.PARTS.body(request.path_params["name"])
    except KeyError:
        return _missing()
    except BusyError:  # it runs the model, and the queue is full: the browser tries again
        return Response(status_code=503, headers={"cache-control": "no-store"})
    return _kept(request, body, "application/octet-stream", f"private, {FOREVER}")


def code(request: Request) -> Response:
    """A component's script with its styles, the shell's; 404 if this version of the app has none of that name."""
    name = request.path_params["name"]
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return _kept(request, FILES[name], kind, f"public, {FOREVER}") if name in FILES else _missing()


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


def moved(path: str, query: str) -> str | None:
    """Where an older link to / leads now, if it carries a choice of the screen that was there: relative to it."""
    base = st.get_option("server.baseUrlPath").strip("/")
    if path.strip("/") != base or not parse_qs(query).keys() & only_of(BEFORE, FIRST):
        return None
    below = "" if path.endswith("/") else f"{path.rpartition('/')[2]}/"
    return f"{below}{BEFORE}?{query}"


class Dressed:
    """Puts style sheet and script into the page that a browser asks for (plain ASGI, as in server.py)."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:  # noqa: D102
        headers = scope.get("headers", ())
        if scope["type"] != "http" or not any(name == b"accept" and b"text/html" in value for name, value in headers):
            await self.app(scope, receive, send)
            return
        elsewhere = moved(scope["path"], scope.get("query_string", b"").decode("latin-1"))
        if elsewhere:
            await RedirectResponse(elsewhere)(scope, receive, send)
            return
        start, body = {}, b""

        async def dressed(message: dict) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = body
            for tag, more in DRESS.items():
                whole = whole.replace(tag, more, 1)
            kept = [(name, value) for name, value in start["headers"] if name not in _OF_FILE]
            await send(start | {"headers": [*kept, (b"content-length", str(len(whole)).encode())]})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else whole})

        asked = scope | {"method": "GET" if scope["method"] == "HEAD" else scope["method"]}
        asked |= {"headers": [(name, value) for name, value in headers if name not in _STALE]}
        await self.app(asked, receive, dressed)
