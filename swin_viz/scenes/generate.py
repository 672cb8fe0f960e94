"""Seeded scenes: objects on a textured ground, and a small ringed cue disc in the colour of one of them.

The question of every scene: *what shape is the object that has the cue's colour?* Nothing local answers it: the cue
must be found, its colour read, the object of that colour found anywhere in the picture, and its shape named.
A scene is a `Plan` (what is where) that is drawn; the same seed always draws the same picture.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from swin_viz.scenes.shapes import OUTLINES, SHAPES

COLOURS = ("red", "green", "blue", "yellow", "purple", "cyan")
RGB = np.array(
    [(214, 48, 49), (46, 160, 67), (45, 98, 214), (240, 200, 32), (155, 62, 190), (40, 190, 205)], np.float32
)
SIDE = 224  # pixels of the shipped pictures; all lengths below are for this side
FIRST_TRAINED = 1_000_000  # seeds from here up were trained on …
FIRST_HELD_OUT = 1_000_000_000  # … and seeds from here up never are

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Piece:
    """One object: indices into SHAPES and COLOURS, a pattern 0–3 (plain, striped, checked, shaded), place in pixels."""

    shape: int
    colour: int
    pattern: int
    y: float
    x: float
    radius: float
    angle: float  # radians
    light: float  # factor on the colour


@dataclass(frozen=True)
class Plan:
    """What a scene holds. `cue` is (y, x, radius) in pixels; `target` the index of the piece that has its colour."""

    seed: int
    size: int
    pieces: tuple[Piece, ...]
    cue: tuple[float, float, float]
    target: int

    @property
    def label(self) -> int:
        """The answer: the class, an index into SHAPES."""
        return self.pieces[self.target].shape

    @property
    def cue_id(self) -> int:
        """The number that the cue's pixels have in `Scene.ids`."""
        return len(self.pieces) + 1


@dataclass(frozen=True)
class Scene:
    """A drawn plan: image (size, size, 3) uint8 and, per pixel, ids (size, size) uint8.

    ids: 0 ground, 1 … n the pieces in the plan's order, n + 1 the cue.
    """

    plan: Plan
    image: np.ndarray
    ids: np.ndarray


def make_plan(seed: int, size: int = SIDE, objects: int | None = None) -> Plan:
    """Decide what a scene holds: 2–5 objects (or as many as said), all of different colours, none touching another."""
    rng = np.random.default_rng([20210325, seed])
    count = int(rng.integers(2, 6)) if objects is None else objects
    places = _places(rng, count, size)
    colours = rng.permutation(len(COLOURS))[:count]
    pieces = tuple(_piece(rng, int(colours[i]), places[i]) for i in range(count))
    return Plan(seed, size, pieces, places[count], int(rng.integers(count)))


def _places(rng: np.random.Generator, count: int, size: int) -> list[tuple[float, float, float]]:
    """(y, x, radius) of the objects and, last, of the cue: thrown until none touches another."""
    scale = size / SIDE
    while True:
        places: list[tuple[float, float, float]] = []
        radii = [*rng.uniform(17, 32, count) * scale, 10.0 * scale * rng.uniform(0.9, 1.15)]
        for radius in radii:
            for _ in range(60):
                y, x = rng.uniform(radius * 1.05 + 1, size - radius * 1.05 - 1, 2)
                if all((y - b) ** 2 + (x - c) ** 2 > (radius + r + 3 * scale) ** 2 for b, c, r in places):
                    places.append((float(y), float(x), float(radius)))
                    break
            else:
                break
        if len(places) == count + 1:
            return places


def _piece(rng: np.random.Generator, colour: int, place: tuple[float, float, float]) -> Piece:
    shape, pattern = int(rng.integers(len(SHAPES))), int(rng.integers(4))
    y, x, radius = place
    return Piece(shape, colour, pattern, y, x, radius, float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.82, 1.12)))


def recolour_cue(plan: Plan, target: int) -> Plan:
    """The counterfactual: the same scene whose cue names another piece. Only the cue's pixels will differ."""
    return replace(plan, target=target)


def make_scene(seed: int, size: int = SIDE, objects: int | None = None) -> Scene:
    """Plan and draw the scene of a seed."""
    return draw(make_plan(seed, size, objects))


def draw(plan: Plan) -> Scene:
    """Draw a plan: ground, grey clutter strokes, objects, cue, noise."""
    rng = np.random.default_rng([plan.seed, 7])
    size, scale = plan.size, plan.size / SIDE
    canvas = _ground(rng, size)
    ids = np.zeros((size, size), np.uint8)
    for _ in range(int(rng.integers(4, 14))):
        _stroke(rng, canvas, ids, scale)
    for number, piece in enumerate(plan.pieces, 1):
        _object(canvas, ids, piece, number)
    _cue(canvas, ids, plan)
    canvas += rng.normal(0, rng.uniform(1, 9), (size, size, 1)).astype(np.float32)
    return Scene(plan, np.clip(canvas, 0, 255).astype(np.uint8), ids)


