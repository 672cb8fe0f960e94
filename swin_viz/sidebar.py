"""The widgets all pages share: picture, size, model. What cannot be used says why and keeps what was there."""

import json
import secrets
from pathlib import Path

import streamlit as st
from PIL import Image

from swin_viz import engine, server
from swin_viz.address import choice, flag, number
from swin_viz.checkpoints import CheckpointError
from swin_viz.engine import Loaded
from swin_viz.images import ImageError, frame, load_image
from swin_viz.samples import SAMPLES, sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT, Scene, make_scene
from swin_viz.session import Picture, language, text, use
from swin_viz.weights import OFFICIAL, WeightsError, cached, download, imagenet_classes

SIZES = (224, 256, 320, 384, 448, 512, 640, 768, 896, 1024)
SCENES = 1_000_000  # how many held-out seeds may be asked for


def show() -> None:
    """Draw the shared widgets and make what they say the current picture and model."""
    with st.sidebar:
        source, name, scene = _source()
        loaded, title = _model()
        use(_framed(source, name, scene, loaded), loaded, title)
        _device()


def _source() -> tuple[Image.Image, str, Scene | None]:
    """The unframed picture: a scene, a sample, or the visitor's own."""
    t = text("ui")
    names = {"scene": t("scene"), "upload": t("upload"), "camera": t("camera")}
    names |= {key: sample.title[language()] for key, sample in SAMPLES.items()}
    options = ["scene", *SAMPLES, "upload", "camera"]
    chosen = choice(st.selectbox, t("picture"), options, "image", format_func=names.get)
    if chosen == "scene":
        found = _scene(_seed())
    elif chosen in SAMPLES:
        found = load_image(sample_bytes(chosen)), names[chosen], None
    else:
        found = _own(chosen)
    st.session_state["last_source"] = found
    return found


def _seed() -> int:
    t = text("ui")
    last = FIRST_HELD_OUT + SCENES - 1
    seed = number(st.number_input, t("seed"), FIRST_HELD_OUT, last, "seed", FIRST_HELD_OUT, step=1, help=t("seed_help"))
    st.button(t("new_scene"), on_click=_draw_seed, icon=":material/casino:", width="stretch")
    return int(seed)


def _draw_seed() -> None:
    st.session_state["seed"] = FIRST_HELD_OUT + secrets.randbelow(SCENES)


def _own(kind: str) -> tuple[Image.Image, str, Scene | None]:
    """The visitor's upload or photograph; until there is a good one, what was there before."""
    t = text("ui")
    if kind == "camera":
        file = st.camera_input(t("camera"), label_visibility="collapsed")
    else:
        file = st.file_uploader(t("upload_label"), help=t("upload_help"))
    before = st.session_state.get("last_source")
    if file is None:
        kept = st.session_state.get(f"own_{kind}")
        if not kept:
            st.info(t("upload_missing") if before is None else t(f"{kind}_prompt"))
    else:
        try:
            kept = st.session_state[f"own_{kind}"] = (load_image(file), t("own_picture"), None)
        except ImageError as error:
            st.error(error.say(language()))
            kept = st.session_state.get(f"own_{kind}")
    return kept or before or _scene(FIRST_HELD_OUT)


def _scene(seed: int) -> tuple[Image.Image, str, Scene]:
    scene = make_scene(seed)
    return Image.fromarray(scene.image), text("ui")("scene_title", seed=seed), scene


def _framed(image: Image.Image, name: str, scene: Scene | None, loaded: Loaded) -> Picture:
    """The picture at the size and in the framing that the visitor chose."""
    t = text("ui")
    trained = loaded.config.image_size
    options = [0, *(size for size in SIZES if size != trained)]
    size = choice(
        st.selectbox,
        t("size"),
        options,
        "size",
        format_func=lambda side: f"{side} px" if side else t("size_trained", size=trained),
        help=t("size_help"),
    )
    whole = scene is not None or flag(st.toggle, t("whole"), "whole", help=t("whole_help"))
    framed = frame(image, size or trained, whole)
    return Picture(framed, name, engine.digest(framed.tobytes()), scene)


def _model() -> tuple[Loaded, str]:
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
            loaded = _uploaded_model()
        elif chosen.startswith("folder/"):
            loaded = engine.load(next(path for path in folder if f"folder/{path.name}" == chosen))
        elif chosen in OFFICIAL:
            loaded = _official(chosen)
    except CheckpointError as error:
        st.error(error.say(language()))
    if loaded is None:
        loaded, chosen = engine.load(engine.BUILTIN), "builtin"
    if chosen == "builtin":
        st.caption(t("builtin_note"))
    for note in loaded.notes if chosen == "upload" else ():
        st.caption(text("errors")(note))
    return loaded, names[chosen]


def _official(variant: str) -> Loaded | None:
    """Published weights from the cache; if they are not there, the button that downloads them."""
    t = text("ui")
    path = cached(variant)
    if path is None and server.is_classroom():
        st.info(t("download_teacher"))
    elif path is None:
        megabytes = OFFICIAL[variant].size / 1e6
        st.info(t("download_needed"))
        if st.button(t("download", megabytes=f"{megabytes:.0f}"), icon=":material/download:", width="stretch"):
            path = _download(variant)
    return engine.load(path, imagenet_classes()) if path else None


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


def _uploaded_model() -> Loaded | None:
    """The visitor's own checkpoint, with the class names of a JSON file beside it if there is one."""
    t = text("ui")
    files = st.file_uploader(t("checkpoint_label"), accept_multiple_files=True, help=t("checkpoint_help"))
    listings = [file for file in files if file.name.lower().endswith(".json")]
    weights = [file for file in files if file not in listings]
    if not weights:
        st.info(t("checkpoint_prompt"))
        return None
    names = ()
    if listings:
        names = class_names(listings[-1].getvalue())
        if not names:
            st.warning(t("class_names_unreadable"))
    with st.spinner(t("reading_checkpoint")):
        return engine.load_upload(weights[-1].getvalue(), names)


def class_names(data: bytes) -> tuple[str, ...]:
    """Class names from a JSON list, or from an object number → name as courses write it; () if it is neither."""
    try:
        found = json.loads(data)
        if isinstance(found, dict):
            found = [found[str(i)] for i in range(len(found))]
        return tuple(name[:100] for name in found) if all(isinstance(name, str) for name in found) else ()
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()


def _device() -> None:
    t = text("ui")
    st.caption(t("device", device=engine.device_title()))
