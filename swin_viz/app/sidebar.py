"""The widgets all pages share: picture, size, model. What cannot be used says why and keeps what was there."""

import streamlit as st
from PIL import Image

from swin_viz.app.address import choice, flag
from swin_viz.app.session import Picture, text, use
from swin_viz.app.widgets.model import choose_model
from swin_viz.app.widgets.picture import choose_picture
from swin_viz.engine import shared
from swin_viz.engine.shared import Loaded
from swin_viz.reading.picture.frame import frame
from swin_viz.scenes.generate import Scene

SIZES = (224, 256, 320, 384, 448, 512, 640, 768, 896, 1024)


def show() -> None:
    """Draw the shared widgets and make what they say the current picture and model."""
    with st.sidebar:
        source, name, scene = choose_picture()
        loaded, title = choose_model()
        use(_framed(source, name, scene, loaded), loaded, title)
        _device()


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
    return Picture(framed, name, scene)


def _device() -> None:
    t = text("ui")
    st.caption(t("device", device=shared.device_title()))
