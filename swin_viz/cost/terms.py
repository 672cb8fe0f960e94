"""The paper's two formulas as data: each term one monomial, so that Python, the browser and the page agree.

Letters: h w tokens of the map, C channels, M window side. A term is coefficient · (h·w)^tokens · C^channels · M^window
multiply-adds; equation 1 of arXiv 2103.14030 is the sum of MSA, equation 2 the sum of W_MSA.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Term:
    """One product of the attention layer and its multiply-adds."""

    name: str
    coefficient: int
    tokens: int
    channels: int
    window: int

    def macs(self, h: int, w: int, c: int, m: int) -> int:
        """The term's multiply-adds."""
        return int(self.coefficient * (h * w) ** self.tokens * c**self.channels * m**self.window)


MSA = (
    Term("qkv", 3, 1, 2, 0),
    Term("scores", 1, 2, 1, 0),
    Term("values", 1, 2, 1, 0),
    Term("proj", 1, 1, 2, 0),
)
ONE_WINDOW = (  # the same four products with h·w = M·M
    Term("qkv", 3, 0, 2, 2),
    Term("scores", 1, 0, 1, 4),
    Term("values", 1, 0, 1, 4),
    Term("proj", 1, 0, 2, 2),
)
W_MSA = (  # one window, hw / M² times
    Term("qkv", 3, 1, 2, 0),
    Term("scores", 1, 1, 1, 2),
    Term("values", 1, 1, 1, 2),
    Term("proj", 1, 1, 2, 0),
)
LIMITS = {"h": (1, 1080), "w": (1, 1080), "c": (1, 1536), "m": (1, 64)}  # in FLOPs every sum stays under 2^53


def msa(h: int, w: int, c: int) -> int:
    """Ω(MSA) = 4hwC² + 2(hw)²C (equation 1)."""
    return sum(term.macs(h, w, c, 1) for term in MSA)


def w_msa(h: int, w: int, c: int, m: int) -> int:
    """Ω(W-MSA) = 4hwC² + 2M²hwC (equation 2)."""
    return sum(term.macs(h, w, c, m) for term in W_MSA)


def padded_w_msa(h: int, w: int, c: int, m: int) -> int:
    """What an implementation multiplies: equation 2 on the map padded to full windows."""
    return w_msa(-(-h // m) * m, -(-w // m) * m, c, m)


def as_data() -> dict[str, list[dict[str, int | str]]]:
    """The terms for the browser."""
    groups = {"msa": MSA, "one_window": ONE_WINDOW, "w_msa": W_MSA}
    return {name: [asdict(term) for term in group] for name, group in groups.items()}
