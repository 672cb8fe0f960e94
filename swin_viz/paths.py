"""Where things are: pages, assets and configuration, in a checkout and in an installed wheel; and the cache folder."""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
_INSTALLED = PACKAGE / "_installed"  # in a wheel (hatch_build.py); in a checkout it all stands beside the package
ROOT = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent  # holds app.py, pages, assets and .streamlit
PAGES = ROOT / "pages"
ASSETS = ROOT / "assets"
BUILTIN = ASSETS / "builtin.safetensors"
CACHE_VARIABLE = "SWIN_VIZ_CACHE"


def cache_dir() -> Path:
    """Where downloads are kept: the user's cache directory, or what SWIN_VIZ_CACHE says."""
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("swin_viz", appauthor=False))
