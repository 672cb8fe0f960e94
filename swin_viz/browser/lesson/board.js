/** Cells that move from step to step: a lesson's picture. Numbers and places come from Python; here they only move. */

import { alikeOf, cellUnder, nearestCell, rangeOf, seatsOf } from "./parts/seats.js";
import { cssOf, hatch, inkOn, parse, rgb } from "../kit/colour.js";
import { ARROWS, el, nextFrame, sized } from "../kit/dom.js";
import { pixelAt } from "../kit/pointer.js";

/** @typedef {import("../kit/colour.js").Rgb} Rgb */
/** @typedef {{name: string, title: string, ramp: boolean, pairs: [number, number]|null, patch: number}} Meta */
/**
 * @typedef {Object} Context of a board
 * @property {{boards: Meta[], steps: import("./lesson.js").Step[], colours: Colours}} header @property {number} index
 * @property {import("./lesson.js").Message} message @property {import("./lesson.js").Say} say
 * @property {AbortSignal} signal
 */
/** @typedef {{hues: string[], plain: number, noWindow: number}} Colours and what stands for none: lessons/board.py */
/** @typedef {{x: number, y: number, side: number, size: number}} Seat in pixels; `size` without the gap to the next */

const MOVE_MS = 650;
const [DARK_GREY, LIGHT_GREY] = /** @type {[Rgb, Rgb]} */ ([[58, 62, 70], [222, 226, 232]]);
const READABLE = 15; // pixels: a cell's side from which on its number is written

const ease = (t) => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);
const gapOf = (side) => (side > 9 ? 1 : side > 4 ? 0.5 : 0);

export class Board {
  step = 0;
  width = 0;
  height = 0;
  dark = false;
  from = 0; // the step that the cells come from
  moving = 0; // the number of the frame that is asked for
  /** @type {number|null} the cell that is pointed at */ lit = null;
  /** @type {CanvasRenderingContext2D|null} */ context = null;
  /** @type {Map<string, Float32Array>} */ kept = new Map();
  still = document.createElement("canvas"); // all cells of a step, for the spotlight
  stillKey = "";

  /** @param {Context} context @param {HTMLCanvasElement} [photo] */
  constructor({ header, index, message, say, signal }, photo) {
    this.message = message;
    this.say = say;
    this.photo = photo;
    this.index = index;
    this.steps = header.steps;
    this.colours = header.colours;
    this.hues = header.colours.hues.map(parse);
    this.meta = header.boards[index];
    this.title = say(this.meta.title);
    /** @type {Int32Array} */ this.sources = message.get(`${this.meta.name}.sources`);
    this.canvas = el("canvas", { class: "board", role: "application", tabindex: "0" });
    this.note = el("p", { class: "quiet board-note", "aria-live": "polite" });
    this.shape = el("span", { class: "quiet board-shape" });
    const caption = el("figcaption", {}, this.title, " ", this.shape);
    this.node = el("figure", { class: "board-card" }, caption, this.canvas, this.note);
    this.repaint = nextFrame(() => this.paint(1));
    this.listen(signal);
  }

  listen(signal) {
    const on = (type, act) => this.canvas.addEventListener(type, act, { signal });
    for (const type of ["pointermove", "pointerdown"]) on(type, (event) => this.hover(event));
    on("pointerleave", (event) => { if (event.pointerType !== "touch") this.light(null); }); // a finger lifts to read
    on("blur", () => this.light(null));
    on("keydown", (event) => this.key(event));
  }

  array(kind, step = this.step) { return this.message.get(`${this.meta.name}.${kind}.${step}`); }

  /** Where every cell stands at a step: [x, y, side] in pixels, NaN where it is hidden. @returns {Float32Array} */
  seats(step) {
    const key = `${step}/${this.width}/${this.height}`;
    if (!this.kept.has(key)) this.kept.set(key, seatsOf(this.array("at", step), this.width, this.height));
    return this.kept.get(key);
  }

