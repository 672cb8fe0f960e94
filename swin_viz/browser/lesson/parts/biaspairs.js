/** One pair of the chosen block in three places: on the picture, in the index matrix, in a head's table. Each leads to the others. */

import { rgb } from "../../kit/colour.js";
import { ARROWS, el, sized } from "../../kit/dom.js";
import { PhotoView } from "../../kit/photo/photo.js";

const RED = "#ff3b30";

export class BiasPairs {
  /** @param {Uint16Array} index N×N, row of the table for every pair @param {number} head looked at first @param {(offset: [number, number]) => void} choose told the cell of the table */
  constructor(trace, block, index, table, head, say, choose, signal) {
    const most = table.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    Object.assign(this, { trace, block, index, table, say, choose, most, head, side: 2 * block.window - 1 });
    this.at = block.find(...block.size.map((side) => Math.floor(side / 2)));
    this.key = this.at.slot;
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    const [photo, matrix, cells] = ["photo_bias", "matrix_index", "table_head"].map((name) => this.picture(name));
    Object.assign(this, { photo, matrix, cells, view: new PhotoView(photo.canvas) });
    this.listen(signal);
    this.heads = el("select", { onchange: () => { this.head = Number(this.heads.value); this.choose(this.offset()); } },
      ...Array.from({ length: block.heads }, (_, head) => el("option", { value: head }, String(head + 1))));
    this.node = el("div", {}, el("h2", {}, say("pairs_title")), el("p", {}, say("pairs_text")),
      el("div", { class: "player" }, el("label", {}, say("head_label"), " ", this.heads)), this.line,
      el("div", { class: "three" }, photo.node, matrix.node, cells.node));
  }

  picture(name) {
    const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    const title = el("figcaption", {});
    return { name, canvas, title, node: el("figure", {}, title, canvas) };
  }

