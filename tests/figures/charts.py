"""All charts of the app, drawn of a small model and of a measurement that never was."""

import plotly.graph_objects as go

from swin_viz.cost.clock.report import Machine, Report, Row
from swin_viz.figures import cost, cost_measured, cost_model
from swin_viz.figures.theme import Chart
from swin_viz.network.variants import VARIANTS
from swin_viz.text import Words

SAY = Words("en", "cost_charts")
SWIN_T = VARIANTS["swin_t"]
REPORT = Report(
    Machine("a device", "float32", 1, "2.0", 0, 2.5, 2**30, 0.1),
    tuple(
        Row(way, side, 1, 1000 * side**2, "measured", 1e-3 * side, 0.9e-3 * side, 1.2e-3 * side, 5, 1000 * side, 0, 1.5)
        if (way, side) != ("msa", 14)
        else Row(way, side, 1, 1000 * side**2, "refused", 1.5, needed=2 * 3 * 14**4 * 4)
        for side in (7, 14)
        for way in ("msa", "msa_fused", "w_msa", "sw_msa", "padded", "sliding")
    ),
)


def every_chart(say: Words, unit: str = "macs") -> list[Chart]:
    layer = (56, 48, 96, 7)
    names = ("swin_t", "swin_l", "deit_s", "vit_l")
    return [
        cost.resolution_chart(say, unit, *layer, (14, 15)),
        cost.window_chart(say, unit, *layer),
        cost.channels_chart(say, unit, *layer),
        cost_model.parts_chart(say, unit, SWIN_T, 224, 320, "a model", everywhere=True),
        cost_model.blocks_chart(say, unit, SWIN_T, 224, 320, "a model"),
        cost_model.partners_chart(say, unit, "own", names, 224, SWIN_T, "a model"),
        cost_model.maps_chart(say, SWIN_T, 224, "a model"),
        cost_measured.time_chart(say, REPORT),
        cost_measured.ratio_chart(say, REPORT, ((7, 1.0), (14, 1.6))),
        cost_measured.memory_chart(say, REPORT),
    ]


def curve(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)
