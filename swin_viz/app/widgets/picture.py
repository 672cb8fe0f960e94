"""Where the picture comes from: a drawn scene, a sample, an upload or the camera. What is no picture says why."""

import secrets
from urllib.parse import urlsplit

import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from swin_viz.app.address import choice, number
from swin_viz.app.session import language, text
from swin_viz.app.widgets.uploads import read_once
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import SAMPLES, sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT, Scene, make_scene

SCENES = 1_000_000  # how many held-out seeds may be asked for
Source = tuple[Image.Image, str, Scene | None]  # unframed, its title, its truth if it is a drawn scene


def choose_picture() -> Source:
    """The unframed picture: a scene, a sample, or the visitor's own."""
    t = text("ui")
    names = {"scene": t("scene"), "upload": t("upload"), "camera": t("camera")}
    names |= {key: sample.title[language()] for key, sample in SAMPLES.items()}
    options = ["scene", *SAMPLES, "upload", "camera"]
    chosen = choice(st.selectbox, t("picture"), options, "image", format_func=names.get)
    found: Source
    if chosen == "scene":
        found = _scene(_seed())
    elif chosen in SAMPLES:
        found = load_image(sample_bytes(chosen)), names[chosen], None
        st.caption(t(f"by_{SAMPLES[chosen].terms}", maker=SAMPLES[chosen].maker))
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


def _own(kind: str) -> Source:
    """The visitor's upload or photograph; until there is a good one, what was there before."""
    t = text("ui")
    if kind == "upload":
        file = st.file_uploader(t("upload_label"), help=t("upload_help"), key="file_upload")
    else:
        file = _photograph()
    before = st.session_state.get("last_source")
    own = read_once(kind, None if file is None else (file.file_id,), lambda: load_image(file or b""))
    if own:
        return own, t("own_picture"), None
    if file is None:
        st.info(t(f"{kind}_missing") if before is None else t(f"{kind}_prompt"))
    return before or _scene(FIRST_HELD_OUT)


def _photograph() -> UploadedFile | None:
    """The camera, where browsers let a page use it: over https, or on the visitor's own machine."""
    t, address = text("ui"), urlsplit(st.context.url or "http://localhost")
    if address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1"):
        return st.camera_input(t("camera"), label_visibility="collapsed", key="file_camera")
    st.info(t("camera_insecure"))
    return None


def _scene(seed: int) -> Source:
    scene = make_scene(seed)
    return Image.fromarray(scene.image), text("ui")("scene_title", seed=seed), scene