  /** Show a step; `animate` moves there from the one before. */
  show(step, width, height, dark, animate) {
    const resized = width !== this.width || height !== this.height;
    const before = this.step;
    Object.assign(this, { step, width, height, dark });
    this.context = sized(this.canvas, width, height);
    this.shape.textContent = this.steps[step].shapes[this.index];
    if (before !== step) { this.lit = null; this.note.textContent = ""; } // another cell may stand there now
    if (this.moving && before === step && !resized) return; // on their way
    cancelAnimationFrame(this.moving);
    this.moving = 0;
    if (animate && !resized && before !== step) { this.move(before); return; }
    this.from = step;
    this.paint(1);
  }

  move(from) {
    this.from = from;
    const start = performance.now();
    const tick = (now) => {
      const part = Math.min(1, (now - start) / MOVE_MS);
      this.paint(ease(part));
      this.moving = part < 1 ? requestAnimationFrame(tick) : 0;
    };
    this.moving = requestAnimationFrame(tick);
  }

  paint(part) {
    if (!this.context) return;
    if (part === 1 && this.lit !== null) { this.spotlight(); return; }
    this.context.clearRect(0, 0, this.width, this.height);
    this.cells(this.context, part, () => true);
    if (part !== 1) return;
    const [seats, values, groups] = ["at", "values", "groups"].map((kind) => this.array(kind));
    this.canvas.drawn = { step: this.step, seats, values, groups, lit: this.lit };
  }

  /** Only the cells alike the one pointed at; the others, drawn once, fade. */
  spotlight() {
    const { context, width, height } = this;
    const key = [this.step, width, height, this.dark].join();
    if (key !== this.stillKey) {
      const still = sized(this.still, width, height);
      still.clearRect(0, 0, width, height);
      this.cells(still, 1, () => true);
      this.stillKey = key;
    }
    context.clearRect(0, 0, width, height);
    context.globalAlpha = 0.18;
    context.drawImage(this.still, 0, 0, width, height);
    context.globalAlpha = 1;
    const alike = this.alike();
    this.cells(context, 1, (i) => alike[i]);
    this.canvas.drawn = { ...this.canvas.drawn, lit: this.lit, alike };
  }

  /** Draw the wanted cells, `part` of the way from the step before. */
  cells(context, part, wanted) {
    const [before, after] = [this.seats(this.from), this.seats(this.step)];
    const brush = this.brush(context);
    for (let i = 0; i < after.length / 3; i++) {
      if (!wanted(i)) continue;
      const [came, goes] = [Number.isNaN(before[3 * i + 1]), Number.isNaN(after[3 * i + 1])];
      if (goes && (part === 1 || came)) continue;
      context.globalAlpha = goes ? 1 - part : came ? part : 1;
      const [was, is] = [came ? after : before, goes ? before : after];
      const [x, y, side] = [0, 1, 2].map((k) => was[3 * i + k] + (is[3 * i + k] - was[3 * i + k]) * part);
      this.cell(brush, i, { x, y, side, size: side - gapOf(side) });
    }
    context.globalAlpha = 1;
  }

  /** What is the same for all cells of a frame: as many as there are may be padding. */
  brush(context) {
    const values = this.array("values");
    return { context, values, groups: this.array("groups"), range: rangeOf(values), hatching: hatch(context) };
  }

  /** @typedef {ReturnType<Board["brush"]>} Brush */

  /** The cells lit with the one pointed at: those of its value, else of its window, else of its group; or it alone. */
  alike() {
    const { lit, colours } = this;
    const [values, groups, windows, at] = ["values", "groups", "windows", "at"].map((kind) => this.array(kind));
    const grouped = groups[lit] === colours.plain ? null : groups;
    const same = this.meta.ramp ? values : windows && windows[lit] !== colours.noWindow ? windows : grouped;
    return alikeOf(at, lit, same);
  }

