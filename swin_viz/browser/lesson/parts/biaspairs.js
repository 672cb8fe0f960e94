/** One pair in three places: on the picture, in the index matrix, in a head's table. Each leads to the others. */

import { cssOf } from "../../kit/colour.js";
import { ARROWS, el, minus } from "../../kit/dom.js";
import { clamp, largest } from "../../kit/maths.js";
import { cellAt } from "../../kit/pointer.js";
import { PhotoView } from "../../kit/photo/photo.js";
import { cleared, framed, picture } from "./picture.js";
import { grey, signed } from "../boards/look.js";

/** @typedef {[number, number]} Offset the cell of the table: (Δy, Δx) + M−1 */
/** @typedef {{name: string, canvas: HTMLCanvasElement, title: HTMLElement, node: HTMLElement}} Place */

const RED = "#ff3b30";
const [NARROWEST, WIDEST, ROOM] = [160, 420, 264]; // pixels of a picture

export class BiasPairs {
  /** @type {HTMLCanvasElement|null} one pixel a pair */ indexPicture = null;
  /** @type {HTMLCanvasElement|null} one pixel an offset */ tablePicture = null;
  drawnHead = -1;
  /** @type {import("../boards/look.js").Look} */ look;

  /**
   * @param {import("../lesson.js").Context} context its message holds `index` (N, N), the row of the table for every
   * pair, the table ((2M−1)², h) and `head`, the one that is looked at first
   * @param {(offset: Offset) => void} choose told the cell of the table
   */
  constructor({ trace, block, message, say, signal }, choose) {
    this.trace = trace;
    this.block = block;
    this.say = say;
    this.choose = choose;
    /** @type {Uint16Array} */ this.index = message.get("index");
    /** @type {Float32Array} */ this.table = message.get(`${block.name}.table`);
    /** @type {number} */ this.head = (message.get("head") ?? [0])[0];
    this.most = largest(this.table.map(Math.abs)) || 1;
    this.side = 2 * block.window - 1;
    const [row, column] = block.size.map((side) => Math.floor(side / 2));
    this.at = block.find(row, column);
    this.key = this.at.slot;
    this.line = el("p", { class: "board-note tall", "aria-live": "polite" });
    this.photo = this.picture("photo_bias");
    this.matrix = this.picture("matrix_index");
    this.cells = this.picture("table_head");
    this.view = new PhotoView(this.photo.canvas);
    this.listen(signal);
    this.beside = this.photo.node; // in the place of a second board
    this.beside.className = "board-card";
    this.beside.append(this.line);
    const two = el("div", { class: "two" }, this.matrix.node, this.cells.node);
    const [title, text] = [el("h2", {}, say("pairs_title")), el("p", {}, say("pairs_text"))];
    this.node = el("div", {}, title, text, this.chooser(), two);
  }

  /** @returns {Place} */
  picture(name) {
    const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    const title = el("figcaption", {});
    return { name, canvas, title, node: el("figure", {}, title, canvas) };
  }

  chooser() {
    const option = (_, head) => el("option", { value: head }, String(head + 1));
    this.heads = el("select", {}, ...Array.from({ length: this.block.heads }, option));
    this.heads.addEventListener("change", () => { this.head = Number(this.heads.value); this.choose(this.offset()); });
    return el("div", { class: "player" }, el("label", {}, this.say("head_label"), " ", this.heads));
  }

