"""The lower right corner of a padded picture, pixel by pixel: what is padding is hatched."""

import html

PX, SHOWN = 16, 4  # side of a pixel as it is drawn, and patches of each side
_SQUARE = '<rect x="{}" y="{}" width="15" height="15" fill="{}"/>'
_LINE = '<path d="{}" stroke="var(--ink)" stroke-width="2" fill="none"/>'
_HATCH = (
    '<pattern id="padded" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="var(--blocked)"/>'
    '<rect width="2" height="6" fill="var(--blocked-hatch)"/></pattern>'
)


def corner(size: tuple[int, int], padded: tuple[int, int], patch: int, caption: str) -> str:
    """The last patches as SVG: the picture has `size` pixels, and `padded` with its padding. `caption` has fields."""
    counts = [min(SHOWN * patch, side) for side in padded]
    first = [side - count for side, count in zip(padded, counts, strict=True)]
    squares = "".join(
        _SQUARE.format(column * PX, row * PX, _fill(row + first[0] < size[0] and column + first[1] < size[1]))
        for row in range(counts[0])
        for column in range(counts[1])
    )
    high, wide = (count * PX for count in counts)
    lines = "".join(_LINE.format(f"M0 {at}H{wide}") for at in range(0, high + 1, patch * PX))
    lines += "".join(_LINE.format(f"M{at} 0V{high}") for at in range(0, wide + 1, patch * PX))
    below, right = (side - real for side, real in zip(padded, size, strict=True))
    text = html.escape(
        caption.format(size="{}×{}".format(*size), padded="{}×{}".format(*padded), rows=below, columns=right)
    )
    box = f'viewBox="-1 -1 {wide + 2} {high + 2}" width="{wide + 2}" style="max-width:100%;height:auto"'
    svg = f'<svg role="img" aria-label="{text}" {box}><defs>{_HATCH}</defs>{squares}{lines}</svg>'
    return f'<figure style="margin:0">{svg}<figcaption>{text}</figcaption></figure>'


def _fill(real: bool) -> str:
    return "var(--allowed)" if real else "url(#padded)"
