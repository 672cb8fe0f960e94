"""The server around the script: warm before the first visitor, a heap that need not be searched, strict headers.

Two ways to run. Local: bound to this machine, large uploads allowed. Classroom: reachable by others, small uploads,
checkpoints only from a folder that the teacher names. The address the server is bound to decides.
"""

import gc
import importlib
import logging
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import torch
from PIL import Image
from starlette.middleware import Middleware

from swin_viz.engine import shared
from swin_viz.network.ablation import Ablation
from swin_viz.paths import BUILTIN

LOG = logging.getLogger("swin_viz")
FOLDER_VARIABLE = "SWIN_VIZ_CHECKPOINTS"  # names the folder of checkpoints that a classroom may open
_OWN = "'self'"
POLICY = "; ".join(
    (
        f"default-src {_OWN}",
        f"script-src {_OWN} 'unsafe-inline' 'unsafe-eval' blob: data:",  # Streamlit's own needs
        f"style-src {_OWN} 'unsafe-inline'",
        f"img-src {_OWN} data: blob:",
        f"font-src {_OWN} data:",
        f"media-src {_OWN} data: blob:",
        f"connect-src {_OWN} ws: wss: data: blob:",
        f"worker-src {_OWN} blob:",
        f"frame-ancestors {_OWN}",
        "object-src 'none'",
        "base-uri 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict]:
    """Load the built-in model, run it once, and take all that is now in memory out of the collector's sight.

    Streamlit collects garbage after every script run; on a frozen heap that costs nothing.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder and not Path(folder).is_dir():
        LOG.warning("%s names %s, which is no folder: no checkpoints are offered.", FOLDER_VARIABLE, folder)
    warm_up()
    yield {}


def warm_up() -> None:
    """One thread per forward pass (many run side by side), one pass, then freeze the heap."""
    if shared.DEVICE.type == "cpu":
        torch.set_num_threads(1)
    loaded = shared.load(BUILTIN)
    side = loaded.config.image_size
    shared.trace(loaded, shared.Framed(Image.new("RGB", (side, side))), Ablation())
    for drawer in ("matplotlib.figure", "plotly.graph_objects"):  # so that they are frozen too
        importlib.import_module(drawer)

    gc.collect()
    gc.freeze()


class _StrictHeaders:
    """Adds the headers to every answer (plain ASGI: it must let websockets through)."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        async def with_headers(message: dict) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": [*message.get("headers", ()), *HEADERS]}
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


MIDDLEWARE = [Middleware(_StrictHeaders)]


def log_fault(error: Exception) -> bool:
    """Show a sentence with a number instead of a traceback; the log has the traceback under that number."""
    from swin_viz.app.session import text

    number = uuid.uuid4().hex[:8]
    LOG.error("fault %s", number, exc_info=error)
    st.error(text("ui")("fault", number=number))
    return True


def is_classroom() -> bool:
    """Whether others can reach this server."""
    return st.get_option("server.address") not in ("localhost", "127.0.0.1", "::1")


def checkpoint_folder() -> list[Path]:
    """The checkpoints in the folder that the teacher named; none where there is no such folder."""
    folder = os.environ.get(FOLDER_VARIABLE)
    endings = {".pth", ".pt", ".bin", ".safetensors"}
    try:
        return sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in endings) if folder else []
    except OSError:
        return []
