/**
 * A lesson's board whose cells may be more than tokens: pairs of one window (`meta.pairs`: the first such cell, N),
 * the run's own features as colours (`<board>.colours.<features>`), and offsets that share an index by mistake.
 */

import { Board } from "./board.js";
import { fontOf, inner, written } from "./brush.js";
import { minus } from "../../kit/dom.js";
import { mixed } from "./look.js";
import { boxOf } from "./moves.js";

/** @typedef {import("./board.js").Paint} Paint */
/** @typedef {import("./board.js").Seat} Seat */

const HALO = "rgba(255,255,255,.85)";
const MOST_NAMED = 8; // offsets written out
const [ROOMY, SMALL] = [24, 10]; // pixels: a cell's side that holds two lines; below, areas are drawn, not cells
const REGIONS = 64; // more than there are numbers of regions
const PALE = 0.7; // how far a pair of one region is from its hue
const signed = (value) => (value > 0 ? `+${value}` : minus(String(value)));

export class CellBoard extends Board {
  /** @type {(board: CellBoard) => void} told when a cell is lit */ onlight = () => {};
  /** @type {(places: number[][]) => void} told when a pair of real tokens is chosen */ onpick = () => {};
  /** @type {number[]|null} slots of the pair that was chosen, where it is of this window */ picked = null;
  firstPair = Infinity; // the first cell that is a pair
  tokens = 0; // N, of the pairs' window
  M = 0;

  /** @param {import("./board.js").Context} context @param {HTMLCanvasElement} [photo] */
  constructor(context, photo) {
    super(context, photo);
    if (this.meta.pairs) [this.firstPair, this.tokens] = this.meta.pairs;
    this.M = Math.round(Math.sqrt(this.tokens));
  }

  get kind() { return this.steps[this.step].kind; }

  /** Whether the cells are the mask's: tokens by their regions, and pairs of them. */
  get masks() { return Boolean(this.tokens) && !this.meta.ramp; }

  /** Whether one window's queries and keys stand beside a table of their pairs. */
  get comparing() { return this.masks && this.steps[this.step].formula > 1; }

  /** Pairs of two regions are areas by both; padding has a region too. */
  showing(step) {
    const values = this.array("values", step);
    const shown = this.masks ? (i) => values[i] : super.showing(step);
    if (this.steps[step].kind !== "split") return shown;
    return (i) => (i < this.firstPair ? shown(i) : REGIONS * this.regions(i)[0] + this.regions(i)[1]);
  }

  /** @param {Paint} brush @param {number} i @param {Seat} seat */
  cell(brush, i, seat) {
    const { features } = this.steps[this.step];
    const own = features && this.message.get(`${this.meta.name}.colours.${features}`);
    if (own && this.sources[2 * i] >= 0) this.tile(brush, seat, own.subarray(3 * i, 3 * i + 3));
    else if (i < this.firstPair - (this.meta.ramp ? 0 : this.tokens)) this.token(brush, i, seat);
    else this.pairCell(brush, i, inner(seat));
  }

  /** A token; padding shows the number of its region through the hatch. */
  token(brush, i, seat) {
    const { context, values, groups } = brush;
    if (this.comparing) {
      this.tile(brush, inner(seat), this.hueOf(groups[i]), this.meta.patch ? NaN : values[i]);
      return;
    }
    super.cell(brush, i, seat);
    if (!this.masks || this.sources[2 * i] >= 0) return;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * PALE;
    brush.fill(inner(seat), this.hueOf(groups[i]));
    context.globalAlpha = alpha;
    if (!this.meta.patch) brush.write(inner(seat), written(values[i]), this.look.css("region-ink"));
  }

  /** A pair, or one of the queries that stand beside the mask's table. */
  pairCell(brush, i, seat) {
    const { values, groups } = brush;
    if (i < this.firstPair) this.tile(brush, seat, this.hueOf(groups[i]), this.meta.patch ? NaN : values[i]);
    else if (this.kind === "slots") this.slots(brush, i, seat);
    else if (this.kind === "split") this.splitCell(brush, i, seat);
    else if (this.kind === "verdict") this.verdict(brush, i, seat);
    else this.tile(brush, seat, this.colourOf(brush, i), values[i]);
  }

  /** Whose regions a pair of the mask's table is: the query's and the key's. The queries stand before the pairs. */
  regions(i) {
    const values = this.array("values");
    return this.pairOf(i).map((slot) => values[this.firstPair - this.tokens + slot]);
  }

  /** Both hues where the regions differ, a pale one where they do not. */
  splitCell(brush, i, seat) {
    const [a, b] = this.regions(i);
    if (a !== b && seat.width >= SMALL) brush.split(seat, [this.hueOf(a), this.hueOf(b)]);
    else if (a === b) brush.fill(seat, mixed(this.hueOf(a), this.look.rgb("page"), PALE));
    if (!this.meta.patch) this.writeSplit(brush, seat, a, b);
  }

