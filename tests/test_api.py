"""What `swin_viz` itself offers: imported when it is asked for, without the app's libraries, as the README says."""

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import swin_viz
from swin_viz import paths
from swin_viz.engine import shared
from swin_viz.engine.run import run
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import sample_bytes

CAT = sample_bytes("chelsea")
BLOCKED = "import sys; sys.modules.update(dict.fromkeys(('streamlit', 'starlette', 'plotly', 'matplotlib')))\n"


def python(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    environment = os.environ | {"PYTHONPATH": str(paths.PACKAGE.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_it_loads_nothing() -> None:
    loaded = python("import sys; import swin_viz, typing; dir(swin_viz); print(*sorted(sys.modules))").split()
    assert {name for name in loaded if name.split(".")[0] in ("torch", "numpy", "PIL", "swin_viz")} == {"swin_viz"}
    assert len(loaded) < 100


def test_every_name_is_listed_once_and_for_type_checkers_too() -> None:
    tree = ast.parse((paths.PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    homes = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        for alias in node.names
    }
    assert sorted(homes) == sorted(swin_viz.__all__)
    for name, module in homes.items():
        assert getattr(swin_viz, name) is getattr(importlib.import_module(module), name)
        assert name in dir(swin_viz)
    assert (paths.PACKAGE / "py.typed").is_file()


def test_a_name_it_lacks_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'swim'"):
        swin_viz.swim  # noqa: B018


def test_everything_but_the_app_needs_none_of_its_libraries(tmp_path: Path) -> None:
    """Core rooms, the whole of the command line but `app`, and a capture, with those libraries out of reach."""
    rooms = ("network", "reading", "engine", "lessons", "cost", "scenes", "browser", "text")
    files = [path for room in rooms for path in (paths.PACKAGE / room).rglob("*.py")]
    names = [".".join(path.relative_to(paths.PACKAGE.parent).with_suffix("").parts) for path in files]
    assert len(names) > 60
    names.append("swin_viz.api")
    (tmp_path / "cat.jpg").write_bytes(CAT)
    output = tmp_path / "cat.npz"
    python(
        f"{BLOCKED}import importlib\nfor name in sys.argv[1:]: importlib.import_module(name)", "swin_viz.api", *names
    )
    command = ("capture", str(tmp_path / "cat.jpg"), "-o", str(output), "--side", "64", "--points", "logits")
    python(f"{BLOCKED}from swin_viz.cli import main; main(sys.argv[1:])", *command)
    assert output.stat().st_size > 0


def test_load_reads_a_path_bytes_or_the_built_in_model() -> None:
    wanted = shared.load(paths.BUILTIN).model.state_dict()
    for model in (swin_viz.load(), swin_viz.load(str(paths.BUILTIN)), swin_viz.load(paths.BUILTIN.read_bytes())):
        assert not model.training
        for name, value in model.state_dict().items():
            assert torch.equal(value, wanted[name])


def test_prepare_and_trace_see_what_the_pages_see(tmp_path: Path) -> None:
    model = swin_viz.load()
    (tmp_path / "cat.jpg").write_bytes(CAT)
    decoded = load_image(CAT)
    wanted = run(model, frame(decoded, 128))
    for picture in (tmp_path / "cat.jpg", CAT, decoded, decoded.convert("RGBA")):
        np.testing.assert_array_equal(swin_viz.trace(model, picture, side=128).logits, wanted.logits)
        np.testing.assert_array_equal(model(swin_viz.prepare(picture, 128))[0].numpy(), wanted.logits)
    assert swin_viz.prepare(Image.new("RGB", (300, 200)), 96, whole=True).shape == (1, 3, 64, 96)


def test_the_readmes_snippet_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [snippet] = re.findall(r"```python\n(.*?)```", (paths.ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "photo.jpg").write_bytes(CAT)
    monkeypatch.chdir(tmp_path)
    found: dict = {}
    exec(snippet, found)
    trace, shares = found["trace"], found["tape"]["layers.0.blocks.1.attn.probs"]
    np.testing.assert_allclose(trace.block("layers.0.blocks.1").shares(), shares[0], atol=1e-5)
