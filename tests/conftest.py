"""Shared by all tests: the app as its user starts it, a real browser, two traces. Without Chromium they fail."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from swin_viz import paths
from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.engine.trace import Trace
from swin_viz.paths import BUILTIN
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene

ROOT = paths.ROOT
torch.set_num_threads(1)
expect.set_options(timeout=30_000)  # a busy machine is no failure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the browser is marked `browser`: `pytest -m "not browser"` is the quick thousand."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started by `streamlit run app.py`."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with serving(command, port, ROOT, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that is served below a path."""
    port, log = free_port(), tmp_path_factory.mktemp("below") / "log.txt"
    options = [f"--server.port={port}", "--server.baseUrlPath=swin"]
    with serving([sys.executable, "-m", "streamlit", "run", "app.py", *options], port, ROOT, log, "/swin") as address:
        yield address


@contextmanager
def serving(
    command: list[str], port: int, folder: Path, log: Path, base: str = "", **environment: str
) -> Iterator[str]:
    """The address of a server that runs this command in this folder while the block runs; `base`: its base path."""
    alone = {"OMP_NUM_THREADS": "1", "STREAMLIT_SERVER_HEADLESS": "true"}
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, env=os.environ | alone | environment
        )
    address = f"http://localhost:{port}{base}"
    try:
        _wait_until_healthy(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_healthy(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, cut off from anything but localhost."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: apt-get install chromium"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    popups = "WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup"  # of the address bar: a renderer a window
    arguments.append(f"--disable-features={popups},Translate,PaintHolding")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


@pytest.fixture
def profile(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh profile: on a laptop's screen, in English, nothing moving, unless said otherwise."""
    opened: list[BrowserContext] = []

    def fresh(**options: object) -> Page:
        usual = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "reduced_motion": "reduce"}
        opened.append(browser.new_context(**usual | options))
        opened[-1].set_default_timeout(60_000)
        return opened[-1].new_page()

    yield fresh
    for each in opened:
        each.close()


@pytest.fixture
def page(profile: Callable[..., Page]) -> Page:
    """An empty page in a fresh profile."""
    return profile()


@pytest.fixture(scope="session")
def scene() -> Trace:
    """The built-in model on its first held-out scene."""
    return run(shared.load(BUILTIN).model, Image.fromarray(make_scene(FIRST_HELD_OUT).image))


@pytest.fixture(scope="session")
def odd() -> Trace:
    """The whole cat at its own proportions, 256 pixels wide: padded maps in every stage."""
    return run(shared.load(BUILTIN).model, frame(load_image(sample_bytes("chelsea")), 256, whole=True))
