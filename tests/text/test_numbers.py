"""Numbers as people read them."""

import pytest

from swin_viz.text.numbers import tiny


@pytest.mark.parametrize(("value", "text"), [(4.2e-42, "4·10⁻⁴²"), (0.0, "0"), (2e-8, "2·10⁻⁸"), (9.6e-7, "1·10⁻⁶")])
def test_a_tiny_number_is_a_digit_and_a_power(value: float, text: str) -> None:
    assert tiny(value) == text
