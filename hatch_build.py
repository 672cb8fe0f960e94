"""The wheel holds what stands beside the package in a checkout; an editable install reads it where it stands."""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BESIDE = ("app.py", "pages", "assets", ".streamlit/config.toml")


class CustomBuildHook(BuildHookInterface):
    """Puts it where swin_viz/paths.py looks for it."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Called before each build; `version` is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"] |= {name: f"swin_viz/_installed/{name}" for name in BESIDE}
