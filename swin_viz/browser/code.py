"""A component's code as it travels: a file that its content names, and the stub that its messages carry instead.

The file never changes under its name, so a browser asks for it once; browser/wire/stub.js fetches it. The styles are
in it, so that nothing is ever drawn without them.
"""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field

from swin_viz.browser.bundle import joined, style

_COMMENT = re.compile(r"/\*\*.*?\*/|\s// [^\n]*", re.DOTALL)
_INDENT = re.compile(r"\n\s+")
_FILE = """{script}
const sheet = new CSSStyleSheet();
sheet.replaceSync({styles});
export default (component) => {{
  component.parentElement.adoptedStyleSheets = [sheet];
  return entry.start(component);
}};
"""


@dataclass(frozen=True)
class Code:
    """An entry's module with its style sheets (paths below this folder). Raises ValueError.

    `name` is the file's, `body` its text, compressed once.
    """

    entry: str
    styles: tuple[str, ...]
    name: str = field(init=False)
    body: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Join, name and compress it."""
        text = _FILE.format(script=joined(self.entry), styles=json.dumps(style(*self.styles))).encode()
        object.__setattr__(self, "name", f"{hashlib.sha256(text).hexdigest()[:32]}.js")
        object.__setattr__(self, "body", gzip.compress(text, mtime=0))

    @property
    def stub(self) -> str:
        """The ES module that fetches it, without comments. On several lines: Streamlit would take one for a path."""
        text = _INDENT.sub("\n", _COMMENT.sub("", joined("wire/stub.js")))
        return f'{text}\nexport default entry.start("{self.name}");'

    @property
    def html(self) -> str:
        """Where it draws. Other code has another place: what the one before drew goes with its own."""
        return f'<div class="viz" data-code="{self.name}"></div>\n<!-- filled by the script -->'
