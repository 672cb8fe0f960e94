/**
 * One number of a step, worked out: two vectors, their products one by one, and the sum that grows; first slowly, then
 * all. Of x·W one channel of q, of q·kᵀ one pair, of ·v one channel of z.
 */

import { decimal, el, isDark } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";
import { strip } from "../../kit/matrix.js";

const SLOW = 4; // products that are shown one after the other
const [SLOW_MS, ALL_MS] = [900, 2400]; // a slow one; all the others together
const [LABEL, HIGH] = [56, 64];

/**
 * @typedef {Object} Sum
 * @property {[string, string, string]} names of the two vectors and of the result
 * @property {ArrayLike<number>} a @property {ArrayLike<number>} b
 * @property {number} bias added at the end, 0 for none @property {string} about what is worked out
 * @property {number} channels to choose from, 0 for none
 */

/** What the sum has become after every product, before them first. @param {Sum} sum @returns {Float32Array} */
export function running({ a, b }) {
  const found = new Float32Array(a.length + 1);
  for (let i = 0; i < a.length; i++) found[i + 1] = found[i] + a[i] * b[i];
  return found;
}

export class Cell {
  at = 0; // products that are added
  #timer = 0;
  #key = "";
  /** @type {Sum} */ sum;

  /** @param {(key: string, fields?: Object) => string} say @param {(channel: number) => void} choose */
  constructor(say, choose) {
    this.say = say;
    const button = (key, onclick) => el("button", { type: "button", onclick }, say(key));
    this.play = button("cell_play", () => this.turn());
    this.slider = el("input", { type: "range", min: 0, "aria-label": say("cell_at"), oninput: () => {
      this.go(Number(this.slider.value));
    } });
    const all = button("cell_all", () => this.go(this.sum.a.length));
    const pick = () => choose(Number(this.channel.value));
    this.channel = el("input", { type: "range", min: 0, "aria-label": say("cell_channel"), oninput: pick });
    this.channels = el("label", { class: "player" }, say("cell_channel"), " ", this.channel);
    this.about = el("p", { class: "cell-about" });
    this.rows = el("div", {});
    this.line = el("p", { class: "cell-line", "aria-live": "polite" });
    this.node = el("div", { class: "cell" }, this.about, this.channels,
      el("div", { class: "player" }, this.play, this.slider, all), this.line, this.rows);
  }

  /** @param {Sum} sum @param {string} key of what it is made of @param {number} channel @param {number} width */
  draw(sum, key, channel, width) {
    const of = [key, channel, width, isDark(this.node), devicePixelRatio].join();
    if (of === this.#key) return;
    const another = !this.#key.startsWith(`${key},${channel},`);
    this.#key = of;
    this.sum = sum;
    this.width = width;
    this.slider.max = String(sum.a.length);
    this.channels.hidden = !sum.channels;
    this.channel.max = String(sum.channels - 1);
    this.channel.value = String(channel);
    this.about.textContent = sum.about;
    this.sums = running(sum);
    if (another) { this.stop(); this.at = 0; }
    this.go(this.at);
  }

  /** @param {number} at products that are added */
  go(at) {
    this.at = clamp(at, 0, this.sum.a.length);
    if (this.at === this.sum.a.length) this.stop();
    this.slider.value = String(this.at);
    this.show();
  }

  /** Go on by itself, from the start if this is the end; a second press stops. */
  turn() {
    if (this.#timer) { this.stop(); return; }
    if (this.at === this.sum.a.length) this.go(0);
    this.play.textContent = this.say("pause");
    this.line.setAttribute("aria-live", "off"); // it would be read too often
    const next = () => {
      this.#timer = window.setTimeout(next, this.at < SLOW ? SLOW_MS : Math.max(20, ALL_MS / this.sum.a.length));
      this.go(this.at + 1);
      if (!this.node.isConnected) this.stop();
    };
    next();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.line.setAttribute("aria-live", "polite");
    this.play.textContent = this.say("cell_play");
  }

  show() {
    const { sum: { a, b, bias, names: [left, right, result] }, sums, at, say } = this;
    const count = a.length;
    const products = Float32Array.from(a, (value, i) => value * b[i]);
    const added = products.map((product, i) => (i < at ? product : 0));
    const now = at - 1;
    const facts = { at, count, sum: decimal(sums[at]), result, bias: decimal(bias), whole: decimal(sums[at] + bias) };
    const terms = at ? { a: decimal(a[now]), b: decimal(b[now]), product: decimal(a[now] * b[now]) } : {};
    const key = at === count ? (bias ? "cell_done_bias" : "cell_done") : at ? "cell_line" : "cell_start";
    this.line.textContent = say(key, { ...facts, ...terms, before: decimal(sums[Math.max(0, now)]) });
    this.rows.replaceChildren(this.row(left, a, at), this.row(right, b, at), this.row("×", added, at, products),
      this.curve());
    this.node.drawn = { a: Array.from(a), b: Array.from(b), at, sum: sums[at], whole: sums[at] + bias };
  }

  /**
   * A vector as a strip; what is being multiplied is framed.
   * @param {string} label @param {ArrayLike<number>} values @param {number} at
   * @param {ArrayLike<number>} [all] numbers that make its scale
   */
  row(label, values, at, all = values) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const vector = Float32Array.from(values);
    const most = Float32Array.from(all).reduce((found, value) => Math.max(found, Math.abs(value)), 1e-9);
    strip(canvas, vector, this.room, 18, -most, most, { dark: isDark(this.node) });
    if (at && at < vector.length) {
      const context = canvas.getContext("2d");
      const step = this.room / vector.length;
      context.lineWidth = 2;
      context.strokeStyle = isDark(this.node) ? "#fff" : "#000";
      context.strokeRect((at - 1) * step, 1, Math.max(step, 2), 16);
    }
    return el("div", { class: "vector" }, el("span", {}, label), canvas);
  }

  get room() { return clamp(this.width - LABEL, 140, 900); }

  /** The sum after every product so far. */
  curve() {
    const { sums, at, room } = this;
    const most = sums.reduce((found, value) => Math.max(found, Math.abs(value)), 1e-9);
    const x = (i) => (i / (sums.length - 1)) * room;
    const y = (value) => HIGH / 2 - (value / most) * (HIGH / 2 - 6);
    const line = Array.from(sums.subarray(0, at + 1), (value, i) => `${x(i)},${y(value)}`).join(" ");
    const size = { viewBox: `0 0 ${room} ${HIGH}`, width: room, height: HIGH, "aria-hidden": "true" };
    const zero = el("line", { class: "rule", x1: 0, x2: room, y1: HIGH / 2, y2: HIGH / 2 });
    const sum = el("polyline", { class: "sum-line", points: line, fill: "none" });
    const dot = el("circle", { class: "sum-dot", cx: x(at), cy: y(sums[at]), r: 4 });
    return el("div", { class: "vector" }, el("span", {}, "Σ"), el("svg", size, zero, sum, dot));
  }
}
