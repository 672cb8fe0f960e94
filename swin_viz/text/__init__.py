"""The interface's words: one folder per language, one TOML file per room, flat keys.

A room is a page or a part of the shell: `en/attention.toml` and `zh/attention.toml` hold the same keys with the same
fields (tests/test_text.py). Numbers and names come in as `{fields}`; code terms stay English in both.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from swin_viz.paths import PACKAGE

LANGUAGES = {"en": "English", "zh": "中文"}


@dataclass(frozen=True)
class Words:
    """The words of one room in one language: `words("title")`, `words("line", row=3)`."""

    language: str
    room: str

    def __call__(self, key: str, **fields: object) -> str:
        """The text under that key with its fields filled in. Raises KeyError if there is none."""
        text = _catalogue(self.language, self.room)[key]
        return text.format(**fields) if fields else text

    def all(self) -> dict[str, str]:
        """Every text of the room, unfilled: what a browser component gets."""
        return dict(_catalogue(self.language, self.room))


@cache
def _catalogue(language: str, room: str) -> dict[str, str]:
    path = PACKAGE / "text" / language / f"{room}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rooms() -> list[str]:
    """The rooms that have words, by name."""
    return sorted(path.stem for path in (PACKAGE / "text" / "en").glob("*.toml"))
