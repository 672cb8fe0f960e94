"""A lesson as one HTML file that works without a network: the same modules, the same message, nothing else."""

import base64
import html
import json
import re
from collections.abc import Sequence

from swin_viz.browser.bundle import joined, style
from swin_viz.browser.message import Message
from swin_viz.lessons.fact import Fact

_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{
  color-scheme: light dark;
  --st-background-color: #fff; --st-text-color: #222; --st-primary-color: #0b6e99;
}}
@media (prefers-color-scheme: dark) {{
  :root {{ --st-background-color: #17181c; --st-text-color: #eee; --st-primary-color: #5cc2ea; }}
}}
body {{ max-width: 75rem; margin: 2rem auto; padding: 0 1rem; font-family: sans-serif; }}
body {{ background: var(--st-background-color); }}
h1, h2, section {{ color: var(--st-text-color); }}
section {{ line-height: 1.5; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ border: 1px solid #8888; padding: .25rem .6rem; text-align: left; }}
{css}
</style>
<h1>{title}</h1><main><div class="viz"></div>{facts}</main>
<script type="module">
{js}
const text = atob("{message}");
const data = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
entry.start({{ parentElement: document.body, data, bodies: {bodies}, setStateValue: () => {{}} }});
</script></html>
"""


def offline_page(
    message: Message | bytes, entry: str, styles: tuple[str, ...], title: str, language: str, facts: Sequence[Fact] = ()
) -> bytes:
    """The page. `message` is what the component gets in the app; `entry` its module; title and words are escaped."""
    data, bodies = (message, {}) if isinstance(message, bytes) else message.whole()
    js = joined(entry).replace("</script", "<\\/script")
    return _PAGE.format(
        language=language,
        title=html.escape(title),
        css=style(*styles),
        js=js,
        facts="".join(_section(fact) for fact in facts),
        bodies=json.dumps(bodies),
        message=base64.b64encode(data).decode(),
    ).encode()


def _section(fact: Fact) -> str:
    words, rows = _inline(fact.text), fact.rows
    table = ""
    if rows:
        head = "".join(f'<th scope="col">{_inline(name)}</th>' for name in rows[0])
        body = "".join("<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row.values()) + "</tr>" for row in rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<section><h2>{_inline(fact.title)}</h2><p>{words}</p>{table}</section>"


def _inline(text: str) -> str:
    """Markdown's **bold** and `code` as HTML, all else escaped."""
    marked = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text))
    return re.sub("`(.+?)`", r"<code>\1</code>", marked)
