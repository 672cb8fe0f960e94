"""The screens in the order of the menu: the one list of them; everything else derives from it.

To add a screen: write pages/<name>.py, its words in text/en/<name>.toml and text/zh/<name>.toml (with `nav`, its name
in the menu, and `title`), and its line here; tests/test_house.py says what else carries its name.
"""

SCREENS: dict[str, dict[str, str]] = {  # section → screen → icon
    "look": {"overview": "account_tree", "attention": "visibility", "pairs": "table_rows"},
    "steps": {
        **{"patches": "apps", "windows": "grid_on", "shift": "swap_calls", "mask": "block", "bias": "my_location"},
        **{"block": "layers", "merging": "merge"},
    },
    "cost": {"cost": "calculate", "cost_model": "stacked_bar_chart", "cost_measured": "timer"},
    "words": {"glossary": "menu_book"},
}
NAMES = tuple(name for screens in SCREENS.values() for name in screens)
FIRST = NAMES[0]  # answers at / too
