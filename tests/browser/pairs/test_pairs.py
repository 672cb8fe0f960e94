"""Pair by pair in a real browser: every stage drawn equals the model's tensor, and the scale's effect is autograd's."""

import io
import re

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from swin_viz.browser import tables
from swin_viz.browser.attention.view import View, token
from swin_viz.browser.pairs.message import FORMULA, STEPS, pair_message, values_of
from swin_viz.engine import shared
from swin_viz.engine.parts import unpack
from swin_viz.engine.run import observe, run
from swin_viz.lessons.source import lit, source_lines
from swin_viz.network.model import WindowAttention
from swin_viz.paths import BUILTIN
from swin_viz.scenes.generate import FIRST_HELD_OUT, make_scene

SCENE = Image.fromarray(make_scene(FIRST_HELD_OUT).image)
NAME = "layers.1.blocks.1"  # stage 2, block 2: shifted


@pytest.fixture(scope="module")
def model():
    return shared.load(BUILTIN).model


@pytest.fixture(scope="module")
def truth(model) -> dict[str, np.ndarray]:
    return observe(model, SCENE, [f"{NAME}.attn.*", f"{NAME}.windows"])


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator(".viz canvas.matrix").first.wait_for()
    page.wait_for_function("element => Boolean(element.drawn)", arg=page.locator(".viz").element_handle())
    return page


def drawn(page: Page) -> dict:
    page.wait_for_timeout(120)
    found = page.locator(".viz").evaluate(
        """root => ({...root.drawn, stages: Object.fromEntries(
            Object.entries(root.drawn.stages).map(([name, values]) => [name, Array.from(values)]))})"""
    )
    found["stages"] = {name: np.array(values).reshape(49, 49) for name, values in found["stages"].items()}
    return found


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
    shown = np.array(page.locator("canvas.matrix").evaluate_all(read)).reshape(7, 49, 49)
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
        page.locator(".scale input").fill(str(value))
        found = drawn(page)
        w, slot = found["window"], found["slot"]
        scale = 16 ** (-0.5 * (1 - value / 100))
        assert found["scale"] == pytest.approx(scale)
        raw, bias = (torch.tensor(truth[f"{NAME}.attn.{name}"]) for name in ("raw", "bias"))
        logits = raw[w, 0, slot] * scale + bias[0, slot] + torch.tensor(truth[f"{NAME}.attn.mask"])[w, slot]
        jacobian = torch.autograd.functional.jacobian(lambda x: x.softmax(0), logits)
        shares = logits.softmax(0)
        shown = page.locator(".scale .chart").evaluate("node => node.drawn")
        assert shown["gradient"] == pytest.approx(jacobian.norm().item(), rel=2e-3, abs=1e-5)
        assert shown["entropy"] == pytest.approx(torch.special.entr(shares).sum().item(), rel=2e-3, abs=1e-4)
        assert shown["largest"] == pytest.approx(shares.max().item(), rel=1e-3)


def test_formula_code_shape_and_matrix_light_together_and_steps_ask_nothing(server, page) -> None:
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(1)))
    opened(page, f"{server}/pairs?block=2.2&step=1&q=12.6")
    page.wait_for_timeout(1200)
    frames.clear()
    lines = source_lines(WindowAttention.forward)
    for step, (name, marks) in enumerate(STEPS.items()):
        expect(page.locator(".formula .lit")).to_have_text(FORMULA[step] + " ")
        shown = page.locator(".code .lit").all_inner_texts()
        assert [line.rstrip("\n") for line in shown] == [lines[i] for i in lit(lines, *marks)]
        cards = {"raw": 1, "scaled": 1, "biased": 2, "masked": 2, "probs": 1}.get(name, 0)  # an addend beside its sum
        expect(page.locator(".matrix-card.lit")).to_have_count(cards)
        if step == 2:
            expect(page.locator(".viz p.quiet").first).to_contain_text("1 × 16 × 6 × 49 × 49")
        page.get_by_role("button", name="Next").click(delay=1)
    assert len(frames) <= len(STEPS)  # at most the settled state, never a fetch


def test_the_keyboard_moves_query_key_head_and_step(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&head=1&q=10.9")
    page.locator(".viz canvas.photo").focus()
    for key in ("ArrowDown", "h", "k", "k", "."):
        page.keyboard.press(key)
    state = drawn(page)["state"]
    assert (state["head"], state["key"], state["step"]) == (1, 1, 2)
    expect(page).to_have_url(re.compile(r"q=11\.9.*"))


def test_another_block_comes_from_the_server(server, page) -> None:
    opened(page, f"{server}/pairs?block=2.2&q=12.6")
    page.get_by_role("radio", name="Stage 3, block 1, regular windows").click()
    page.wait_for_function(
        "root => root.drawn.stages.raw.length === 49 * 49 && root.drawn.state.block === 4",
        arg=page.locator(".viz").element_handle(),
    )
    expect(page.locator(".player select option")).to_have_count(12)


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "dark", "zh"), (390, "light", "en")])
def test_axe_finds_nothing(server, browser: Browser, width: int, scheme: str, language: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = opened(context.new_page(), f"{server}/pairs?lang={language}&block=2.2&q=12.6&key=3")
    page.wait_for_timeout(800)
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, context=".stMain", options=options).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == []
    assert wide <= width


def test_large_blocks_send_the_querys_window_alone(model, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(model, SCENE)
    values = observe(model, SCENE, values_of(NAME))
    whole, _ = unpack(pair_message(trace, trace.block(NAME), 5, values, {}))
    assert whole["windows"] is None
    monkeypatch.setattr("swin_viz.browser.pairs.message.WHOLE", 1000)
    header, arrays = unpack(pair_message(trace, trace.block(NAME), 5, values, {}))
    assert header["windows"] == [5]
    np.testing.assert_array_equal(arrays["value.attn.q"][0], values[f"{NAME}.attn.q"][5])


def test_a_step_whose_code_is_gone_is_an_error() -> None:
    lines = source_lines(WindowAttention.forward)
    assert lines[0].startswith("def forward(")
    assert not any('"""' in line for line in lines)
    with pytest.raises(ValueError, match="0 lines hold"):
        lit(lines, "self.nothing(")
    with pytest.raises(ValueError, match=r"[2-9] lines hold"):
        lit(lines, "scores = ")


def test_exports_are_the_models_stages(model, truth) -> None:
    trace = run(model, SCENE)
    view = View(block=3, head=2, at=(0.44, 0.23))
    found = tables.pair_stages(trace, view, {name: truth[name] for name in truth})
    block = trace.blocks[3]
    row, column = token(view, trace)
    window = int(np.argwhere(block.places == row * block.padded[1] + column)[0][0])
    for name in ("raw", "scaled", "masked", "probs"):
        tensor = truth[f"{NAME}.attn.{name}"][window, 2]
        np.testing.assert_allclose(found[name], tensor, rtol=1e-4, atol=1e-4 * np.abs(tensor).max(), err_msg=name)
    lines = tables.pairs_csv(found, "caption").decode().splitlines()
    shares = [float(line.split(",")[-1]) for line in lines[2:]]
    assert sum(shares) == pytest.approx(1, abs=1e-4)
    assert len(shares) == 49
    archive = np.load(io.BytesIO(tables.pairs_npz(found, "caption")))
    np.testing.assert_array_equal(archive["probs"], found["probs"])
