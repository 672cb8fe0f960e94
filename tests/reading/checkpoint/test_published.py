"""Downloads from a server that is kind, slow, liar, or gone: what is used is whole, and what was there stays."""

import contextlib
import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from swin_viz.network.variants import SwinConfig
from swin_viz.reading.checkpoint import published
from swin_viz.reading.checkpoint.published import OFFICIAL, OfficialFile, WeightsError, cached, download
from tests.reading.checkpoint.test_read import official, saved

TINY = SwinConfig(8, (2, 2), (1, 2), window=3, image_size=96, classes=5)
GOOD = saved(official(TINY)).getvalue()


class Mirror:
    """A local server; `answer(handler, attempt)` decides what it does."""

    def __init__(self, answer: Callable) -> None:
        self.attempts: list[str | None] = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.attempts.append(self.headers.get("Range"))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    answer(self, len(mirror.attempts))

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://localhost:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def send(
    handler: BaseHTTPRequestHandler, body: bytes, announced: int | None = None, status: int = 200, **headers: str
) -> None:
    handler.send_response(status)
    if announced != -1:
        handler.send_header("Content-Length", str(len(body) if announced is None else announced))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable], Mirror]]:
    mirrors: list[Mirror] = []
    monkeypatch.setenv("SWIN_VIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(published.VARIANTS, "swin_t", TINY)
    monkeypatch.setitem(published.OFFICIAL, "swin_t", OfficialFile(OFFICIAL["swin_t"].name, len(GOOD)))

    def start(answer: Callable) -> Mirror:
        mirror = Mirror(answer)
        mirrors.append(mirror)
        monkeypatch.setenv("SWIN_VIZ_WEIGHTS_URL", mirror.url)
        return mirror

    yield start
    for mirror in mirrors:
        mirror.server.shutdown()
        mirror.server.server_close()


def left_over(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "cache").glob("*")]


def test_a_kind_server_gives_the_file_with_progress_and_once(serve, tmp_path: Path) -> None:
    mirror = serve(lambda handler, _: send(handler, GOOD))
    heard: list[tuple[int, int | None]] = []
    assert cached("swin_t") is None
    path = download("swin_t", lambda done, total: heard.append((done, total)))
    assert path.read_bytes() == GOOD
    assert heard[-1] == (len(GOOD), len(GOOD))
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert download("swin_t") == path == cached("swin_t")
    assert mirror.attempts == [None]
    assert left_over(tmp_path) == [path.name]


def test_a_server_without_a_length_is_accepted(serve) -> None:
    serve(lambda handler, _: send(handler, GOOD, announced=-1))
    heard: list[int | None] = []
    assert download("swin_t", lambda done, total: heard.append(total)).read_bytes() == GOOD
    assert set(heard) == {None}


def test_a_broken_connection_is_taken_up_where_it_was(serve) -> None:
    half = len(GOOD) // 2

    def answer(handler, attempt: int) -> None:
        if attempt == 1:
            send(handler, GOOD[:half], announced=len(GOOD))
        else:
            send(handler, GOOD[half:], status=206, Content_Range=f"bytes {half}-{len(GOOD) - 1}/{len(GOOD)}")

    mirror = serve(answer)
    assert download("swin_t").read_bytes() == GOOD
    assert mirror.attempts == [None, f"bytes={half}-"]


