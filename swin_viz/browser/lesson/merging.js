/** The real merging: the new tokens' features as colours, joined, normed and projected, and one token's numbers. */

import { ARROWS, decimal, el, isDark, nextFrame } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";
import { strip } from "../kit/matrix.js";
import { cellAt } from "../kit/pointer.js";
import { cleared, framed, picture } from "./parts/picture.js";

const KINDS = ["groups", "normed", "out"];
const WRITTEN = 4; // numbers of each part that are written out
const [NARROWEST, WIDEST] = [120, 300]; // pixels of a card's picture
const CHOSEN = [["#000", 4], ["#ff3b30", 2]];


export class MergedTokens {
  /** @param {import("./lesson.js").Context} context its message holds what lessons/merging.py makes: `merge.*` */
  constructor({ trace, block, message, say, signal }) {
    this.block = block;
    this.say = say;
    this.redraw = nextFrame(() => this.draw());
    /** @type {[number, number]} */ this.size = [message.shape("merge.out")[0], message.shape("merge.out")[1]];
    this.at = this.size.map((side) => Math.floor(side / 2));
    /** @type {Record<string, Float32Array>} */ this.values = {};
    /** @type {Record<string, number>} numbers of a token */ this.width = {};
    for (const kind of KINDS) {
      this.values[kind] = message.get(`merge.${kind}`);
      this.width[kind] = message.shape(`merge.${kind}`)[2];
    }
    /** @type {Float32Array} */ this.stats = message.get("merge.stats");
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.strips = el("div", {});
    const image = (kind) => this.image(message.get(`merge.colours.${kind}`));
    const cards = KINDS.map((kind) => this.card(kind, image(kind), signal));
    this.cards = [this.card("photo", trace.photo(), signal), ...cards];
    this.node = el("section", { class: "extra" }, el("h2", {}, say("real_title")), el("p", {}, say("real_text")),
      el("div", { class: "merge-cards" }, ...this.cards.map((card) => card.node)), this.line, this.strips);
  }

  /** A picture of one pixel a token. */
  image(colours) { return picture(...this.size, (i) => colours.subarray(3 * i, 3 * i + 3)); }

  card(kind, image, signal) {
    const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    const [rows, columns] = this.size;
    const title = this.say(`real_${kind}`, { rows, columns, C: this.block.channels, channels: this.width[kind] ?? 0 });
    canvas.setAttribute("aria-label", `${title}. ${this.say("real_keys")}`);
    const point = (event) => this.choose(cellAt(event, canvas, rows, columns));
    for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, point, { signal });
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    return { kind, image, canvas, node: el("figure", {}, el("figcaption", {}, title), canvas) };
  }

  key(event) {
    const move = ARROWS[event.key];
    if (!move) return;
    event.preventDefault();
    this.choose(this.at.map((part, i) => part + move[i]));
  }

  choose(at) {
    const next = at.map((part, i) => clamp(part, 0, this.size[i] - 1));
    if (next.join() === this.at.join()) return;
    this.at = next;
    this.redraw();
  }

  draw() {
    this.cards.forEach((card) => this.paint(card));
    const [row, column] = this.at;
    const token = row * this.size[1] + column;
    const of = (kind) => this.values[kind].subarray(token * this.width[kind], (token + 1) * this.width[kind]);
    const stats = Array.from(this.stats.subarray(6 * token, 6 * token + 6));
    const written = stats.map((value) => Math.abs(value) < 5e-4 ? "0.000" : decimal(value));
    const [mean, variance, mean0, variance0, mean1, variance1] = written;
    this.line.textContent = this.say("real_line", { row, column, mean, variance, mean0, variance0, mean1, variance1 });
    const [groups, normed, out] = KINDS.map(of);
    this.strips.replaceChildren(this.row("4C", groups, 4), this.row("LayerNorm", normed, 4), this.row("2C", out, 1));
    const numbers = { groups: Array.from(groups), normed: Array.from(normed), out: Array.from(out) };
    this.node.drawn = { at: this.at, stats, ...numbers };
  }

  /** The whole vector in colour; of each part (x₀ x₁ x₂ x₃) the first numbers. */
  row(label, vector, parts) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const most = vector.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    strip(canvas, vector, clamp(this.node.clientWidth - 150, 200, 620), 20, -most, most,
      { parts, dark: isDark(this.node) });
    const each = vector.length / parts;
    const numbers = Array.from({ length: parts }, (_, part) => {
      const first = vector.subarray(part * each, part * each + WRITTEN);
      const text = Array.from(first, (value) => decimal(value, 2)).join("  ");
      return `${parts > 1 ? `x${"₀₁₂₃"[part]}: ` : ""}${text} …`;
    });
    return el("div", { class: "merge-strip" }, el("b", {}, label), canvas, el("small", {}, numbers.join("   |   ")));
  }

  paint({ kind, image, canvas }) {
    const [rows, columns] = this.size;
    const { context, width, height } = cleared(canvas, NARROWEST, WIDEST, rows / columns);
    const cell = width / columns;
    const unit = cell / (2 * this.block.pixels); // of a pixel of the picture; what is padded stays empty
    context.imageSmoothingEnabled = kind === "photo";
    if (kind === "photo") context.drawImage(image, 0, 0, image.width * unit, image.height * unit);
    else context.drawImage(image, 0, 0, width, height);
    const [y, x] = this.at.map((part) => part * cell);
    framed(context, [x, y, cell], CHOSEN);
    if (kind !== "photo" || cell <= 8) return;
    context.lineWidth = 1; // the four tokens of the group
    context.strokeRect(x + cell / 2, y, 0, cell);
    context.strokeRect(x, y + cell / 2, cell, 0);
  }
}
