"""Does the server grow? `python -m benchmarks.soak [--uploads 1000] [--reruns 1000]` starts the app. Linux.

One visitor uploads different small photographs one after another, each through the upload endpoint and with the run
that it causes (the photograph before is deleted, as a browser does), then changes scene, language, block and page.
Caches are meant to fill: growth counts from the first tenth of each part, and again from its middle.
"""

import argparse
import asyncio
import io
import json
from collections.abc import Awaitable, Callable

import numpy as np
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.classroom import KINDS
from benchmarks.served import Served, resident
from benchmarks.visitor import Rerun, Visitor

GOAL = 50  # MB
OWN = "Your own picture…"
_BOUNDARY = "swin-viz-photograph"


def photograph(seed: int) -> bytes:
    """A small JPEG like no other: smooth colours, so that it is small."""
    corners = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(corners).resize((320, 240), Image.Resampling.BICUBIC).save(out, "JPEG")
    return out.getvalue()


async def upload(visitor: Visitor, seed: int) -> Rerun:
    """Ask for a URL, put the file there, tell the widget, delete the file before; the run that shows the picture."""
    widget = next(name for name in visitor.screen.seen if name.endswith("-file_upload"))
    before = visitor.screen.states.get(widget, WidgetState(id=widget)).file_uploader_state_value.uploaded_file_info
    urls, data, name = await file_urls(visitor, f"{seed}.jpg"), photograph(seed), f"{seed}.jpg"
    head = f'Content-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: image/jpeg'
    body = b"".join((f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode(), data, f"\r\n--{_BOUNDARY}--\r\n".encode()))
    kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    status, _, _ = await asyncio.to_thread(lambda: visitor.http.ask("PUT", urls.upload_url, body, **kind))
    for old in before:
        await asyncio.to_thread(visitor.http.ask, "DELETE", old.file_urls.delete_url)
    state = WidgetState(id=widget)
    file = UploadedFileInfo(name=name, size=len(data), file_id=urls.file_id, file_urls=urls)
    state.file_uploader_state_value.uploaded_file_info.append(file)
    visitor.screen.states[widget] = state
    done = await visitor.rerun("upload")
    done.fault = done.fault or ("" if status == 204 else f"the upload was answered with {status}")
    return done


async def file_urls(visitor: Visitor, name: str) -> FileURLs:
    """Where the server wants a file to be put."""
    message = BackMsg()
    message.file_urls_request.file_names.append(name)
    message.file_urls_request.request_id, message.file_urls_request.session_id = name, visitor.session
    await visitor.socket.send(message.SerializeToString())
    while True:
        answer = await visitor.receive()
        if answer.WhichOneof("type") == "file_urls_response":
            return answer.file_urls_response.file_urls[0]


async def part(count: int, step: Callable[[int], Awaitable[Rerun]], pid: int) -> tuple[list[float], list[str]]:
    """Some steps; the resident memory in MB after every tenth of them, and the faults."""
    sizes, faults = [], []
    for i in range(count):
        fault = (await step(i)).fault
        faults += [fault] if fault else []
        if (i + 1) % max(1, count // 10) == 0:
            sizes.append(resident(pid))
    return sizes, faults


async def soak(served: Served, uploads: int, reruns: int) -> dict:
    """Both parts on one session; memory in MB."""
    visitor = Visitor(served.address, 0)
    await visitor.open()
    before = resident(served.pid)
    visitor.screen.widget("image").string_value = OWN
    await visitor.rerun("image")
    first = await part(uploads, lambda i: upload(visitor, i), served.pid)
    visitor.screen.widget("image").string_value = "Drawn scene"
    await visitor.rerun("image")
    second = await part(reruns, lambda i: visitor.change(KINDS[i % len(KINDS)]), served.pid)
    await visitor.close()
    found: dict = {"before": before, "faults": first[1] + second[1], "tracebacks": served.tracebacks()}
    for name, sizes in (("uploads", first[0]), ("reruns", second[0])):
        found |= {name: sizes, f"{name} grew": [sizes[-1] - sizes[0], sizes[-1] - sizes[len(sizes) // 2]]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uploads", type=int, default=1000)
    parser.add_argument("--reruns", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="JSON instead of lines")
    asked = parser.parse_args()
    with Served() as served:
        found = asyncio.run(soak(served, asked.uploads, asked.reruns))
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(f"resident before: {found['before']:.0f} MB")
    for name in ("uploads", "reruns"):
        print(f"{name}, by tenths: {', '.join(f'{size:.0f}' for size in found[name])} MB")
        whole, late = found[f"{name} grew"]
        print(f"{name}: grew by {whole:.0f} MB, by {late:.0f} MB since the middle (goal: < {GOAL})")
    print(f"{len(found['faults'])} faults {sorted(set(found['faults']))}, {found['tracebacks']} tracebacks")


if __name__ == "__main__":
    main()
