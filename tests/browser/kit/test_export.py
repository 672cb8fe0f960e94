"""The kit's sheet in a real browser: where a caption breaks."""

import pytest

from swin_viz.browser.bundle import joined


@pytest.mark.parametrize("wide", [90, 150, 333])
def test_a_caption_breaks_where_it_may(page, wide: int) -> None:
    text = "一杯咖啡 (224×224) · 内置模型（绘制的场景） · query (14, 14) · 位于 (14, 14) 的 token：0.236 · a_long.jpg"
    script = """([text, wide]) => {
        MODULE
        const ruler = document.createElement("canvas").getContext("2d");
        ruler.font = "13px sans-serif";
        return entry.wrap(text, wide, 13).map((line) => [line, ruler.measureText(line.trimEnd()).width]);
    }"""
    found = page.evaluate(script.replace("MODULE", joined("kit/export.js")), [text, wide])
    lines, widths = zip(*found, strict=True)
    assert "".join(lines) == text
    assert max(widths) <= wide
    assert not [line for line in lines if line[0] in "，。：；、）· "]
    assert sum(line.count("(14, 14)") for line in lines) == 2
