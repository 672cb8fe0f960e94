"""The register of the address's keys: on which screens each stands, what it means, what its text must look like.

address.py reads and writes no other. The look is checked here; whether there is such a block, head or option in this
very run is checked where the text is read.
"""

from dataclasses import dataclass

from swin_viz.app.menu import NAMES, SCREENS

WORD, ANY, FLAG = r"[a-z_\d]+", r".+", "[01]"
COUNT, WHOLE, INDEX = r"\d{1,5}", r"-?\d{1,4}", r"\d{1,4}"
BLOCK, HEAD, PLACE = r"\d{1,2}\.\d{1,3}", r"\d{1,3}|mean", r"\d{1,4}\.\d{1,4}"
STEPS, COST = (tuple(SCREENS[section]) for section in ("steps", "cost"))
SHOWN = ("attention", "pairs")  # a block, a head, a query
BLOCKS = (*SHOWN, *(name for name in STEPS if name != "patches"))  # whose block is chosen
MAPS = ("windows", "shift", "mask", "merging")  # the lessons whose small grid has sides


@dataclass(frozen=True)
class Key:
    """One key on the screens where it means this."""

    name: str
    screens: tuple[str, ...]
    meaning: str
    check: str  # a regular expression that the whole text matches
    before: str = ""  # its name in older links, which are still read


