"""A lesson as one HTML file that works without a network: the same modules, the same message, nothing else."""

import base64
import html

from swin_viz.explorer.bundle import script, style

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
h1 {{ color: var(--st-text-color); }}
{css}
</style>
<h1>{title}</h1><main><div class="viz"></div></main>
<script type="module">
{js}
const text = atob("{message}");
const data = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
start({{ parentElement: document.body, data, setStateValue: () => {{}} }});
</script></html>
"""


def offline_page(message: bytes, entry: str, styles: tuple[str, ...], title: str, language: str) -> bytes:
    """The page. `message` is what the component gets in the app; `entry` its module; title and words are escaped."""
    js = script(entry).replace("export default function", "const start = function").replace("</script", "<\\/script")
    return _PAGE.format(
        language=language,
        title=html.escape(title),
        css=style(*styles),
        js=js,
        message=base64.b64encode(message).decode(),
    ).encode()
