/**
 * The picture with one block's windows on it and a map painted over it. Everything drawn can be read back from
 * `canvas.drawn`, so that a test can compare it with the tensors.
 */

import { hatch, rgb, ring } from "../colour.js";
import { sized } from "../dom.js";
import { clamp } from "../maths.js";
import { pixelAt } from "../pointer.js";
import { drawArcs, drawLabels, overlayOf } from "./arcs.js";
import { drawBase, drawLetter } from "./base.js";
import { EDGE_OPACITY, fillsOf, isHatched, MARKS, outline } from "./marks.js";

/**
 * @typedef {import("../trace.js").Block} Block
 * @typedef {import("../trace.js").Trace} Trace
 * @typedef {[number, number]} Place row and column
 * @typedef {Object} Options @property {boolean} grid @property {boolean} dark
 * @property {boolean} rolled as the shift leaves the map @property {boolean} [light] attention as brightness
 * @property {boolean} [arcs] to the strongest keys @property {boolean} [letters] on the pieces of a window, not a tint
 * @typedef {import("../colour.js").Scale} Scale
 * @typedef {{values: ArrayLike<number>, grid: Block, low: number, high: number, scale: Scale}} Map
 *   a value for every token of the block `grid`, whose size and pixels say where it stands
 */

export class PhotoView {
  /** @type {Trace} */ trace;
  /** @type {Block} */ block;
  /** @type {Options} */ options;
  /** @type {CanvasRenderingContext2D} */ context;
  width = 0;
  height = 0;
  scale = 1; // of a pixel of the picture
  cell = 0; // side of a token
  ratio = 1; // of the screen's pixels to CSS pixels
  /** @type {import("./base.js").Letter[]} */ letters = [];
  veil = 0.8; // opacity of a map over the picture
  #baseKey = "";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.base = document.createElement("canvas");
    this.veiled = document.createElement("canvas");
  }

  /**
   * Lay the picture out for a width of the screen.
   * @param {Trace} trace @param {Block} block @param {number} width @param {Options} options
   */
  place(trace, block, width, options) {
    const [rows, columns] = block.padded;
    this.trace = trace;
    this.block = block;
    this.options = options;
    this.scale = width / (columns * block.pixels);
    this.cell = block.pixels * this.scale;
    this.width = width;
    this.height = rows * this.cell;
    this.ratio = devicePixelRatio || 1;
    this.context = sized(this.canvas, this.width, this.height);
    const key = [trace.id, block.name, width, devicePixelRatio, ...Object.values(options)].join();
    if (key !== this.#baseKey) drawBase(this); // once per block and width
    this.#baseKey = key;
  }

  /** Where a row or column begins, on the screen's own pixels. @param {number} i */
  edge(i) { return Math.round(i * this.cell * this.ratio) / this.ratio; }

  /** A seat's x, y, width and height. @param {Place} seat @returns {[number, number, number, number]} */
  boxOf([row, column]) {
    const [x, y] = [this.edge(column), this.edge(row)];
    return [x, y, this.edge(column + 1) - x, this.edge(row + 1) - y];
  }

  /** Row and column of the token that is shown at a point (CSS pixels), or null on padding. @returns {Place|null} */
  tokenAt(x, y) {
    const { padded, shift } = this.block;
    const seat = [y, x].map((at, i) => clamp(Math.floor(at / this.cell), 0, padded[i] - 1));
    const [row, column] = this.options.rolled ? seat.map((part, i) => (part + shift[i]) % padded[i]) : seat;
    return this.block.isPadding(row, column) ? null : [row, column];
  }

  /** The token under a pointer, or null on padding. @param {PointerEvent|MouseEvent} event */
  pointed(event) { return this.tokenAt(...pixelAt(event, this.canvas, this)); }

  /** Where a place of the map stands on the canvas, in cells. @returns {Place} */
  seat(row, column) {
    if (!this.options.rolled) return [row, column];
    const [rows, columns] = this.block.padded;
    return [(row - this.block.shift[0] + rows) % rows, (column - this.block.shift[1] + columns) % columns];
  }

  /**
   * Where the picture's upper left corner stands: once, or four times where it is rolled over the edges.
   * @returns {[number, number][]} x, y
   */
  copies() {
    if (!this.options.rolled) return [[0, 0]];
    const [dy, dx] = this.block.shift.map((tokens) => tokens * this.cell);
    return [-dy, this.height - dy].flatMap((y) => [-dx, this.width - dx].map((x) => /** @type {Place} */ ([x, y])));
  }

  /** What is drawn now, as a canvas of its own. @returns {HTMLCanvasElement} */
  copy() {
    const { width, height } = this.canvas;
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    copy.getContext("2d").drawImage(this.canvas, 0, 0);
    return copy;
  }

  /** Draw again what `copy` kept. @param {CanvasImageSource} copy */
  drawStill(copy) { this.context.drawImage(copy, 0, 0, this.width, this.height); }

  /**
   * The picture with its query alone: nothing that could be taken for the map of another block.
   * @param {Place} query
   */
  drawBlank(query) {
    this.drawStill(this.base);
    this.markQuery(query, false);
    this.canvas.drawn = { kind: "blank", block: this.block.name, query };
  }

  /**
   * Paint one query's attention over its window. `wrong` forgets to undo the shift.
   * @param {Place} query @param {ArrayLike<number>} shares @param {number} high the share of the strongest colour
   * @param {{wrong: boolean, pinned: boolean}} how
   */
  drawAttention(query, shares, high, { wrong, pinned }) {
    const { block, options } = this;
    const { window: w, slot } = block.find(...query);
    this.drawStill(this.veiled);
    const keys = Array.from(shares, (share, k) => {
      const [row, column] = block.at(w, k);
      const seat = wrong ? block.rolledAt(w, k) : this.seat(row, column);
      const [blocked, padding] = [block.mask(w, slot, k) !== 0, block.isPadding(row, column)];
      return { row, column, seat, share, blocked, padding };
    });
    keys.forEach((key) => this.paintKey(key, high));
    this.outlineWindow(w, wrong);
    for (const letter of this.letters) if (letter.window === w) drawLetter(this.context, letter, true);
    const drawn = { kind: "attention", block: block.name, query, pinned, window: w, keys, high };
    const overlay = options.arcs && !wrong ? overlayOf(this, drawn, slot) : null;
    if (overlay) drawArcs(this, overlay);
    this.markQuery(query, pinned);
    if (overlay) drawLabels(this, overlay);
    this.canvas.drawn = { ...drawn, overlay, letters: this.letters };
  }

  /** @param {{seat: Place, share: number, blocked: boolean, padding: boolean}} key */
  paintKey(key, high) {
    const { context, base, options } = this;
    const { seat, blocked, padding } = key;
    const [x, y, w, h] = this.boxOf(seat);
    const ratio = base.width / this.width;
    context.drawImage(base, x * ratio, y * ratio, w * ratio, h * ratio, x, y, w, h); // unveiled
    for (const [fill, opacity] of fillsOf(key, high, options)) {
      context.globalAlpha = opacity;
      context.fillStyle = fill === "hatch" ? hatch(context) : fill;
      context.fillRect(x, y, w, h);
    }
    context.globalAlpha = 1;
    if (blocked && !isHatched(key)) { // the mask is off or weaker: what leaks is shown, and marked
      context.strokeStyle = "#fff";
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, y + h);
      context.lineTo(x + w, y);
      context.stroke();
    }
    if (padding) ring(context, x, y, w);
  }

  /** @param {number} w @param {boolean} wrong */
  outlineWindow(w, wrong) {
    const { block, context } = this;
    const seatOf = (k) => (wrong ? block.rolledAt(w, k) : this.seat(...block.at(w, k)));
    context.beginPath();
    for (const [r, c, r2, c2] of outline(Array.from({ length: block.N }, (_, k) => seatOf(k)))) {
      context.moveTo(this.edge(c), this.edge(r));
      context.lineTo(this.edge(c2), this.edge(r2));
    }
    this.twice(...MARKS.window);
  }

  /** @param {Place} query @param {boolean} pinned */
  markQuery(query, pinned) { this.mark(query, pinned ? MARKS.pinned : MARKS.query); }

  /** Ring the key that is looked at. @param {Place} key */
  markKey(key) { this.mark(key, MARKS.key); }

  /** @param {Place} place @param {import("./marks.js").Mark} line */
  mark(place, line) { this.frame(this.seat(...place), line); }

  /** A ring about a seat. @param {Place} seat @param {import("./marks.js").Mark} line */
  frame(seat, line) {
    this.context.beginPath();
    this.context.rect(...this.ringOf(seat, line[1]));
    this.twice(...line);
  }

  /** Where a ring's middle line runs: about the seat, and all of it on the picture. @param {Place} seat */
  ringOf(seat, width) {
    const [x, y, w, h] = this.boxOf(seat);
    const rim = width / 2 + 1;
    const [left, top] = [Math.max(rim, x - 1), Math.max(rim, y - 1)];
    const [right, bottom] = [Math.min(this.width - rim, x + w + 1), Math.min(this.height - rim, y + h + 1)];
    return /** @type {[number, number, number, number]} */ ([left, top, right - left, bottom - top]);
  }

  /**
   * Stroke the path over an edge, so that it stands out on any picture.
   * @param {string} colour @param {number} width @param {string} [edge]
   */
  twice(colour, width, edge = "#000000") {
    this.context.globalAlpha = EDGE_OPACITY;
    this.context.lineWidth = width + 2;
    this.context.strokeStyle = edge;
    this.context.stroke();
    this.context.globalAlpha = 1;
    this.context.lineWidth = width;
    this.context.strokeStyle = colour;
    this.context.stroke();
  }

  /**
   * Paint a map over the picture, token by token, and nothing beyond the picture's edge.
   * @param {Map} map @param {Place} query @param {boolean} pinned
   */
  drawMap(map, query, pinned) {
    const { context, trace, scale } = this;
    const [side, small] = [map.grid.pixels * scale, painted(map, this.veil)];
    this.drawStill(this.base);
    context.imageSmoothingEnabled = false;
    for (const [x, y] of this.copies()) {
      context.save();
      context.beginPath();
      context.rect(x, y, trace.width * scale, trace.height * scale);
      context.clip();
      context.drawImage(small, x, y, small.width * side, small.height * side);
      context.restore();
    }
    this.markQuery(query, pinned);
    const { grid: { size: [rows, columns] }, ...shown } = map;
    this.canvas.drawn = { kind: "map", block: this.block.name, query, pinned, ...shown, rows, columns, side };
  }
}

/** A map as one pixel a token; where the value is NaN, none. @param {Map} map @param {number} opacity */
function painted({ values, grid: { size: [height, width] }, low, high, scale }, opacity) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    if (!Number.isNaN(values[i])) image.data.set([...rgb(scale, values[i], low, high), 255 * opacity], i * 4);
  }
  const small = Object.assign(document.createElement("canvas"), { width, height });
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}
