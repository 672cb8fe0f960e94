"""How fast the screens answer the hand, in Chromium: `python benchmarks/browser.py [url]`.

Starts the app unless an address is given. Swin-T's shape at 224 (random weights, from a file made here) is opened as
a checkpoint of the classroom folder, so that the payload is that of a real Swin-T.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import torch
from playwright.sync_api import Page, sync_playwright
from safetensors.torch import save_file

from swin_viz import paths
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS

ROOT = paths.ROOT
PORT = 8791
PHOTO = ".viz canvas.photo >> nth=0"
WATCH = """(root) => { // from the event's dispatch to the end of the frame that shows it
  window.moves = { handler: [], painted: [] };
  let start = 0;
  root.addEventListener("pointermove", () => {
    start = performance.now();
    const since = start;
    requestAnimationFrame(() => setTimeout(() => window.moves.painted.push(performance.now() - since)));
  }, { capture: true });
  root.addEventListener("pointermove", () => window.moves.handler.push(performance.now() - start));
}"""
CLICKS = """async (buttons) => {
  const times = [];
  for (const button of buttons) {
    const start = performance.now();
    button.click();
    await new Promise((done) => requestAnimationFrame(done)); // runs after the own drawing of the screen
    times.push(performance.now() - start);
  }
  return times;
}"""


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


STALLS = """() => {
  window.stalls = [0];
  const note = (list) => list.getEntries().forEach((entry) => window.stalls.push(entry.duration));
  new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
}"""


PARTS = """() => performance.getEntriesByType("resource").filter((each) => each.name.includes("/part/"))
    .map((each) => each.transferSize)"""


def start(folder: Path) -> subprocess.Popen:
    torch.manual_seed(0)
    for name in ("swin_t", "swin_b_384"):
        save_file(Swin(VARIANTS[name]).state_dict(), folder / f"{name}.safetensors")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={PORT}", "--server.headless=true"]
    environment = os.environ | {"SWIN_VIZ_CHECKPOINTS": str(folder), "OMP_NUM_THREADS": "1"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://localhost:{PORT}/_stcore/health", timeout=2)
            return server
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("the server did not start")


def opened(page: Page, address: str) -> float:
    begin = time.perf_counter()
    page.goto(address)
    page.locator(PHOTO).wait_for()
    page.wait_for_function("canvas => Boolean(canvas.drawn)", arg=page.locator(PHOTO).element_handle())
    return time.perf_counter() - begin


def moved(page: Page, count: int) -> dict[str, list[float]]:
    """Real pointer moves over the photo, not in step with the frames; their times in ms."""
    page.evaluate("window.moves.handler = []; window.moves.painted = []")
    page.locator(PHOTO).evaluate("canvas => canvas.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(300)
    box = page.locator(PHOTO).bounding_box()
    for i in range(count):
        page.mouse.move(box["x"] + 4 + i * 37 % (box["width"] - 8), box["y"] + 4 + i * 23 % (box["height"] - 8))
        page.wait_for_timeout(20 + i % 7)
    page.wait_for_timeout(700)
    return page.evaluate("window.moves")


def show(page: Page, layer: str) -> None:
    """Another layer, from the toolbar's card."""
    page.locator(".tool[data-tool=layer]").click()
    page.locator(f".layer .option[value={layer}]").click()
    page.keyboard.press("Escape")


def measure(page: Page, address: str) -> None:
    payload: list[int] = []
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: payload.append(len(data))))
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    first = opened(page, address)
    first_parts = sum(page.evaluate(PARTS))
    page.wait_for_timeout(1500)
    print(f"| first picture after the page opens | {first:.2f} s | ≤ 1.5 s |")
    print(f"| parts fetched for it | {first_parts / 1e6:.2f} MB | ≤ 0.33 MB |")
    print(f"| all messages of the opening | {sum(payload) / 1e6:.2f} MB |  |")
    opened(page, address)
    print(f"| parts that a reload moves | {sum(page.evaluate(PARTS))} bytes | 0 |")
    page.wait_for_timeout(1500)
    sent.clear()
    page.locator(".viz").evaluate(WATCH)
    for layer in ("attention", "received", "entropy", "distance", "rollout"):
        show(page, layer)
        page.wait_for_timeout(1200)
        sent.clear()
        times = moved(page, 200)
        print(f"| {layer}: handler, median | {statistics.median(times['handler']):.2f} ms | ≤ 2 ms |")
        print(f"| {layer}: event → painted, p95 | {p95(times['painted']):.1f} ms | ≤ 16 ms |")
        print(f"| {layer}: frames sent to the server in 200 moves | {len(sent)} | 0 |")
    show(page, "attention")
    for name, buttons in (("block", ".strip >> nth=0 >> button"), ("head", ".rail .heads button")):
        handles = page.locator(buttons).element_handles() * 4
        times = page.evaluate(CLICKS, handles)
        print(f"| {name} change, p95 | {p95(times):.1f} ms | ≤ 50 ms |")


