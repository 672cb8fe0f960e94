"""The sizes of the derivation, h, w, C and M: checked when they come from the browser or from an address."""

from collections.abc import Mapping

from swin_viz.cost.terms import LIMITS

Sizes = dict[str, int]
LARGEST = {name: most for name, (_, most) in LIMITS.items()}


def checked(found: object, before: Sizes) -> Sizes:
    """Sizes from untrusted values: what is no whole number within its limits stays as it was."""
    found = found if isinstance(found, Mapping) else {}

    def good(name: str) -> bool:
        value, (least, most) = found.get(name), LIMITS[name]
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return {name: found[name] if good(name) else before[name] for name in LIMITS}


def from_query(query: Mapping[str, str], before: Sizes) -> Sizes | None:
    """The sizes of an address, None if it has none; parts that make no sense are as `before`."""
    texts = {name: query[name] for name in LIMITS if name in query}
    whole = {name: int(text) for name, text in texts.items() if text.isdecimal() and len(text) < 6}
    return checked(whole, before) if texts else None


def to_query(at: Sizes, first: Sizes) -> dict[str, str | None]:
    """All keys of the address that bring the sizes back; None while all are as at first."""
    return {name: None if at == first else str(at[name]) for name in LIMITS}
