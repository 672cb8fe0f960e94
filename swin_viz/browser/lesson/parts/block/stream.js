/** The residual stream: what every block's branches add to it, and one token's numbers added up by hand. */

import { el } from "../../../kit/dom.js";
import { sizeOf } from "./maths.js";
import { reachable } from "../axes.js";
import { bars, PLAIN, Row, written } from "./marks.js";

/** @typedef {import("../../block.js").BlockParts} View */

const PARTS = ["x", "attn", "mid", "mlp", "post"]; // + and = stand before them
const KINDS = ["stream_x", "stream_attn", "stream_mlp"];
const [TALL, SHOWN] = [190, 8]; // pixels of the chart; channels written out

export class Stream {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    const { say } = view;
    this.chart = el("figure", { class: "chart" });
    this.legend = el("p", { class: "legend" });
    this.rows = PARTS.map((name) => new Row(say(`sum_${name}`), false));
    this.table = el("div", { class: "scrolls sums" });
    this.line = el("p", {});
    this.node = el("div", {},
      el("h3", {}, say("stream_title")), el("p", {}, say("stream_text")), this.legend, this.chart,
      el("h3", {}, say("sum_title")), this.line,
      el("div", { class: "numbers" }, ...this.rows.map((row) => row.node)), this.table);
  }

  get hues() { return ["quiet", "accent", "with-shift"].map((name) => this.view.css(name)); }

  /** The map beside the picture: how much this block's attention adds to each token. */
  get map() {
    const { message, tokens } = this.view;
    return { values: message.get("block.sizes").subarray(tokens, 2 * tokens), name: "map_branch" };
  }

  draw() {
    const { view } = this;
    const { say, dark, message, tokens, token } = view;
    this.drawChart();
    const found = view.values();
    const sums = found ? sumsOf(found) : null;
    const most = sums ? Math.max(...Object.values(sums).map((values) => Math.max(...values.map(Math.abs)))) : 0;
    this.rows.forEach((row, i) => {
      const values = sums?.[PARTS[i]] ?? null;
      const text = values ? say("size_is", { size: written(sizeOf(values), 2) }) : say("coming");
      row.draw(values, view.wide(560, PLAIN), dark, view.css("quiet"), text, most);
    });
    const sizes = [0, 1, 2, 3].map((k) => written(message.get("block.sizes")[k * tokens + token], 2));
    this.line.textContent = say("sum_line", { x: sizes[0], attn: sizes[1], mlp: sizes[2], post: sizes[3] });
    this.table.replaceChildren(...(sums ? [this.written(sums)] : []));
    reachable(this.table);
    this.drawn = sums && Object.fromEntries(Object.entries(sums).map(([name, values]) => [name, Array.from(values)]));
  }

  /** The first channels, number by number. */
  written(sums) {
    const { say, block } = this.view;
    const count = Math.min(SHOWN, block.channels);
    const channels = Array.from({ length: count }, (_, i) => i);
    const head = el("tr", {}, el("th", { scope: "col" }, say("channel_number")),
      ...channels.map((i) => el("th", { scope: "col" }, String(i + 1))));
    const rows = PARTS.map((name) => el("tr", { class: "mid post".includes(name) ? "sum" : "" },
      el("th", { scope: "row" }, say(`sum_${name}`)), ...channels.map((i) => el("td", {}, written(sums[name][i])))));
    return el("table", { class: "facts" }, el("thead", {}, head), el("tbody", {}, ...rows));
  }

  drawChart() {
    const { view } = this;
    const { say } = view;
    const part = view.need("stream");
    if (!view.fresh("sizes", Boolean(part))) return;
    const swatch = (name, i) => [el("i", { style: `background:${this.hues[i]}` }), say(name)];
    this.legend.replaceChildren(...KINDS.flatMap(swatch));
    if (!part) { this.chart.replaceChildren(say("coming")); return; }
    const sizes = part.get("stream.sizes");
    const groups = view.names.map((_, i) => Array.from(sizes.subarray(3 * i, 3 * i + 3)));
    const size = /** @type {[number, number]} */ ([view.wide(860, 0), TALL]);
    this.chart.replaceChildren(bars({ names: view.names, groups, hues: this.hues, at: view.index }, size,
      say("stream_chart"), (value) => written(value, 2)));
  }
}

/** What the block computes of a token, in single precision as it does. */
function sumsOf({ x, attn, mlp }) {
  const mid = x.map((value, i) => value + attn[i]);
  return { x, attn, mid, mlp, post: mid.map((value, i) => value + mlp[i]) };
}
