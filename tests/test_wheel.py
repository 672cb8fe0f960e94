"""The wheel and the sdist, as a stranger gets them: built, installed away from the checkout, started, looked at."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from playwright.sync_api import Page, expect

import swin_viz
from swin_viz import paths
from swin_viz.reading.picture.samples import sample_bytes
from tests.conftest import free_port, serving

pytestmark = pytest.mark.xdist_group("wheel")  # what is built is built once
ROOT = paths.ROOT
BESIDE = [ROOT / "app.py", ROOT / ".streamlit" / "config.toml", ROOT / "pages", ROOT / "assets"]


def run(*command: object, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, env=os.environ | environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def drawn(page: Page, canvas: str) -> None:
    """Wait until a canvas has its picture."""
    first = page.locator(canvas).first
    expect(first).to_be_visible()
    page.wait_for_function("element => Boolean(element.drawn)", arg=first.element_handle())


def contents(wheel: Path) -> dict[str, int]:
    """Name → checksum of what a wheel holds."""
    with ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somewhere that is not the checkout."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    """The wheel of the checkout."""
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", "direct", ROOT, folder=folder)
    [built] = (folder / "direct").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, folder: Path) -> dict[str, str]:
    """The environment in which the installed wheel is found before the checkout."""
    target = folder / "installed"
    run(
        sys.executable,
        *("-m", "pip", "install", "-q", "--no-deps", "--no-compile", "--target", target, wheel),
        folder=folder,
    )
    return {"PYTHONPATH": str(target), "PYTHONDONTWRITEBYTECODE": "1", paths.CACHE_VARIABLE: str(folder / "cache")}


def test_every_requirement_has_a_tested_version_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()[1:]
    tested = {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}
    for each in sum(project["optional-dependencies"].values(), project["dependencies"]):
        wanted = Requirement(each)
        assert wanted.name == "swin-viz" or tested[canonicalize_name(wanted.name)] in wanted.specifier, each
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count(".venv/bin/pip install -c constraints.txt -e") == 2


def test_the_wheel_holds_the_package_and_what_stands_beside_it_and_nothing_else(wheel: Path) -> None:
    of_package = {f"swin_viz/{name}" for name in files(paths.PACKAGE) if "__pycache__" not in name}
    beside = {path for each in BESIDE for path in ([each] if each.is_file() else each.rglob("*")) if path.is_file()}
    wanted = {f"swin_viz/_installed/{path.relative_to(ROOT)}" for path in beside if "__pycache__" not in path.parts}
    found = set(contents(wheel))
    metadata = f"swin_viz-{swin_viz.__version__}.dist-info"
    assert {name for name in found if not name.startswith(metadata)} == of_package | wanted
    for licence in ("LICENSE", "assets/imagenet_classes.LICENSE", "assets/samples/LICENSE.md"):
        assert f"{metadata}/licenses/{licence}" in found


def test_the_sdist_makes_the_same_wheel(wheel: Path, folder: Path) -> None:
    run(sys.executable, "-m", "build", "-o", "built", ROOT, folder=folder)  # the wheel is made from the sdist
    [other] = (folder / "built").glob("*.whl")
    assert contents(other) == contents(wheel)


def test_what_is_installed_is_not_the_checkout(installed: dict[str, str], folder: Path) -> None:
    program = """if True:
        from importlib.metadata import version
        import swin_viz
        from swin_viz import paths
        assert version("swin-viz") == swin_viz.__version__
        print(swin_viz.__file__, paths.ROOT)"""
    for place in run(sys.executable, "-c", program, folder=folder, **installed).split():
        assert Path(place).is_relative_to(folder)


def test_the_command_captures(installed: dict[str, str], folder: Path) -> None:
    command = Path(installed["PYTHONPATH"]) / "bin" / "swin-viz"
    assert run(command, "--version", folder=folder, **installed) == f"swin-viz {swin_viz.__version__}\n"
    (folder / "cat.jpg").write_bytes(sample_bytes("chelsea"))
    run(command, "capture", "cat.jpg", "-o", "cat.npz", "--side", "64", folder=folder, **installed)
    with np.load(folder / "cat.npz") as values:
        np.testing.assert_allclose(values["layers.0.blocks.0.attn.probs"].sum(-1), 1, atol=1e-5)


def test_the_app_runs_and_writes_nothing_where_it_is_installed(
    installed: dict[str, str], folder: Path, page: Page
) -> None:
    target, port = Path(installed["PYTHONPATH"]), free_port()
    before = files(target)
    with serving(
        [str(target / "bin" / "swin-viz"), "app", f"--port={port}"], port, folder, folder / "log.txt", **installed
    ) as address:
        page.goto(address)
        drawn(page, ".viz canvas.photo")
        expect(page.locator(".stApp")).to_have_css("color", "rgb(27, 31, 36)")  # as .streamlit/config.toml says
        page.goto(f"{address}/mask?image=chelsea")
        drawn(page, ".viz canvas.board")
        page.goto(f"{address}/cost?lang=zh")
        expect(page.locator(".stPlotlyChart").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert files(target) == before
