"""The running code as it is shown: real source lines by `inspect`, and which of them a step lights."""

import inspect
from collections.abc import Callable
from textwrap import dedent


def source_lines(function: Callable) -> list[str]:
    """The lines of a function without its docstring, as they run."""
    text = dedent(inspect.getsource(function))
    doc = inspect.getdoc(function)
    if doc:
        start = text.index('"""')
        text = text[: text.rindex("\n", 0, start)] + text[text.index('"""', start + 3) + 3 :]
    return text.rstrip().splitlines()


def lit(lines: list[str], *marks: str) -> list[int]:
    """The numbers of the lines that hold a mark. Raises ValueError for a mark in none: the code has moved on."""
    found = [i for i, line in enumerate(lines) if any(mark in line for mark in marks)]
    for mark in marks:
        if not any(mark in line for line in lines):
            raise ValueError(f"no line holds {mark!r}")
    return found