  listen(signal) {
    const [photo, matrix, cells] = [this.photo, this.matrix, this.cells].map(({ canvas }) => canvas);
    const on = (canvas, point, step) => {
      for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, point, { signal });
      canvas.addEventListener("keydown", (event) => {
        const move = ARROWS[event.key];
        if (!move) return;
        event.preventDefault();
        step(([down, across]) => [down + move[0], across + move[1]]);
      }, { signal });
    };
    const { block, side } = this;
    const chooseIn = (offset) => this.choose([clamp(offset[0], 0, side - 1), clamp(offset[1], 0, side - 1)]);
    on(photo, (event) => this.point(event), (moved) => this.query(moved(block.at(this.at.window, this.at.slot))));
    const slots = () => [this.at.slot, this.key];
    on(matrix, (event) => this.pair(cellAt(event, matrix, block.N)), (moved) => this.pair(moved(slots())));
    on(cells, (event) => this.choose(cellAt(event, cells, side)), (moved) => chooseIn(moved(this.offset())));
  }

  /** A click makes a token the query; a token of the query's window under the pointer is the key. */
  point(event) {
    const at = this.view.pointed(event);
    if (!at) return;
    const { window: w, slot } = this.block.find(...at);
    if (event.type === "pointerdown") this.query(at);
    else if (w === this.at.window) this.pair([this.at.slot, slot]);
  }

  /** Another query; the key keeps its offset where that is in the window. @param {number[]} token row and column */
  query(token) {
    const { block } = this;
    const [row, column] = token.map((each, i) => clamp(each, 0, block.size[i] - 1));
    const offset = this.offset();
    this.at = block.find(row, column);
    const [ky, kx] = this.place(this.at.slot).map((each, i) => each - offset[i] + block.window - 1);
    const inside = Math.min(ky, kx) >= 0 && Math.max(ky, kx) < block.window;
    this.pair([this.at.slot, inside ? ky * block.window + kx : this.at.slot]);
  }

  /** @param {number[]} slots of query and key */
  pair(slots) {
    const [query, key] = slots.map((slot) => clamp(slot, 0, this.block.N - 1));
    this.at = { ...this.at, slot: query };
    this.key = key;
    this.choose(this.offset());
  }

  /** Row and column of a slot inside the window. */
  place(slot) { return [Math.floor(slot / this.block.window), slot % this.block.window]; }

  /** The chosen pair's cell of the table. @returns {Offset} */
  offset() {
    const [[qy, qx], [ky, kx]] = [this.at.slot, this.key].map((slot) => this.place(slot));
    return [qy - ky + this.block.window - 1, qx - kx + this.block.window - 1];
  }

  /** Take an offset that was chosen elsewhere: the query stays where it can, and moves as little as it must. */
  follow(offset) {
    const M = this.block.window;
    const delta = offset.map((each) => each - M + 1);
    const inside = (each, i) => Math.min(Math.max(each, delta[i], 0), M - 1, M - 1 + delta[i]);
    const query = this.place(this.at.slot).map(inside);
    this.at = { ...this.at, slot: query[0] * M + query[1] };
    this.key = (query[0] - delta[0]) * M + query[1] - delta[1];
  }

  /** @param {boolean} dark @param {import("../boards/look.js").Look} look */
  draw(dark, look) {
    if (look !== this.look) { this.indexPicture = null; this.drawnHead = -1; }
    this.look = look;
    const { block, head, side, at: { window: w, slot: query }, key } = this;
    const index = this.index[query * block.N + key];
    const alike = [...this.index.keys()].filter((pair) => this.index[pair] === index);
    for (const { name, title, canvas } of [this.photo, this.matrix, this.cells]) {
      title.textContent = this.say(name, { head: head + 1, N: block.N, side });
      canvas.setAttribute("aria-label", `${title.textContent}. ${this.say(`${name}_keys`)}`);
    }
    this.heads.value = String(head);
    const bias = this.table[index * block.heads + head];
    this.tell(index, bias, alike.length);
    this.drawPhoto(alike, dark);
    this.drawMatrix(alike);
    this.drawTable();
    this.node.drawn = { window: w, query, key, index, bias, alike, head };
  }

  tell(index, bias, count) {
    const [[qy, qx], [ky, kx]] = [this.at.slot, this.key].map((slot) => this.place(slot));
    const of = { m: this.block.window - 1, side: this.side, head: this.head + 1, bias: bias.toFixed(3) };
    const facts = { qy, qx, ky, kx, dy: qy - ky, dx: qx - kx, index, count, ...of };
    this.line.textContent = minus(this.say("pairs_line", facts));
  }

  /** A number of the chosen head, in colour. @param {number} row of the table */
  colourOf(row) { return signed(this.look, this.table[row * this.block.heads + this.head], this.most); }

  /** What this query's keys get, in colour; an arrow for every pair of the window that shares the number. */
  drawPhoto(alike, dark) {
    const { view, block, at: { window: w, slot } } = this;
    const width = clamp(this.photo.node.clientWidth, NARROWEST, Math.max(WIDEST, innerHeight - ROOM));
    view.place(this.trace, block, width, { grid: true, rolled: false, dark });
    const { context, cell } = view;
    context.drawImage(view.base, 0, 0, view.width, view.height);
    context.globalAlpha = 0.75;
    for (let k = 0; k < block.N; k++) {
      const [r, c] = block.at(w, k);
      context.fillStyle = cssOf(this.colourOf(this.index[slot * block.N + k]));
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
    const { block: { N }, index, side } = this;
    this.indexPicture ??= picture(N, N, (i) => grey(this.look, index[i], 0, side ** 2 - 1));
    const { context, width, cell } = this.laid(this.matrix, this.indexPicture, N, 0.25);
    for (const pair of alike) {
      const [x, y] = [pair % N, Math.floor(pair / N)];
      context.drawImage(this.indexPicture, x, y, 1, 1, x * cell, y * cell, cell, cell);
    }
    context.strokeStyle = RED;
    context.lineWidth = 1.5;
    context.strokeRect(0.75, this.at.slot * cell, width - 1.5, cell);
    context.strokeRect(this.key * cell, 0.75, cell, width - 1.5);
  }

  drawTable() {
    const { block, head, side } = this;
    if (this.drawnHead !== head) this.tablePicture = picture(side, side, (i) => this.colourOf(i));
    this.drawnHead = head;
    const { context, cell } = this.laid(this.cells, this.tablePicture, side, 1);
    const [y, x] = this.offset();
    const middle = (block.window - 1) * cell;
    framed(context, [middle, middle, cell], [["#000", 3]]);
    framed(context, [x * cell, y * cell, cell], [[RED, 3]]);
  }

  /** A picture of one pixel a cell, as large as its place allows. */
  laid({ canvas }, image, cells, alpha) {
    const { context, width } = cleared(canvas, NARROWEST, WIDEST);
    context.globalAlpha = alpha;
    context.drawImage(image, 0, 0, width, width);
    context.globalAlpha = 1;
    return { context, width, cell: width / cells };
  }
}