def test_a_server_that_cannot_continue_is_asked_for_all_again(serve) -> None:
    def answer(handler, attempt: int) -> None:
        send(handler, GOOD[: len(GOOD) // 3] if attempt == 1 else GOOD, announced=len(GOOD))

    serve(answer)
    assert download("swin_t").read_bytes() == GOOD


def test_a_stalled_connection_is_given_up_and_tried_again(serve) -> None:
    def answer(handler, attempt: int) -> None:
        if attempt == 1:
            send(handler, GOOD[:1000], announced=len(GOOD))
            time.sleep(1.5)
        else:
            send(handler, GOOD)

    serve(answer)
    assert download("swin_t", timeout=0.3).read_bytes() == GOOD


def refused(key: str, **options: float) -> None:
    with pytest.raises(WeightsError) as error:
        download("swin_t", timeout=0.3, tries=2, **options)
    assert error.value.key == key
    assert "\n" not in str(error.value)
    assert re.search("[\u4e00-\u9fff]", error.value.say("zh"))
    assert cached("swin_t") is None


@pytest.mark.parametrize(
    ("body", "announced", "status", "key"),
    [
        (GOOD[:2000], len(GOOD), 200, "weights_broken"),
        (GOOD[:2000], None, 200, "weights_damaged"),
        (GOOD[: len(GOOD) - 300], len(GOOD) - 300, 200, "weights_damaged"),
        (b"<!DOCTYPE html><html>please log in</html>", None, 200, "weights_damaged"),
        (saved(official(SwinConfig(12, (2, 2), (1, 2), window=3))).getvalue(), None, 200, "weights_other"),
        (b"", None, 404, "weights_http"),
        (b"", None, 503, "weights_http"),
        (b"", 5000, 200, "weights_network"),
    ],
)
def test_what_is_not_whole_is_refused_and_leaves_nothing(serve, tmp_path: Path, body, announced, status, key) -> None:
    serve(lambda handler, _: send(handler, body, announced, status))
    refused(key)
    assert left_over(tmp_path) == []


def test_a_flipped_bit_is_refused(serve, tmp_path: Path) -> None:
    """The last bit of one weight: a value like any other, which only the checksum gives away."""
    broken = bytearray(GOOD)
    broken[GOOD.index(official(TINY)["layers.0.blocks.1.mlp.fc1.weight"].numpy().tobytes()) + 8] ^= 1
    serve(lambda handler, _: send(handler, bytes(broken)))
    refused("weights_damaged")
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_file_of_another_size_than_published_is_refused(serve, monkeypatch: pytest.MonkeyPatch, wrong: int) -> None:
    for size in (len(GOOD) + wrong, len(GOOD)):
        monkeypatch.setitem(published.OFFICIAL, "swin_t", OfficialFile(OFFICIAL["swin_t"].name, size, exact=True))
        serve(lambda handler, _: send(handler, GOOD))
        if size == len(GOOD):
            assert download("swin_t").read_bytes() == GOOD
        else:
            refused("weights_damaged")


def test_the_size_of_the_smallest_is_the_published_one() -> None:
    assert OFFICIAL["swin_t"] == OfficialFile("swin_tiny_patch4_window7_224.pth", 114_342_173, exact=True)


def test_without_a_network_the_sentence_says_what_to_do(serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SWIN_VIZ_WEIGHTS_URL", "http://localhost:9/")
    with pytest.raises(WeightsError, match=r"swin_tiny_patch4_window7_224\.pth.*put the file into"):
        download("swin_t", tries=1)
    assert left_over(tmp_path) == []


def test_a_redirect_to_an_unprotected_address_is_not_followed_to_its_end(serve) -> None:
    class Elsewhere(io.BytesIO):
        url, status, headers = "http://example.org/x", 200, {}

    from unittest import mock

    serve(lambda handler, _: send(handler, GOOD))
    with mock.patch("urllib.request.urlopen", lambda *a, **k: Elsewhere(GOOD)):
        refused("weights_network")


def test_a_full_disk_is_said_and_leaves_nothing(serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    serve(lambda handler, _: send(handler, GOOD))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    refused("weights_disk")
    assert left_over(tmp_path) == []


def test_two_at_once_fetch_once_and_both_get_it(serve) -> None:
    def slow(handler, _: int) -> None:
        time.sleep(0.3)
        send(handler, GOOD)

    mirror = serve(slow)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(download("swin_t"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 3
    assert len(set(found)) == 1
    assert len(mirror.attempts) == 1


def test_two_processes_at_once_do_not_collide(serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another process has no lock in common: without the lock, both write files of their own."""

    def slow(handler, _: int) -> None:
        time.sleep(0.3)
        send(handler, GOOD)

    class NoLock:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    mirror = serve(slow)
    monkeypatch.setitem(published._LOCKS, "swin_t", NoLock())
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(download("swin_t"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(mirror.attempts) == 2
    assert [path.read_bytes() == GOOD for path in found] == [True, True]
    assert len(left_over(tmp_path)) == 1


def test_a_visitor_who_leaves_in_the_middle_leaves_nothing(serve, tmp_path: Path) -> None:
    class Gone(BaseException):
        pass

    def leave(done: int, total: int | None) -> None:
        raise Gone

    serve(lambda handler, _: send(handler, GOOD))
    with pytest.raises(Gone):
        download("swin_t", leave)
    assert left_over(tmp_path) == []
    assert download("swin_t").read_bytes() == GOOD


def test_leftovers_of_a_day_ago_are_removed(serve, tmp_path: Path) -> None:
    import os

    folder = tmp_path / "cache"
    folder.mkdir()
    for name, age in (("old.pth.1.part", 200_000), ("new.pth.2.part", 100)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    serve(lambda handler, _: send(handler, GOOD))
    download("swin_t")
    assert sorted(left_over(tmp_path)) == ["new.pth.2.part", "swin_tiny_patch4_window7_224.pth"]


def test_what_was_fetched_runs(serve) -> None:
    from swin_viz.network.model import build
    from swin_viz.reading.checkpoint.read import read_checkpoint

    serve(lambda handler, _: send(handler, GOOD))
    found = read_checkpoint(download("swin_t"))
    with torch.no_grad():
        assert build(found.config, found.state)(torch.zeros(1, 3, 24, 24)).shape == (1, 5)
