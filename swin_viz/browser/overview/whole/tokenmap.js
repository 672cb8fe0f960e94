/** The picture with a stage's tokens, each painted by its section; one is pointed at, by pointer, touch or keys. */

import { ARROWS, el, sized } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";
import { pointer } from "../../kit/pointer.js";
import { framed } from "../../lesson/parts/picture.js";

/**
 * @typedef {{rows: number, columns: number, pixels: number}} Grid tokens of a map, and a token's side in the picture
 * @typedef {{x: number, y: number, side: number, row: number, column: number, i: number}} Cell
 */

/** A canvas keeps its place until the picture is there. @param {number[]} size height and width */
export const kept = ([height, width]) => `width:100%;aspect-ratio:${width}/${height}`;

const CHOSEN = [["#3b0805", 5], ["#ff3b30", 3]];

export class TokenMap {
  /** @type {[number, number]|null} */ at = null;
  /** @type {Grid} */ grid = null;
  /** @type {[number, number]} height and width of the picture */ sides = [1, 1];
  unit = 1;

  /**
   * @param {number[]} size of the picture @param {AbortSignal} signal
   * @param {(at: [number, number]|null) => void} point told which token is pointed at
   */
  constructor(size, signal, point) {
    this.point = point;
    this.canvas = el("canvas", { class: "photo", tabindex: "0", role: "application", style: kept(size) });
    const here = (event) => { if (this.grid) this.choose(this.tokenAt(event)); }; // else nothing is drawn yet
    for (const type of ["pointermove", "pointerdown"]) this.canvas.addEventListener(type, here, { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  tokenAt(event) {
    const parts = pointer(event, this.canvas);
    const token = (i) => Math.floor((parts[i] * this.sides[i]) / this.grid.pixels);
    return this.within([token(0), token(1)]);
  }

  /** @param {[number, number]} at @returns {[number, number]} */
  within([row, column]) { return [clamp(row, 0, this.grid.rows - 1), clamp(column, 0, this.grid.columns - 1)]; }

  key(event) {
    const move = ARROWS[event.key];
    if (!move || !this.grid) return;
    event.preventDefault();
    const { rows, columns } = this.grid;
    const [row, column] = this.at ?? [Math.floor(rows / 2), Math.floor(columns / 2)];
    this.choose(this.at ? this.within([row + move[0], column + move[1]]) : [row, column]);
  }

  choose(at) {
    if (String(at) === String(this.at)) return;
    this.at = at;
    this.point(at);
  }

  /**
   * The picture at most so wide and high, on whole pixels of the finest map; then every token.
   * @param {HTMLCanvasElement} photo @param {Grid} grid @param {number} patch @param {number} most
   * @param {(context: CanvasRenderingContext2D, cell: Cell) => void} paint
   */
  draw(photo, grid, patch, most, paint) {
    this.grid = grid;
    this.sides = [photo.height, photo.width];
    const room = Math.min(most, this.canvas.parentElement.clientWidth || most);
    const unit = Math.min(room / photo.width, most / photo.height);
    this.unit = Math.max(1, Math.floor(unit * patch)) / patch;
    const context = sized(this.canvas, photo.width * this.unit, photo.height * this.unit);
    context.imageSmoothingEnabled = true;
    context.drawImage(photo, 0, 0, photo.width * this.unit, photo.height * this.unit);
    for (let i = 0; i < grid.rows * grid.columns; i++) paint(context, this.cell(i));
    return context;
  }

  /** @param {number} i @returns {Cell} */
  cell(i) {
    const [row, column] = [Math.floor(i / this.grid.columns), i % this.grid.columns];
    const side = this.grid.pixels * this.unit;
    return { x: column * side, y: row * side, side, row, column, i };
  }

  /** A frame around the token that is pointed at. @param {CanvasRenderingContext2D} context */
  frame(context) {
    if (!this.at) return;
    const [row, column] = this.within(this.at);
    const side = this.grid.pixels * this.unit;
    framed(context, [column * side, row * side, side], CHOSEN);
  }
}

const FONT = '"Source Sans 3", "Noto Sans CJK SC", sans-serif';

/** A word on the picture, on a dark ground, kept inside it. */
export function label(context, text, x, y, { width, height }) {
  context.font = `600 13px ${FONT}`;
  const wide = context.measureText(text).width + 10;
  const [left, top] = [clamp(x - wide / 2, 0, Math.max(0, width - wide)), clamp(y - 10, 0, height - 20)];
  context.fillStyle = "rgba(12,14,17,.82)";
  context.fillRect(left, top, wide, 20);
  context.fillStyle = "#fff";
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, left + 5, top + 10.5);
}
