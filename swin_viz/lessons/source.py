"""The running code as it is shown: real source lines by `inspect`, and which of them a step lights."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Course:
    """The widely taught lines (network/taught.py) for a lesson's steps: `code`, and by step the marks of its lines.

    A step that is not there takes what its plain form has (`corner_one`: `corner`). `struck`: lines that are wrong.
    """

    code: tuple[str, ...]
    marks: Mapping[str, tuple[str, ...]]
    struck: frozenset[int] = frozenset()

    def lit(self, step: str) -> list[int]:
        """The numbers of a step's lines; none where a course has no line for it."""
        return lit(list(self.code), *self.marks.get(plain(step, self.marks), ()))


def course(*functions: Callable, **marks: str | tuple[str, ...]) -> Course:
    """The lines of some functions of network/taught.py; those whose names end in `_as_written` are struck through."""
    struck, code = set(), listing(*functions)
    wrong = False
    for i, line in enumerate(code):
        wrong = line.partition("(")[0].endswith("_as_written") if line.startswith("def ") else wrong and bool(line)
        struck |= {i} if wrong else set()
    each = {step: (found,) if isinstance(found, str) else found for step, found in marks.items()}
    return Course(code, each, frozenset(struck))


def plain(step: str, known: Iterable[str]) -> str:
    """A step's name without the ending of its variant, as far as needed to be one that is known."""
    found = step
    while found not in known and "_" in found:
        found = found.rpartition("_")[0]
    return found
