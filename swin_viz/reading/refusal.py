"""What cannot be done, as one plain sentence in every language of the interface: what is wrong and what to do."""

from swin_viz.text import Words


class Refusal(ValueError):
    """Raised for bad input. `str()` is the English sentence; `say(language)` the same in another language.

    `key` names the sentence in text/<language>/errors.toml; the fields are numbers or cleaned, short names.
    """

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(Words("en", "errors")(key, **fields))
        self.key, self.fields = key, fields

    def say(self, language: str) -> str:
        """The sentence in a language."""
        return Words(language, "errors")(self.key, **self.fields)


def plain(name: object, longest: int = 60) -> str:
    """A name that came from outside, made safe to stand in a sentence: printable, short, no markup."""
    kept = "".join(c for c in str(name) if c.isalnum() or c in " ._-/()[],:+")
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"
