"""The position bias page's arrays, from the real run."""

import numpy as np

from swin_viz.app import session
from swin_viz.engine.trace import BlockTrace
from swin_viz.lessons.bias import middle_window


def arrays(block: BlockTrace, head: int) -> dict[str, np.ndarray]:
    """The middle window's scores before the bias, (h, N, N), and the head whose table is looked at first."""
    name = f"{block.name}.attn.scaled"
    return {"centre.scaled": session.observe(name)[name][middle_window(block)], "head": np.array([head], np.int32)}
