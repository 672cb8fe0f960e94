"""The command line: `swin-viz app | cost | capture | weights`. `swin-viz <command> --help` says what each takes."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from swin_viz import __version__, paths
from swin_viz.cost import table
from swin_viz.network.variants import VARIANTS


def _size(text: str) -> tuple[int, int]:
    """A side, "224", or height × width, "480x640". Raises ArgumentTypeError."""
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) > 2 or not all(part.isdecimal() and 1 <= int(part) <= 65_536 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: give a side such as 224, or HEIGHTxWIDTH up to 65536")
    return int(parts[0]), int(parts[-1])


def _bar(share: float, text: str) -> None:
    """A progress bar on the terminal; nothing where nobody looks at one."""
    if sys.stderr.isatty():
        done = int(30 * min(1.0, share))
        sys.stderr.write(f"\r[{'█' * done}{'·' * (30 - done)}] {100 * min(1.0, share):3.0f} % {text}\x1b[K")
        if share >= 1:
            sys.stderr.write("\n")
        sys.stderr.flush()


def _cost(options: argparse.Namespace) -> None:
    names = [options.variant, *(options.compare or [])]
    if options.counted and options.variant not in VARIANTS:
        sys.exit(f"--counted runs a Swin ({', '.join(VARIANTS)}); {options.variant} is counted by formula alone.")
    if options.csv and (options.counted or options.measure):
        sys.exit("--csv writes the steps alone: leave it out to count or to measure.")
    height, width = options.size
    sys.stdout.write(table.to_csv(names, height, width) if options.csv else table.summary(names, height, width))
    if options.counted:
        from swin_viz.cost.counted import compare

        rows = compare(VARIANTS[options.variant], height, width)
        seen = sum(row.counted_macs or 0 for row in rows)
        formula = sum(row.macs for row in rows)
        sys.stdout.write(f"\nCounted as {options.variant} ran (FlopCounterMode, meta device): {seen:,} MACs; ")
        sys.stdout.write("the same as by formula.\n" if seen == formula else f"by formula {formula:,}.\n")
    if options.measure:
        _measure()


def _app(options: argparse.Namespace) -> None:
    missing = [name for name in ("streamlit", "plotly", "matplotlib") if find_spec(name) is None]
    if missing:
        sys.exit(f"The app needs {', '.join(missing)}: pip install 'swin-viz[app]' (in a checkout: '.[app]').")
    from swin_viz.app.start import start

    start(options.port, options.classroom)


def _fetched(variant: str, done: int, size: int | None) -> None:
    _bar(done / size if size else 0.0, f"{variant} {done / 1e6:.0f} MB")


def _weights(options: argparse.Namespace) -> None:
    from swin_viz.reading.checkpoint import published

    for variant in options.variants:
        try:
            path = published.download(variant, partial(_fetched, variant))
        except published.WeightsError as error:
            sys.exit(f"{variant}: {error.say('en')}")
        print(path)


def _capture(options: argparse.Namespace) -> None:
    import numpy as np

    from swin_viz.engine import shared
    from swin_viz.engine.run import observe
    from swin_viz.reading.picture.frame import frame
    from swin_viz.reading.picture.load import load_image
    from swin_viz.reading.refusal import Refusal

    if options.output.is_dir():
        sys.exit(f"{options.output}: is a folder; name the file to write, such as {options.output / 'capture.npz'}.")
    if not options.output.parent.is_dir():
        sys.exit(f"{options.output.parent}: no such folder, so there is nowhere to write to.")
    try:
        loaded = shared.load(options.checkpoint or paths.BUILTIN)
        side = loaded.config.image_size if options.side is None else options.side
        picture = frame(load_image(options.image), side, options.whole)
        values = observe(loaded.model, picture, options.points)
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
    except Refusal as error:
        sys.exit(str(error))
    except KeyError as error:
        sys.exit(str(error.args[0]))
    with options.output.open("wb") as file:  # under the very name that was given
        np.savez_compressed(file, image=np.asarray(picture), **values)  # type: ignore[arg-type] # not its options
    for name, value in values.items():
        print(f"{name}  {'×'.join(map(str, value.shape)) or 'number'}")
    print(f"{options.output}: {len(values)} values, {picture.width}×{picture.height} pixels")


def _measure() -> None:
    """Measure this machine and print medians; a kept measurement is not repeated, unless the machine was busy."""
    from swin_viz.cost.clock import measured

    report = measured.kept()
    if report is None or report.busy:
        job = measured.start()
        while job.state == "running":
            _bar(0.999 * job.share, "measuring")
            time.sleep(0.2)
        _bar(1.0, job.state)
        report = measured.kept() or job.report()
        if job.state != "done" or report is None:
            sys.exit(f"the measurement failed: {job.error or 'no reason was given'}")
    sys.stdout.write("\n" + table.measured_summary(report))


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: Commands, name: str, run: Callable, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _add_capture(commands: Commands) -> None:
    capture = _command(commands, "capture", _capture, "Run a model on a picture and write its values as NPZ.")
    capture.add_argument("image", type=Path)
    capture.add_argument("-o", "--output", type=Path, default=Path("capture.npz"))
    capture.add_argument(
        "--checkpoint", type=Path, help="a Swin checkpoint of any family (default: the built-in model)"
    )
    capture.add_argument("--side", type=int, help="pixels of the shorter side (default: as trained)")
    capture.add_argument("--whole", action="store_true", help="the whole picture, not the centre square")
    capture.add_argument("--points", nargs="+", default=["*.attn.probs", "logits"], help="names of points, as globs")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="swin-viz", description="See how a Swin Transformer works.")
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = top.add_subparsers(required=True, metavar="command")
    app = _command(commands, "app", _app, "Start the app and open it in the browser.")
    app.add_argument(
        "--classroom", action="store_true", help="reachable by others, small uploads, no checkpoints of visitors"
    )
    app.add_argument("--port", type=int, default=8501)
    cost = _command(commands, "cost", _cost, "Print what one image costs, component by component.")
    cost.add_argument("--variant", choices=table.MODELS, default="swin_t")
    cost.add_argument("--size", type=_size, default=(224, 224), help="a side in pixels, or HEIGHTxWIDTH")
    cost.add_argument("--compare", choices=table.MODELS, nargs="+", help="models to print beside it")
    cost.add_argument("--csv", action="store_true", help="every step as a line, for a spreadsheet")
    cost.add_argument("--counted", action="store_true", help="count the real operators too (a Swin alone; needs torch)")
    cost.add_argument("--measure", action="store_true", help="also the time and memory of one attention layer here")
    _add_capture(commands)
    weights = _command(
        commands, "weights", _weights, "Download official weights into the cache and print where they are."
    )
    weights.add_argument("variants", nargs="+", choices=VARIANTS, metavar="variant", help=", ".join(VARIANTS))
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """What `swin-viz` runs."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal or a pipe that knows no × or Ω gets a question mark
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    options.run(options)
