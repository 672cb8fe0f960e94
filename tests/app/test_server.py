"""The server is warm, hardened and alone: headers, frozen heap, no request that leaves the machine, cold deep links."""

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from swin_viz import paths
from swin_viz.app import server as shell
from swin_viz.app.menu import NAMES

ROOT = paths.ROOT


def test_every_answer_carries_the_strict_headers(server: str) -> None:
    for path in ("/", "/_stcore/health", "/attention"):
        with urllib.request.urlopen(server + path, timeout=20) as answer:
            assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_heap_is_frozen_once_all_is_loaded() -> None:
    program = "import gc; from swin_viz.app import server; server.warm_up(); print(gc.get_freeze_count())"
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(printed.stdout) > 100_000


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1", "0.0.0.0", None])
def test_only_a_server_bound_to_this_machine_is_not_a_classroom(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell.st, "get_option", lambda _: address)
    assert shell.is_classroom() == (address in ("0.0.0.0", None))


def test_a_classroom_opens_only_the_checkpoints_of_the_named_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("b.pth", "a.safetensors", "notes.txt"):
        (tmp_path / name).touch()
    monkeypatch.delenv(shell.FOLDER_VARIABLE, raising=False)
    assert shell.checkpoint_folder() == []
    monkeypatch.setenv(shell.FOLDER_VARIABLE, str(tmp_path))
    assert [path.name for path in shell.checkpoint_folder()] == ["a.safetensors", "b.pth"]


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_cold_deep_link_opens_its_page_inside_the_app(server: str, page: Page, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/{name}?lang=zh")
    expect(page.get_by_test_id("stSidebarNav")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert all(url.startswith((server, "data:", "blob:")) for url in asked)
    assert errors == []


def test_a_warm_server_imports_nothing_for_a_page() -> None:
    """What is imported later lies outside the frozen heap. In a process of its own: this one has imported all."""
    program = f"""
import sys
from streamlit.testing.v1 import AppTest
from swin_viz import paths
from swin_viz.app import server
server.warm_up()
for name in {NAMES}:
    before = set(sys.modules)
    app = AppTest.from_file(str(paths.PACKAGE / "app" / "ui.py"), default_timeout=120)
    app.switch_page(str(paths.PAGES / f"{{name}}.py")).run()
    assert not app.exception, name
    new = set(sys.modules) - before
    print(name, len(new), sorted(new)[:20])
"""
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = printed.stdout.splitlines()
    assert len(lines) == len(NAMES)
    assert [line for line in lines if int(line.split()[1]) >= 20] == []


def test_what_listens_sends_at_once() -> None:
    with socket.create_server(("localhost", 0)) as listening, socket.socket() as other:
        shell.send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not other.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
