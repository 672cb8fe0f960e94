"""Where the model comes from: built in, published, or a checkpoint. A file that cannot be read leaves the last one."""

import json
from pathlib import Path

import streamlit as st

from swin_viz.app import server
from swin_viz.app.address import choice
from swin_viz.app.session import language, text
from swin_viz.app.widgets import over
from swin_viz.app.widgets.uploads import read_once
from swin_viz.engine import shared
from swin_viz.engine.shared import Loaded
from swin_viz.paths import BUILTIN
from swin_viz.reading.checkpoint.published import OFFICIAL, WeightsError, cached, download, imagenet_classes
from swin_viz.reading.checkpoint.read import CheckpointError

FAMILY_NAMES = {"official": "Swin", "timm": "timm", "torchvision": "torchvision", "hugging_face": "Hugging Face"}
FAMILY_NAMES |= {"openmmlab": "OpenMMLab"}


def choose_model() -> tuple[Loaded, str]:
    """The chosen model and its name, or the built-in one while the chosen one is not here."""
    t = text("ui")
    names = {"builtin": t("builtin"), "upload": t("model_upload")} | {key: t(key) for key in OFFICIAL}
    folder = server.checkpoint_folder()
    names |= {f"folder/{path.name}": path.name for path in folder}
    options = ["builtin", *OFFICIAL, *(key for key in names if key.startswith("folder/"))]
    options += [] if server.is_classroom() else ["upload"]
    chosen = choice(st.selectbox, t("model"), options, "model", format_func=names.get)
    loaded = None
    try:
        if chosen == "upload":
            loaded, names[chosen] = _uploaded_model() or (None, names[chosen])
        elif chosen.startswith("folder/"):
            loaded = shared.load(next(path for path in folder if f"folder/{path.name}" == chosen))
        elif chosen in OFFICIAL:
            loaded = _official(chosen)
    except CheckpointError as error:
        st.error(error.say(language()))
    if loaded is None:
        loaded, chosen = shared.load(BUILTIN), "builtin"
    if chosen == "builtin":
        st.caption(t("builtin_note"))
    elif chosen not in OFFICIAL:
        _describe(loaded)
    return loaded, names[chosen]


def _describe(loaded: Loaded) -> None:
    """What was found in a checkpoint, read from its shapes, and what was left aside."""
    config, joined = loaded.config, "·".join
    st.caption(
        text("ui")(
            "model_found",
            family=FAMILY_NAMES[loaded.family],
            channels=config.embed_dim,
            depths=joined(map(str, config.depths)),
            heads=joined(map(str, config.heads)),
            window=config.window,
            classes=config.classes,
        )
    )
    for note in loaded.notes:
        st.caption(text("errors")(note))


def _official(variant: str) -> Loaded | None:
    """Published weights from the cache; if they are not there, the button that downloads them."""
    t, path = text("ui"), cached(variant)
    if path:
        try:
            return shared.load(path, imagenet_classes())
        except CheckpointError as error:
            st.error(f"{error.say(language())} {t('cached_bad', file=path.name)}")
    if server.is_classroom():
        _lacks(t("download_teacher"))
        return None
    megabytes = OFFICIAL[variant].size / 1e6
    _lacks(t("download_needed"))
    if not st.button(t("download", megabytes=f"{megabytes:.0f}"), icon=":material/download:", width="stretch"):
        return None
    if path:
        path.unlink(missing_ok=True)
    path = _download(variant)
    return shared.load(path, imagenet_classes()) if path else None


def _download(variant: str) -> Path | None:
    t = text("ui")
    bar = st.progress(0.0, t("downloading"))
    try:
        return download(
            variant, lambda done, total: bar.progress(min(1.0, done / total) if total else 0.0, t("downloading"))
        )
    except WeightsError as error:
        st.error(error.say(language()))
        return None
    finally:
        bar.empty()


def _uploaded_model() -> tuple[Loaded, str] | None:
    """The visitor's own checkpoint and its file's name; its class names come from a JSON file beside it, if any."""
    t = text("ui")
    files = st.file_uploader(
        t("checkpoint_label"), accept_multiple_files=True, help=t("checkpoint_help"), key="file_checkpoint"
    )
    listings = [file for file in files if file.name.lower().endswith(".json")]
    weights = [file for file in files if file not in listings]
    names = class_names(listings[-1].getvalue()) if listings else ()
    if listings and not names:
        st.warning(t("class_names_unreadable"))
    with st.spinner(t("reading_checkpoint")):
        identity = (weights[-1].file_id, names) if weights else None
        read = lambda: (shared.load_upload(weights[-1].getvalue(), names), weights[-1].name)  # noqa: E731
        found = read_once("model", identity, read)
    if found is None and not weights:
        _lacks(t("checkpoint_prompt"))
    return found


def _lacks(sentence: str) -> None:
    """Why the chosen model does not run yet: where it was chosen, and over the stage, where the built-in one runs."""
    st.info(sentence)
    over.say(sentence, "settings", text("ui")("settings"))


def class_names(data: bytes) -> tuple[str, ...]:
    """Class names from a JSON list, or from an object number → name as courses write it; () if it is neither."""
    try:
        found = json.loads(data)
        if isinstance(found, dict):
            found = [found[str(i)] for i in range(len(found))]
        return tuple(name[:100] for name in found) if all(isinstance(name, str) for name in found) else ()
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
