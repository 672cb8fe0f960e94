"""The shared widgets: folders, caches and uploads that are not what was hoped for, and a photograph read once."""

import io
from pathlib import Path

import pytest

from swin_viz.app import server as shell
from swin_viz.app.widgets import uploads
from tests.app.hands import open_app


def test_a_folder_of_checkpoints_that_is_not_there_offers_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(shell.FOLDER_VARIABLE, str(tmp_path / "gone"))
    assert shell.checkpoint_folder() == []
    (tmp_path / "MINE.PTH").touch()
    monkeypatch.setenv(shell.FOLDER_VARIABLE, str(tmp_path))
    assert [path.name for path in shell.checkpoint_folder()] == ["MINE.PTH"]


def test_a_wrong_file_in_the_cache_is_named_and_can_be_fetched_again(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path))
    (tmp_path / "swin_tiny_patch4_window7_224.pth").write_bytes(b"<html>not found")
    app = open_app(model="swin_t")
    assert "swin_tiny_patch4_window7_224.pth" in app.error[0].value
    assert any("Download" in button.label for button in app.button)


def test_a_photograph_is_read_once_and_not_at_every_move(monkeypatch: pytest.MonkeyPatch) -> None:
    reads, kept = [], {}
    monkeypatch.setattr(uploads.st, "session_state", kept)
    for identity in (("a",), ("a",), None, ("a",), ("b",)):
        found = uploads.read_once("upload", identity, lambda: reads.append(1) or io.BytesIO(b"x"))
        assert found is not None
    assert len(reads) == 2
