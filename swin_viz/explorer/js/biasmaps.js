/** The learned tables as maps around the query, one per head; one offset lights up everywhere it is shared. */

import { css, rgb } from "./colour.js";
import { el, sized } from "./dom.js";

const MAP_PX = 118;

export class BiasMaps {
  constructor(trace, index, message, say, signal) {
    this.block = trace.blocks[index];
    Object.assign(this, { trace, say, offset: null });
    this.side = 2 * this.block.window - 1;
    this.table = message.get(`${this.block.name}.table`); // ((2M−1)², h)
    this.most = this.table.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.cards = Array.from({ length: this.block.heads }, (_, head) => this.card(head, signal));
    this.counts = this.countCard(signal);
    this.node = el("section", { class: "extra" }, el("h3", {}, say("tables_title")), el("p", {}, say("tables_text", { side: this.side, cells: this.side ** 2, most: this.most.toFixed(2) })), this.line,
      el("div", { class: "tables" }, this.counts.node, ...this.cards.map((card) => card.node)),
      el("h3", {}, say("alone_title")), el("p", {}, say("alone_text")), el("div", { class: "tables alone" }));
    this.alone = this.node.querySelector(".alone");
    this.scaled = message.get("centre.scaled"); // (h, N, N) of the middle window
  }

  listen(canvas, signal) {
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const part = (at, size) => Math.max(0, Math.min(this.side - 1, Math.floor((at / size) * this.side)));
      this.offset = [part(event.clientY - box.top, box.height), part(event.clientX - box.left, box.width)];
      this.draw();
    }, { signal });
  }

  card(head, signal) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const value = el("small", {});
    this.listen(canvas, signal);
    return { head, canvas, value, node: el("figure", {}, el("figcaption", {}, this.say("head", { head: head + 1 })), canvas, value) };
  }

  countCard(signal) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const value = el("small", {});
    this.listen(canvas, signal);
    return { canvas, value, node: el("figure", {}, el("figcaption", {}, this.say("how_often")), canvas, value) };
  }

  /** How many pairs of a window share an offset. */
  often(dy, dx) { return (this.block.window - Math.abs(dy)) * (this.block.window - Math.abs(dx)); }

  draw() {
    const { side } = this;
    const middle = this.block.window - 1;
    const cell = MAP_PX / side;
    const paint = (canvas, colour) => {
      const context = sized(canvas, MAP_PX, MAP_PX);
      for (let i = 0; i < side * side; i++) {
        context.fillStyle = colour(i);
        context.fillRect((i % side) * cell, Math.floor(i / side) * cell, cell + 0.4, cell + 0.4);
      }
      context.strokeStyle = "#000";
      context.strokeRect(middle * cell, middle * cell, cell, cell);
      if (this.offset) { context.lineWidth = 2.5; context.strokeStyle = "#ff3b30"; context.strokeRect(this.offset[1] * cell, this.offset[0] * cell, cell, cell); }
    };
    const at = this.offset ? this.offset[0] * side + this.offset[1] : null;
    for (const { head, canvas, value } of this.cards) {
      paint(canvas, (i) => css("signed", this.table[i * this.block.heads + head], -this.most, this.most));
      value.textContent = at === null ? "" : this.table[at * this.block.heads + head].toFixed(3);
      canvas.drawn = at === null ? null : this.table[at * this.block.heads + head];
    }
    paint(this.counts.canvas, (i) => css("amount", this.often(Math.floor(i / side) - middle, (i % side) - middle), 0, this.block.window ** 2));
    this.counts.value.textContent = at === null ? "" : String(this.often(this.offset[0] - middle, this.offset[1] - middle));
    this.line.textContent = at === null ? this.say("choose_offset") : this.say("offset_line", { dy: this.offset[0] - middle, dx: this.offset[1] - middle, index: at, count: this.often(this.offset[0] - middle, this.offset[1] - middle) });
    if (!this.alone.children.length) this.drawAlone();
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
