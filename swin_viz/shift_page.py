"""The shift page's numbers: the naive way beside the cyclic one, on the real block."""

import torch

from swin_viz import engine, lesson_page, session
from swin_viz.lessons.real import naive_shift
from swin_viz.trace import BlockTrace


def naive_facts(block: BlockTrace) -> dict[str, str]:
    """Windows of both ways, the largest difference of their results, and what the extra windows cost."""
    run = (session.picture().key, session.model().key, block.name, "naive")
    return engine.NUMBERS.get(run, lambda: [_compare(block)])[0]


def _compare(block: BlockTrace) -> dict[str, str]:
    module = lesson_page.block_module(block)
    values = session.observe(f"{block.name}.padded", f"{block.name}.unshifted")
    device = next(module.parameters()).device
    height, width = block.size
    normed = torch.from_numpy(values[f"{block.name}.padded"][:height, :width].copy())[None].to(device)
    found, naive, cyclic = naive_shift(module, normed)
    wanted = torch.from_numpy(values[f"{block.name}.unshifted"].copy())[None].to(device)
    difference = float((found - wanted).abs().max())
    return {
        "cyclic": str(cyclic),
        "naive": str(naive),
        "times": f"{naive / cyclic:.2f}",
        "difference": f"{difference:.1e}" if difference else "0",
        "largest": f"{float(wanted.abs().max()):.2f}",
    }
