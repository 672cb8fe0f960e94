"""Where published weights come from: the official files, downloaded on request into the user's cache directory.

A download is written beside its place under a name of its own and moved there when it has been read and found whole,
so two at once do not collide and nothing partial is ever used.
"""

import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from swin_viz.network.variants import VARIANTS
from swin_viz.paths import ASSETS, cache_dir
from swin_viz.reading.checkpoint.read import CheckpointError, read_checkpoint
from swin_viz.reading.refusal import Refusal

BASE = "https://github.com/SwinTransformer/storage/releases/download/v1.0.0/"
BASE_VARIABLE = "SWIN_VIZ_WEIGHTS_URL"  # a mirror of that address
MAX_BYTES = 2 * 2**30
CHUNK = 2**18
Progress = Callable[[int, int | None], object]  # bytes so far, bytes in all if known


class WeightsError(Refusal):
    """Why published weights could not be fetched, and what to do instead."""


@dataclass(frozen=True)
class OfficialFile:
    """One published file. `size` is its bytes where that is `exact`, else about that: four for each parameter."""

    name: str
    size: int
    exact: bool = False


OFFICIAL: dict[str, OfficialFile] = {
    "swin_t": OfficialFile("swin_tiny_patch4_window7_224.pth", 114_342_173, exact=True),
    "swin_s": OfficialFile("swin_small_patch4_window7_224.pth", 4 * 49_606_258),
    "swin_b": OfficialFile("swin_base_patch4_window7_224.pth", 4 * 87_768_224),
    "swin_l": OfficialFile("swin_large_patch4_window7_224_22kto1k.pth", 4 * 196_532_476),
    "swin_b_384": OfficialFile("swin_base_patch4_window12_384.pth", 4 * 87_903_584),
    "swin_l_384": OfficialFile("swin_large_patch4_window12_384_22kto1k.pth", 4 * 196_735_516),
}
_LOCKS = {variant: threading.Lock() for variant in OFFICIAL}


def imagenet_classes() -> tuple[str, ...]:
    """The 1000 classes that the published weights answer with, in English."""
    return tuple((ASSETS / "imagenet_classes.txt").read_text("utf-8").splitlines())


def cached(variant: str) -> Path | None:
    """The file of a variant if it is there. Raises KeyError for an unknown variant."""
    path = cache_dir() / OFFICIAL[variant].name
    return path if path.is_file() else None


def address(variant: str) -> str:
    """Where a variant's file is published."""
    return os.environ.get(BASE_VARIABLE, BASE).rstrip("/") + "/" + OFFICIAL[variant].name


def download(
    variant: str, progress: Progress = lambda done, total: None, *, timeout: float = 20, tries: int = 4
) -> Path:
    """The file of a variant, fetched if it is not there yet.

    `progress` is told bytes so far and in all (None if unknown). A connection that is silent for `timeout` seconds or
    breaks is taken up again where it was, `tries` times in all. Raises WeightsError.
    """
    with _LOCKS[variant]:
        found = cached(variant)
        if found:
            return found
        target = cache_dir() / OFFICIAL[variant].name
        try:
            with _part(target) as part:
                _fetch(variant, part, progress, timeout, tries)
                _check(variant, part)
                os.replace(part, target)
        except OSError:
            raise WeightsError("weights_disk", folder=target.parent) from None
        return target


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """A file of this download alone, gone afterwards whatever happens; leftovers of a day ago go too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob("*.part"):
        if old.stat().st_mtime < time.time() - 86_400:
            old.unlink(missing_ok=True)
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _fetch(variant: str, part: Path, progress: Progress, timeout: float, tries: int) -> None:
    url = address(variant)
    part.touch()
    for attempt in range(1, tries + 1):
        try:
            _continue(url, part, progress, timeout)
            return
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500 or attempt == tries:
                raise _failed("weights_http", variant, code=error.code) from None
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError, EOFError) as error:
            if attempt == tries:
                key = "weights_network" if part.stat().st_size == 0 else "weights_broken"
                raise _failed(key, variant) from error
        time.sleep(min(2.0, 0.2 * attempt))


def _continue(url: str, part: Path, progress: Progress, timeout: float) -> None:
    """Append what is missing; start again where the server cannot continue. Raises EOFError if it ends early."""
    have = part.stat().st_size
    request = urllib.request.Request(
        url, headers={"User-Agent": "swin_viz"} | ({"Range": f"bytes={have}-"} if have else {})
    )
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        final = urlsplit(answer.url)
        if final.scheme != "https" and final.hostname not in ("localhost", "127.0.0.1"):
            raise urllib.error.URLError("redirected to an unprotected address")
        continues = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        have = have if continues else 0
        announced = answer.headers.get("Content-Length", "")
        total = have + int(announced) if announced.isdigit() else None
        with part.open("ab" if continues else "wb") as out:
            while chunk := answer.read(CHUNK):
                out.write(chunk)
                have += len(chunk)
                if have > MAX_BYTES:
                    raise WeightsError("weights_large", most=MAX_BYTES // 2**30)
                progress(have, total)
    if total is not None and have < total:
        raise EOFError(f"{have} of {total} bytes")


def _check(variant: str, part: Path) -> None:
    """The file is what it should be: of its size if that is known, readable, whole, finite, of this architecture."""
    published = OFFICIAL[variant]
    if published.exact and part.stat().st_size != published.size:
        raise _failed("weights_damaged", variant)
    try:
        found = read_checkpoint(part).config
    except CheckpointError as error:
        raise _failed("weights_damaged", variant) from error
    wanted = VARIANTS[variant]
    same = ("embed_dim", "depths", "heads", "window", "patch")
    if any(getattr(found, field) != getattr(wanted, field) for field in same):
        raise _failed("weights_other", variant)


def _failed(key: str, variant: str, **fields: object) -> WeightsError:
    return WeightsError(key, url=address(variant), folder=cache_dir(), **fields)
