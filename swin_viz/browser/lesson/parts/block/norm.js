/** LayerNorm on the chosen token, step by step, and on another; over what one might normalise; what it is for. */

import { el, percent, roving } from "../../../kit/dom.js";
import { farthest, momentsOf, normSteps } from "./maths.js";
import { bars, COUNTED, drawMap, moments, Row, svg, written } from "./marks.js";

/** @typedef {import("../../block.js").BlockParts} View */

export const OVER = ["token", "image", "channel"];
const STEPS = ["x", "centred", "scaled", "learned"];
const [DOTS, GRID, CELLS] = [[400, 74], 6, 11]; // a dot plot's size; cells of a small drawing, and their side
const LARGER = 1.5; // times: how much scores grow before it is said
const CHART = /** @type {[number, number]} */ ([420, 132]);

export class Norm {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    const { say } = view;
    this.rows = STEPS.map((name) => new Row(say(`norm_${name}`)));
    this.dots = [0, 1].map(() => el("figure", { class: "chart plot" }));
    this.pair = el("p", { class: "two-lines" });
    this.cards = OVER.map((name) => this.card(name));
    const cards = el("div", { class: "over-cards", role: "radiogroup", "aria-label": say("over_title") },
      ...this.cards.map((card) => card.node));
    roving(cards, () => this.cards.map((card) => card.node), (i) => view.set({ norm_over: OVER[i] }));
    this.note = el("p", { class: "quiet" });
    this.curve = el("figure", { class: "chart" });
    this.bare = el("div", {});
    this.node = el("div", {},
      el("div", { class: "numbers" }, ...this.rows.map((row) => row.node)),
      el("h3", {}, say("two_title")), this.pair, el("div", { class: "halves" }, ...this.dots),
      el("h3", {}, say("over_title")), cards, this.note,
      el("h3", {}, say("why_title")), el("div", { class: "halves" }, this.curve, this.bare));
  }

  /** What one kind of norm shares its statistics over, and what it makes of the picture. */
  card(name) {
    const { say } = this.view;
    const map = el("canvas", { "aria-hidden": "true" });
    const text = el("small", {});
    const choose = () => this.view.set({ norm_over: name });
    const node = el("button", { type: "button", role: "radio", class: "over-card", onclick: choose },
      el("b", {}, say(`over_${name}`)), el("span", { class: "over-pictures" }, this.shared(name), map), text);
    return { name, map, text, node };
  }

  /** A small table, tokens down and channels across: which of its cells have one mean and one variance. */
  shared(name) {
    const lit = { token: (r) => r === 2, image: () => true, channel: (_, c) => c === 2 }[name];
    const cells = Array.from({ length: GRID * GRID }, (_, i) => {
      const [r, c] = [Math.floor(i / GRID), i % GRID];
      const place = { x: 14 + c * CELLS, y: 12 + r * CELLS, width: CELLS - 1, height: CELLS - 1 };
      return el("rect", { ...place, class: lit(r, c) ? "lit" : "" });
    });
    const axes = [el("text", { x: 14 + 33, y: 9, "text-anchor": "middle" }, "C"),
      el("text", { x: 9, y: 48, "text-anchor": "middle", transform: "rotate(-90 9 46)" }, "H·W")];
    return svg([82, 80], this.view.say(`over_${name}_drawn`), ...cells, ...axes);
  }

  /** Mean and variance for each channel, over what is chosen. @param {Float32Array} x */
  over(x) {
    const { message, state, block } = this.view;
    const [channels, image] = ["channels", "image"].map((name) => message.get(`block.${name}`));
    const mine = momentsOf(x);
    return {
      token: () => mine,
      image: () => ({ mean: image[0], variance: image[1] }),
      channel: (i) => ({ mean: channels[i], variance: channels[block.channels + i] }),
    }[state.norm_over];
  }

  /** A token's numbers after every step. @param {Float32Array} x */
  steps(x) {
    const { message, more, block } = this.view;
    const learned = message.get("block.norm1");
    return normSteps(x, this.over(x), more.eps, learned.subarray(0, block.channels), learned.subarray(block.channels));
  }

  /** The map beside the picture: how large the tokens are after this norm. */
  get map() {
    const { message, state, tokens } = this.view;
    if (state.norm_over === "token") return { name: "map_token" }; // all alike
    const from = OVER.indexOf(state.norm_over) * tokens;
    return { values: message.get("block.lengths").subarray(from, from + tokens), name: `map_${state.norm_over}` };
  }

  draw() {
    const { view } = this;
    const { say, dark, state } = view;
    const x = view.values()?.x ?? null;
    const steps = x ? this.steps(x) : STEPS.map(() => null);
    const width = view.wide(430, COUNTED);
    this.rows.forEach((row, i) => {
      row.node.hidden = i === 3 && state.norm_over !== "token";
      row.draw(steps[i], width, dark, view.css("quiet"), steps[i] ? say("moments", moments(steps[i])) : say("coming"));
    });
    this.drawPair(x, steps[2]);
    this.drawCards();
    this.drawWhy();
    this.drawn = { steps: steps.map((each) => each && Array.from(each)) };
  }

  /** The chosen token and the one whose variance is farthest from its more, on one axis: before and after. */
  drawPair(x, after) {
    const { view } = this;
    const { say, message, tokens, block } = view;
    if (tokens === 1) { this.pair.textContent = say("two_alone"); return; }
    const other = farthest(message.get("block.stats").subarray(tokens), view.token);
    const place = [Math.floor(other / block.size[1]), other % block.size[1]];
    view.other = /** @type {[number, number]} */ (place);
    const y = view.values(other)?.x;
    const both = x && y ? [[x, y], [after, this.steps(y)[2]]] : null;
    const spread = (values) => written(Math.sqrt(momentsOf(values).variance), 2);
    this.pair.textContent = both ? say("two_line", {
      row: place[0], column: place[1], before: spread(x), before2: spread(y), after: spread(both[1][0]),
      after2: spread(both[1][1]),
    }) : say("coming");
    this.dots.forEach((node, i) => node.replaceChildren(...(both ? this.plot(both[i], i) : [])));
  }

  /** The numbers of two tokens as strokes on one axis. */
  plot(both, i) {
    const [width, height] = DOTS;
    const all = both.flatMap((values) => Array.from(values));
    const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
    const at = (value) => (8 + ((value - low) / (high - low || 1)) * (width - 16)).toFixed(1);
    const stroke = (values, top) => Array.from(values, (value) => `M${at(value)} ${top}v18`).join("");
    const label = this.view.say(i ? "two_after" : "two_before");
    const ends = [[low, "start", 8], [high, "end", width - 8]];
    return [el("figcaption", {}, label), svg([width, height], label,
      el("path", { d: `M${at(0)} 4V${height - 16}`, class: "rule" }),
      el("path", { d: stroke(both[0], 6), class: "stroke-query" }),
      el("path", { d: stroke(both[1], 32), class: "stroke-key" }),
      ...ends.map(([value, anchor, x]) => (
        el("text", { x, y: height - 2, "text-anchor": anchor, class: "small" }, written(Number(value), 2)))))];
  }

  drawCards() {
    const { say, message, state, tokens, block, token } = this.view;
    const lengths = message.get("block.lengths");
    const anew = this.view.fresh("cards");
    const most = lengths.reduce((a, b) => Math.max(a, b), 0);
    this.cards.forEach(({ name, map, text, node }, i) => {
      const values = lengths.subarray(i * tokens, (i + 1) * tokens);
      if (anew) drawMap(map, block.size, values, 0, most, 84);
      const ends = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, 0]);
      const [least, largest] = ends.map((value) => written(value, 2));
      text.textContent = say("over_line", { size: written(values[token], 2), least, most: largest });
      node.setAttribute("aria-checked", String(name === state.norm_over));
      node.tabIndex = name === state.norm_over ? 0 : -1;
    });
    this.note.textContent = say(`over_${state.norm_over}_note`, {
      tokens: tokens.toLocaleString("en"), channels: block.channels,
    });
  }

  /** A token's variance over all blocks, and what attention does without the norm. */
  drawWhy() {
    const { view } = this;
    const { say } = view;
    const [stream, without] = ["stream", "without"].map((part) => view.need(part));
    if (!view.fresh("why", Boolean(stream), Boolean(without))) return;
    if (stream) {
      const groups = Array.from(stream.get("stream.variance"), (value) => [value]);
      const chart = bars({ names: view.names, groups, hues: [view.css("accent")], at: view.index }, CHART,
        say("variance_chart"), (value) => written(value, value < 9.95 ? 1 : 0));
      this.curve.replaceChildren(el("figcaption", {}, say("variance_chart")), chart);
    } else this.curve.replaceChildren(say("coming"));
    if (!without) { this.bare.replaceChildren(say("coming")); return; }
    const rows = without.get("without");
    const times = rows[3] / rows[0];
    const key = times > LARGER ? "bare_strong" : view.index < view.names.length - 1 ? "bare_mild" : "bare_last";
    const sentence = say(key, { times: written(times, 1), last: view.names.at(-1) });
    const texts = [0, 3].map((from) => [written(rows[from], 2), percent(rows[from + 1]), percent(rows[from + 2])]);
    const line = (name, i) => el("tr", {}, el("th", { scope: "row" }, say(name)),
      el("td", {}, texts[0][i]), el("td", {}, texts[1][i]));
    this.bare.replaceChildren(el("table", { class: "facts" },
      el("caption", {}, say("bare_title")),
      el("thead", {}, el("tr", {}, el("td", {}), el("th", { scope: "col" }, say("bare_with")),
        el("th", { scope: "col" }, say("bare_without")))),
      el("tbody", {}, ...["bare_scores", "bare_entropy", "bare_saturated"].map(line))), el("p", {}, sentence));
  }
}
