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


def listing(*functions: Callable) -> tuple[str, ...]:
    """The lines of several functions, one after the other, with an empty line between two."""
    return tuple(line for function in functions for line in ("", *source_lines(function)))[1:]


def lit(lines: list[str], *marks: str) -> list[int]:
    """The numbers of the lines that the marks name. Raises ValueError for a mark in none or several: the code moved."""
    found = {mark: [i for i, line in enumerate(lines) if mark in line] for mark in marks}
    for mark, numbers in found.items():
        if len(numbers) != 1:
            raise ValueError(f"{len(numbers)} lines hold {mark!r}")
    return sorted({number for (number,) in found.values()})