  listen(signal) {
    const part = (event, canvas, cells) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((each) => Math.max(0, Math.min(cells - 1, Math.floor(each * cells))));
    };
    const on = (canvas, types, act) => types.forEach((type) => canvas.addEventListener(type, act, { signal }));
    const { photo, matrix, cells, block } = this;
    on(photo.canvas, ["pointermove", "pointerdown"], (event) => this.point(event));
    on(matrix.canvas, ["pointermove", "pointerdown"], (event) => this.pair(...part(event, matrix.canvas, block.N)));
    on(cells.canvas, ["pointermove", "pointerdown"], (event) => this.choose(part(event, cells.canvas, this.side)));
    on(photo.canvas, ["keydown"], (event) => this.step(event, ([down, across]) => this.query(...block.at(this.at.window, this.at.slot).map((each, i) => each + [down, across][i]))));
    on(matrix.canvas, ["keydown"], (event) => this.step(event, ([down, across]) => this.pair(this.at.slot + down, this.key + across)));
    on(cells.canvas, ["keydown"], (event) => this.step(event, (move) => this.choose(this.offset().map((each, i) => Math.max(0, Math.min(this.side - 1, each + move[i]))))));
  }

  step(event, go) {
    if (!ARROWS[event.key]) return;
    event.preventDefault();
    go(ARROWS[event.key]);
  }

  /** A click makes a token the query; a token of the query's window under the pointer is the key. */
  point(event) {
    const box = this.photo.canvas.getBoundingClientRect();
    const at = this.view.tokenAt(((event.clientX - box.left) * this.view.width) / box.width, ((event.clientY - box.top) * this.view.height) / box.height);
    if (!at) return;
    const { window: w, slot } = this.block.find(...at);
    if (event.type === "pointerdown") this.query(...at);
    else if (w === this.at.window) this.pair(this.at.slot, slot);
  }

  /** Another query; the key keeps its offset where that is in the window. */
  query(row, column) {
    const [r, c] = [row, column].map((each, i) => Math.max(0, Math.min(this.block.size[i] - 1, each)));
    const offset = this.offset();
    this.at = this.block.find(r, c);
    const [ky, kx] = this.place(this.at.slot).map((each, i) => each - offset[i] + this.block.window - 1);
    const inside = Math.min(ky, kx) >= 0 && Math.max(ky, kx) < this.block.window;
    this.pair(this.at.slot, inside ? ky * this.block.window + kx : this.at.slot);
  }

  pair(query, key) {
    const within = (slot) => Math.max(0, Math.min(this.block.N - 1, slot));
    this.at = { ...this.at, slot: within(query) };
    this.key = within(key);
    this.choose(this.offset());
  }

  /** Row and column of a slot inside the window. */
  place(slot) { return [Math.floor(slot / this.block.window), slot % this.block.window]; }

  /** The chosen pair's cell of the table: (Δy, Δx) + M−1. */
  offset() {
    const key = this.place(this.key);
    return this.place(this.at.slot).map((each, i) => each - key[i] + this.block.window - 1);
  }

  /** Take an offset that was chosen elsewhere: the query stays where it can, and moves as little as it must. */
  follow(offset) {
    const M = this.block.window;
    const delta = offset.map((each) => each - M + 1);
    const query = this.place(this.at.slot).map((each, i) => Math.min(Math.max(each, delta[i], 0), M - 1, M - 1 + delta[i]));
    this.at = { ...this.at, slot: query[0] * M + query[1] };
    this.key = (query[0] - delta[0]) * M + query[1] - delta[1];
  }

  draw(dark) {
    const { block, head } = this;
    const row = this.index[this.at.slot * block.N + this.key];
    const alike = [...this.index.keys()].filter((pair) => this.index[pair] === row);
    for (const { name, title, canvas } of [this.photo, this.matrix, this.cells]) {
      title.textContent = this.say(name, { head: head + 1, N: block.N, side: this.side });
      canvas.setAttribute("aria-label", `${title.textContent}. ${this.say(`${name}_keys`)}`);
    }
    this.heads.value = String(head);
    const bias = this.table[row * block.heads + head];
    this.tell(row, bias, alike.length);
    this.drawPhoto(alike, dark);
    this.drawMatrix(alike);
    this.drawTable();
    this.node.drawn = { window: this.at.window, query: this.at.slot, key: this.key, index: row, bias, alike, head };
  }

  tell(index, bias, count) {
    const [[qy, qx], [ky, kx]] = [this.at.slot, this.key].map((slot) => this.place(slot));
    this.line.textContent = this.say("pairs_line", {
      qy, qx, ky, kx, dy: qy - ky, dx: qx - kx, m: this.block.window - 1, side: this.side, index, head: this.head + 1, bias: bias.toFixed(3), count,
    });
  }

  /** What this query's keys get, in colour; an arrow for every pair of the window that shares the number. */
  drawPhoto(alike, dark) {
    const { view, block, head } = this;
    const { window: w, slot } = this.at;
    const width = Math.max(160, Math.min(420, this.photo.node.clientWidth));
    view.place(this.trace, block, width, { grid: true, rolled: false, dark });
    const { context, cell } = view;
    context.drawImage(view.base, 0, 0, view.width, view.height);
    for (let k = 0; k < block.N; k++) {
      const [r, c] = block.at(w, k);
      context.fillStyle = `rgb(${rgb("signed", this.table[this.index[slot * block.N + k] * block.heads + head], -this.most, this.most).join()})`;
      context.globalAlpha = 0.75;
      context.fillRect(c * cell, r * cell, cell, cell);
    }
    context.globalAlpha = 1;
    view.outlineWindow(w, false);
    this.arrows(alike);
    view.markKey(block.at(w, this.key));
    view.markQuery(block.at(w, slot), true);
  }

  /** From query to key; pairs that the roll tore apart in the picture have none. */
  arrows(alike) {
    const { block, view } = this;
    const { context, cell } = view;
    const apart = this.offset().map((each) => each - block.window + 1);
    context.beginPath();
    for (const pair of alike) {
      const [from, to] = [Math.floor(pair / block.N), pair % block.N].map((slot) => block.at(this.at.window, slot));
      if (from.some((each, i) => each - to[i] !== apart[i])) continue;
      const [x, y, endX, endY] = [from[1], from[0], to[1], to[0]].map((each) => (each + 0.5) * cell);
      context.moveTo(x, y);
      context.lineTo(endX, endY);
      context.moveTo(endX + 2, endY);
      context.arc(endX, endY, 2, 0, 2 * Math.PI);
    }
    view.twice("#fff", 1);
  }

  drawMatrix(alike) {
    const { block, index } = this;
    this.indexPicture ??= picture(block.N, (i) => rgb("share", index[i], 0, this.side ** 2 - 1));
    const { context, width, cell } = this.frame(this.matrix, this.indexPicture, block.N, 0.25);
    for (const pair of alike) {
      const [x, y] = [pair % block.N, Math.floor(pair / block.N)];
      context.drawImage(this.indexPicture, x, y, 1, 1, x * cell, y * cell, cell, cell);
    }
    context.strokeStyle = RED;
    context.lineWidth = 1.5;
    context.strokeRect(0.75, this.at.slot * cell, width - 1.5, cell);
    context.strokeRect(this.key * cell, 0.75, cell, width - 1.5);
  }

  drawTable() {
    const { block, table, head, side } = this;
    if (this.drawnHead !== head) this.tablePicture = picture(side, (i) => rgb("signed", table[i * block.heads + head], -this.most, this.most));
    this.drawnHead = head;
    const { context, cell } = this.frame(this.cells, this.tablePicture, side, 1);
    const [y, x] = this.offset();
    context.strokeStyle = "#000";
    context.strokeRect((block.window - 1) * cell, (block.window - 1) * cell, cell, cell);
    context.strokeStyle = RED;
    context.lineWidth = 3;
    context.strokeRect(x * cell, y * cell, cell, cell);
  }

  /** A picture of one pixel a cell, as large as its place allows. */
  frame({ canvas, node }, image, cells, alpha) {
    const width = Math.max(160, Math.min(420, node.clientWidth));
    const context = sized(canvas, width, width);
    context.clearRect(0, 0, width, width);
    context.imageSmoothingEnabled = false;
    context.globalAlpha = alpha;
    context.drawImage(image, 0, 0, width, width);
    context.globalAlpha = 1;
    return { context, width, cell: width / cells };
  }
}

/** A square canvas of one pixel a cell. @param {(i: number) => number[]} colour */
export function picture(side, colour) {
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) image.data.set([...colour(i), 255], i * 4);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
