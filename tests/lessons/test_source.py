"""The code that a step shows: found by what it holds, and an error where it is gone."""

import pytest

from swin_viz.lessons.source import lit, source_lines
from swin_viz.network.model import WindowAttention


def test_a_step_whose_code_is_gone_is_an_error() -> None:
    lines = source_lines(WindowAttention.forward)
    assert lines[0].startswith("def forward(")
    assert not any('"""' in line for line in lines)
    with pytest.raises(ValueError, match="0 lines hold"):
        lit(lines, "self.nothing(")
    with pytest.raises(ValueError, match=r"[2-9] lines hold"):
        lit(lines, "scores = ")