KEYS = (
    Key("lang", NAMES, "the language", WORD),
    Key("image", NAMES, "where the picture comes from: a scene, a sample, the visitor's own", WORD),
    Key("seed", NAMES, "the number of the drawn scene", r"\d{1,10}"),
    Key("model", NAMES, "the model: built in, published, uploaded, or folder/<file>", ANY),
    Key("size", NAMES, "the longer side of the framed picture in pixels; 0: as the model was trained", COUNT),
    Key("whole", NAMES, "whether the whole picture is shown, not its middle square", FLAG),
    Key("present", NAMES, "whether the stage is presented: alone, and larger; the browser's own business", FLAG),
    Key("block", BLOCKS, "stage and block, both from 1: 2.1", BLOCK, before="at"),
    Key("head", SHOWN, "the head from 1, or the mean over heads", HEAD),
    Key("q", SHOWN, "the query: row and column of its token in the block's map, from 0: 5.20", PLACE),
    Key("q", ("block",), "the token whose numbers are shown: its row and column in the block's map, from 0", PLACE),
    Key("tile", ("overview",), "the block whose tile the picture shows, as `block` elsewhere", BLOCK),
    Key("token", ("overview",), "the token in that block's map, as `q` elsewhere", PLACE),
    Key("disc", ("overview",), "the colour that the scene's disc is given", WORD),
    Key("pinned", ("overview", "attention"), "whether the query stays when the pointer leaves", FLAG),
    Key("layer", ("attention",), "what is painted on the picture", WORD),
    Key("scope", ("attention",), "over what the colours are scaled", WORD),
    Key("chart", ("attention",), "what is drawn over all heads", WORD),
    Key("grid", ("attention",), "whether the windows' borders are drawn", FLAG),
    Key("rolled", ("attention",), "whether the map is shown as the roll leaves it", FLAG),
    Key("wrong", ("attention",), "whether the common wrong overlay is shown", FLAG),
    Key("colours", ("attention",), "whether attention is a colour map, not light", FLAG),
    Key("arcs", ("attention",), "whether arcs lead to the strongest keys", FLAG),
    Key("with", ("attention",), "what it is compared with: stage, block and head, from 1", rf"{BLOCK}\.({HEAD})"),
    Key("second", ("attention",), "the picture it is compared with", WORD),
    Key("step", ("pairs", *STEPS), "the step, from 1", INDEX),
    Key("course", ("pairs", *STEPS), "whether the code beside it is that of a course", FLAG),
    Key("key", ("pairs",), "the key's slot in the query's window, from 0", INDEX),
    Key("factor", ("pairs",), "what q·k is multiplied by, from 0 (1/√d) over 100 (1) to 200 (√d)", INDEX),
    Key("cell", ("pairs",), "the channel whose number is worked out product by product, from 0", INDEX),
    Key("dims", ("pairs",), "how many numbers q and k have in the experiment", INDEX),
    Key("h", MAPS, "rows of the small grid", WHOLE),
    Key("w", MAPS, "columns of the small grid", WHOLE),
    Key("m", ("windows", "shift", "mask"), "side of the small grid's windows", WHOLE),
    Key("s", ("shift", "mask"), "the small grid's shift; left out while it is half a window", WHOLE),
    Key("scramble", ("windows",), "whether the axes are permuted in the wrong order", FLAG),
    Key("numbering", ("mask",), "how the regions are numbered", WORD),
    Key("side", ("bias", "block"), "side of the small window", INDEX),
    Key("factor", ("bias",), "what the rows' offset is multiplied by: right, none, near", WORD),
    Key("of_head", ("bias",), "the head whose table is shown, from 1", INDEX),
    Key("window", ("mask",), "the window whose pairs are compared, from 0; left out while it is the last", INDEX),
    Key("pair", ("mask",), "the pair chosen: row and column of its two tokens, from 0", r"\d{1,4}(\.\d{1,4}){3}"),
    Key("part", ("block",), "which part is looked at", "norm|stream|mlp|drop"),
    Key("norm_over", ("block",), "over what is normalised", "token|image|channel"),
    Key("neuron", ("block",), "the neuron of the MLP, from 1", INDEX),
    Key("rate", ("block",), "the rate of Dropout in percent", r"\d{1,2}"),
    Key("of_variant", ("block",), "whose rates of DropPath are drawn", "swin_[tsb]|builtin"),
    Key("channel", ("merging",), "the channel of the stages' features, from 1; 0: principal components", INDEX),
    Key("y", ("patches",), "rows of pixels of the small picture", WHOLE),
    Key("x", ("patches",), "columns of pixels of the small picture", WHOLE),
    Key("patch", ("patches",), "the chosen patch: its row and column, from 0", PLACE),
    Key("filter", ("patches",), "the chosen filter, which is a channel, from 1", INDEX),
    Key("cover", ("patches",), "whether the chosen patch is covered", FLAG),
    Key("tall", ("patches",), "height in pixels of a picture of one's own size", COUNT),
    Key("wide", ("patches",), "width in pixels of a picture of one's own size", COUNT),
    Key("tour", ("patches",), "whether it is padded as in the tour's code", FLAG),
    Key("stage", ("cost",), "the stage, from 1", INDEX),
    Key("h", ("cost",), "rows of the map", COUNT),
    Key("w", ("cost",), "columns of the map", COUNT),
    Key("c", ("cost",), "channels", COUNT),
    Key("m", ("cost",), "side of a window", COUNT),
    Key("unit", ("cost", "cost_model"), "multiply-adds or floating point operations", WORD),
    Key("format", COST, "in which format a chart is saved", WORD),
    Key("over", ("cost",), "over what the chart is drawn", WORD),
    Key("of", ("cost", "cost_model"), "the model whose cost is shown", WORD),
    Key("px", ("cost", "cost_model"), "the picture's size: rows×columns in pixels, or that of the visitor's own", WORD),
    Key("costs", ("cost_model",), "which chart is shown", WORD),
    Key("global", ("cost_model",), "whether global attention stands beside the windows", FLAG),
    Key("counted", ("cost_model",), "whether the counter runs", FLAG),
    Key("clock", ("cost_measured",), "which chart is shown", WORD),
    Key("batch", ("cost_measured",), "how many pictures at once", INDEX),
    Key("row_of", ("overview",), "whose network stands in the row", WORD),
    Key("lens_ask", ("overview",), "what the trained readouts are asked", WORD),
    Key("lens_stage", ("overview",), "the stage at whose end they are asked, from 1", INDEX),
    Key("votes_class", ("overview",), "the class whose votes are shown, from 0; left out: the most probable", COUNT),
    Key("sides_px", ("overview",), "the side of a patch in pixels", INDEX),
    Key("sides_in", ("overview",), "whether all tokens attend to all, or in windows", WORD),
    Key("rulers_stage", ("overview",), "the stage that is measured, from 1", INDEX),
    Key("stage_code", ("overview",), "the stage whose shapes stand beside its code, from 1", INDEX),
)


def only_of(screen: str, other: str) -> set[str]:
    """The keys, with those of older links, that stand on one screen and not on another."""
    mine, others = (keys_of(each) for each in (screen, other))
    return {name for key in mine.values() for name in (key.name, key.before) if name} - others.keys()


def keys_of(screen: str) -> dict[str, Key]:
    """The keys that stand on a screen, by name."""
    return {key.name: key for key in KEYS if screen in key.screens}
