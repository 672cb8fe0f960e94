"""A few pixels as a figure with a caption, in HTML: every one stays a square at any size."""

import base64
import html
import io

import numpy as np
from PIL import Image


def figure(pixels: np.ndarray, caption: str) -> str:
    """pixels: (height, width, 3) uint8. The caption is the alternative text too."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    source = base64.b64encode(out.getvalue()).decode()
    text = html.escape(caption)
    style = "width:100%;image-rendering:pixelated;border-radius:.4rem"
    image = f'<img alt="{text}" style="{style}" src="data:image/png;base64,{source}">'
    return f'<figure style="margin:0">{image}{text}</figure>'
