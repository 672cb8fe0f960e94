"""The server around the script: warm before the first visitor, a heap that need not be searched, strict headers.

Two ways to run. Local: bound to this machine, large uploads allowed. Classroom: reachable by others, small uploads,
checkpoints only from a folder that the teacher names. The address the server is bound to decides.
"""

import asyncio
import gc
import importlib
import logging
import os
import pkgutil
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import torch
from PIL import Image
from starlette.middleware import Middleware

import swin_viz
from swin_viz.app.routes import Dressed
from swin_viz.cost.clock.bench import SIDES
from swin_viz.cost.counted import counted_ratios
from swin_viz.engine import shared
from swin_viz.figures.cost import window_chart
from swin_viz.figures.cost_model import parts_chart
from swin_viz.network.ablation import Ablation
from swin_viz.network.variants import VARIANTS
from swin_viz.paths import BUILTIN
from swin_viz.text import LANGUAGES, Words, rooms

LOG = logging.getLogger("swin_viz")
NOT_WARM = ("swin_viz.app.ui", "swin_viz.cli", "swin_viz.scenes.training")
LATE = ("pandas", "pyarrow", "plotly.io", "matplotlib.figure", "PIL.ImageFont", "dateutil.easter", "zoneinfo")
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
RATE, BURST = 12, 40  # messages of one visitor: a held key sends ten a second
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
    send_at_once()
    warm_up()
    yield {}


def warm_up() -> None:
    """One thread per forward pass (many run side by side), one pass and one count, then freeze the heap.

    All that a page may ever import is imported first: whatever comes later stays outside the frozen heap, and is
    searched after every script run of everybody.
    """
    if shared.DEVICE.type == "cpu":
        torch.set_num_threads(1)
    import_all()
    loaded = shared.load(BUILTIN)
    side = loaded.config.image_size
    shared.trace(loaded, shared.Framed(Image.new("RGB", (side, side))), Ablation())
    counted_ratios(SIDES[:1])
    _draw_once()
    gc.collect()
    gc.freeze()


def _draw_once() -> None:
    """All words, and a chart of lines and one of bars: plotly imports the parts of a figure when it is made."""
    for language in LANGUAGES:
        for room in rooms():
            Words(language, room).all()
    say = Words("en", "cost_charts")
    for chart in (window_chart(say, "macs", 56, 56, 96, 7), parts_chart(say, "macs", VARIANTS["swin_t"], 224, 224, "")):
        chart.figure.to_json()


def import_all() -> None:
    """Import the package, but for the script and the training, and what the libraries import on first use."""
    for module in pkgutil.walk_packages(swin_viz.__path__, "swin_viz."):
        if not module.name.startswith(NOT_WARM):
            importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)


def send_at_once() -> None:
    """Switch off Nagle's algorithm where the server listens, and so (inherited) on every connection.

    asyncio does that for sockets that name their protocol; Streamlit's does not: 30 to 40 ms on every change.
    """
    for each in gc.get_objects():
        if type(each) is socket.socket and each.fileno() >= 0 and _listens(each):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listens(each: socket.socket) -> bool:
    over_tcp = each.family in (socket.AF_INET, socket.AF_INET6) and each.type == socket.SOCK_STREAM
    return over_tcp and bool(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


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


class _Patience:
    """Takes at most RATE messages a second of one visitor, BURST at once; the rest waits, at that visitor's cost.

    A page that sends changes as fast as it can would keep everybody else's from being answered.
    """

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        left, last = float(BURST), time.monotonic()

        async def patiently() -> dict:
            nonlocal left, last
            message = await receive()
            now = time.monotonic()
            left, last = min(float(BURST), left + (now - last) * RATE) - 1, now
            if left < 0:
                await asyncio.sleep(-left / RATE)
            return message

        await self.app(scope, patiently if scope["type"] == "websocket" else receive, send)


MIDDLEWARE = [Middleware(_StrictHeaders), Middleware(_Patience), Middleware(Dressed)]


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
