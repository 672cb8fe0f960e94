"""A lesson as a message for the browser: boards, steps, the code that runs, and the run's geometry where it is used."""

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np

from swin_viz.browser.message import Message, Run, content_part, described, kept_part, run_parts
from swin_viz.engine.parts import Arrays, Part
from swin_viz.engine.trace import Trace
from swin_viz.lessons.board import NO_WINDOW, PLAIN, Lesson
from swin_viz.lessons.fact import Note
from swin_viz.lessons.source import Course, lit, plain

SMALL, PHOTO = "small", "photo"
PART = 2**18  # bytes of the channels that travel together, if several do


def lesson_message(
    boards: dict[str, Lesson],
    header: dict,
    trace: Trace | None,
    run: Run,
    patch: int,
    extra: Arrays,
    notes: Iterable[Note] = (),
    later: Mapping[str, Part] | None = None,
) -> Message:
    """`boards`: small and, where the picture has one, photo, with the same steps. `patch`: pixels of a photo's cell.

    `later`: parts that are fetched when they are looked at.

    `header` holds words, language, caption, step, lesson, block. With a run, what stands below the boards is named as
    the lesson is. Steps of all boards are of the same kind.
    """
    arrays = {name: array for prefix, lesson in boards.items() for name, array in lesson.arrays(prefix).items()}
    first = next(iter(boards.values()))
    steps = [step.key for step in first.steps]
    header |= _told(boards, patch) | {"course": told_course(first.course, steps), "notes": told_notes(notes, steps)}
    parts = {"boards": content_part(arrays)}
    if trace:
        header |= {"run": described(trace), "key": run.key, "extra": first.name}
        block, found = trace.blocks[header["block"]], run_parts(trace, run)
        parts |= {group: found[group] for group in ("image", "geometry")}
        parts["extra"] = content_part({f"{block.name}.table": block.table} | dict(extra))
    return Message(header, parts | dict(later or {}), tuple(parts))


def told_course(course: Course | None, steps: list[str]) -> dict | None:
    """The second listing: its lines, those that are struck through, and those that are each step."""
    if course is None:
        return None
    return {"code": list(course.code), "struck": sorted(course.struck), "lit": [course.lit(step) for step in steps]}


def told_notes(notes: Iterable[Note], steps: list[str]) -> list[dict]:
    """Notes by the numbers of their steps, variants of these among them."""
    return [
        {"title": note.title, "text": note.text, "wrong": note.wrong}
        | {"steps": [i for i, step in enumerate(steps) if plain(step, note.steps) in note.steps]}
        for note in notes
    ]


def channel_parts(trace: Trace, run: Run, values: Mapping[str, np.ndarray]) -> dict[str, Part]:
    """Maps (H, W, C) by name, to be fetched some channels at a time: group channels.<first>, array <name>.<channel>.

    The values are not kept for it: when the store has let them go, the page runs again.
    """
    rows, columns, count = next(iter(values.values())).shape
    each = max(1, PART // (4 * rows * columns * len(values)))

    def made(first: int, found: Mapping[str, np.ndarray]) -> Arrays:
        channels = range(first, min(first + each, count))
        return {f"{name}.{k}": array[..., k] for name, array in found.items() for k in channels}

    return {
        f"channels.{first}": kept_part(("channels", run.key, *values, first, each), values, partial(made, first), trace)
        for first in range(0, count, each)
    }


def _told(boards: dict[str, Lesson], patch: int) -> dict:
    """What the browser is told of the boards and their steps, instead of guessing it."""
    first = next(iter(boards.values()))
    code = list(first.code)
    steps = [
        {
            "keys": _each(boards, i, "key"),
            "shapes": _each(boards, i, "shape"),
            "formula": step.formula,
            "lit": lit(code, *step.marks),
            "kind": step.kind,
            "features": step.features,
            "block": step.block,
            "axes": step.axes.split(),
        }
        for i, step in enumerate(first.steps)
    ]
    return {
        "boards": [_board(name, lesson, patch) for name, lesson in boards.items()],
        "steps": steps,
        "code": code,
        "formula": list(first.formula),
        "colours": {"plain": PLAIN, "noWindow": NO_WINDOW},
        "extra": None,
    }


def _board(name: str, lesson: Lesson, patch: int) -> dict:
    return {
        "name": name,
        "title": f"board_{name}_part" if lesson.part else f"board_{name}",
        "ramp": lesson.ramp,
        "pairs": lesson.pairs,
        "patch": patch if name == PHOTO else 0,
    }


def _each(boards: dict[str, Lesson], step: int, field: str) -> list[str]:
    """What a step says on every board."""
    return [getattr(lesson.steps[step], field) for lesson in boards.values()]
