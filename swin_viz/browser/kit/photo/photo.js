/**
 * The picture with one block's windows on it and a map painted over it. Everything drawn can be read back from
 * `canvas.drawn`, so that a test can compare it with the tensors.
 */

import { css, hatch, rgb, ring } from "../colour.js";
import { sized } from "../dom.js";
import { clamp } from "../maths.js";
import { pixelAt } from "../pointer.js";
import { drawBase } from "./base.js";
import { EDGE_OPACITY, isHatched, MARKS, opacityOf, outline, veilOf } from "./marks.js";

/**
 * @typedef {import("../trace.js").Block} Block
 * @typedef {import("../trace.js").Trace} Trace
 * @typedef {[number, number]} Place row and column
 * @typedef {{grid: boolean, rolled: boolean, dark: boolean}} Options `rolled`: as the shift leaves the map
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
  veil = 0.8; // opacity of a map over the picture
  #baseKey = "";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.base = document.createElement("canvas");
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
    this.context = sized(this.canvas, this.width, this.height);
    const key = [trace.id, block.name, width, devicePixelRatio, ...Object.values(options)].join();
    if (key !== this.#baseKey) drawBase(this); // once per block and width
    this.#baseKey = key;
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
    const { block } = this;
    const { window: w, slot } = block.find(...query);
    this.drawVeiled();
    const keys = Array.from(shares, (share, k) => {
      const [row, column] = block.at(w, k);
      const seat = wrong ? block.rolledAt(w, k) : this.seat(row, column);
      const [blocked, padding] = [block.mask(w, slot, k) !== 0, block.isPadding(row, column)];
      return { row, column, seat, share, blocked, padding };
    });
    keys.forEach((key) => this.paintKey(key, high));
    this.outlineWindow(w, wrong);
    this.markQuery(query, pinned);
    this.canvas.drawn = { kind: "attention", block: block.name, query, pinned, window: w, keys, high };
  }

  drawVeiled() {
    const [level, opacity] = veilOf(this.options.dark);
    this.drawStill(this.base);
    this.context.fillStyle = `rgba(${level},${level},${level},${opacity})`;
    this.context.fillRect(0, 0, this.width, this.height);
  }

  /** @param {{seat: Place, share: number, blocked: boolean, padding: boolean}} key */
  paintKey({ seat: [r, c], share, blocked, padding }, high) {
    const { context, cell } = this;
    const [x, y, ratio] = [c * cell, r * cell, this.base.width / this.width];
    context.drawImage(this.base, x * ratio, y * ratio, cell * ratio, cell * ratio, x, y, cell, cell); // unveiled
    context.globalAlpha = opacityOf(share, high);
    context.fillStyle = isHatched({ blocked, share }) ? hatch(context) : css("share", share, 0, high);
    context.fillRect(x, y, cell, cell);
    context.globalAlpha = 1;
    if (blocked && !isHatched({ blocked, share })) { // the mask is off or weaker: what leaks is shown, and marked
      context.strokeStyle = "#fff";
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, y + cell);
      context.lineTo(x + cell, y);
      context.stroke();
    }
    if (padding) ring(context, x, y, cell);
  }

  /** @param {number} w @param {boolean} wrong */
  outlineWindow(w, wrong) {
    const { block, context, cell } = this;
    const seatOf = (k) => (wrong ? block.rolledAt(w, k) : this.seat(...block.at(w, k)));
    context.beginPath();
    for (const [r, c, r2, c2] of outline(Array.from({ length: block.N }, (_, k) => seatOf(k)))) {
      context.moveTo(c * cell, r * cell);
      context.lineTo(c2 * cell, r2 * cell);
    }
    this.twice(...MARKS.window);
  }

  /** @param {Place} query @param {boolean} pinned */
  markQuery(query, pinned) { this.mark(query, pinned ? MARKS.pinned : MARKS.query); }

  /** Ring the key that is looked at. @param {Place} key */
  markKey(key) { this.mark(key, MARKS.key); }

  /** @param {Place} place @param {import("./marks.js").Mark} line */
  mark(place, line) {
    const [r, c] = this.seat(...place);
    const { context, cell } = this;
    context.beginPath();
    context.rect(c * cell - 1, r * cell - 1, cell + 2, cell + 2);
    this.twice(...line);
  }

  /**
   * Stroke the path with a dark edge, so that it stands out on any picture.
   * @param {string} colour @param {number} width
   */
  twice(colour, width) {
    this.context.lineWidth = width + 2;
    this.context.strokeStyle = `rgba(0,0,0,${EDGE_OPACITY})`;
    this.context.stroke();
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