  writeSplit(brush, seat, a, b) {
    brush.write(seat, String(Number(a !== b)), this.look.css(a === b ? "quiet" : "region-ink"), { most: 14 });
  }

  /** Hatched where it is blocked, else plain. */
  verdict(brush, i, seat) {
    const [value, look] = [brush.values[i], this.look];
    brush.fill(seat, value ? brush.blocked : look.rgb("allowed"));
    if (this.meta.patch) return;
    const [ink, halo] = value ? ["blocked-ink", look.css("blocked")] : ["allowed-ink", ""];
    brush.write(seat, written(value), look.css(ink), { halo, most: 14 });
  }

  /** @param {Paint} brush @param {import("./seats.js").Area} area */
  area(brush, area) {
    const pair = area.cell >= this.firstPair;
    const [, , side] = this.seats().subarray(4 * area.cell, 4 * area.cell + 4);
    if (pair && this.kind === "slots") this.slotArea(brush, area, side);
    else if (!pair || !["split", "verdict"].includes(this.kind)) super.area(brush, area);
    else if (this.kind === "split") this.splitArea(brush, area, side);
    else if (!this.fits(written(brush.values[area.cell]), side)) this.verdictArea(brush, area);
  }

  /** Whether a text is written on each cell of a side. */
  fits(text, side) { return !this.meta.patch && fontOf(text, { x: 0, y: 0, width: side - 1, height: side - 1 }) > 0; }

  splitArea(brush, area, side) {
    const [a, b] = this.regions(area.cell);
    if (side >= SMALL) return;
    if (a !== b) brush.split(area, [this.hueOf(a), this.hueOf(b)]);
    brush.context.strokeStyle = this.look.css("page");
    brush.context.strokeRect(area.x - 0.5, area.y - 0.5, area.width, area.height);
    this.writeSplit(brush, area, a, b);
  }

  verdictArea(brush, area) {
    const [value, look] = [brush.values[area.cell], this.look];
    const [ink, halo] = value ? ["blocked-ink", look.css("blocked")] : ["allowed-ink", ""];
    brush.write(area, written(value), look.css(ink), { halo, most: 14 });
  }

  /** Row and column of a pair's query, and below them its key's. */
  slots(brush, i, seat) {
    const colour = brush.ramp(brush.values[i], brush.range);
    brush.fill(seat, colour);
    if (seat.width + 1 < ROOMY) return;
    const half = seat.height / 2;
    this.pairOf(i).forEach((slot, line) => {
      const place = { ...seat, y: seat.y + line * half, height: half };
      brush.write(place, this.place(slot).join(","), brush.inkOn(colour), { most: 15 });
    });
  }

  /** The query's place once a row, where there is no room for both on each. */
  slotArea(brush, area, side) {
    if (side >= ROOMY) return;
    const colour = brush.ramp(brush.values[area.cell], brush.range);
    brush.write(area, this.place(this.pairOf(area.cell)[0]).join(","), brush.inkOn(colour), { most: 14 });
  }

  listen(signal) {
    super.listen(signal);
    this.canvas.addEventListener("click", () => this.pick(), { signal });
  }

  key(event) {
    super.key(event);
    if ((event.key === "Enter" || event.key === " ") && this.pick()) event.preventDefault();
  }

  /** Choose the pair that is lit, if it is two tokens of the picture. @returns {boolean} */
  pick() {
    if (!this.comparing || !this.meta.patch || this.lit === null || this.lit < this.firstPair) return false;
    const places = this.pairOf(this.lit).map((slot) => this.placeOf(slot));
    if (places.every(([row]) => row >= 0)) this.onpick(places);
    return true;
  }

  /** Where a slot's token lies in the picture, (−1, −1) for padding. @param {number} slot */
  placeOf(slot) {
    const i = this.firstPair - this.tokens + slot;
    return [...this.sources.subarray(2 * i, 2 * i + 2)];
  }

  /** The pair chosen elsewhere is shown here too, if it is of this window. @param {number[][]|null} places */
  keep(places) {
    const slots = [...Array(this.tokens).keys()];
    const found = (at) => slots.find((slot) => String(this.placeOf(slot)) === String(at));
    const pair = this.masks && this.meta.patch && places ? places.map(found) : [];
    this.picked = pair.length === 2 && !pair.includes(undefined) ? pair : null;
  }

