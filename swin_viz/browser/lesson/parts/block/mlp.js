/** The MLP on the chosen token: its numbers on GELU's curve, a neuron over the picture, who looks at neighbours. */

import { decimal, el, percent, sized } from "../../../kit/dom.js";
import { clamp } from "../../../kit/maths.js";
import { gelu } from "./maths.js";
import { bars, written } from "./marks.js";

/** @typedef {import("../../block.js").BlockParts} View */

const [CURVE_PX, MARGIN] = [400, 26];
const CHART = /** @type {[number, number]} */ ([420, 120]);
const TOP = 5; // strongest tokens, as lessons/block.py finds them

export class MlpPart {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    const { say, more, signal } = view;
    this.curve = el("canvas", { class: "gelu", "aria-hidden": "true" });
    this.curve.addEventListener("pointerdown", (event) => this.nearest(event), { signal });
    this.line = el("p", { class: "three-lines" });
    this.shape = el("p", {});
    this.slider = el("input", {
      type: "range", min: 1, max: more.hidden, "aria-label": say("neuron"),
      oninput: () => view.set({ neuron: this.slider.value }),
    });
    this.number = el("output", { class: "number" });
    this.neuronLine = el("p", { class: "three-lines" });
    this.below = el("figure", { class: "chart" });
    this.shuffle = el("p", {});
    this.node = el("div", { class: "halves" },
      el("div", {}, el("h3", {}, say("gelu_title")), this.curve, this.line, this.below),
      el("div", {}, el("h3", {}, say("neuron_title")),
        el("div", { class: "player" }, el("span", {}, say("neuron")), this.slider, this.number), this.neuronLine,
        el("h3", {}, say("neighbours_title")), this.shuffle,
        el("h3", {}, say("mlp_cost_title")), this.shape));
  }

  /** The chosen neuron, from 0: at first the one that varies most over the picture. */
  get neuron() {
    const { state, more, message } = this.view;
    return clamp(state.neuron ? Number(state.neuron) - 1 : message.get("block.first")[0], 0, more.hidden - 1);
  }

  /** The neuron over the picture, or null while its map is on the way. */
  get map() {
    const { more, tokens, message } = this.view;
    const group = Math.floor(this.neuron / more.group);
    const part = this.view.need(`neurons.${group}`);
    if (!part) return null;
    const from = (this.neuron - group * more.group) * tokens;
    const [low, high] = message.get("block.ends").subarray(2 * this.neuron, 2 * this.neuron + 2);
    const values = Float32Array.from(part.get(`neurons.${group}`).subarray(from, from + tokens),
      (level) => low + (level / 255) * (high - low));
    return { values, low, high, name: "map_neuron" };
  }

  /** The tokens that this neuron answers most. @returns {[number, number][]} */
  get strongest() {
    const { message, block: { size: [, columns] } } = this.view;
    const found = message.get("block.top").subarray(TOP * this.neuron, TOP * this.neuron + this.top);
    return Array.from(found, (token) => [Math.floor(token / columns), token % columns]);
  }

  get top() { return Math.min(TOP, this.view.tokens); }

  draw() {
    const { view, neuron } = this;
    const { say, more, message, block } = view;
    const hidden = view.values()?.hidden ?? null;
    this.drawCurve(hidden);
    const below = hidden ? hidden.reduce((sum, value) => sum + Number(value < 0), 0) / hidden.length : 0;
    const all = percent(message.get("block.below")[0]);
    const facts = { below: percent(below), all, count: more.hidden };
    this.line.textContent = say(hidden ? "below_line" : "coming", facts);
    this.slider.value = String(neuron + 1);
    this.number.textContent = `${neuron + 1} / ${more.hidden}`;
    const values = message.get("block.top_values").subarray(TOP * neuron, TOP * neuron + this.top);
    const named = this.strongest.map(([r, c], i) => `(${r}, ${c}) ${written(values[i], 2)}`).join(" · ");
    const numbers = hidden ? { before: written(hidden[neuron]), after: written(gelu(hidden[neuron])) } : null;
    const here = numbers ? say("neuron_here", numbers) : "";
    this.neuronLine.textContent = `${here} ${say("neuron_top", { named })}`;
    this.shape.textContent = say("mlp_shape", {
      rows: block.size[0], columns: block.size[1], channels: block.channels, hidden: more.hidden,
      macs: million(more.macs), share: percent(more.macs / more.all_macs),
    });
    this.drawBelow();
    this.drawShuffle();
    this.drawn = { hidden: hidden && Array.from(hidden), neuron };
  }

  /** The share of hidden numbers below zero in every block. */
  drawBelow() {
    const { view } = this;
    const part = view.need("stream");
    if (!view.fresh("below", Boolean(part))) return;
    if (!part) { this.below.replaceChildren(); return; }
    const groups = Array.from(part.get("stream.below"), (value) => [value]);
    const label = view.say("below_chart");
    this.below.replaceChildren(el("figcaption", {}, label), bars(
      { names: view.names, groups, hues: [view.css("accent")], at: view.index }, CHART, label,
      (value) => `${Math.round(100 * value)}%`));
  }

  drawShuffle() {
    const { say } = this.view;
    const part = this.view.need("shuffled");
    if (!part) { this.shuffle.textContent = say("coming"); return; }
    const [mlp, most, attention, most2] = part.get("shuffled");
    const same = mlp === 0 ? "shuffle_same" : mlp < 1e-4 * most ? "shuffle_float" : "shuffle_other";
    this.shuffle.textContent = say(same, {
      mlp: mlp.toExponential(1).replace("-", "−"), most: decimal(most, 2), attention: decimal(attention, 2),
      most2: decimal(most2, 2),
    });
    this.shuffle.drawn = { mlp, attention };
  }

  /** The drawing's ends in x: all of this token's numbers. @param {Float32Array|null} hidden */
  ends(hidden) {
    const all = hidden ?? [];
    return [Math.min(-4, ...all), Math.max(3, ...all)];
  }

  drawCurve(hidden) {
    const { view } = this;
    const width = view.wide(CURVE_PX, CURVE_PX);
    const height = width * 0.62;
    const context = sized(this.curve, width, height);
    const [low, high] = this.ends(hidden);
    const x = (value) => MARGIN + ((value - low) / (high - low)) * (width - 2 * MARGIN);
    const y = (value) => height - MARGIN - ((value + 0.4) / (high + 0.4)) * (height - 2 * MARGIN);
    this.scale = { low, high, width };
    context.clearRect(0, 0, width, height);
    this.axes(context, x, y, [low, high], [width, height]);
    const line = (of, colour, dash, wide) => {
      Object.assign(context, { strokeStyle: colour, lineWidth: wide });
      context.setLineDash(dash);
      context.beginPath();
      for (let i = 0; i <= 200; i++) {
        const value = low + (i / 200) * (high - low);
        context.lineTo(x(value), y(of(value)));
      }
      context.stroke();
      context.setLineDash([]);
    };
    line((value) => Math.max(0, value), view.css("quiet"), [5, 4], 1.5);
    line(gelu, view.css("accent"), [], 2.5);
    if (hidden) this.drawDots(context, hidden, x, y);
    this.curve.drawn = hidden;
  }

  axes(context, x, y, [low, high], [width, height]) {
    const { view } = this;
    Object.assign(context, { strokeStyle: view.css("line-strong"), lineWidth: 1, fillStyle: view.css("ink") });
    context.font = `12px ${view.look.font}`;
    context.beginPath();
    context.moveTo(MARGIN, y(0));
    context.lineTo(width - MARGIN, y(0));
    context.moveTo(x(0), MARGIN / 2);
    context.lineTo(x(0), height - MARGIN);
    context.stroke();
    context.textAlign = "center";
    for (const value of [low, 0, high]) context.fillText(written(value, 1), x(value), height - 6);
    context.textAlign = "left";
    context.fillText(view.say("gelu_names"), MARGIN, 12);
  }

  drawDots(context, hidden, x, y) {
    const { view, neuron } = this;
    context.globalAlpha = 0.45;
    context.fillStyle = view.css("query");
    for (const value of hidden) {
      context.beginPath();
      context.arc(x(value), y(gelu(value)), 2.6, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    const at = hidden[neuron];
    context.beginPath();
    context.arc(x(at), y(gelu(at)), 6, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: view.css("key"), strokeStyle: view.css("key-edge"), lineWidth: 2 });
    context.fill();
    context.stroke();
  }

  /** The neuron whose dot is nearest to the pointer. */
  nearest(event) {
    const hidden = this.view.values()?.hidden;
    if (!hidden) return;
    const { low, high, width } = this.scale;
    const { left, width: shown } = this.curve.getBoundingClientRect();
    const at = ((event.clientX - left) / shown) * width;
    const value = low + ((at - MARGIN) / (width - 2 * MARGIN)) * (high - low);
    let best = 0;
    hidden.forEach((each, i) => { if (Math.abs(each - value) < Math.abs(hidden[best] - value)) best = i; });
    this.view.set({ neuron: String(best + 1) });
  }
}

/** Multiply-adds, in millions where there are that many. @param {number} count */
const million = (count) => (count < 1e6 ? String(count) : `${(count / 1e6).toFixed(count < 1e7 ? 2 : 1)} M`);
