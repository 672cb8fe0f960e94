/**
 * The learned tables as maps around the query, one per head; one offset lights up everywhere it is shared. A table's
 * rows count query − key; a map is its table turned by half, so that a key's bias stands where the key lies.
 */

import { BiasPairs } from "./parts/biaspairs.js";
import { cssOf, rgb } from "../kit/colour.js";
import { grey, signed } from "./boards/look.js";
import { ARROWS, decimal, el, minus, nextFrame, sized } from "../kit/dom.js";
import { clamp, largest, softmax } from "../kit/maths.js";
import { cellAt } from "../kit/pointer.js";
import { framed, picture } from "./parts/picture.js";

const [MAP_PX, ALONE_PX] = [118, 72];
const [QUERY, CHOSEN] = [[["#fff", 3], ["#000", 1]], [["#3b0805", 4.5], ["#ff3b30", 2.5]]];

export class BiasMaps {
  dark = false;
  /** @type {import("./boards/look.js").Look} */ look;

  /** @param {import("./lesson.js").Context} context its message holds what `BiasPairs` needs, and `centre.scaled` */
  constructor(context) {
    const { block, message, say, signal } = context;
    this.block = block;
    this.say = say;
    this.signal = signal;
    this.redraw = nextFrame(() => this.draw());
    this.side = 2 * block.window - 1;
    // some offset, so that something is lit
    this.offset = [1, 2].map((step) => Math.min(this.side - 1, block.window - 1 + step));
    /** @type {Float32Array} ((2M−1)², h) */ this.table = message.get(`${block.name}.table`);
    /** @type {Float32Array|undefined} (h, N, N) of the middle window */ this.scaled = message.get("centre.scaled");
    this.most = largest(this.table.map(Math.abs)) || 1;
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.pairs = new BiasPairs(context, (offset) => this.choose(offset));
    this.pairs.follow(this.offset);
    this.beside = this.pairs.beside;
    this.maps = el("div", { class: "tables" });
    this.alone = el("div", { class: "tables alone" });
    const text = say("tables_text", { side: this.side, cells: this.side ** 2, most: this.most.toFixed(2) });
    this.node = el("section", { class: "extra" },
      this.pairs.node, el("h2", {}, say("tables_title")), el("p", {}, text), this.line,
      this.maps,
      el("h2", {}, say("alone_title")), el("p", {}, say("alone_text")), this.alone);
  }

  /** From a cell of the table to its place in the map, and back. @param {number[]} offset */
  turned(offset) { return offset.map((part) => this.side - 1 - part); }

  /** Arrow keys on the first picture move the frame: up is a key further up. */
  key(event) {
    const move = ARROWS[event.key];
    if (!move) return;
    this.choose(this.offset.map((part, i) => clamp(part - move[i], 0, this.side - 1)));
    event.preventDefault();
  }

  choose(offset) {
    this.offset = offset;
    this.pairs.follow(offset);
    this.redraw();
  }

  card(head) {
    const value = (i) => this.table[i * this.block.heads + head];
    const colour = (i) => signed(this.look, value(i), this.most);
    return { head, ...this.map(this.say("head", { head: head + 1 }), colour) };
  }

  countCard() {
    const middle = this.block.window - 1;
    const often = (i) => this.often(Math.floor(i / this.side) - middle, (i % this.side) - middle);
    const keys = { tabindex: "0", role: "application", "aria-label": this.say("offset_keys") };
    const colour = (i) => grey(this.look, often(i), 0, this.block.window ** 2);
    const card = this.map(this.say("how_often"), colour, keys);
    card.canvas.addEventListener("keydown", (event) => this.key(event), { signal: this.signal });
    return card;
  }

