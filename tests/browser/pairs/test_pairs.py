"""Pair by pair in a real browser: every stage drawn equals the model's tensor, and the scale's effect is autograd's."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

from swin_viz.browser.pairs.message import FORMULA, STEPS
from swin_viz.engine import shared
from swin_viz.engine.run import observe
from swin_viz.lessons.source import lit, source_lines
from swin_viz.network.model import WindowAttention
from swin_viz.paths import BUILTIN
from tests.browser.hands import PHONE, answered, frame, middle, sent, until, violations
from tests.browser.pairs.hands import NAME, drawn, opened


@pytest.fixture(scope="module")
def truth(scene) -> dict[str, np.ndarray]:
    return observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), [f"{NAME}.attn.*", f"{NAME}.windows"])


@pytest.mark.parametrize(("head", "query"), [(1, "12.6"), (4, "27.27"), (6, "0.26")])
def test_every_stage_is_the_models_tensor(server, page, truth, head: int, query: str) -> None:
    found = drawn(opened(page, f"{server}/pairs?block=2.2&head={head}&q={query}"))
    w = found["window"]
    for name in ("raw", "scaled", "biased", "masked", "probs"):
        tensor = truth[f"{NAME}.attn.{name}"][w, head - 1]
        np.testing.assert_allclose(
            found["stages"][name], tensor, rtol=1e-4, atol=2e-4 * np.abs(tensor).max(), err_msg=name
        )
    np.testing.assert_array_equal(found["stages"]["mask"], truth[f"{NAME}.attn.mask"][w])
    np.testing.assert_allclose(found["stages"]["bias"], truth[f"{NAME}.attn.bias"][head - 1], atol=1e-6)


def test_the_ledger_and_the_vectors_show_the_tensors(server, page, truth) -> None:
    found = drawn(opened(page, f"{server}/pairs?block=2.2&head=2&q=10.9&key=20"))
    w, slot = found["window"], found["slot"]
    cells = page.locator(".ledger tbody tr").nth(20).locator("td").all_inner_texts()
    cells = [cell.replace("−", "-") for cell in cells]
    at = {name: truth[f"{NAME}.attn.{name}"][w, 1, slot, 20] for name in ("raw", "scaled", "masked")}
    assert [float(cells[i]) for i in (0, 1, 4)] == pytest.approx([at["raw"], at["scaled"], at["masked"]], abs=2e-3)
    read = "row => row.querySelector('canvas').drawn"
    vector = lambda label: np.array(page.locator(f"[data-vector='{label}']").evaluate(read))  # noqa: E731
    for label, point in (("q", "q"), ("z", "z")):
        np.testing.assert_allclose(vector(label), truth[f"{NAME}.attn.{point}"][w, 1, slot], atol=1e-6)
    np.testing.assert_allclose(vector("k"), truth[f"{NAME}.attn.k"][w, 1, 20], atol=1e-6)
    np.testing.assert_allclose(vector("x"), truth[f"{NAME}.windows"][w, slot], atol=1e-6)
    np.testing.assert_allclose(vector("out"), truth[f"{NAME}.attn.out"][w, slot], atol=1e-6)
    np.testing.assert_allclose(vector("Σ 49"), vector("z"), atol=1e-4)
    qkv = [truth[f"{NAME}.attn.{point}"][w, :, slot].ravel() for point in "qkv"]
    np.testing.assert_allclose(vector("x·W"), np.concatenate(qkv), atol=1e-6)
    np.testing.assert_allclose(vector("concat"), truth[f"{NAME}.attn.z"][w, :, slot].ravel(), atol=1e-6)


def test_every_addend_is_a_picture_of_its_own(server, page, truth) -> None:
    found = drawn(opened(page, f"{server}/pairs?block=2.2&head=2&q=27.27"))  # a corner window: some pairs are blocked
    read = "canvases => canvases.map((canvas) => Array.from(canvas.drawn.values))"
    shown = np.array(page.locator(".matrices canvas.matrix").evaluate_all(read)).reshape(7, 49, 49)
    w = found["window"]
    raw, scaled, bias, biased, mask, masked, probs = shown
    tensor = truth[f"{NAME}.attn.bias"][1], truth[f"{NAME}.attn.mask"][w]
    np.testing.assert_allclose((bias, mask), tensor, atol=1e-6)
    assert mask.any()
    np.testing.assert_allclose(scaled, raw / 4, rtol=1e-5)
    np.testing.assert_allclose((biased, masked), (scaled + bias, scaled + bias + mask), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(probs, truth[f"{NAME}.attn.probs"][w, 1], atol=1e-5)


def test_the_scale_hardens_the_softmax_as_autograd_says(server, page, truth) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=1&q=12.6")
    for value in (0, 60, 100):
        page.locator(".trained input").fill(str(value))
        found = drawn(page)
        w, slot = found["window"], found["slot"]
        scale = 16 ** (-0.5 * (1 - value / 100))
        assert found["scale"] == pytest.approx(scale)
        raw, bias = (torch.tensor(truth[f"{NAME}.attn.{name}"]) for name in ("raw", "bias"))
        logits = raw[w, 0, slot] * scale + bias[0, slot] + torch.tensor(truth[f"{NAME}.attn.mask"])[w, slot]
        jacobian = torch.autograd.functional.jacobian(lambda x: x.softmax(0), logits)
        shares = logits.softmax(0)
        shown = page.locator(".trained .chart").evaluate("node => node.drawn")
        assert shown["gradient"] == pytest.approx(jacobian.norm().item(), rel=2e-3, abs=1e-5)
        assert shown["entropy"] == pytest.approx(torch.special.entr(shares).sum().item(), rel=2e-3, abs=1e-4)
        assert shown["largest"] == pytest.approx(shares.max().item(), rel=1e-3)


def test_formula_code_shape_and_matrix_light_together_and_steps_ask_nothing(server, page) -> None:
    frames = sent(page)
    opened(page, f"{server}/pairs?block=2.2&step=1&q=12.6")
    answered(page)
    frames.clear()
    lines = source_lines(WindowAttention.forward)
    for step, (name, marks) in enumerate(STEPS.items()):
        expect(page.locator(".formula .lit")).to_have_text(FORMULA[step] + " ")
        shown = page.locator(".running:not([hidden]) .code .lit").all_inner_texts()
        assert [line.strip() for line in shown] == [lines[i].strip() for i in lit(lines, *marks)]
        cards = {"raw": 1, "scaled": 1, "biased": 2, "masked": 2, "probs": 1}.get(name, 0)  # an addend beside its sum
        expect(page.locator(".matrix-card.lit")).to_have_count(cards)
        expect(page.locator(".now-matrices .matrix-card:visible")).to_have_count(cards)
        expect(page.locator(".player .number").first).to_have_text(f"{step + 1} / {len(STEPS)}")
        if step == 2:
            expect(page.locator(".shapes")).to_contain_text("1 × 16 × 6 × 49 × 49")
        page.locator(".viz canvas.photo").press(".")
    assert len(frames) <= len(STEPS)  # at most the settled state, never a fetch


def test_the_keyboard_moves_query_key_head_and_step(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=1&q=10.9")
    page.locator(".viz canvas.photo").focus()
    for key in ("ArrowDown", "h", "k", "k", "."):
        page.keyboard.press(key)
    state = drawn(page)["state"]
    assert (state["head"], state["key"], state["step"]) == (1, 1, 1)
    expect(page).to_have_url(re.compile(r"q=11\.9.*"))


def test_another_block_comes_from_the_server(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&q=12.6")
    page.get_by_role("radio", name="Stage 3, block 1, regular windows").click()
    until(lambda: page.locator(".viz").evaluate("root => root.drawn.state.block"), 4)
    assert drawn(page)["stages"]["raw"].shape == (49, 49)
    expect(page.locator(".head-choice option")).to_have_count(12)


def test_on_a_phone_a_tap_chooses_a_key_and_a_second_one_the_query(server, profile) -> None:
    page = opened(profile(**PHONE), f"{server}/pairs?block=4.1&q=0.0")
    photo = page.locator(".viz canvas.photo")
    photo.tap(position=middle(photo, 2, 4, 7, 7))
    found = drawn(page)["state"]
    assert (found["key"], found["at"][0] < 1 / 7) == (18, True)
    photo.tap(position=middle(photo, 2, 4, 7, 7))
    found = drawn(page)["state"]
    assert found["key"] is None
    assert found["at"] == pytest.approx([2.5 / 7, 4.5 / 7])


def test_another_factor_than_the_models_says_so_everywhere(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=1&q=12.6&key=3&factor=100")
    expect(page.locator(".altered")).to_contain_text("1.000 instead of 1/√d")
    expect(page.locator(".ledger th", has_text="× 1.000")).to_be_visible()
    expect(page.locator(".pair-line")).to_contain_text("× 1.000 =")
    expect(page.locator("[data-vector=z]")).not_to_contain_text("the sum over all keys")
    page.get_by_role("button", name="Back to 1/√d").click()
    expect(page.locator(".altered")).to_be_empty()
    expect(page.locator("[data-vector=z]")).to_contain_text("the sum over all keys")
    expect(page).not_to_have_url(re.compile("factor"))


def test_vectors_light_at_their_steps_and_the_sum_builds_up(server, page, scene) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=1&q=12.6&step=1")
    lit = lambda: page.locator(".vector.lit").evaluate_all("rows => rows.map((row) => row.dataset.vector)")  # noqa: E731
    until(lit, ["x", "x·W", "q"])
    for _ in range(6):
        page.locator(".viz canvas.photo").press(".")
    until(lit, ["Σ 49", "z"])
    page.get_by_role("slider", name="Add up the strongest keys").fill("1")
    block = scene.blocks[3]
    window, slot = np.argwhere(block.places == 12 * 28 + 6)[0]
    strongest = block.shares()[window, 0, slot].max()
    expect(page.locator("[data-vector='Σ 1']")).to_contain_text(f"{100 * strongest:.1f} %")
    until(lit, ["Σ 1", "z"])
    page.locator(".viz canvas.photo").press(".")
    until(lit, ["concat", "out"])


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "dark", "zh"), (390, "light", "en")])
def test_axe_finds_nothing(server, profile, width: int, scheme: str, language: str) -> None:
    page = profile(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened(page, f"{server}/pairs?lang={language}&block=2.2&q=12.6&key=3")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_key_under_the_pointer_is_shown_and_the_pinned_one_comes_back(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=1&q=12.6")
    photo = page.locator(".viz canvas.photo")
    photo.click(position=middle(photo, 10, 7, 28, 28), modifiers=["Shift"])  # of the query's window
    pinned = drawn(page)["state"]["key"]
    expect(page).to_have_url(re.compile(f"key={pinned}"))
    photo.hover(position=middle(photo, 11, 5, 28, 28))
    assert drawn(page)["state"]["key"] not in (None, pinned)
    page.locator(".formula").hover()
    assert drawn(page)["state"]["key"] == pinned
    answered(page)
    expect(page).to_have_url(re.compile(f"key={pinned}"))
    photo.press("Escape")
    assert drawn(page)["state"]["key"] is None


def test_a_window_is_fetched_when_it_is_looked_at_and_no_message_is_sent_for_it(server, page) -> None:
    fetched: list[str] = []
    page.on("response", lambda answer: fetched.append(answer.url) if "/part/" in answer.url else None)
    opened(page, f"{server}/pairs?block=2.2&head=1&q=12.6")
    answered(page)
    page.wait_for_timeout(1500)  # those beside it come at rest
    before = len(fetched)
    assert before <= 4 + 4
    photo = page.locator(".viz canvas.photo")
    photo.click(position=middle(photo, 26, 26, 28, 28))
    until(lambda: page.locator(".viz").evaluate("root => root.drawn.window"), 15)
    assert len(fetched) > before


SEEN = """root => {
    const box = (node) => node.getBoundingClientRect();
    const [all, lit] = [box(root.querySelector(".running .code")), box(root.querySelector(".running .lit"))];
    const parts = [...root.querySelectorAll(
        ".strip, .player, .formula, .lesson .step-text, .matrices, .pairs-photo, .pairs-now")]
        .filter((part) => !part.closest(".scale"));
    return {
        ends: [...parts.map((part) => box(part).bottom - box(root).top), box(root.querySelector(".foot")).bottom
            - box(root).top],
        lit: lit.top >= all.top - 1 && lit.bottom <= all.bottom + 1,
        pictures: root.querySelectorAll(".pairs-now :is(canvas)").length,
    };
}"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_is_seen_whole_on_a_laptop(server, profile, language: str) -> None:
    page = profile(viewport={"width": 1280, "height": 720})
    opened(page, f"{server}/pairs?lang={language}&block=2.2&q=27.27&key=3")
    looks = set()
    for _ in STEPS:
        drawn(page)
        pictures = page.locator(".pairs-now canvas:visible").evaluate_all("all => all.map((each) => each.toDataURL())")
        looks.add("".join(pictures))
        found = page.locator(".viz").evaluate(SEEN)
        assert found["lit"]
        assert max(found["ends"]) <= 720 - 48 - 16, found
        page.locator(".viz canvas.photo").press(".")
    assert len(looks) == len(STEPS)  # no step looks like another


