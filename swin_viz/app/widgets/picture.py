"""Where the picture comes from: a drawn scene, a sample, an upload or the camera. What is no picture says why."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from swin_viz.app.address import choice, number, said
from swin_viz.app.session import language, text
from swin_viz.app.widgets import over
from swin_viz.app.widgets.uploads import keep, kept, read_once, refuse
from swin_viz.engine.shared import MEBIBYTE, Framed
from swin_viz.engine.store import Store
from swin_viz.reading.picture.frame import frame
from swin_viz.reading.picture.load import load_image
from swin_viz.reading.picture.samples import SAMPLES, sample_bytes
from swin_viz.scenes.generate import FIRST_HELD_OUT, Plan, Scene, draw, make_scene, recolour_cue

RECOLOURED: Store[Framed] = Store(16 * MEBIBYTE, lambda framed: 3 * framed.image.width * framed.image.height)
SCENES = 1_000_000  # how many held-out seeds may be asked for
_OWN = '<div lang="{language}"><button type="button" data-does="own">{name}</button><small>{help}</small></div>'
# In the session: the last source; what was in force before the visitor's picture; whether a file was just handed over.
_LAST, _BEFORE, _TAKEN = "last_source", "own_before", "own_taken"


@dataclass(frozen=True)
class Source:
    """A picture before it is framed, not made yet: `key` names it to everybody, so that what is made of it is kept."""

    key: tuple[str, ...]
    title: str
    make: Callable[[], tuple[Image.Image, Scene | None]]  # with its truth, if it is a drawn scene

    @property
    def drawn(self) -> bool:
        """Whether it is a drawn scene."""
        return self.key[0] == "scene"


def choose_picture() -> Source:
    """The unframed picture: a scene, a sample, or the visitor's own."""
    t = text("ui")
    file = _hand_over()
    names = {"scene": t("scene"), "upload": t("upload"), "camera": t("camera")}
    names |= {key: sample.title[language()] for key, sample in SAMPLES.items()}
    asked = "camera" in (said().get("image"), st.session_state.get("image"))
    options = ["scene", *SAMPLES, "upload", *(["camera"] if asked or _may_photograph() else [])]
    chosen = choice(st.selectbox, t("picture"), options, "image", format_func=names.get)
    if chosen == "scene":
        found = _scene(_seed())
    elif chosen in SAMPLES:
        found = Source(("sample", chosen), names[chosen], lambda: (load_image(sample_bytes(chosen)), None))
        st.caption(t(f"by_{SAMPLES[chosen].terms}", maker=SAMPLES[chosen].maker))
    else:
        found = _own(chosen, file if chosen == "upload" else _photograph())
    _say_taken()
    st.session_state[_LAST] = found
    return found


def _hand_over() -> UploadedFile | None:
    """The visitor's file; browser/shell/own.js hands over what is chosen, dropped on the page or pasted."""
    t = text("ui")
    with st.container(key="stage_own_file"):
        file = st.file_uploader(t("upload_label"), key="file_upload")
    if file is not None and kept("upload")[0] != (file.file_id,):
        _take(file)
    st.html(_OWN.format(language=language(), name=escape(t("upload")), help=escape(t("upload_help"))))
    return file


def _take(file: UploadedFile) -> None:
    """Make a picture that can be read the one in force, and remember what was; of another, remember why.

    Not when the widget tells of a change: to a session that the server's restart has made anew it never does.
    """
    before = (st.session_state.get("image"), kept("upload")[1], st.session_state.get(_LAST))
    keep("upload", (file.file_id,), lambda: _read(file))
    st.session_state[_TAKEN] = True
    if kept("upload")[2] is None:
        st.session_state["image"] = "upload"
        if before[2] is not None:  # else nothing was shown yet
            st.session_state[_BEFORE] = before


def _undo() -> None:
    """What was there before the visitor's last picture."""
    image, good, _ = st.session_state.pop(_BEFORE)
    st.session_state["image"] = image
    if image == "upload":
        st.session_state["own_upload"] = (kept("upload")[0], good, None)


def _say_taken() -> None:
    """Over the stage, what became of the file that was just handed over; the way back stays while it is in force."""
    t, new = text("ui"), st.session_state.pop(_TAKEN, False)
    refusal = kept("upload")[2]
    if new and refusal:
        refuse(refusal)
    elif _BEFORE in st.session_state and st.session_state["image"] == "upload":
        back = t("undo_own", title=st.session_state[_BEFORE][2].title)
        st.button(back, on_click=_undo, key="undo_own", icon=":material/undo:", width="stretch")
        if new:
            over.say(t("taken"), "undo_own", back)
    elif new:
        over.say(t("taken"))


def _seed() -> int:
    t = text("ui")
    last = FIRST_HELD_OUT + SCENES - 1
    seed = number(st.number_input, t("seed"), FIRST_HELD_OUT, last, "seed", FIRST_HELD_OUT, step=1, help=t("seed_help"))
    st.button(t("new_scene"), on_click=_draw_seed, icon=":material/casino:", width="stretch")
    return int(seed)


def _draw_seed() -> None:
    st.session_state["seed"] = FIRST_HELD_OUT + secrets.randbelow(SCENES)


def _own(kind: str, file: UploadedFile | None) -> Source:
    """The visitor's upload or photograph; until there is a good one, what was there before."""
    t, before = text("ui"), st.session_state.get(_LAST)
    if kind == "upload":
        own = kept(kind)[1]
    else:
        own = read_once(kind, None if file is None else (file.file_id,), lambda: _read(file))
    if own:
        name, image = own
        return Source((kind, name), t("own_picture"), lambda: (image, None))
    if file is None:
        key = f"{kind}_missing" if before is None else f"{kind}_prompt"
        st.info(t(key))
        over.say(t(key), *(("own", t("upload")) if kind == "upload" else ("settings", t("settings"))))
    return before or _scene(FIRST_HELD_OUT)


def _may_photograph() -> bool:
    """Whether browsers let this page use the camera: over https, or on the visitor's own machine."""
    address = urlsplit(st.context.url or "http://localhost")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")


def _photograph() -> UploadedFile | None:
    t = text("ui")
    if _may_photograph():
        return st.camera_input(t("camera"), label_visibility="collapsed", key="file_camera")
    st.info(t("camera_insecure"))
    return None


def _read(file: UploadedFile | None) -> tuple[str, Image.Image]:
    """A file's name in this process, and its picture. Raises ImageError."""
    return (file.file_id if file else ""), load_image(file or b"")


def _scene(seed: int) -> Source:
    def made() -> tuple[Image.Image, Scene]:
        scene = make_scene(seed)
        return Image.fromarray(scene.image), scene

    return Source(("scene", str(seed)), text("ui")("scene_title", seed=seed), made)


def recoloured(plan: Plan, piece: int, side: int) -> Framed:
    """The scene whose disc has that piece's colour, framed; made once for everybody."""

    def made() -> Framed:
        return Framed(frame(Image.fromarray(draw(recolour_cue(plan, piece)).image), side, whole=True))

    return RECOLOURED.get((plan, piece, side), made)
