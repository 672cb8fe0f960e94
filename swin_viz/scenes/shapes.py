"""The eight outlines as signed distances: negative inside, in units of the radius, vectorised over pixels.

u and v are a pixel's coordinates in the shape's own frame: rotated with it, divided by its radius.
"""

from collections.abc import Callable

import numpy as np

Outline = Callable[[np.ndarray, np.ndarray], np.ndarray]


def disc(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A full circle."""
    return np.hypot(u, v) - 0.92


def square(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A square."""
    return np.maximum(abs(u), abs(v)) - 0.78


def triangle(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """An equilateral triangle."""
    return np.maximum(np.maximum(v, 0.866 * u - 0.5 * v), -0.866 * u - 0.5 * v) - 0.52


def star(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A star with five points, 1.05 out and 0.42 in."""
    rho, turns = np.hypot(u, v), np.arctan2(v, u) / (2 * np.pi)
    point = abs((turns * 5) % 1 - 0.5) * 2  # 1 at a point's angle, 0 at a notch's
    angle = (1 - point) * np.pi / 5
    edge = 1.05 * 0.42 * np.sin(np.pi / 5) / (0.42 * np.sin(np.pi / 5 - angle) + 1.05 * np.sin(angle))
    return (rho - edge) * 0.7


def cross(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A plus sign."""
    a, b = abs(u), abs(v)
    return np.minimum(np.maximum(a - 1, b - 0.32), np.maximum(a - 0.32, b - 1))


def ring(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A circle with a hole."""
    return abs(np.hypot(u, v) - 0.72) - 0.25


def moon(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A crescent: a disc less another."""
    return np.maximum(np.hypot(u, v) - 0.96, 0.82 - np.hypot(u - 0.5, v))


def bar(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A rectangle, long and thin."""
    return np.maximum(abs(u) - 1.05, abs(v) - 0.3)


OUTLINES: tuple[Outline, ...] = (disc, square, triangle, star, cross, ring, moon, bar)
SHAPES: tuple[str, ...] = tuple(outline.__name__ for outline in OUTLINES)
