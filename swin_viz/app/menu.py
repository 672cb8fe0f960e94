"""The pages in the order of the menu.

To add a page: write pages/<name>.py, its words in text/en/<name>.toml and text/zh/<name>.toml (with `nav`, its name
in the menu, and `title`), and its line here.
"""

SCREENS: dict[str, dict[str, str]] = {  # section → page → icon; the first page of all answers at /
    "look": {"attention": "visibility", "pairs": "table_rows"},
    "steps": {"windows": "grid_on", "shift": "swap_calls", "mask": "block", "bias": "my_location", "merging": "merge"},
    "cost": {"cost": "calculate", "cost_model": "stacked_bar_chart", "cost_measured": "timer"},
}
