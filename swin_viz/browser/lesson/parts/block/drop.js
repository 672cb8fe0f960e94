/** Dropout on the chosen token's numbers and DropPath's lottery, drawn by chance that is the same every time. */

import { decimal, el, percent, sized } from "../../../kit/dom.js";
import { chance, dropped, lottery } from "./maths.js";
import { PLAIN, Row, written } from "./marks.js";

/** @typedef {import("../../block.js").BlockParts} View */

const [TIMES, IMAGES, SEED] = [[1, 10, 1000], 24, 7];
const RATES = [0, 90]; // percent
const BOARD = /** @type {[number, number]} */ ([560, 240]); // pixels of the lottery
const LABEL = 40; // and of its blocks' names

export class Drop {
  count = 0;
  drawings = 0;
  key = "";
  /** @type {Float64Array|null} */ last = null;
  /** @type {Float64Array} */ sum = new Float64Array(0);

  /** @param {View} view */
  constructor(view) {
    this.view = view;
    const { say, more } = view;
    const [min, max] = RATES;
    this.rate = el("input", {
      type: "range", min, max, step: 10, "aria-label": say("rate"),
      oninput: () => view.set({ rate: this.rate.value }),
    });
    this.rateText = el("output", { class: "number" });
    const again = TIMES.map((times) => (
      el("button", { type: "button", onclick: () => this.again(times) }, `× ${times}`)));
    this.rows = ["value", "draw", "mean"].map((name) => new Row(say(`drop_${name}`), false));
    this.line = el("p", { class: "two-lines", "aria-live": "polite" });
    this.same = el("p", {});
    this.variant = el("select", {
      "aria-label": say("rates_of"), onchange: () => view.set({ of_variant: this.variant.value }),
    }, ...Object.keys(more.rates).map((name) => el("option", { value: name }, say(`rates_${name}`))));
    this.board = el("canvas", { class: "lottery", "aria-hidden": "true" });
    this.kept = el("p", {});
    this.node = el("div", {},
      el("h3", {}, say("dropout_title")), el("p", {}, say("dropout_text")),
      el("div", { class: "player" }, el("span", {}, say("rate")), this.rate, this.rateText,
        el("span", {}, say("again")), ...again,
        el("button", { type: "button", class: "ghost", onclick: () => this.reset() }, say("from_start"))),
      el("div", { class: "numbers" }, ...this.rows.map((row) => row.node)), this.line, this.same,
      el("h3", {}, say("path_title")), el("p", {}, say("path_text", { images: IMAGES })),
      el("div", { class: "player" }, el("span", {}, say("rates_of")), this.variant,
        el("button", { type: "button", onclick: () => { this.drawings++; view.redraw(); } }, say("path_again"))),
      this.board, this.kept, this.code());
  }

  /** The model's own lines. */
  code() {
    const { more, say } = this.view;
    const lines = more.code.map((line) => el("code", {}, line));
    return el("figure", {}, el("figcaption", {}, say("path_code")), el("pre", { class: "code" }, ...lines));
  }

  get map() {
    const { message, tokens } = this.view;
    return { values: message.get("block.sizes").subarray(0, tokens), name: "map_stream" };
  }

  /** The rate of Dropout. */
  get p() { return Number(this.view.state.rate ?? 50) / 100; }

  reset() {
    this.count = 0;
    this.view.redraw();
  }

  /** Draw again, so many times. @param {number} times */
  again(times) {
    const x = this.view.values()?.x;
    if (!x) return;
    if (!this.count) {
      this.random = chance(SEED);
      this.sum = new Float64Array(x.length);
    }
    for (let i = 0; i < times; i++) {
      this.last = dropped(x, this.p, this.random);
      this.last.forEach((value, k) => { this.sum[k] += value; });
    }
    this.count += times;
    this.view.redraw();
  }

  draw() {
    const { view } = this;
    const { say, dark, message, more } = view;
    const key = [view.token, this.p].join(); // another token or rate begins anew
    if (key !== this.key) this.count = 0;
    this.key = key;
    const x = view.values()?.x ?? null;
    const mean = x && this.count ? this.sum.map((value) => value / this.count) : null;
    const most = x ? x.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9) / Math.max(0.1, 1 - this.p) : 0;
    [x, this.count ? this.last : null, mean].forEach((values, i) => (
      this.rows[i].draw(values, view.wide(560, PLAIN), dark, view.css("quiet"), "", most)));
    const off = mean ? mean.reduce((a, value, i) => Math.max(a, Math.abs(value - x[i])), 0) : 0;
    const zero = mean ? this.last.reduce((a, value, i) => a + Number(value === 0 && x[i] !== 0), 0) : 0;
    const facts = { count: this.count, off: written(off), zero, all: x?.length ?? 0, rate: percent(this.p) };
    this.line.textContent = mean ? say("drop_line", facts) : say(x ? "drop_none" : "coming");
    this.rate.value = String(Math.round(100 * this.p));
    this.rateText.textContent = `${this.rate.value} %`;
    const [attention, mlp] = message.get("block.same");
    this.same.textContent = say(attention && mlp ? "eval_same" : "eval_other");
    this.variant.value = view.state.of_variant in more.rates ? view.state.of_variant : "swin_t";
    this.drawLottery(more.rates[this.variant.value]);
    this.drawn = { count: this.count, mean: mean && Array.from(mean), p: this.p };
  }

  /** Blocks down, images across: filled where the branches count, hatched where they are left out. */
  drawLottery(rates) {
    const { view } = this;
    if (!view.fresh("lottery", this.variant.value, this.drawings)) return;
    const [, tallest] = BOARD;
    const width = view.wide(BOARD[0], 0);
    const height = Math.min(tallest, rates.length * 20);
    const context = sized(this.board, width, height);
    const hatch = view.look.blocked(context);
    const kept = lottery(rates, IMAGES, chance(SEED + this.drawings));
    const [cell, line] = [(width - 2 * LABEL) / IMAGES, height / rates.length];
    context.clearRect(0, 0, width, height);
    context.font = `${Math.min(12, line)}px ${view.look.font}`;
    context.textBaseline = "middle";
    kept.forEach((row, i) => {
      context.fillStyle = view.css("ink");
      context.textAlign = "left";
      if (line >= 9 || i % 4 === 0) context.fillText(String(i + 1), 0, (i + 0.5) * line);
      context.textAlign = "right";
      if (line >= 9 || i % 4 === 0) context.fillText(percent(1 - rates[i]), width, (i + 0.5) * line);
      row.forEach((yes, k) => {
        context.fillStyle = yes ? view.css("accent") : hatch;
        context.fillRect(LABEL - 12 + k * cell, i * line, cell - 1, line - 1);
      });
    });
    const lost = kept.flat().filter((yes) => !yes).length;
    const least = decimal(100 * (1 - rates.at(-1)), 1);
    this.kept.textContent = view.say("path_line", { lost, all: kept.flat().length, least, blocks: rates.length });
    this.board.drawn = { rates, kept };
  }
}
