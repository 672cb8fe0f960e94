"""What the app answers beside Streamlit: the parts of a run, by name, for whoever was told the name. Nothing writes."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swin_viz.engine import shared

FOREVER = "private, max-age=31536000, immutable"  # a name stands for one content


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


def routes() -> list[Route]:
    """The routes, below the base path that Streamlit is served under (user routes get none by themselves)."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return [Route(f"/{base}/part/{{name}}".replace("//", "/"), part, methods=["GET"])]
