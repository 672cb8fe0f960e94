/** The real merging: the new tokens' features as colours, before and after the norm and projected, and one token's numbers. */

import { ARROWS, el, nextFrame, sized } from "../kit/dom.js";
import { strip } from "../kit/matrix.js";

const KINDS = ["groups", "normed", "out"];
const WRITTEN = 4; // numbers of each part that are written out

export class MergedTokens {
  /** @param {import("../kit/trace.js").Message} message holds what lessons/merged.py makes: `merge.*` */
  constructor(trace, index, message, say, signal) {
    Object.assign(this, { trace, say, block: trace.blocks[index], redraw: nextFrame(() => this.draw()) });
    [this.rows, this.columns] = message.shape("merge.out");
    this.values = Object.fromEntries(KINDS.map((kind) => [kind, message.get(`merge.${kind}`)]));
    this.width = Object.fromEntries(KINDS.map((kind) => [kind, message.shape(`merge.${kind}`)[2]]));
    this.stats = message.get("merge.stats");
    this.at = [Math.floor(this.rows / 2), Math.floor(this.columns / 2)];
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.strips = el("div", {});
    this.cards = ["photo", ...KINDS].map((kind) => this.card(kind, kind === "photo" ? trace.photo() : this.image(message.get(`merge.colours.${kind}`)), signal));
    this.node = el("section", { class: "extra" }, el("h2", {}, say("real_title")), el("p", {}, say("real_text")),
      el("div", { class: "merge-cards" }, ...this.cards.map((card) => card.node)), this.line, this.strips);
  }

  card(kind, image, signal) {
    const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    const title = this.say(`real_${kind}`, { rows: this.rows, columns: this.columns, C: this.block.channels, channels: this.width[kind] ?? 0 });
    canvas.setAttribute("aria-label", `${title}. ${this.say("real_keys")}`);
    for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, (event) => {
      const box = canvas.getBoundingClientRect();
      this.choose([((event.clientY - box.top) / box.height) * this.rows, ((event.clientX - box.left) / box.width) * this.columns].map(Math.floor));
    }, { signal });
    canvas.addEventListener("keydown", (event) => {
      if (!ARROWS[event.key]) return;
      event.preventDefault();
      this.choose(this.at.map((part, i) => part + ARROWS[event.key][i]));
    }, { signal });
    return { kind, image, canvas, node: el("figure", {}, el("figcaption", {}, title), canvas) };
  }

  /** A picture of one pixel a token. */
  image(colours) {
    const image = new ImageData(this.columns, this.rows);
    for (let i = 0; i < this.rows * this.columns; i++) image.data.set([...colours.subarray(3 * i, 3 * i + 3), 255], 4 * i);
    const canvas = Object.assign(document.createElement("canvas"), { width: this.columns, height: this.rows });
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  choose(at) {
    const next = at.map((part, i) => Math.max(0, Math.min([this.rows, this.columns][i] - 1, part)));
    if (next.join() === this.at.join()) return;
    this.at = next;
    this.redraw();
  }

  draw() {
    for (const card of this.cards) this.paint(card);
    const token = this.at[0] * this.columns + this.at[1];
    const of = (kind) => this.values[kind].subarray(token * this.width[kind], (token + 1) * this.width[kind]);
    const stats = Array.from(this.stats.subarray(6 * token, 6 * token + 6));
    const [mean, variance, mean0, variance0, mean1, variance1] = stats.map((value) => (Math.abs(value) < 5e-4 ? "0.000" : value.toFixed(3)).replace("-", "−"));
    this.line.textContent = this.say("real_line", { row: this.at[0], column: this.at[1], mean, variance, mean0, variance0, mean1, variance1 });
    const [groups, normed, out] = KINDS.map(of);
    this.strips.replaceChildren(this.row("4C", groups, 4), this.row("LayerNorm", normed, 4), this.row("2C", out, 1));
    this.node.drawn = { at: this.at, stats, groups: Array.from(groups), normed: Array.from(normed), out: Array.from(out) };
  }

  /** The whole vector in colour; of each part (x₀ x₁ x₂ x₃) the first numbers. */
  row(label, vector, parts) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const most = vector.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    strip(canvas, vector, Math.max(200, Math.min(620, this.node.clientWidth - 150)), 20, -most, most, { parts });
    const each = vector.length / parts;
    const numbers = Array.from({ length: parts }, (_, part) => {
      const first = Array.from(vector.subarray(part * each, part * each + WRITTEN), (value) => value.toFixed(2).replace("-", "−")).join("  ");
      return `${parts > 1 ? `x${"₀₁₂₃"[part]}: ` : ""}${first} …`;
    });
    return el("div", { class: "merge-strip" }, el("b", {}, label), canvas, el("small", {}, numbers.join("   |   ")));
  }

  paint({ kind, image, canvas }) {
    const width = Math.max(120, Math.min(300, canvas.parentElement.clientWidth));
    const cell = width / this.columns;
    const context = sized(canvas, width, cell * this.rows);
    context.clearRect(0, 0, width, cell * this.rows);
    context.imageSmoothingEnabled = kind === "photo";
    const unit = cell / (2 * this.block.pixels); // of a pixel of the picture; what is padded stays empty
    if (kind === "photo") context.drawImage(image, 0, 0, image.width * unit, image.height * unit);
    else context.drawImage(image, 0, 0, width, cell * this.rows);
    const [y, x] = this.at.map((part) => part * cell);
    for (const [colour, line] of [["#000", 4], ["#ff3b30", 2]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: line });
      context.strokeRect(x, y, cell, cell);
    }
    if (kind === "photo" && cell > 8) { context.lineWidth = 1; context.strokeRect(x + cell / 2, y, 0, cell); context.strokeRect(x, y + cell / 2, cell, 0); }
  }
}
