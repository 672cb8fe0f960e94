"""The mask page's arrays and numbers, from the real run and from the small grid."""

import numpy as np

from swin_viz.app import session
from swin_viz.app.widgets.small_grid import accepted
from swin_viz.engine import shared
from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.mask import border_windows, faults, leak, regions_of
from swin_viz.network.ablation import Ablation
from swin_viz.network.windows import shift_mask
from swin_viz.text.numbers import percent


def arrays(block: BlockTrace, numbering: str) -> dict[str, np.ndarray]:
    """The border windows' scores before the mask, and the small grid's masks."""
    name, border = f"{block.name}.attn.biased", border_windows(block)
    return {
        "border.windows": border,
        "border.biased": session.observe(name)[name][border],
        "small.masks": small_masks(numbering),
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


def small_masks(numbering: str) -> np.ndarray:
    """The mask of every window of the small grid, (nW, N, N) float32, by the model's own functions."""
    height, width, window, shift = accepted("mask", "hwms")
    return shift_mask(regions_of(height, width, window, shift, numbering), window).numpy()


def found_faults(block: BlockTrace, step: int) -> str:
    """What a mask made from the unpadded size gets wrong: in the small grid and in the block, in words."""
    t = session.text("mask")
    found = [faults(*accepted("mask", "hwms")), faults(*block.size, block.window, step)]
    names = (t("faults_small"), t("faults_block"))
    return " ".join(
        t("faults" if any(each) else "faults_none", where=name, blocked=f"{each[0]:,}", open=f"{each[1]:,}")
        for name, each in zip(names, found, strict=True)
    )


def leaks(block: BlockTrace) -> dict[str, float]:
    """The share of attention that crosses regions in this block's border windows, by mask value (from real runs)."""
    ways = {"off": Ablation(mask=False), "-10": Ablation(mask_value=-10.0), "-100": Ablation()}
    ways |= {"-inf": Ablation(mask_value=-float("inf"))}
    run = (session.picture().key, session.model().key, block.name)
    kept = shared.NUMBERS
    return {name: kept.get((*run, name), lambda a=ablation: [_leak(block, a)])[0] for name, ablation in ways.items()}


def _leak(block: BlockTrace, ablation: Ablation) -> float:
    return leak(session.trace(ablation).block(block.name).shares(), block, block.mask_kinds[block.mask_of])
