/**
 * The picture with one block's windows on it and a map painted over it. Everything drawn can be read back from
 * `canvas.drawn`, so that a test can compare it with the tensors.
 */

import { css, hatch, HUES, ring, SCALES } from "../colour.js";
import { sized } from "../dom.js";

/** Which neighbours of a place belong to another window. */
function borders(block, rolled) {
  const [rows, columns] = block.padded;
  const owner = new Int32Array(rows * columns);
  for (let w = 0; w < block.windows; w++) {
    for (let s = 0; s < block.N; s++) {
      const [r, c] = rolled ? block.rolledAt(w, s) : block.at(w, s);
      owner[r * columns + c] = w;
    }
  }
  return owner;
}

/** The sides of some cells that no other of them shares, as [row, column, row, column] from end to end. @param {[number, number][]} seats */
export function outline(seats) {
  const inside = new Set(seats.map((seat) => seat.join()));
  return seats.flatMap(([r, c]) => [
    [[r - 1, c], [r, c, r, c + 1]], [[r + 1, c], [r + 1, c, r + 1, c + 1]], [[r, c - 1], [r, c, r + 1, c]], [[r, c + 1], [r, c + 1, r + 1, c + 1]],
  ].filter(([next]) => !inside.has(next.join())).map(([, side]) => side));
}

/** Whether a key is hatched: blocked, and nothing leaks to it. */
export const isHatched = ({ blocked, share }) => blocked && share < 1e-6;

/** What lies over everything but the query's window: [level of grey, opacity]. */
export const veilOf = (dark) => (dark ? [0, 0.5] : [255, 0.45]);

/** The lines that stand out on any picture: colour and width; a dark edge goes below each. */
export const MARKS = { window: ["#fff", 2], query: ["#ff3b30", 2.5], pinned: ["#ff3b30", 4], key: ["#56b4e9", 3] };
export const EDGE_OPACITY = 0.7;

