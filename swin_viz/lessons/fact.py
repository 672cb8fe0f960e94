"""What stands beside a lesson: how it asks for the real run's values, and what is said of it, online and off."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Observe = Callable[..., dict[str, np.ndarray]]  # names of points → their values in the run, without the batch axis


@dataclass(frozen=True)
class Fact:
    """A heading, a paragraph of Markdown, and the rows of a table, if any: cells by the names of their columns."""

    title: str
    text: str
    rows: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Note:
    """A question asked at some steps, by name, and its answer; or (`wrong`) what is taught, and what is true."""

    steps: tuple[str, ...]
    title: str
    text: str
    wrong: bool = False