  /** Borders of the windows to come below the regions of a map, and the compared window's frame once it is cut. */
  lines(brush) {
    if (this.comparing) return;
    if (!this.masks || this.kind === "rows") { super.lines(brush); return; }
    const [at, { context, look }] = [this.array("at"), brush];
    const windowOf = (i) => Math.floor(at[2 * i] / this.M) * REGIONS * REGIONS + Math.floor(at[2 * i + 1] / this.M);
    if (!this.steps[this.step].formula) {
      context.setLineDash([5, 4]);
      brush.line(this.borders(windowOf), this.meta.patch ? "#fff" : look.css("ink"), 1.5);
      context.setLineDash([]);
    }
    super.lines(brush);
    if (this.steps[this.step].formula) this.frameCompared(brush);
  }

  /** The window whose pairs are compared: its tokens are those that the steps after this one still show. */
  frameCompared({ context, look }) {
    const [seats, later] = [this.seats(), this.array("at", this.steps.findIndex(({ formula }) => formula > 1))];
    const map = [...Array(this.firstPair - this.tokens).keys()];
    const tokens = map.filter((i) => !Number.isNaN(later[2 * i]));
    const edges = boxOf(Float32Array.from(tokens.flatMap((i) => [...seats.subarray(4 * i, 4 * i + 4)])));
    context.strokeStyle = look.css("ink");
    context.lineWidth = 3;
    context.strokeRect(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]);
  }

  /**
   * The window whose pairs are compared, as it stands in the rolled map, with a pair ringed on it.
   * @param {CanvasRenderingContext2D} context @param {number} cell pixels @param {number[]} pair slots
   */
  drawWindow(context, cell, pair) {
    const [brush, first] = [this.brush(context), this.firstPair - this.tokens];
    const seat = (slot) => {
      const [row, column] = this.place(slot);
      return { x: column * cell, y: row * cell, width: cell, height: cell };
    };
    for (let slot = 0; slot < this.tokens; slot++) {
      const [i, hue] = [first + slot, this.hueOf(brush.groups[first + slot])];
      if (this.sources[2 * i] < 0) brush.fill(seat(slot), brush.padding);
      else if (this.meta.patch) this.piece(brush, i, seat(slot), brush.groups[i]);
      else brush.fill(inner(seat(slot)), hue);
      brush.write(seat(slot), written(brush.values[i]), this.look.css("region-ink"), { halo: HALO, most: 14 });
    }
    for (const [slot, name] of /** @type {[number, string][]} */ ([[pair[1], "key"], [pair[0], "query"]])) {
      const { x, y } = seat(slot);
      const ring = new Path2D();
      ring.rect(x + 2, y + 2, cell - 5, cell - 5);
      brush.line(ring, this.look.css(name), 2.5, this.look.css(`${name}-edge`));
    }
  }

  /** Slots of the pair that is lit, else of the chosen one, else of one that is blocked. @returns {number[]} */
  get pair() {
    if (this.lit !== null && this.lit >= this.firstPair) return this.pairOf(this.lit);
    if (this.picked) return this.picked;
    const values = this.array("values", this.steps.length - 1);
    const blocked = values.findIndex((value, i) => i >= this.firstPair && value !== 0);
    return this.pairOf(blocked < 0 ? this.firstPair : blocked);
  }

  /** Slots of a pair's query and key. @param {number} i its cell */
  pairOf(i) { return [Math.floor((i - this.firstPair) / this.tokens), (i - this.firstPair) % this.tokens]; }

  /** Row and column of a slot inside the window. @param {number} slot */
  place(slot) { return [Math.floor(slot / this.M), slot % this.M]; }

  /** Lights what stands somewhere. @param {number|null} cell */
  light(cell) {
    const seats = this.seats();
    const stands = (i) => !Number.isNaN(seats[4 * i + 1]);
    super.light(cell === null || stands(cell) ? cell : [...Array(seats.length / 4).keys()].find(stands));
    if (cell !== null) this.onlight(this);
  }

  describe(cell) {
    if (cell < this.firstPair) return super.describe(cell);
    if (!this.meta.ramp) return this.blockedPair(cell);
    const [query, key] = this.pairOf(cell);
    const alike = this.alike().reduce((a, b) => a + b, 0);
    const pair = this.say("pair_cell", { query, key, value: written(this.array("values")[cell]), alike });
    return this.kind === "offsets" ? `${pair} ${this.sharedOffsets(cell)}` : pair;
  }

  /** A pair of the mask's table: whose regions, and what the step makes of them. */
  blockedPair(i) {
    const [[query, key], [a, b]] = [this.pairOf(i), this.regions(i)];
    const said = this.say(a === b ? "mask_pair_free" : "mask_pair_blocked", { query, key, a, b });
    const real = this.meta.patch && [query, key].every((slot) => this.placeOf(slot)[0] >= 0);
    return real ? `${said} ${this.say("pick_pair")}` : said;
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
