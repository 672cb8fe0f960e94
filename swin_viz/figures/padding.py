"""The lower right corner of a padded picture, pixel by pixel: what is padding is hatched."""

import base64
import html

SIDE, SHOWN = 16, 4  # side of a pixel as it is drawn, and patches of each side
REAL, GROUND, STRIPE, LINE = "#e8edf2", "#f2f2f2", "#4a4f57", "#1b1f24"  # as on the boards, on a light page
_HATCH = (
    '<pattern id="padded" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{GROUND}"/><rect width="2" height="6" fill="{STRIPE}"/></pattern>'
)


def corner(size: tuple[int, int], padded: tuple[int, int], patch: int, caption: str) -> str:
    """The last patches of a picture of `size` pixels, which is `padded` to so many, as HTML; the caption has fields."""
    counts = [min(SHOWN * patch, side) for side in padded]
    below, right = (side - real for side, real in zip(padded, size, strict=True))
    sizes = {"size": "{}×{}".format(*size), "padded": "{}×{}".format(*padded)}
    text = html.escape(caption.format(**sizes, rows=below, columns=right))
    high, wide = (count * SIDE for count in counts)
    real = (max(0, counts[0] - below) * SIDE, max(0, counts[1] - right) * SIDE)
    parts = [
        f'<rect width="{wide}" height="{high}" fill="url(#padded)"/>',
        f'<rect width="{real[1]}" height="{real[0]}" fill="{REAL}"/>',
        *_lines(high, wide, SIDE, "#fff"),
        *_lines(high, wide, SIDE * patch, LINE),
    ]
    box = f'viewBox="-1 -1 {wide + 2} {high + 2}" width="{wide + 2}" height="{high + 2}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}><defs>{_HATCH}</defs>{"".join(parts)}</svg>'
    source = base64.b64encode(svg.encode()).decode()  # the page takes no drawing, but a picture
    image = f'<img alt="{text}" style="max-width:100%" src="data:image/svg+xml;base64,{source}">'
    return f'<figure style="margin:0">{image}<figcaption>{text}</figcaption></figure>'


def _lines(high: int, wide: int, step: int, colour: str) -> list[str]:
    """A line every `step`, down and across."""
    down = "".join(f"M0 {at}H{wide}" for at in range(0, high + 1, step))
    across = "".join(f"M{at} 0V{high}" for at in range(0, wide + 1, step))
    return [f'<path d="{down}{across}" stroke="{colour}" stroke-width="1.5" fill="none"/>']