def measure_pairs(page: Page, address: str) -> None:
    """The ledger, seven matrices, vectors and the scale's chart, for every key that is pointed at."""
    opened(page, address)
    page.wait_for_timeout(1500)
    page.locator(PHOTO).scroll_into_view_if_needed()
    page.locator(".viz").evaluate(WATCH)
    times = moved(page, 200)
    print(f"| pair by pair: handler, median | {statistics.median(times['handler']):.2f} ms | ≤ 2 ms |")
    print(f"| pair by pair: event → painted, p95 | {p95(times['painted']):.1f} ms | ≤ 16 ms |")


def measure_large(page: Page, address: str, name: str, variant: str) -> None:
    """Large runs: every block is fetched when it is shown, or before, while the hand rests."""
    page.add_init_script(f"({STALLS})()")
    opened(page, address)
    waits, canvas = [], page.locator(PHOTO).element_handle()
    buttons = page.locator(".strip >> nth=0 >> button").element_handles()
    for block, button in zip(VARIANTS[variant].block_names, buttons, strict=True):
        begin = time.perf_counter()
        button.click()
        shown = "([canvas, block]) => canvas.drawn?.kind === 'attention' && canvas.drawn.block === block"
        page.wait_for_function(shown, arg=[canvas, block])
        waits.append(time.perf_counter() - begin)
    print(f"| {name}: longest stall of the page | {max(page.evaluate('window.stalls')):.0f} ms | ≤ 500 ms |")
    print(f"| {name}: a block that has to be fetched, median | {statistics.median(waits):.2f} s |  |")


def measure_lesson(page: Page, address: str) -> None:
    """Stepping and scrubbing, and a small grid made anew by the server."""
    page.goto(address)
    page.locator(".board").first.wait_for()
    page.wait_for_timeout(1500)
    steps = [page.get_by_role("button", name=name).element_handle() for name in ("Next", "Back")]
    print(f"| a step of a lesson, p95 | {p95(page.evaluate(CLICKS, steps * 20)):.1f} ms | ≤ 50 ms |")
    times, root = [], page.locator(".viz").first.element_handle()
    page.locator(".st-key-own_grid summary").click()
    count_of = "root => root.querySelector('.board').drawn?.values.length"
    for height in (12, 16, 8, 4) * 3:
        count = root.evaluate(count_of)
        rows = page.get_by_role("spinbutton", name="Rows H")
        rows.fill(str(height))
        begin = time.perf_counter()
        rows.press("Enter")
        changed = f"([root, count]) => (({count_of})(root) ?? count) !== count"
        page.wait_for_function(changed, arg=[root, count])
        times.append(time.perf_counter() - begin)
    print(f"| a new small grid, p95 | {1000 * p95(times):.0f} ms | ≤ 300 ms |")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = None if sys.argv[1:] else start(Path(folder))
        base = sys.argv[1] if sys.argv[1:] else f"http://localhost:{PORT}"
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            address = f"{base}/attention?model=folder/swin_t.safetensors&image=chelsea"
            size = {"width": 1280, "height": 900}
            page = browser.new_page(viewport=size)
            opened(page, address)  # warms the server
            page.close()
            print("| Swin-T's shape at 224 | measured | goal |\n| --- | --- | --- |")
            measure(browser.new_page(viewport=size), address)
            measure_pairs(browser.new_page(viewport=size), address.replace("/attention?", "/pairs?"))
            measure_lesson(browser.new_page(viewport=size), f"{base}/windows?block=2.1")
            large = f"{base}/attention?model=folder/swin_t.safetensors&image=chelsea&size=1024"
            measure_large(browser.new_page(viewport=size), large, "Swin-T at 1024", "swin_t")
            large = f"{base}/attention?model=folder/swin_b_384.safetensors&image=chelsea"
            measure_large(browser.new_page(viewport=size), large, "Swin-B at 384", "swin_b_384")
        finally:
            browser.close()
            if server:
                server.terminate()


if __name__ == "__main__":
    main()
