"""Patches and embedding: how pixels become tokens, one patch and one filter at a time."""

import streamlit as st

from swin_viz.app import session
from swin_viz.app.address import flag, number
from swin_viz.app.stage import head
from swin_viz.app.widgets import lesson
from swin_viz.app.widgets.small_grid import controls, small_grid
from swin_viz.browser.lesson.message import channel_parts
from swin_viz.engine import shared
from swin_viz.figures.padding import corner
from swin_viz.lessons import patches
from swin_viz.lessons.fact import Fact
from swin_viz.lessons.windows import padding_shares
from swin_viz.reading.picture.frame import MEAN, STD
from swin_viz.text.numbers import percent

LARGEST = 4096  # pixels of a side that one may ask for
t = session.text("patches")
head(t)
trace, loaded, key = session.trace(), session.model(), session.run_key()
config, subject = trace.config, session.subject()
shape = (config.patch, config.patch_norm)
with controls():
    small = small_grid("patches", "yx", lambda *sides: patches.patches_lesson(*sides, *shape))
photo = patches.picture_lesson(*trace.image.shape[:2], *shape)


def embedded() -> dict:
    """What the patches become, by name: asked for again and again, so that only the store keeps it."""
    return patches.embedded(session.observe)


def arrays() -> dict:
    """What the browser computes with, and what the patches of the board have become."""
    found = shared.VALUES.get((key, "patches"), lambda: patches.board_colours(trace, embedded()))
    return found | patches.filter_arrays(loaded.model, MEAN, STD)


def answer(own: dict[str, str]) -> dict:
    """For what is chosen in the browser: where to begin, and what covering the patch really changed."""
    at = patches.first_patch(trace, subject)
    if "patch" in own:
        row, column = (int(part) for part in own["patch"].split("."))
        at = min(row, trace.blocks[0].size[0] - 1), min(column, trace.blocks[0].size[1] - 1)
    channel = min(int(own["filter"]), config.embed_dim) - 1 if int(own.get("filter", "0")) else widest
    found = {"at": at, "channel": channel, "cover": own.get("cover") == "1"}
    return found | {"changed": changed(at) if found["cover"] else None}


def changed(at: tuple[int, int]) -> list[list[int]]:
    """Two real runs of the embedding, and of two blocks where the maps are small."""
    blocks = min(2, config.depths[0]) if trace.inputs else 0

    def run() -> list:
        padded = embedded()["padded"]
        return session.work(lambda model: patches.changed_by_covering(model, padded, at, blocks))

    return shared.NUMBERS.get((key, "covered", at), run)


def same() -> Fact:
    """The convolution beside flatten and linear."""
    values = embedded()
    run = lambda: list(patches.convolution_difference(loaded.model, values["padded"], values["projected"]))  # noqa: E731
    difference, largest = shared.NUMBERS.get((key, "convolution"), run)
    said = {"difference": f"{difference:.1e}" if difference else "0", "largest": f"{largest:.2f}"}
    count = {"count": f"{values['projected'].size:,}"}
    return Fact(t("same_title"), t("same", **said, **count))


def sizes() -> Fact:
    """Which of the shape's numbers is every Swin's, and which this model's."""
    (rows, columns), patch = trace.blocks[0].size, config.patch
    numbers = {"patch": patch, "numbers": 3 * patch**2, "channels": config.embed_dim}
    return Fact(t("sizes_title"), t("sizes", rows=rows, columns=columns, **numbers))


def padding(height: int, width: int) -> Fact:
    """How much of the windows of every stage is padding: each side on its own, and as in the tour's code."""
    ways = {"ours": patches.own_size, "tour": patches.tour_size}
    padded = {name: way(height, width, config.patch) for name, way in ways.items()}
    maps = {name: (tall // config.patch, wide // config.patch) for name, (tall, wide) in padded.items()}
    shares = {name: padding_shares(each, config.window, config.stages) for name, each in maps.items()}
    rows = [
        {t("stage"): f"{i + 1}"}
        | {t(f"map_{name}"): "{}×{} → {}×{}".format(*shares[name][i][0], *shares[name][i][1]) for name in ways}
        | {t(f"share_{name}"): percent(shares[name][i][2], 0) for name in ways}
        for i in range(config.stages)
    ]
    said = {name: "{}×{}".format(*each) for name, each in padded.items()} | {"window": config.window}
    kind = "padding_differs" if padded["ours"] != padded["tour"] else "padding_same"
    return Fact(t("padding_title"), t(kind, size=f"{height}×{width}", patch=config.patch, **said), rows)


(widest,) = shared.NUMBERS.get((key, "widest"), lambda: [patches.first_filter(embedded()["projected"])])
later = channel_parts(trace, session.run(), {name: embedded()[name] for name in ("projected", "tokens")})
facts = [same(), sizes()]
lesson.show("patches", small, photo, trace.blocks[0], arrays, lambda: facts, later=later, answer=answer)
st.header(t("padding_title"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    boxes = [(t("tall"), "tall", 224), (t("wide"), "wide", 225)]
    tall, wide = (
        int(number(st.number_input, text, 1, LARGEST, at, first, step=1, width=130)) for text, at, first in boxes
    )
    tour = flag(st.toggle, t("tour_code"), "tour", help=t("tour_help"))
way = patches.tour_size if tour else patches.own_size
st.html(corner((tall, wide), way(tall, wide, config.patch), config.patch, t("corner")))
fact = padding(tall, wide)
st.markdown(fact.text)
lesson.table(fact.rows)
facts.append(fact)  # of the file that is made later