  /** A picture of all offsets, made once: one pixel each. */
  map(title, colour, attributes = /** @type {Object} */ ({ "aria-hidden": "true" })) {
    const canvas = el("canvas", attributes);
    const value = el("small", {});
    const point = (event) => this.choose(this.turned(cellAt(event, canvas, this.side)));
    for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, point, { signal: this.signal });
    const small = picture(this.side, this.side, (i) => colour(this.side ** 2 - 1 - i));
    return { canvas, value, small, node: el("figure", {}, el("figcaption", {}, title), canvas, this.axis(), value) };
  }

  /** What the map's columns count, from left to right (and its rows from top to bottom). */
  axis() {
    const most = this.block.window - 1;
    const texts = [`−${most}`, this.say("map_axis"), `+${most}`];
    return el("span", { class: "axis" }, ...texts.map((text) => el("span", {}, text)));
  }

  /** How many pairs of a window share an offset. */
  often(dy, dx) { return (this.block.window - Math.abs(dy)) * (this.block.window - Math.abs(dx)); }

  /** The maps, made once in every theme. @param {import("./boards/look.js").Look} look */
  dress(look) {
    if (look === this.look) return;
    this.look = look;
    this.cards = Array.from({ length: this.block.heads }, (_, head) => this.card(head));
    this.counts = this.countCard();
    this.maps.replaceChildren(this.counts.node, ...this.cards.map((card) => card.node));
    this.alone.replaceChildren();
  }

  draw(dark = this.dark, look = this.look) {
    this.dark = dark;
    this.dress(look);
    const middle = this.block.window - 1;
    const index = this.offset[0] * this.side + this.offset[1];
    this.pairs.draw(dark, look);
    for (const card of this.cards) {
      this.frame(card);
      card.canvas.drawn = this.table[index * this.block.heads + card.head];
      card.value.textContent = decimal(card.canvas.drawn);
    }
    this.frame(this.counts);
    const [dy, dx] = this.offset.map((part) => part - middle);
    const count = this.often(dy, dx);
    this.counts.value.textContent = String(count);
    const said = { dy, dx, ky: -dy || 0, kx: -dx || 0, index, count };
    this.line.textContent = minus(this.say("offset_line", said));
    if (!this.alone.children.length) this.drawAlone();
  }

  /** The map with the query's own cell, and the chosen offset, framed. */
  frame({ canvas, small }) {
    const cell = Math.max(1, Math.floor(MAP_PX / this.side)); // whole pixels
    const [wide, middle] = [cell * this.side, (this.block.window - 1) * cell];
    const context = sized(canvas, wide, wide);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, wide, wide);
    const [y, x] = this.turned(this.offset);
    framed(context, [middle, middle, cell], QUERY);
    framed(context, [x * cell, y * cell, cell], CHOSEN);
  }

  /** What the middle token of the middle window would look at by position alone, and by content alone. */
  drawAlone() {
    const cards = Array.from({ length: this.block.heads }, (_, head) => {
      const [bias, content] = [this.position(head), this.content(head)].map((logits) => this.shares(softmax(logits)));
      return el("figure", {}, el("figcaption", {}, this.say("head", { head: head + 1 })),
        el("div", { class: "pair-of" }, bias, content), el("small", {}, this.say("alone_labels")));
    });
    this.alone.replaceChildren(...cards);
  }

  /** What the bias adds for the middle token of a window. @returns {number[]} of its N keys */
  position(head) {
    const { window: M, N, heads } = this.block;
    const query = Math.floor(N / 2);
    return Array.from({ length: N }, (_, k) => {
      const [dy, dx] = [Math.floor(query / M) - Math.floor(k / M), (query % M) - (k % M)];
      return this.table[((dy + M - 1) * this.side + dx + M - 1) * heads + head];
    });
  }

  /** The middle token's scores before the bias; zeros where they did not come along. @returns {number[]} */
  content(head) {
    const { N } = this.block;
    const start = (head * N + Math.floor(N / 2)) * N;
    return this.scaled ? Array.from(this.scaled.subarray(start, start + N)) : Array(N).fill(0);
  }

  /** A window's shares as a picture. @param {number[]} shares */
  shares(shares) {
    const { window: M } = this.block;
    const canvas = el("canvas", { "aria-hidden": "true" });
    const side = M * Math.max(1, Math.floor(ALONE_PX / M)); // whole pixels a cell
    const context = sized(canvas, side, side);
    const [most, cell] = [largest(shares), side / M];
    canvas.drawn = shares;
    shares.forEach((share, k) => {
      context.fillStyle = cssOf(rgb("share", share, 0, most));
      context.fillRect((k % M) * cell, Math.floor(k / M) * cell, cell, cell);
    });
    return canvas;
  }
}
