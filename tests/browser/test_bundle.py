"""The bundle: what modules may write, that each keeps its names to itself, and that the whole runs."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from swin_viz.browser import bundle
from swin_viz.browser.bundle import joined, modules, style
from swin_viz.browser.code import Code

ENTRIES = sorted(
    str(path.relative_to(bundle.HERE))
    for path in bundle.HERE.rglob("*.js")
    if "\nexport default function" in path.read_text(encoding="utf-8")
)
CIRCLE = {
    "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
    "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundle, "HERE", tmp_path)
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def run(code: str) -> object:
    """What node makes of a joined text whose default function takes nothing."""
    node = shutil.which("node")
    if not node:
        pytest.skip("no node")
    code += "\nconsole.log(JSON.stringify(entry.start()));"
    found = subprocess.run([node, "--input-type=module", "-"], input=code, capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_names_may_repeat_imports_may_rename_and_take_lines(folder: Path) -> None:
    twice = "const of = (x) => 2 * x;\nexport function twice(x) { return of(x); }\nexport class Seven { value = 7; }\n"
    entry = (
        'import {\n  twice as double,\n  Seven,\n} from "./parts/twice.js";\n'
        'import { square } from "./square.js";\n'
        "const twice = 1;\n"
        "export default function start() {\n  return [double(5), square(5), twice, new Seven().value];\n}\n"
    )
    square = 'import { twice } from "./parts/twice.js";\n'
    square += "const of = (x) => x * x;\nexport const square = (x) => of(x) - twice(0);\n"
    write(folder, {"entry.js": entry, "square.js": square, "parts/twice.js": twice})
    assert [path.name for path in modules("entry.js")] == ["twice.js", "square.js", "entry.js"]
    assert run(joined("entry.js")) == [10, 25, 1, 7]


def test_a_module_above_is_found_and_holds_its_state_once(folder: Path) -> None:
    files = {
        "kit/count.js": "let count = 0;\nexport const next = () => ++count;\n",
        "a/other.js": 'import { next } from "../kit/count.js";\nexport const other = () => next();\n',
        "a/entry.js": 'import { next } from "../kit/count.js";\nimport { other } from "./other.js";\n'
        "export default function start() { return [next(), other(), next()]; }\n",
    }
    write(folder, files)
    assert run(joined("a/entry.js")) == [1, 2, 3]


def test_every_module_is_named_in_the_text(folder: Path) -> None:
    write(folder, {"kit/one.js": "export const one = 1;\n", "entry.js": 'import { one } from "./kit/one.js";\n'})
    assert "// kit/one.js" in joined("entry.js")
    assert joined("entry.js").index("// kit/one.js") < joined("entry.js").index("// entry.js")


def test_a_circle_is_refused(folder: Path) -> None:
    write(folder, CIRCLE)
    with pytest.raises(ValueError, match="imports itself, by way of"):
        modules("a.js")


@pytest.mark.parametrize(
    "line",
    [
        'import one from "./one.js";',
        'import * as one from "./one.js";',
        'import "./one.js";',
        'import { one } from "one";',
        "export { one };",
        'export * from "./one.js";',
        "export let one = 1;",
        "export const [one, two] = [1, 2];",
        "export default class {}",
        "export function* one() {}",
    ],
)
def test_what_the_bundle_does_not_know_is_refused(folder: Path, line: str) -> None:
    write(folder, {"entry.js": f"{line}\n", "one.js": "export const one = 1;\n"})
    with pytest.raises(ValueError, match="does not know"):
        joined("entry.js")


def test_a_name_that_is_not_there_is_refused(folder: Path) -> None:
    write(folder, {"entry.js": 'import { one, two as three } from "./one.js";\n', "one.js": "export const one = 1;\n"})
    with pytest.raises(ValueError, match="does not export two"):
        joined("entry.js")


def test_a_default_function_stands_in_the_entry_alone(folder: Path) -> None:
    write(folder, {"entry.js": 'import { one } from "./one.js";\n'})
    write(folder, {"one.js": "export const one = 1;\nexport default function start() {}\n"})
    with pytest.raises(ValueError, match="only the entry"):
        joined("entry.js")


def test_styles_are_joined_in_order(folder: Path) -> None:
    write(folder, {"kit/base.css": "a {}", "b.css": "b {}"})
    assert style("kit/base.css", "b.css") == "a {}\nb {}"


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_component_is_a_module_that_node_can_read(entry: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("no node")
    text = tmp_path / "bundle.mjs"
    text.write_bytes(gzip.decompress(Code(entry, ("kit/look/base.css",)).body))
    found = subprocess.run([node, "--check", str(text)], capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stderr


def test_there_are_components() -> None:
    assert {"attention/attention.js", "pairs/pairs.js", "lesson/lesson.js", "cost/cost.js"} <= set(ENTRIES)
