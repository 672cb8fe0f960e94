"""The widgets all pages share: picture, size, model. What cannot be used says why and keeps what was there."""

import streamlit as st

from swin_viz.app.address import choice, flag
from swin_viz.app.session import Picture, text, use
from swin_viz.app.widgets.model import choose_model
from swin_viz.app.widgets.picture import Source, choose_picture
from swin_viz.engine import shared
from swin_viz.engine.shared import Loaded
from swin_viz.engine.store import Store
from swin_viz.reading.picture.frame import frame

PICTURES: Store[Picture] = Store(64 * shared.MEBIBYTE, lambda picture: 4 * picture.image.width * picture.image.height)
SIZES = (224, 256, 320, 384, 448, 512, 640, 768, 896, 1024)


def show() -> None:
    """Draw the shared widgets and make what they say the current picture and model."""
    source = choose_picture()
    loaded, title = choose_model()
    use(_framed(source, loaded), loaded, title)
    _device()


def _framed(source: Source, loaded: Loaded) -> Picture:
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
    whole = source.drawn or flag(st.toggle, t("whole"), "whole", help=t("whole_help"))
    side = size or trained

    def made() -> Picture:
        image, scene = source.make()
        return Picture(frame(image, side, whole), source.title, scene)

    return PICTURES.get((source.key, source.title, side, whole), made)


def _device() -> None:
    t = text("ui")
    st.caption(t("device", device=shared.device_title()))
