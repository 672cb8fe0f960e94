"""The lens answers as the evaluation does, and its truth is the training's."""

import numpy as np
import torch

from swin_viz.network.capture import capture
from swin_viz.scenes import lens
from swin_viz.scenes.evaluation.answers import answers, target_tokens
from swin_viz.scenes.evaluation.evaluate import load_builtin
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene
from swin_viz.scenes.training.questions import CUE, ask, batch_of

MAPS = {0: (56, 4), 1: (28, 8), 2: (14, 16), 3: (7, 32)}


def test_answers_truths_and_counts_are_those_of_the_evaluation() -> None:
    model, questions = load_builtin()
    for seed in (FIRST_HELD_OUT, FIRST_HELD_OUT + 9):
        scene = make_scene(seed)
        batch = batch_of([scene])
        with torch.no_grad():
            _, found = ask(model, questions, batch.images)
        names = questions.names(model.config)
        with torch.no_grad(), capture(model, *names) as tape:
            model(batch.images)
        says, true = lens.readings([tape[name][0].numpy() for name in names]), lens.truths(scene.plan, MAPS, 224)
        for name, logits in found.items():
            mine = says["target3" if name == "target" else name]
            wanted = (logits[0] > 0).numpy() if name == "target" else logits[0].argmax(-1).numpy()
            np.testing.assert_array_equal(mine, wanted, err_msg=name)
        assert {name for name in says if "." not in name} == set(true)
        counts = answers(model, questions, [batch]).tokens
        for stage in (2, 3):
            hits, asked = counts[f"direction of the cue, stage {stage + 1}"]
            assert (says[f"where{stage}"] == true[f"where{stage}"]).sum() == int(hits[0])
            assert true[f"where{stage}"].size == int(asked[0])
        np.testing.assert_array_equal(true["target3"], target_tokens(batch)[0])
        share = found["what2"][0].softmax(-1).max(-1).values.numpy()
        np.testing.assert_allclose(says["what2.share"] / 65535, share, atol=1e-5)


def test_the_truth_names_what_the_drawing_shows_there() -> None:
    scene = make_scene(FIRST_HELD_OUT)
    true = lens.truths(scene.plan, MAPS, 224)
    for piece in scene.plan.pieces:
        if scene.ids[int(piece.y), int(piece.x)]:  # a ring is empty in its middle
            at = int(piece.y) // 8, int(piece.x) // 8
            assert (true["what1"][at], true["colour1"][at]) == (1 + piece.shape, 1 + piece.colour)
    y, x, _ = scene.plan.cue
    assert true["what1"][int(y) // 8, int(x) // 8] == CUE == lens.ANSWERS["what"].index("cue")


def test_on_a_picture_that_the_tokens_outgrow_the_truth_keeps_its_place() -> None:
    """At 240 pixels the last map has 8 tokens of 32: the rim is ground, the direction that from its middle."""
    scene = make_scene(FIRST_HELD_OUT)
    true = lens.truths(scene.plan, {3: (8, 32), 0: (60, 4)}, 240)
    assert (true["what0"] > 0).sum() > 0.9 * (lens.truths(scene.plan, MAPS, 224)["what0"] > 0).sum()
    y, x = (part * 240 / 224 for part in scene.plan.cue[:2])
    for row, column in np.ndindex(8, 8):
        dy, dx = y - (row + 0.5) * 32, x - (column + 0.5) * 32
        wanted = ("right" if dx > 0 else "left") if abs(dx) > abs(dy) else ("down" if dy > 0 else "up")
        assert lens.DIRECTIONS[true["where3"][row, column]] == wanted
