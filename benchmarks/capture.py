"""What watching costs: `python benchmarks/capture.py` prints ratios measured in one run, interleaved, one thread.

On a CPU the thread's own processor time is taken, so that other programs disturb little; on a GPU, CUDA events.
"""

import ctypes
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from PIL import Image
from transformers import SwinConfig as PeerConfig
from transformers import SwinForImageClassification

from swin_viz.engine.parts import pack_trace
from swin_viz.engine.run import run
from swin_viz.network.capture import capture
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS
from swin_viz.reading.picture.frame import frame, to_tensor
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
ROUNDS = int(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].isdecimal() else 20


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


def peak_bytes(side: int) -> int:
    """The most memory one job holds above the loaded model; on a CPU that of a fresh process (Linux)."""
    if DEVICE.type == "cuda":
        model, image = swin_t(), square(side)
        torch.cuda.reset_peak_memory_stats()
        base = torch.cuda.memory_allocated()
        run(model, image)
        return torch.cuda.max_memory_allocated() - base
    done = subprocess.run([sys.executable, __file__, "--peak", str(side)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def print_peak(side: int) -> None:
    model, image = swin_t(), square(side)
    run(model, square(32))
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    base = status("VmRSS")
    run(model, image)
    print(status("VmHWM") - base)


def status(field: str) -> int:
    """A figure of this process in bytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def swin_t() -> Swin:
    torch.manual_seed(0)
    return Swin(VARIANTS["swin_t"]).eval().requires_grad_(False).to(DEVICE)


def square(side: int) -> Image.Image:
    return load_image(sample_bytes("chelsea")).resize((side, side))


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


def growing(model: Swin) -> None:
    """Time and peak memory of the whole job against the picture's area."""
    print("\n| side | job | per area | peak memory | per area | trace |\n| --- | --- | --- | --- | --- | --- |")
    first: tuple[float, float] | None = None
    for side in (224, 448, 672, 896):
        image = square(side)
        job = interleaved({"job": lambda image=image: pack_trace(run(model, image))}, max(2, ROUNDS // 5))["job"]
        area, took, peak = (side / 224) ** 2, min(job), peak_bytes(side)
        first = first or (took, peak)
        per_area = f"{took / first[0] / area:.2f} | {peak / 1e6:.0f} MB | {peak / first[1] / area:.2f}"
        print(f"| {side} | {took:.0f} ms | {per_area} | {run(model, image).nbytes / 1e6:.1f} MB |")


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["--peak"]:
        print_peak(int(sys.argv[2]))
        return
    model = swin_t()
    print(f"torch {torch.__version__}, {DEVICE}, one thread, {ROUNDS} rounds\n")
    watching(model, sample_bytes("chelsea"))
    growing(model)


if __name__ == "__main__":
    main()
