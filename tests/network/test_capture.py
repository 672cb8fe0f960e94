"""What capture promises: it changes nothing, names everything, forgets nothing and mixes nobody up."""

import threading

import numpy as np
import pytest
import torch

from swin_viz.network.capture import capture, points
from tests.network.test_model import SMALL, random_swin

IMAGE = torch.randn(1, 3, 30, 43, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def model():
    return random_swin(SMALL)


def run(model, image=IMAGE):
    with torch.no_grad():
        return model(image)


def test_logits_are_bit_equal_with_and_without_a_tape(model) -> None:
    plain = run(model)
    with capture(model, "*"):
        assert torch.equal(run(model), plain)
    with capture(model, "*.probs", edit={"*.probs": lambda value: value}):
        assert torch.equal(run(model), plain)


def test_every_point_is_passed_with_as_many_axes_as_it_names(model) -> None:
    with capture(model, "*") as tape:
        run(model)
    named = points(model)
    assert list(tape) == list(tape.shapes)
    assert set(tape) == set(named)
    for name, value in tape.items():
        assert np.ndim(value) == len(named[name].axes.split()), name
        assert tape.shapes[name] == tuple(np.shape(value))


def test_the_points_that_lessons_are_built_on_exist(model) -> None:
    block = [
        "resid_pre",
        "padded",
        "shift",
        "shifted",
        "regions",
        "windows",
        "unshifted",
        "resid_mid",
        "mlp_out",
        "resid_post",
    ]
    attn = ["q", "k", "v", "raw", "scale", "scaled", "index", "bias", "biased", "mask", "masked", "probs", "z", "out"]
    wanted = {f"{name}.{point}" for name in SMALL.block_names for point in block}
    wanted |= {f"{name}.attn.{point}" for name in SMALL.block_names for point in attn}
    wanted |= {"patch_embed.tokens", "layers.0.downsample.groups", "layers.0.downsample.merged", "logits"}
    assert wanted <= set(points(model))


def test_equal_letters_mean_equal_sizes_within_a_block(model) -> None:
    with capture(model, "*") as tape:
        run(model)
    named = points(model)
    for block in SMALL.block_names:
        seen: dict[str, int] = {}
        for name, shape in tape.shapes.items():
            if name.startswith(block + "."):
                for letter, size in zip(named[name].axes.split(), shape, strict=True):
                    assert seen.setdefault(letter, size) == size or letter == "2", (name, letter)


def test_rows_of_probs_sum_to_one_and_stay_inside_their_region(model) -> None:
    with capture(model, "*.probs", "*.mask") as tape:
        run(model)
    for block in SMALL.block_names:
        probs, mask = tape[f"{block}.attn.probs"], tape[f"{block}.attn.mask"]
        torch.testing.assert_close(probs.sum(-1), torch.ones_like(probs[..., 0]))
        across = (mask != 0)[None, :, None].expand_as(probs)
        assert probs[across].sum() < 1e-30
        shifted = block.endswith("1")
        assert across.any() == shifted


def test_each_step_of_attention_follows_from_the_one_before(model) -> None:
    with capture(model, "layers.0.blocks.1.attn.*") as tape:
        run(model)
    at = {name.rsplit(".", 1)[1]: value for name, value in tape.items()}
    torch.testing.assert_close(at["raw"], torch.einsum("bwhqd,bwhkd->bwhqk", at["q"], at["k"]))
    torch.testing.assert_close(at["scaled"], at["raw"] / at["q"].shape[-1] ** 0.5)
    torch.testing.assert_close(at["biased"] - at["scaled"], at["bias"].expand_as(at["raw"]))
    torch.testing.assert_close(at["masked"] - at["biased"], at["mask"][None, :, None].expand_as(at["raw"]))
    exponential = at["masked"].exp()
    torch.testing.assert_close(at["probs"], exponential / exponential.sum(-1, keepdim=True))
    torch.testing.assert_close(at["z"], torch.einsum("bwhqk,bwhkd->bwhqd", at["probs"], at["v"]))


def test_heads_add_up_to_the_output(model) -> None:
    with capture(model, "layers.1.blocks.1.attn.*") as tape:
        run(model)
    attention = model.layers[1].blocks[1].attn
    z, out = tape["layers.1.blocks.1.attn.z"], tape["layers.1.blocks.1.attn.out"]
    parts = attention.proj.weight.split(z.shape[-1], dim=1)  # what each head's channels contribute
    total = sum(z[:, :, head] @ part.T for head, part in enumerate(parts)) + attention.proj.bias
    torch.testing.assert_close(total, out)


def test_an_unknown_name_is_refused_with_near_names(model) -> None:
    with pytest.raises(KeyError, match=r"near names.*attn\.probs"), capture(model, "layers.0.blocks.0.attn.prob"):
        pass
    with pytest.raises(KeyError), capture(model, edit={"nothing.*": lambda value: value}):
        pass


def test_no_tape_is_left_after_an_error(model) -> None:
    def fail(_):
        raise RuntimeError("on purpose")

    plain = run(model)
    with pytest.raises(RuntimeError, match="on purpose"), capture(model, edit={"layers.0.blocks.1.attn.probs": fail}):
        run(model)
    assert torch.equal(run(model), plain)


def test_an_edit_changes_nothing_before_its_point(model) -> None:
    with capture(model, "*") as before:
        run(model)
    place = "layers.0.blocks.1.attn.bias"
    with capture(model, "*", edit={place: lambda bias: bias + torch.randn_like(bias)}) as after:
        run(model)
    order = list(before)
    assert list(after) == order
    for name in order[: order.index(place)]:
        assert np.array_equal(np.asarray(before[name]), np.asarray(after[name])), name
    assert not torch.equal(before["logits"], after["logits"])


def test_an_edited_value_is_the_one_that_is_kept(model) -> None:
    with capture(model, "*.attn.scale", edit={"layers.1.*.attn.scale": lambda _: 2.0}) as tape:
        run(model)
    assert [tape[f"{name}.attn.scale"] for name in SMALL.block_names] == [0.5, 0.5, 2.0, 2.0]


def test_four_threads_sharing_a_model_do_not_see_each_other(model) -> None:
    images = [torch.randn(1, 3, 20 + 4 * i, 24, dtype=torch.float64) for i in range(4)]
    wanted = [run(model, image) for image in images]
    wrong = []

    def work(i: int) -> None:
        for _ in range(12):
            with capture(model, "*.probs", "logits") as tape:
                run(model, images[i])
            windows = {f"{b}.attn.probs": tape[f"{b}.attn.probs"].shape[1] for b in SMALL.block_names[:2]}
            rows = -(-(5 + i) // 3)
            if not torch.equal(tape["logits"], wanted[i]) or set(windows.values()) != {rows * 2}:
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_a_tape_ignores_other_models(model) -> None:
    other = random_swin(SMALL, seed=5)
    with capture(model, "*", edit={"*.probs": torch.zeros_like}) as tape:
        assert run(other).abs().sum() > 0
    assert len(tape) == 0
    assert tape.shapes == {}
