"""The Overview's opening, its Python side: heads by a rule that a loop follows too, votes whose mean is the logit."""

from fnmatch import fnmatch

import numpy as np
import pytest
from PIL import Image

from swin_viz.browser.message import Run
from swin_viz.browser.overview.way.heads import CUE, EVEN, TARGET, Truth, chosen, objects, resized
from swin_viz.browser.overview.way.message import way_message
from swin_viz.engine import shared
from swin_viz.engine.parts import encoded
from swin_viz.engine.run import run
from swin_viz.engine.trace import BlockTrace, Trace
from swin_viz.paths import BUILTIN
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene

SCENES = (FIRST_HELD_OUT, FIRST_HELD_OUT + 1)


def truth_of(seed: int) -> Truth:
    scene = make_scene(seed)
    return Truth(scene.ids, scene.plan.cue_id, scene.plan.target + 1)


@pytest.fixture(scope="module", params=SCENES)
def known(request: pytest.FixtureRequest) -> tuple[Trace, Truth]:
    image = Image.fromarray(make_scene(request.param).image)
    return run(shared.load(BUILTIN).model, image), truth_of(request.param)


def called(block: BlockTrace, truth: Truth, row: int, column: int) -> int:
    """What one token is called after, by counting its pixels."""
    side = block.pixels
    pixels = truth.ids[row * side : (row + 1) * side, column * side : (column + 1) * side].ravel().tolist()
    if pixels.count(truth.cue) > 0.12 * side * side:
        return truth.cue
    best = max(range(1, truth.cue), key=pixels.count)
    return best if pixels.count(best) > 0.15 * side * side else 0


def test_a_tiles_head_is_the_one_that_a_loop_finds(known: tuple[Trace, Truth]) -> None:
    trace, truth = known
    rules = set()
    for block, (head, rule) in zip(trace.blocks, chosen(trace, truth), strict=True):
        names = {divmod(place, block.size[1]): 0 for place in range(block.size[0] * block.size[1])}
        names = {at: called(block, truth, *at) for at in names}
        assert [names[divmod(i, block.size[1])] for i in range(len(names))] == objects(block, truth).ravel().tolist()
        to_cue, to_both, count = np.zeros(block.heads), np.zeros(block.heads), 0
        for window, places in enumerate(block.places):
            own = [names[divmod(int(place), block.padded[1])] for place in places]
            for query in [slot for slot, name in enumerate(own) if name == truth.target]:
                count += 1
                for key, name in enumerate(own):
                    given = block.probs[window, :, query, key] / 65535
                    to_cue += given * (name == truth.cue)
                    to_both += given * (name in (truth.cue, truth.target))
        cue_first = to_cue.max() >= 0.1 * count
        wanted = to_cue if cue_first else to_both
        assert rule == (CUE if cue_first else TARGET)
        assert wanted[head] == pytest.approx(wanted.max(), rel=1e-5)
        rules.add(rule)
    assert rules == {CUE, TARGET}


def test_without_a_truth_it_is_the_head_of_the_least_entropy(odd: Trace) -> None:
    for block, (head, rule) in zip(odd.blocks, chosen(odd, None), strict=True):
        assert rule == EVEN
        means = []
        for each in range(block.heads):
            found = []
            for window, places in enumerate(block.places[:6]):
                for slot, place in enumerate(places):
                    row, column = divmod(int(place), block.padded[1])
                    if row < block.size[0] and column < block.size[1]:
                        shares = block.probs[window, each, slot] / 65535
                        allowed = int((block.mask_kinds[block.mask_of[window], slot] == 0).sum())
                        raw = -sum(share * np.log(share) for share in shares if share > 0)
                        found.append(raw / np.log(allowed) if allowed > 1 else 0)
            means.append(np.mean(found))
        if len(block.places) <= 6:  # all windows were looped over
            assert head == int(np.argmin(means))
    assert sum(len(block.places) <= 6 for block in odd.blocks) >= 4


def test_parts_hold_one_head_and_the_mean_and_the_first_picture_is_light(known: tuple[Trace, Truth]) -> None:
    trace, truth = known
    heads = chosen(trace, truth)
    message = way_message(trace, Run("a", "b"), {"words": {}}, heads, truth, np.zeros((49, 8), np.float32))
    sizes = {group: len(encoded(part.arrays())) for group, part in message.parts.items()}
    for block, (head, _) in zip(trace.blocks, heads, strict=True):
        np.testing.assert_array_equal(message.parts[block.name].arrays()[f"{block.name}.head"], block.probs[:, head])
        mean = message.parts[f"mean.{block.name}"].arrays()[f"{block.name}.mean"] / 65535
        np.testing.assert_allclose(mean, block.shares().mean(1), atol=2e-5)
    assert sum(sizes[group] for group in (*message.now, trace.blocks[5].name)) < 350_000
    assert sum(size for group, size in sizes.items() if fnmatch(group, "layers.*")) < 600_000


def test_a_scene_at_another_size_keeps_its_objects() -> None:
    ids = make_scene(FIRST_HELD_OUT).ids
    assert (resized(ids, 448, 448)[::2, ::2] == ids).all()
    assert (resized(ids, 224, 224) == ids).all()
    small = resized(ids, 112, 112)
    assert small.shape == (112, 112) and set(np.unique(small)) == set(np.unique(ids))
