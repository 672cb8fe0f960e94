"""The mask page's arrays, from the real run and from the small grid."""

import numpy as np

from swin_viz import lesson_page, session
from swin_viz.lessons.board import Lesson
from swin_viz.lessons.masking import pair_cells
from swin_viz.lessons.real import border_windows
from swin_viz.numbers import percent
from swin_viz.trace import BlockTrace


def arrays(block: BlockTrace, small: Lesson, photo: Lesson, numbering: str) -> dict[str, np.ndarray]:
    """The border windows' scores before the mask, the small grid's masks, and which cells of the boards are pairs."""
    name, border = f"{block.name}.attn.biased", border_windows(block)
    return {
        "border.windows": border,
        "border.biased": session.observe(name)[name][border],
        "small.masks": lesson_page.small_masks(numbering),
        "small.pairs": pair_cells(small),
        "photo.pairs": pair_cells(photo),
    }


def leak_texts(leaks: dict[str, float]) -> dict[str, str]:
    """Leaks by mask value as the player writes them too: a finite mask value leaves something, however little.

    A run keeps shares to 16 bits, so e^−100 is lost there; only −∞, or a block without a mask, gives 0.
    """
    none = {way for way in leaks if way == "-inf" or not leaks["off"]}
    return {way: "0" if way in none else share_text(share) for way, share in leaks.items()}


def share_text(share: float) -> str:
    """A share above 0, or what is too little of one to be read."""
    return "< 0.01 %" if share < 5e-5 else percent(share, 2 if share < 0.0995 else 1)
