/**
 * A lesson's board whose cells may be more than tokens: pairs of one window (`meta.pairs`: the first such cell, N),
 * the run's own features as colours (`<board>.colours.<features>`), and offsets that share an index by mistake.
 */

import { Board } from "./board.js";
import { inkOn, rgb } from "../kit/colour.js";

const MOST_NAMED = 8; // offsets written out
const ROOMY = 26; // pixels: a cell's side from which on it holds two lines
const signed = (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−"));

export class CellBoard extends Board {
  firstPair = Infinity; // the first cell that is a pair
  tokens = 0; // N, of the pairs' window
  M = 0;

  /** @param {import("./board.js").Context} context @param {HTMLCanvasElement} [photo] */
  constructor(context, photo) {
    super(context, photo);
    if (this.meta.pairs) [this.firstPair, this.tokens] = this.meta.pairs;
    this.M = Math.round(Math.sqrt(this.tokens));
  }

  /** @param {import("./board.js").Brush} brush @param {number} i @param {import("./board.js").Seat} seat */
  cell(brush, i, seat) {
    const { context, values, groups, range } = brush;
    const { kind, features } = this.steps[this.step];
    const own = features && this.message.get(`${this.meta.name}.colours.${features}`);
    if (own && this.sources[2 * i] >= 0) this.tile(context, seat, own.subarray(3 * i, 3 * i + 3));
    else if (i < this.firstPair) super.cell(brush, i, seat);
    else if (kind === "slots") this.slots(context, i, seat, rgb("share", values[i], ...range));
    else this.tile(context, seat, this.meta.ramp ? this.colourOf(brush, i) : this.hueOf(groups[i]), values[i]);
  }

  /** Row and column of a pair's query, and below them its key's. */
  slots(context, i, seat, colour) {
    this.tile(context, seat, colour);
    const { x, y, side } = seat;
    if (side < ROOMY) return;
    const [query, key] = this.pairOf(i).map((slot) => this.place(slot).join(","));
    context.fillStyle = inkOn(colour);
    context.font = `${Math.min(15, side * 0.3)}px sans-serif`;
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    [query, key].forEach((text, line) => context.fillText(text, x + side / 2, y + side * (0.3 + 0.4 * line)));
  }

  /** Slots of a pair's query and key. @param {number} i its cell */
  pairOf(i) { return [Math.floor((i - this.firstPair) / this.tokens), (i - this.firstPair) % this.tokens]; }

  /** Row and column of a slot inside the window. @param {number} slot */
  place(slot) { return [Math.floor(slot / this.M), slot % this.M]; }

  /** Lights what stands somewhere. @param {number|null} cell */
  light(cell) {
    const seats = this.seats(this.step);
    const stands = (i) => !Number.isNaN(seats[3 * i]);
    super.light(cell === null || stands(cell) ? cell : [...Array(seats.length / 3).keys()].find(stands));
  }

  describe(cell) {
    if (cell < this.firstPair) return super.describe(cell);
    if (!this.meta.ramp) return this.blockedPair(cell);
    const [query, key] = this.pairOf(cell);
    const alike = this.alike().reduce((a, b) => a + b, 0);
    const pair = this.say("pair_cell", { query, key, value: this.array("values")[cell], alike });
    return this.steps[this.step].kind === "offsets" ? `${pair} ${this.sharedOffsets(cell)}` : pair;
  }

  /** A pair of the mask's table: whose regions, and what the step makes of them. The queries stand before the pairs. */
  blockedPair(i) {
    const [query, key] = this.pairOf(i);
    const region = (slot) => this.array("values")[this.firstPair - this.tokens + slot];
    const [a, b] = [region(query), region(key)];
    return this.say(a === b ? "mask_pair_free" : "mask_pair_blocked", { query, key, a, b });
  }

  /** Which offsets have this pair's index, where there are several. */
  sharedOffsets(cell) {
    const index = this.message.get(`${this.meta.name}.index`);
    const found = new Set();
    index.forEach((each, i) => {
      if (each !== index[cell]) return;
      const [[qy, qx], [ky, kx]] = this.pairOf(i).map((slot) => this.place(slot));
      found.add(`(${signed(qy - ky)}, ${signed(qx - kx)})`);
    });
    const [count, named] = [found.size, [...found].slice(0, MOST_NAMED)];
    const list = named.join(", ") + (count > MOST_NAMED ? ", …" : "");
    return this.say(count > 1 ? "offsets_collide" : "offset_alone", { index: index[cell], count, list });
  }
}