  /** @param {Brush} brush @param {number} i @param {Seat} seat */
  cell(brush, i, seat) {
    const { context, values, groups } = brush;
    if (this.sources[2 * i] < 0) {
      context.fillStyle = brush.hatching;
      context.fillRect(seat.x, seat.y, seat.size, seat.size);
    } else if (this.meta.patch) this.piece(context, i, seat, groups[i]);
    else this.tile(context, seat, this.colourOf(brush, i), values[i]);
  }

  /** A cell's colour: by its number where the numbers are a scale, else by its group. @returns {Rgb} */
  colourOf({ values, groups, range: [low, high] }, i) {
    if (this.meta.ramp && !Number.isNaN(values[i])) {
      const most = Math.max(-low, high);
      return low < 0 ? rgb("signed", values[i], -most, most) : rgb("share", values[i], low, high);
    }
    if (groups[i] !== this.colours.plain) return this.hueOf(groups[i]);
    return this.dark ? DARK_GREY : LIGHT_GREY;
  }

  hueOf(group) { return this.hues[group % this.hues.length]; }

  /** A cell of one colour, its number written on it. @param {Seat} seat @param {Rgb} colour */
  tile(context, seat, colour, value = NaN) {
    context.fillStyle = cssOf(colour);
    context.fillRect(seat.x, seat.y, seat.size, seat.size);
    if (seat.side >= READABLE && !Number.isNaN(value)) this.write(context, seat, value, colour);
  }

  /** A token's piece of the photo, tinted with its group. */
  piece(context, i, { x, y, size }, group) {
    const p = this.meta.patch;
    context.drawImage(this.photo, this.sources[2 * i + 1] * p, this.sources[2 * i] * p, p, p, x, y, size, size);
    if (group === this.colours.plain) return;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * 0.38;
    context.fillStyle = cssOf(this.hueOf(group));
    context.fillRect(x, y, size, size);
    context.globalAlpha = alpha;
  }

  write(context, { x, y, size }, value, colour) {
    const whole = Number.isInteger(value) ? String(value) : value.toFixed(2);
    const text = value <= -100 && size < 28 ? "−" : whole; // four signs cannot be read there; the words say −100
    context.fillStyle = inkOn(colour);
    context.font = `${Math.min(18, size * (text.length > 3 ? 0.3 : 0.42))}px sans-serif`;
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    context.fillText(text, x + size / 2, y + size / 2 + 1);
  }

  hover(event) { this.light(cellUnder(this.seats(this.step), ...pixelAt(event, this.canvas, this))); }

  /** Light a cell and all that are alike; null lights all. @param {number|null} cell */
  light(cell) {
    if (cell === this.lit) return;
    this.lit = cell;
    this.note.textContent = cell === null ? "" : this.describe(cell);
    this.repaint();
  }

  /** What a cell is, in words; `lit` is that cell. @param {number} cell @returns {string} */
  describe(cell) {
    const [groups, windows] = ["groups", "windows"].map((kind) => this.array(kind));
    const [row, column] = this.sources.subarray(2 * cell, 2 * cell + 2);
    const lit = this.alike();
    const alike = lit.reduce((a, b) => a + b, 0);
    const token = row < 0 ? this.say("padding_cell") : this.say("plain_cell", { row, column });
    if (windows && windows[cell] !== this.colours.noWindow) {
      const padding = lit.reduce((a, yes, i) => a + Number(yes && this.sources[2 * i] < 0), 0);
      const key = padding ? "window_padded" : "window_cell";
      return `${token} ${this.say(key, { window: windows[cell], alike, padding })}`;
    }
    return row < 0 || groups[cell] === this.colours.plain ? token : this.say("token_cell", { row, column, alike });
  }

  /** Arrow keys go to the nearest cell in that direction; Escape lights all again. */
  key(event) {
    const move = ARROWS[event.key];
    if (event.key === "Escape") this.light(null);
    else if (move) this.light(this.lit === null ? 0 : nearestCell(this.seats(this.step), this.lit, move));
    else return;
    event.preventDefault();
  }
}