export class PhotoView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.base = document.createElement("canvas");
    this.baseKey = "";
    this.veil = 0.8; // opacity of a map over the picture
  }

  /** Lay the picture out for a width of the screen. `dark` colours what lies outside the picture. */
  place(trace, block, width, options) {
    Object.assign(this, { trace, block, options });
    const [rows, columns] = block.padded;
    this.scale = width / (columns * block.pixels);
    this.cell = block.pixels * this.scale;
    this.width = width;
    this.height = rows * this.cell;
    this.context = sized(this.canvas, this.width, this.height);
    this.drawBase();
  }

  /** Row and column under a point of the canvas (CSS pixels), of the token that is shown there, or null on padding. */
  tokenAt(x, y) {
    const [rows, columns] = this.block.padded;
    let row = Math.max(0, Math.min(rows - 1, Math.floor(y / this.cell)));
    let column = Math.max(0, Math.min(columns - 1, Math.floor(x / this.cell)));
    if (this.options.rolled) {
      row = (row + this.block.shift[0]) % rows;
      column = (column + this.block.shift[1]) % columns;
    }
    return this.block.isPadding(row, column) ? null : [row, column];
  }

  /** Where a place of the map stands on the canvas, in cells. */
  seat(row, column) {
    if (!this.options.rolled) return [row, column];
    const [rows, columns] = this.block.padded;
    return [(row - this.block.shift[0] + rows) % rows, (column - this.block.shift[1] + columns) % columns];
  }

  /** The picture, its padding and the window grid: drawn once per block and width. */
  drawBase() {
    const ratio = window.devicePixelRatio || 1;
    const { grid, rolled, dark } = this.options;
    const key = [this.trace.id, this.block.name, this.width, ratio, grid, rolled, dark].join();
    if (key === this.baseKey) return;
    this.baseKey = key;
    const context = sized(this.base, this.width, this.height);
    context.fillStyle = hatch(context);
    context.fillRect(0, 0, this.width, this.height);
    this.drawPicture(context);
    if (grid) this.drawGrid(context);
  }

  drawPicture(context) {
    const unit = this.scale;
    context.imageSmoothingEnabled = unit < 3;
    if (!this.options.rolled) {
      context.drawImage(this.trace.photo(), 0, 0, this.trace.width * unit, this.trace.height * unit);
      return;
    }
    const [dy, dx] = this.block.shift.map((tokens) => tokens * this.cell);
    for (const y of [-dy, this.height - dy]) {
      for (const x of [-dx, this.width - dx]) {
        context.drawImage(this.trace.photo(), x, y, this.trace.width * unit, this.trace.height * unit);
      }
    }
  }

  drawGrid(context) {
    const [rows, columns] = this.block.padded;
    const owner = borders(this.block, this.options.rolled);
    this.tintWrapped(context);
    context.beginPath();
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const [x, y] = [c * this.cell, r * this.cell];
        if (c && owner[r * columns + c] !== owner[r * columns + c - 1]) { context.moveTo(x, y); context.lineTo(x, y + this.cell); }
        if (r && owner[r * columns + c] !== owner[(r - 1) * columns + c]) { context.moveTo(x, y); context.lineTo(x + this.cell, y); }
      }
    }
    context.lineWidth = 2.5;
    context.strokeStyle = "rgba(0,0,0,.55)";
    context.stroke();
    context.lineWidth = 1.2;
    context.strokeStyle = "rgba(255,255,255,.95)";
    context.stroke();
  }

  /** Windows that the roll puts together from several edges: all their pieces in one colour. */
  tintWrapped(context) {
    let count = 0;
    for (let w = 0; w < this.block.windows; w++) {
      const first = this.block.regions[w * this.block.N];
      let wrapped = false;
      for (let s = 1; s < this.block.N; s++) wrapped ||= this.block.regions[w * this.block.N + s] !== first;
      if (!wrapped) continue;
      context.fillStyle = HUES[count++ % HUES.length];
      context.globalAlpha = 0.3;
      for (let s = 0; s < this.block.N; s++) {
        const [r, c] = this.seat(...this.block.at(w, s));
        context.fillRect(c * this.cell, r * this.cell, this.cell, this.cell);
      }
      context.globalAlpha = 1;
    }
  }

  /** What is drawn now, as a canvas of its own. @returns {HTMLCanvasElement} */
  copy() {
    const copy = Object.assign(document.createElement("canvas"), { width: this.canvas.width, height: this.canvas.height });
    copy.getContext("2d").drawImage(this.canvas, 0, 0);
    return copy;
  }

  /** Draw again what `copy` kept. */
  drawStill(copy) { this.context.drawImage(copy, 0, 0, this.width, this.height); }

  /** The picture with its query alone: nothing that could be taken for the map of another block. */
  drawBlank(query) {
    this.context.drawImage(this.base, 0, 0, this.width, this.height);
    this.markQuery(query, false);
    this.canvas.drawn = { kind: "blank", block: this.block.name, query };
  }

  /** Paint one query's attention over its window. `scale` is [low, high]; `wrong` forgets to undo the shift. */
  drawAttention(query, shares, high, { wrong, pinned }) {
    const { block, context } = this;
    context.drawImage(this.base, 0, 0, this.width, this.height);
    const [level, opacity] = veilOf(this.options.dark);
    context.fillStyle = `rgba(${level},${level},${level},${opacity})`;
    context.fillRect(0, 0, this.width, this.height);
    const { window: w, slot } = block.find(...query);
    const drawn = [];
    for (let k = 0; k < block.N; k++) {
      const real = block.at(w, k);
      const [r, c] = wrong ? block.rolledAt(w, k) : this.seat(...real);
      const blocked = block.mask(w, slot, k) !== 0;
      this.paintCell(r, c, shares[k], high, blocked);
      if (block.isPadding(...real)) ring(context, c * this.cell, r * this.cell, this.cell);
      drawn.push({ row: real[0], column: real[1], seat: [r, c], share: shares[k], blocked, padding: block.isPadding(...real) });
    }
    this.outlineWindow(w, wrong);
    this.markQuery(query, pinned);
    this.canvas.drawn = { kind: "attention", block: block.name, query, pinned, window: w, keys: drawn, high };
  }

  paintCell(r, c, share, high, blocked) {
    const { context, cell } = this;
    const [x, y] = [c * cell, r * cell];
    const ratio = this.base.width / this.width;
    context.drawImage(this.base, x * ratio, y * ratio, cell * ratio, cell * ratio, x, y, cell, cell); // unveiled
    context.globalAlpha = this.opacityOf(share, high);
    context.fillStyle = isHatched({ blocked, share }) ? hatch(context) : css("share", share, 0, high);
    context.fillRect(x, y, cell, cell);
    context.globalAlpha = 1;
    if (blocked && !isHatched({ blocked, share })) { // the mask was switched off or weakened: what leaks is shown, and marked
      context.strokeStyle = "#fff";
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, y + cell);
      context.lineTo(x + cell, y);
      context.stroke();
    }
  }

  /** The less is looked at, the more of the picture shows through. */
  opacityOf(share, high) { return high > 0 ? 0.5 + 0.4 * Math.min(1, share / high) : 0.5; }

  outlineWindow(w, wrong) {
    const { block, context, cell } = this;
    const seats = Array.from({ length: block.N }, (_, k) => (wrong ? block.rolledAt(w, k) : this.seat(...block.at(w, k))));
    context.beginPath();
    for (const [r, c, r2, c2] of outline(seats)) { context.moveTo(c * cell, r * cell); context.lineTo(c2 * cell, r2 * cell); }
    this.twice(...MARKS.window);
  }

  markQuery([row, column], pinned) {
    const [r, c] = this.seat(row, column);
    const { context, cell } = this;
    context.beginPath();
    context.rect(c * cell - 1, r * cell - 1, cell + 2, cell + 2);
    this.twice(...(pinned ? MARKS.pinned : MARKS.query));
  }

  /** Ring the key that is looked at. */
  markKey([row, column]) {
    const [r, c] = this.seat(row, column);
    this.context.beginPath();
    this.context.rect(c * this.cell - 1, r * this.cell - 1, this.cell + 2, this.cell + 2);
    this.twice(...MARKS.key);
  }

  /** Stroke the path with a dark edge, so that it stands out on any picture. */
  twice(colour, width) {
    this.context.lineWidth = width + 2;
    this.context.strokeStyle = `rgba(0,0,0,${EDGE_OPACITY})`;
    this.context.stroke();
    this.context.lineWidth = width;
    this.context.strokeStyle = colour;
    this.context.stroke();
  }

  /** Paint a value for every real token of a map of `rows` × `columns` cells. */
  drawMap(values, rows, columns, low, high, scale, query, pinned) {
    const { context, block } = this;
    context.drawImage(this.base, 0, 0, this.width, this.height);
    const image = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) {
      const at = high > low ? (values[i] - low) / (high - low) : 0;
      if (Number.isNaN(at)) continue; // nothing to show here
      image.data.set(SCALES[scale][Math.max(0, Math.min(255, Math.round(at * 255)))], i * 4);
      image.data[i * 4 + 3] = 255 * this.veil;
    }
    const small = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    small.getContext("2d").putImageData(image, 0, 0);
    const side = (block.size[0] * block.pixels * this.scale) / rows;
    context.imageSmoothingEnabled = false;
    if (this.options.rolled) this.drawRolled(small, side);
    else context.drawImage(small, 0, 0, columns * side, rows * side);
    this.markQuery(query, pinned);
    this.canvas.drawn = { kind: "map", block: block.name, query, pinned, values, rows, columns, low, high, scale, side };
  }

  drawRolled(small, side) {
    const [dy, dx] = this.block.shift.map((tokens) => tokens * this.cell);
    for (const y of [-dy, this.height - dy]) {
      for (const x of [-dx, this.width - dx]) this.context.drawImage(small, x, y, small.width * side, small.height * side);
    }
  }
}
