"""Numbers as people read them, the same on every page and on the command line."""

from collections.abc import Iterable

_STEPS = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def short(value: float, unit: str = "") -> str:
    """Three digits and a prefix: 4490566656 → "4.49 G", with a unit "4.49 GB"; below 1000 as it is."""
    for size, prefix in _STEPS:
        if value >= 0.9995 * size:
            scaled = value / size
            digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            return f"{scaled:.{digits}f} {prefix}{unit}"
    text = f"{value:.0f}" if value == int(value) else f"{value:.2f}"
    return f"{text} {unit}".rstrip()


def seconds(value: float) -> str:
    """A duration: "1.20 s", "13.8 ms", "480 µs"."""
    size, unit = next(((size, unit) for size, unit in _TIMES if value >= 0.9995 * size), _TIMES[-1])
    scaled = value / size
    digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
    return f"{scaled:.{digits}f} {unit}"


def times(ratio: float) -> str:
    """How many times: "1.08", "13.8", "1,234"; never a power of ten."""
    return f"{ratio:.2f}" if ratio < 9.995 else f"{ratio:.1f}" if ratio < 99.95 else f"{ratio:,.0f}"


def tiny(value: float) -> str:
    """A number too small for a decimal point: 4.2e-42 → "4·10⁻⁴²"; 0 stays 0."""
    if not value:
        return "0"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit}·10{str(int(power)).translate(_RAISED)}"


def signed(value: int) -> str:
    """A difference, with the minus sign of all pages: "0", "12", "−1,234"."""
    return f"{value:,}".replace("-", "−")


def comments(lines: Iterable[str]) -> str:
    """Lines above a CSV's head that `pandas.read_csv(comment="#")` passes over: each begins with #, and is one line."""
    return "".join(f"# {' '.join(line.split())}\n" for line in lines)


def percent(share: float, digits: int = 1) -> str:
    """A share of a whole, with the space the browser's modules write too: 0.255 → "25.5 %"."""
    return f"{100 * share:.{digits}f} %"