def _ground(rng: np.random.Generator, size: int) -> np.ndarray:
    """Smooth noise of three scales around one tinted grey: (size, size, 3) float32."""
    base = (rng.uniform(70, 190) + rng.normal(0, 10, 3)).astype(np.float32)
    ground = np.zeros((size, size), np.float32)
    for cells, weight in ((4, 18), (9, 10), (28, 6)):
        coarse = rng.normal(0, weight, (cells + 1, cells + 1)).astype(np.float32)
        at = np.linspace(0, cells, size, endpoint=False, dtype=np.float32)
        cell = at.astype(int)
        rest = at - cell
        rows = coarse[cell] * (1 - rest)[:, None] + coarse[cell + 1] * rest[:, None]
        ground += rows[:, cell] * (1 - rest) + rows[:, cell + 1] * rest
    return ground[..., None] + base


def _blend(
    canvas: np.ndarray, ids: np.ndarray, place: tuple[float, float, float], cover: Field, paint: Field, number: int
) -> None:
    """Lay paint over the canvas where `cover` (0 … 1, anti-aliased) says; number 0 leaves `ids` alone."""
    y, x, reach = place
    edge = int(reach * 1.12) + 2
    rows = slice(max(0, int(y) - edge), min(canvas.shape[0], int(y) + edge + 1))
    columns = slice(max(0, int(x) - edge), min(canvas.shape[1], int(x) + edge + 1))
    grid_y, grid_x = np.mgrid[rows, columns].astype(np.float32)
    dy, dx = grid_y - y, grid_x - x
    share = np.clip(cover(dy, dx), 0, 1)
    alpha = share[..., None]
    canvas[rows, columns] = canvas[rows, columns] * (1 - alpha) + paint(dy, dx) * alpha
    if number:
        ids[rows, columns][share > 0.5] = number


def _stroke(rng: np.random.Generator, canvas: np.ndarray, ids: np.ndarray, scale: float) -> None:
    y, x = rng.uniform(0, canvas.shape[0], 2)
    length, width, angle = rng.uniform(6, 26) * scale, rng.uniform(0.7, 1.8) * scale, rng.uniform(0, np.pi)
    cos, sin, grey = np.cos(angle), np.sin(angle), np.float32(rng.uniform(30, 225))

    def cover(dy: np.ndarray, dx: np.ndarray) -> np.ndarray:
        return 0.5 - np.maximum(abs(dx * cos + dy * sin) - length, abs(dy * cos - dx * sin) - width)

    _blend(canvas, ids, (y, x, length), cover, lambda dy, dx: np.full((1, 1, 1), grey), 0)


def _object(canvas: np.ndarray, ids: np.ndarray, piece: Piece, number: int) -> None:
    cos, sin = np.float32(np.cos(piece.angle)), np.float32(np.sin(piece.angle))
    rgb = RGB[piece.colour] * piece.light

    def own_frame(dy: np.ndarray, dx: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (dx * cos + dy * sin) / piece.radius, (dy * cos - dx * sin) / piece.radius

    def cover(dy: np.ndarray, dx: np.ndarray) -> np.ndarray:
        return 0.5 - OUTLINES[piece.shape](*own_frame(dy, dx)) * piece.radius

    def paint(dy: np.ndarray, dx: np.ndarray) -> np.ndarray:
        return rgb * _tone(piece.pattern, *own_frame(dy, dx))[..., None].astype(np.float32)

    _blend(canvas, ids, (piece.y, piece.x, piece.radius), cover, paint, number)


def _tone(pattern: int, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Brightness over an object: plain, striped, checked, shaded."""
    if pattern == 0:
        return np.ones_like(u)
    if pattern == 1:
        return np.where(np.sin(u * 14) > 0, 1.0, 0.68)
    if pattern == 2:
        return np.where((np.sin(u * 10) > 0) ^ (np.sin(v * 10) > 0), 1.0, 0.68)
    return 0.85 + 0.3 * v


def _cue(canvas: np.ndarray, ids: np.ndarray, plan: Plan) -> None:
    """A disc in the target's colour with a white and a black ring."""
    radius, rgb = plan.cue[2], RGB[plan.pieces[plan.target].colour]

    def paint(dy: np.ndarray, dx: np.ndarray) -> np.ndarray:
        rho = np.hypot(dy, dx)[..., None]
        return np.where(rho < radius * 0.66, rgb, np.where(rho < radius * 0.84, np.float32(245), np.float32(15)))

    _blend(canvas, ids, plan.cue, lambda dy, dx: 0.5 - (np.hypot(dy, dx) - radius), paint, plan.cue_id)
