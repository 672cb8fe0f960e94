"""The server is warm and hardened: headers, frozen heap, and what a classroom may open."""

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from swin_viz import paths
from swin_viz.app import server as shell

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
