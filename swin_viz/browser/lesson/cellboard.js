/**
 * A lesson's board whose cells may be more than tokens: pairs of one window (`<board>.pairs`: the first such cell, N),
 * the run's own features as colours (`<board>.colours.<step>`), and offsets that share an index by mistake.
 */

import { Board } from "./board.js";
import { HUES, inkOn, rgb } from "../kit/colour.js";

const MOST_NAMED = 8; // offsets written out
const signedNumber = (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−"));

export class CellBoard extends Board {
  constructor(message, meta, photo, hands, signal) {
    super(message, meta, photo, hands, signal);
    [this.firstPair, this.tokens] = message.get(`${meta.name}.pairs`) ?? [Infinity, 0];
  }

  /** The names of the steps, as this board's words have them. */
  get stepKeys() {
    const { boards, steps } = this.message.header;
    const mine = boards.findIndex(({ name }) => name === this.meta.name);
    return steps.map(({ keys }) => keys[mine]);
  }

  get stepKey() { return this.stepKeys[this.step]; }

  cell(i, x, y, side, value, group, low, high) {
    const own = this.array("colours", this.step);
    if (own && this.sources[2 * i] >= 0) this.plainCell(x, y, side, Array.from(own.subarray(3 * i, 3 * i + 3)));
    else if (i >= this.firstPair) this.plainCell(x, y, side, [1, 3, 5].map((at) => parseInt(HUES[group % HUES.length].slice(at, at + 2), 16)), value);
    else if (this.meta.ramp && this.stepKey === "pairs") this.coordinates(i, x, y, side, rgb("share", value, low, high));
    else super.cell(i, x, y, side, value, group, low, high);
  }

  plainCell(x, y, side, colour, value = NaN) {
    const size = side - (side > 9 ? 1 : side > 4 ? 0.5 : 0);
    this.context.fillStyle = `rgb(${colour.join()})`;
    this.context.fillRect(x, y, size, size);
    if (side >= 15 && !Number.isNaN(value)) this.write(x, y, size, value, colour);
  }

  /** Row and column of a pair's query, and below them its key's. */
  coordinates(i, x, y, side, colour) {
    this.plainCell(x, y, side, colour);
    if (side < 26) return;
    const { context } = this;
    const [query, key] = this.pairOf(i).map((slot) => this.place(slot).join(","));
    context.fillStyle = inkOn(colour);
    context.font = `${Math.min(15, side * 0.3)}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    [query, key].forEach((text, line) => context.fillText(text, x + side / 2, y + side * (0.3 + 0.4 * line)));
  }

  /** Slots of query and key, on a board whose cells are all pairs of a window. */
  pairOf(i) {
    const N = Math.round(Math.sqrt(this.sources.length / 2));
    return [Math.floor(i / N), i % N];
  }

  place(slot) {
    const M = Math.round((this.sources.length / 2) ** 0.25);
    return [Math.floor(slot / M), slot % M];
  }

  /** Lights what stands somewhere, and says more than the lesson does of pairs. */
  light(cell) {
    const seats = this.seats(this.step);
    const stands = (i) => !Number.isNaN(seats[3 * i]);
    let found = cell;
    if (cell !== null && !stands(cell)) found = [...Array(seats.length / 3).keys()].find(stands);
    super.light(found);
    if (found === null) return;
    if (found >= this.firstPair) this.note.textContent = this.blockedPair(found);
    else if (this.meta.ramp) this.note.textContent += this.sharedOffsets(found);
  }

  /** A pair of the mask's table: whose regions, and what the step makes of them. */
  blockedPair(i) {
    const [query, key] = [this.sources[2 * i], this.sources[2 * i + 1]];
    const region = (slot) => this.array("values", this.step)[this.firstPair - this.tokens + slot];
    const [a, b] = [region(query), region(key)];
    return this.hands.say(a === b ? "mask_pair_free" : "mask_pair_blocked", { query, key, a, b });
  }

  /** Which offsets have this cell's index, where there are several. */
  sharedOffsets(cell) {
    if (!/^(index|table|bias)_/.test(this.stepKey.replace("bias_table", "bias"))) return "";
    const index = this.array("values", this.stepKeys.findIndex((key) => key.startsWith("index")));
    const found = new Map();
    index.forEach((each, i) => {
      if (each !== index[cell]) return;
      const [[qy, qx], [ky, kx]] = this.pairOf(i).map((slot) => this.place(slot));
      found.set([qy - ky, qx - kx].join(), `(${signedNumber(qy - ky)}, ${signedNumber(qx - kx)})`);
    });
    const named = [...found.values()];
    const list = named.slice(0, MOST_NAMED).join(", ") + (named.length > MOST_NAMED ? ", …" : "");
    return ` ${this.hands.say(named.length > 1 ? "offsets_collide" : "offset_alone", { index: index[cell], count: named.length, list })}`;
  }
}
