"""A lesson as a GIF: every step, large enough, in the colours of the boards."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from swin_viz.figures.steps import BODY, HOLD_MS, LARGEST_CELL, MARGIN, MOVE_FRAMES, TOP, WIDTH, Pose, gif
from swin_viz.lessons.bias import bias_lesson
from swin_viz.lessons.board import Lesson
from swin_viz.lessons.shift import shift_lesson
from swin_viz.lessons.windows import windows_lesson


def test_a_gif_shows_every_step_and_the_way_between() -> None:
    lesson = shift_lesson(4, 4, 2, 1)
    poses = [Pose(each.at, each.values, each.groups, each.key) for each in lesson.steps]
    animation = Image.open(io.BytesIO(gif(poses, lesson.sources[:, 0] < 0, "shift")))
    durations = []
    for number in range(animation.n_frames):
        animation.seek(number)
        durations.append(animation.info["duration"])
    assert durations.count(1800) >= len(poses) - 2  # equal frames may be joined
    assert len(durations) <= len(poses) + (len(poses) - 1) * MOVE_FRAMES
    many = Pose(np.zeros((1000, 2)), np.zeros(1000), np.zeros(1000, np.uint8), "")
    with pytest.raises(ValueError, match="can be read"):
        gif([many], np.zeros(1000, bool), "too many")


def held(lesson: Lesson, ramp: bool = False) -> list[np.ndarray]:
    """The frames of a lesson's GIF that hold a step, as pixels."""
    poses = [Pose(each.at, each.values, each.groups, each.key) for each in lesson.steps]
    animation = Image.open(io.BytesIO(gif(poses, lesson.sources[:, 0] < 0, "a title", ramp)))
    found = []
    for number in range(animation.n_frames):
        animation.seek(number)
        if animation.info["duration"] == HOLD_MS:
            found.append(np.asarray(animation.convert("RGB")).astype(int))
    return found


def test_every_step_of_a_gif_fills_its_sheet() -> None:
    """Rows of windows are wide and short, the map is square: each is as large as fits, not as the largest needs."""
    for frame in held(shift_lesson(8, 8, 4, 2)):
        drawn = (frame[TOP : TOP + BODY] != 255).any(-1)
        high, wide = np.ptp(np.flatnonzero(drawn.any(1))), np.ptp(np.flatnonzero(drawn.any(0)))
        assert high > 0.93 * BODY or wide > 0.93 * (WIDTH - 2 * MARGIN)


def test_colours_and_ink_of_a_gif_are_the_boards() -> None:
    """Cells of a scale from its light end to its dark one, each number readable on its cell; padding is hatched."""
    matrix, side = held(bias_lesson(3), ramp=True)[0], BODY / 9
    left = (WIDTH - 9 * side) / 2
    corners = [matrix[round(TOP + (row + 0.5) * side) - 18, round(left + side / 2) - 18] for row in range(9)]
    np.testing.assert_allclose(corners[0], (0xE8, 0xED, 0xF2), atol=24)
    np.testing.assert_allclose(corners[8], (0x6E, 0x76, 0x80), atol=24)
    for row, colour in enumerate(corners):
        cell = matrix[
            round(TOP + row * side) + 8 : round(TOP + (row + 1) * side) - 8, round(left) + 8 : round(left + side) - 8
        ]
        assert np.abs(cell - colour).sum(-1).max() > 250  # the ink
    padded = held(windows_lesson(3, 4, 4))[1]
    strip = padded[round(TOP + BODY / 2 + 1.3 * LARGEST_CELL), WIDTH // 2 - 80 : WIDTH // 2 + 80]
    assert {tuple(pixel > 150) for pixel in strip} >= {(True,) * 3, (False,) * 3}
    assert np.ptp(strip, axis=1).max() < 24  # greys alone


def test_many_people_save_gifs_at_once() -> None:
    lesson = shift_lesson(4, 4, 2, 1)
    poses = [Pose(each.at, each.values, each.groups, each.key) for each in lesson.steps[:2]]
    alone = gif(poses, lesson.sources[:, 0] < 0, "shift")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: gif(poses, lesson.sources[:, 0] < 0, "shift"), range(8)))
    assert all(each == alone for each in found)
