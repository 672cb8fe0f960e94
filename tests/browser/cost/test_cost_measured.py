"""The page of measured cost in a real browser; what it measures and shows is in tests/app and tests/cost."""

from tests.browser.cost import hands


@hands.SCREENS
def test_axe_finds_nothing_and_nothing_sticks_out(server, profile, width: int, scheme: str, language: str) -> None:
    hands.axe_finds_nothing_and_nothing_sticks_out(profile, f"{server}/cost_measured", width, scheme, language)
