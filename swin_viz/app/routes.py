"""What the app answers beside Streamlit: the parts of a run, by name, for whoever was told the name. Nothing writes.

And the page itself, dressed: Streamlit's own HTML with the stage's style sheet and script (browser/shell/), so that
nothing moves when they arrive with the first run.
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swin_viz.browser.bundle import joined, style
from swin_viz.engine import shared

FOREVER = "private, max-age=31536000, immutable"  # a name stands for one content
SHEETS = ("kit/look/tokens.css", *(f"shell/{name}.css" for name in ("rail", "head", "over", "present")))


def _shell() -> dict[str, tuple[str, bytes]]:
    """Style sheet and script: type and content, by a name that is its content's."""
    texts = {"css": ("text/css", style(*SHEETS)), "js": ("text/javascript", joined("shell/shell.js"))}
    return {
        f"{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}.{ending}": (kind, gzip.compress(text.encode()))
        for ending, (kind, text) in texts.items()
    }


SHELL = _shell()
_CSS, _JS = SHELL
# Relative, like all that Streamlit's own HTML names. The script before Streamlit's; the sheet after the head, to which
# Streamlit adds its own, so that of two rules alike this one holds.
DRESS = {
    b"<head>": f'<head><script defer src="./shell/{_JS}"></script>'.encode(),
    b"<body>": f'<body><link rel="stylesheet" href="./shell/{_CSS}">'.encode(),
}
_STALE = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")  # of the file on the disk
_OF_FILE = (b"content-length", b"etag", b"last-modified", b"accept-ranges")


def part(request: Request) -> Response:
    """A part of a run as `Parts.offer` named it; 404 if there is none of that name (any more): then ask the page anew.

    Not a coroutine: a part may have to be made, and the server goes on meanwhile.
    """
    try:
        body = shared.PARTS.body(request.path_params["name"])
    except KeyError:
        return Response(status_code=404, headers={"cache-control": "no-store"})
    headers = {"cache-control": FOREVER, "content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(body, media_type="application/octet-stream", headers=headers)


def shell(request: Request) -> Response:
    """The stage's style sheet or script; 404 for the name of an older one."""
    kind, body = SHELL.get(request.path_params["name"], ("", b""))
    if not kind:
        return Response(status_code=404, headers={"cache-control": "no-store"})
    headers = {"cache-control": FOREVER, "content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(body, media_type=kind, headers=headers)


def routes() -> list[Route]:
    """The routes, below the base path that Streamlit is served under (user routes get none by themselves)."""
    base = st.get_option("server.baseUrlPath").strip("/")
    found = {"part": part, "shell": shell}
    return [
        Route(f"/{base}/{name}/{{name}}".replace("//", "/"), answer, methods=["GET"]) for name, answer in found.items()
    ]


class Dressed:
    """Puts style sheet and script into the page that a browser asks for (plain ASGI, as in server.py)."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:  # noqa: D102
        headers = scope.get("headers", ())
        if scope["type"] != "http" or not any(name == b"accept" and b"text/html" in value for name, value in headers):
            await self.app(scope, receive, send)
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
            await send({"type": "http.response.body", "body": whole})

        asked = scope | {"headers": [(name, value) for name, value in headers if name not in _STALE]}
        await self.app(asked, receive, dressed)
