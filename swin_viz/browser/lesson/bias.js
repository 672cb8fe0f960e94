/**
 * The learned tables as maps around the query, one per head; one offset lights up everywhere it is shared. A table's rows
 * count query − key; a map is its table turned by half, so that a key's bias stands where the key lies: key − query.
 */

import { BiasPairs, picture } from "./parts/biaspairs.js";
import { rgb } from "../kit/colour.js";
import { ARROWS, el, nextFrame, sized } from "../kit/dom.js";

const MAP_PX = 118;

export class BiasMaps {
  constructor(trace, index, message, say, signal) {
    this.block = trace.blocks[index];
    Object.assign(this, { trace, say, redraw: nextFrame(() => this.draw()) });
    this.side = 2 * this.block.window - 1;
    this.offset = [1, 2].map((step) => Math.min(this.side - 1, this.block.window - 1 + step)); // some offset, so that something is lit
    this.table = message.get(`${this.block.name}.table`); // ((2M−1)², h)
    this.most = this.table.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.pairs = new BiasPairs(trace, this.block, message.get("index"), this.table, (message.get("head") ?? [0])[0], say, (offset) => this.choose(offset), signal);
    this.pairs.follow(this.offset);
    this.cards = Array.from({ length: this.block.heads }, (_, head) => this.card(head, signal));
    this.counts = this.countCard(signal);
    this.node = el("section", { class: "extra" }, this.pairs.node, el("h2", {}, say("tables_title")), el("p", {}, say("tables_text", { side: this.side, cells: this.side ** 2, most: this.most.toFixed(2) })), this.line,
      el("div", { class: "tables" }, this.counts.node, ...this.cards.map((card) => card.node)),
      el("h2", {}, say("alone_title")), el("p", {}, say("alone_text")), el("div", { class: "tables alone" }));
    this.alone = this.node.querySelector(".alone");
    this.scaled = message.get("centre.scaled"); // (h, N, N) of the middle window
  }

  listen(canvas, signal) {
    for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, (event) => {
      const box = canvas.getBoundingClientRect();
      const part = (at, size) => Math.max(0, Math.min(this.side - 1, Math.floor((at / size) * this.side)));
      this.choose(this.turned([part(event.clientY - box.top, box.height), part(event.clientX - box.left, box.width)]));
    }, { signal });
  }

  /** From a cell of the table to its place in the map, and back. */
  turned(offset) { return offset.map((part) => this.side - 1 - part); }

  /** Arrow keys on the first picture move the frame: up is a key further up. */
  key(event) {
    const move = ARROWS[event.key];
    if (!move) return;
    this.choose(this.offset.map((part, i) => Math.max(0, Math.min(this.side - 1, part - move[i]))));
    event.preventDefault();
  }

  choose(offset) {
    this.offset = offset;
    this.pairs.follow(offset);
    this.redraw();
  }

  card(head, signal) {
    const table = (i) => this.table[i * this.block.heads + head];
    return { head, ...this.map(this.say("head", { head: head + 1 }), (i) => rgb("signed", table(i), -this.most, this.most), signal) };
  }

  countCard(signal) {
    const middle = this.block.window - 1;
    const often = (i) => this.often(Math.floor(i / this.side) - middle, (i % this.side) - middle);
    const card = this.map(this.say("how_often"), (i) => rgb("amount", often(i), 0, this.block.window ** 2), signal);
    for (const [name, value] of Object.entries({ tabindex: "0", role: "application", "aria-label": this.say("offset_keys") })) card.canvas.setAttribute(name, value);
    card.canvas.removeAttribute("aria-hidden");
    card.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    return card;
  }

  /** A picture of all offsets, made once: one pixel each. */
  map(title, colour, signal) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const value = el("small", {});
    this.listen(canvas, signal);
    return { canvas, value, small: picture(this.side, (i) => colour(this.side ** 2 - 1 - i)), node: el("figure", {}, el("figcaption", {}, title), canvas, this.axis(), value) };
  }

  /** What the map's columns count, from left to right (and its rows from top to bottom). */
  axis() {
    const most = this.block.window - 1;
    return el("span", { class: "axis" }, ...[`−${most}`, this.say("map_axis"), `+${most}`].map((text) => el("span", {}, text)));
  }

  /** How many pairs of a window share an offset. */
  often(dy, dx) { return (this.block.window - Math.abs(dy)) * (this.block.window - Math.abs(dx)); }

  draw(dark = this.dark) {
    this.dark = dark;
    const middle = this.block.window - 1;
    const at = this.offset[0] * this.side + this.offset[1];
    this.pairs.draw(dark);
    for (const card of this.cards) {
      this.frame(card);
      card.canvas.drawn = this.table[at * this.block.heads + card.head];
      card.value.textContent = card.canvas.drawn.toFixed(3);
    }
    this.frame(this.counts);
    const [dy, dx] = this.offset.map((part) => part - middle);
    this.counts.value.textContent = String(this.often(dy, dx));
    this.line.textContent = this.say("offset_line", { dy, dx, ky: -dy || 0, kx: -dx || 0, index: at, count: this.often(dy, dx) });
    if (!this.alone.children.length) this.drawAlone();
  }

  /** The map with the query's own cell, and the chosen offset, framed. */
  frame({ canvas, small }) {
    const cell = MAP_PX / this.side;
    const middle = this.block.window - 1;
    const context = sized(canvas, MAP_PX, MAP_PX);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, MAP_PX, MAP_PX);
    context.lineWidth = 1;
    context.strokeStyle = "#000";
    context.strokeRect(middle * cell, middle * cell, cell, cell);
    context.lineWidth = 2.5;
    context.strokeStyle = "#ff3b30";
    const [y, x] = this.turned(this.offset);
    context.strokeRect(x * cell, y * cell, cell, cell);
  }

  /** What the middle token of the middle window would look at by position alone, and by content alone. */
  drawAlone() {
    const { window: M, N, heads } = this.block;
    const query = Math.floor(N / 2);
    const softmax = (logits) => { const most = Math.max(...logits); const w = logits.map((x) => Math.exp(x - most)); const total = w.reduce((a, b) => a + b, 0); return w.map((x) => x / total); };
    const picture = (shares) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      const context = sized(canvas, 72, 72);
      const most = Math.max(...shares);
      canvas.drawn = shares;
      shares.forEach((share, k) => { context.fillStyle = `rgb(${rgb("share", share, 0, most).join()})`; context.fillRect(((k % M) * 72) / M, (Math.floor(k / M) * 72) / M, 72 / M + 0.4, 72 / M + 0.4); });
      return canvas;
    };
    this.alone.replaceChildren(...Array.from({ length: heads }, (_, head) => {
      const bias = Array.from({ length: N }, (_, k) => {
        const [dy, dx] = [Math.floor(query / M) - Math.floor(k / M), (query % M) - (k % M)];
        return this.table[((dy + M - 1) * this.side + dx + M - 1) * heads + head];
      });
      const content = this.scaled ? Array.from(this.scaled.subarray((head * N + query) * N, (head * N + query + 1) * N)) : bias.map(() => 0);
      return el("figure", {}, el("figcaption", {}, this.say("head", { head: head + 1 })),
        el("div", { class: "pair-of" }, picture(softmax(bias)), picture(softmax(content))), el("small", {}, this.say("alone_labels")));
    }));
  }
}
