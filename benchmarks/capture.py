"""What watching costs: `python benchmarks/capture.py` prints ratios measured in one run, interleaved, one thread.

On a CPU the thread's own processor time is taken, so that other programs disturb little; on a GPU, CUDA events.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import SwinConfig as PeerConfig
from transformers import SwinForImageClassification

from swin_viz.capture import capture
from swin_viz.images import frame, load_image, to_tensor
from swin_viz.model import Swin
from swin_viz.samples import sample_bytes
from swin_viz.trace import pack_trace, run
from swin_viz.variants import VARIANTS

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 20


def once(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    if DEVICE.type == "cuda":
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        work()
        end.record()
        torch.cuda.synchronize()
        return start.elapsed_time(end)
    start_time = time.thread_time()
    work()
    return (time.thread_time() - start_time) * 1e3


def interleaved(works: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """All works in turn, `rounds` times, after two warm-ups."""
    for work in [*works.values()] * 2:
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(once(work))
    return times


def peer(implementation: str) -> SwinForImageClassification:
    config = PeerConfig(num_labels=1000, depths=[2, 2, 6, 2], attn_implementation=implementation)
    return SwinForImageClassification(config).eval().to(DEVICE)


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory the process (or GPU) held above where it began, sampled every millisecond on a CPU."""
    if DEVICE.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
        base = torch.cuda.memory_allocated()
        work()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated() - base
    base, most, stop = resident(), [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.001):
            most[0] = max(most[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    stop.set()
    watcher.join()
    return max(0, most[0] - base)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def report(name: str, times: list[float], base: list[float], goal: str) -> None:
    by_median = statistics.median(times) / statistics.median(base)
    print(f"| {name} | {statistics.median(times):.1f} ms | {by_median:.3f} | {min(times) / min(base):.3f} | {goal} |")


def watching(model: Swin, photo: bytes) -> None:
    """Capture, the whole job and Hugging Face's Swin against the plain forward of Swin-T at 224."""
    x = to_tensor(frame(load_image(photo), 224)).to(DEVICE)

    def captured() -> None:
        with capture(model, "*.attn.probs"):
            model(x)

    def everything() -> None:
        with capture(model, "*"):
            model(x)

    eager, fused = peer("eager"), peer("sdpa")
    works = {
        "plain forward": lambda: model(x),
        "all 12 maps captured": captured,
        "every point captured": everything,
        "image file → packed trace": lambda: pack_trace(run(model, frame(load_image(photo), 224))),
        "Hugging Face, eager attention": lambda: eager(x),
        "Hugging Face, its 4 maps": lambda: eager(x, output_attentions=True),
        "Hugging Face, fused attention": lambda: fused(x),
    }
    goals = {"all 12 maps captured": "≤ 1.05", "image file → packed trace": "≤ 1.15"}
    goals |= {"Hugging Face, eager attention": "≥ 1.0", "Hugging Face, fused attention": "≥ 1.0"}
    times = interleaved(works)
    print("| Swin-T at 224 | median | ÷ plain (medians) | ÷ plain (minima) | goal |\n| --- | --- | --- | --- | --- |")
    for name, found in times.items():
        report(name, found, times["plain forward"], goals.get(name, ""))


def growing(model: Swin, photo: bytes) -> None:
    """Time and peak memory of the whole job against the picture's area."""
    picture = load_image(photo)
    print("\n| side | job | per area | peak memory | per area | trace |\n| --- | --- | --- | --- | --- | --- |")
    first: tuple[float, float] | None = None
    for side in (224, 448, 672, 896):
        image = Image.fromarray(np.asarray(picture.resize((side, side))))
        times = interleaved({"job": lambda image=image: pack_trace(run(model, image))}, max(2, ROUNDS // 5))["job"]
        peak = peak_bytes(lambda image=image: run(model, image))
        area, took = (side / 224) ** 2, min(times)
        first = first or (took, peak)
        size = run(model, image).nbytes / 1e6
        per_area = f"{took / first[0] / area:.2f} | {peak / 1e6:.0f} MB | {peak / max(1, first[1]) / area:.2f}"
        print(f"| {side} | {took:.0f} ms | {per_area} | {size:.1f} MB |")


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = Swin(VARIANTS["swin_t"]).eval().requires_grad_(False).to(DEVICE)
    photo = sample_bytes("chelsea")
    print(f"torch {torch.__version__}, {DEVICE}, one thread, {ROUNDS} rounds\n")
    watching(model, photo)
    growing(model, photo)


if __name__ == "__main__":
    main()
