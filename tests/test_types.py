"""Types are checked: mypy, as pyproject.toml sets it up, has nothing to say, and no module is left out."""

import subprocess
import sys
import tomllib

from swin_viz import paths


def test_mypy_has_nothing_to_say() -> None:
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=paths.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_left_out() -> None:
    settings = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["files"] == ["swin_viz"] and not settings.get("exclude")
    assert not any(each.get("ignore_errors") for each in settings["overrides"])