def test_the_picture_of_a_step_can_be_enlarged(server, profile) -> None:
    page = profile(viewport={"width": 1280, "height": 720})
    opened(page, f"{server}/pairs?block=2.2&q=27.27&step=2")
    big = page.locator(".now-matrices canvas:visible")
    before = big.bounding_box()["width"]
    page.get_by_role("button", name="Enlarge").click()
    drawn(page)
    assert big.bounding_box()["width"] > 1.5 * before
    page.get_by_role("button", name="Back to all").click()
    drawn(page)
    assert big.bounding_box()["width"] == before


def test_an_unmasked_window_says_so_at_the_masks_step(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.1&q=12.6&step=5")
    expect(page.locator(".step-text").first).to_contain_text("needs no mask")
    opened(page, f"{server}/pairs?block=2.2&q=27.27&step=5")
    expect(page.locator(".step-text").first).to_contain_text("adds −100 to pairs across")


def test_one_number_is_worked_out_product_by_product(server, page, truth) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=2&q=27.27&step=1&key=20")
    page.get_by_role("button", name="One number, worked out").click()
    page.get_by_role("slider", name="Channel").fill("5")
    cell = page.locator(".cell")
    expect(page).to_have_url(re.compile("cell=5"))
    seat = drawn(page)
    w, slot = seat["window"], seat["slot"]
    for step, point in (("project", "q"), ("raw", "raw"), ("z", "z")):
        page.locator(".tick").nth(list(STEPS).index(step)).click()
        until(lambda: cell.evaluate("node => node.drawn?.at"), 0)
        page.get_by_role("slider", name="Products that are added").fill("2")
        shown = cell.evaluate("node => node.drawn")
        assert shown["sum"] == pytest.approx(np.dot(shown["a"][:2], shown["b"][:2]), abs=1e-5)
        cell.get_by_role("button", name="All").click()
        tensor = truth[f"{NAME}.attn.{point}"][w, 1, slot]
        whole = cell.evaluate("node => node.drawn.whole")
        assert whole == pytest.approx(tensor[20 if step == "raw" else 5], rel=1e-4, abs=1e-4)
    page.locator(".tick").nth(5).click()
    expect(page.get_by_role("button", name="Back to the picture")).to_be_hidden()
    expect(page.locator(".now-matrices canvas:visible")).to_have_count(1)


def test_the_factor_from_scratch_and_in_the_trained_model(server, page, scene) -> None:
    frames = sent(page)
    opened(page, f"{server}/pairs?block=2.2&head=3")
    page.get_by_role("button", name="The same in the last stage").click()
    until(lambda: page.locator(".viz").evaluate("root => root.drawn.state.block"), 6)
    answered(page)
    frames.clear()
    page.get_by_role("slider", name="d: how many numbers").fill("256")
    frame(page)
    found = page.locator(".experiment").evaluate(
        "({ drawn: { bare, scaled } }) => [bare, scaled].map(({ deviation, most }) => [deviation, most])"
    )
    assert found[0][0] == pytest.approx(16, rel=0.1) and found[1][0] == pytest.approx(1, rel=0.1)
    assert found[0][1] > 0.8 and found[1][1] < 0.2
    page.get_by_role("slider", name="Factor on q·k").fill("200")
    cloud = page.locator(".trained canvas")
    cloud.scroll_into_view_if_needed()
    until(lambda: cloud.evaluate("node => node.drawn?.altered"))
    shown, name = cloud.evaluate("node => node.drawn"), "layers.3.blocks.0"
    values = observe(shared.load(BUILTIN).model, Image.fromarray(scene.image), [f"{name}.attn.*"])
    raw, bias = (torch.tensor(values[f"{name}.attn.{each}"]) for each in ("raw", "bias"))
    both = [(raw[:, 2] * scale + bias[2]).softmax(-1).reshape(-1, 49) for scale in (0.25, 4.0)]
    norms = [(p.diag_embed() - p[:, :, None] * p[:, None, :]).flatten(1).norm(dim=1) for p in both]
    assert shown["count"] == 49
    assert shown["most"] == pytest.approx([p.amax(-1).median().item() for p in both], rel=1e-3)
    assert shown["gradient"] == pytest.approx([norm.median().item() for norm in norms], rel=1e-2, abs=1e-6)
    assert shown["fallen"] == pytest.approx((norms[1] < norms[0]).float().mean().item(), abs=0.03)
    answered(page)
    expect(page).to_have_url(re.compile(r"dims=256"))
    assert len(frames) <= 2
    assert violations(page) == []
