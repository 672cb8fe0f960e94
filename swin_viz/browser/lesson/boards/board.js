/** Cells that move from step to step: a lesson's picture. Numbers and places come from Python; here they only move. */

import { Brush, fontOf, inner, written } from "./brush.js";
import { areasOf, alikeOf, cellUnder, nearestCell, rangeOf, seatsOf, startingAt } from "./seats.js";
import { boxOf, eased, MOVE_MS, onTheWay, ROLL_MS } from "./moves.js";
import { axedShape } from "../parts/axes.js";
import { ARROWS, el, nextFrame, sized } from "../../kit/dom.js";
import { pixelAt } from "../../kit/pointer.js";

/** @typedef {import("../../kit/colour.js").Rgb} Rgb */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./brush.js").Seat} Seat */
/** @typedef {{name: string, title: string, ramp: boolean, pairs: [number, number]|null, patch: number}} Meta */
/**
 * @typedef {Object} Context of a board
 * @property {{boards: Meta[], steps: import("../lesson.js").Step[], colours: Colours, place: string}} header
 * @property {number} index @property {import("../lesson.js").Message} message
 * @property {import("../lesson.js").Say} say
 * @property {AbortSignal} signal
 */
/** @typedef {{plain: number, noWindow: number}} Colours what stands for none: lessons/board.py */
/** @typedef {{seats: Float32Array, areas: import("./seats.js").Area[], range: number[]}} Laid out step */

const [TINT, FADED] = [0.45, 0.18]; // opacity of a hue over the picture, and of cells that are not lit
const PARTED = "rgba(255,255,255,.45)"; // between patches
const [HALO, EDGE] = ["rgba(255,255,255,.85)", "rgba(20,22,26,.9)"];

export class Board {
  step = 0;
  width = 0;
  height = 0;
  from = 0; // the step that the cells come from
  moving = 0; // the number of the frame that is asked for
  /** @type {number|null} the cell that is pointed at */ lit = null;
  /** @type {CanvasRenderingContext2D|null} */ context = null;
  /** @type {Look} */ look;
  /** @type {Map<string, any>} */ kept = new Map();
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
    this.meta = header.boards[index];
    this.title = say(this.meta.title, { block: header.place });
    /** @type {Int32Array} */ this.sources = message.get(`${this.meta.name}.sources`);
    this.canvas = el("canvas", { class: "board", role: "application", tabindex: "0" });
    this.note = el("p", { class: "board-note", "aria-live": "polite" });
    this.shape = el("span", { class: "board-shape" });
    const caption = el("figcaption", {}, el("b", {}, this.title), this.shape);
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

  /** A step laid out, kept until the board's size changes. @returns {Laid} */
  laid(step = this.step) {
    if (!this.kept.has(`laid/${step}`)) {
      const [at, values] = ["at", "values"].map((kind) => this.array(kind, step));
      const seats = seatsOf(at, this.width, this.height, this.steps[step].kind === "rows");
      this.kept.set(`laid/${step}`, { seats, areas: areasOf(seats, this.showing(step)), range: rangeOf(values) });
    }
    return this.kept.get(`laid/${step}`);
  }

  /** What makes an area of a step's cells: the number on them. @param {number} step @returns {(i: number) => number} */
  showing(step) {
    const values = this.array("values", step);
    return (i) => (this.sources[2 * i] < 0 ? NaN : values[i]);
  }

  seats(step = this.step) { return this.laid(step).seats; }

  /** Show a step; `animate` moves there from the one before. @param {Look} look */
  show(step, width, height, look, animate) {
    const resized = width !== this.width || height !== this.height;
    const before = this.step;
    if (resized || look !== this.look) { this.kept.clear(); this.stillKey = ""; }
    Object.assign(this, { step, width, height, look });
    this.context = sized(this.canvas, width, height);
    const { shapes, axes } = this.steps[step];
    this.shape.replaceChildren(...axedShape(shapes[this.index], axes));
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
    const length = this.steps[this.step].kind === "roll" ? ROLL_MS : MOVE_MS;
    const tick = (now) => {
      const part = eased(start, now, length);
      this.paint(part);
      this.moving = part < 1 ? requestAnimationFrame(tick) : 0;
    };
    this.moving = requestAnimationFrame(tick);
  }

  paint(part) {
    if (!this.context) return;
    if (part === 1 && this.lit !== null) { this.spotlight(); return; }
    this.context.clearRect(0, 0, this.width, this.height);
    if (part < 1) { this.passing(this.context, part); return; }
    this.whole(this.context);
    const [seats, values, groups] = ["at", "values", "groups"].map((kind) => this.array(kind));
    this.canvas.drawn = { step: this.step, seats, values, groups, lit: this.lit, boxes: this.seats() };
  }

  /** Only the cells alike the one pointed at; the others, drawn once, fade. */
  spotlight() {
    const { context, width, height } = this;
    const key = [this.step, width, height, devicePixelRatio].join();
    if (key !== this.stillKey) {
      const still = sized(this.still, width, height);
      still.clearRect(0, 0, width, height);
      this.whole(still);
      this.stillKey = key;
    }
    context.clearRect(0, 0, width, height);
    context.globalAlpha = FADED;
    context.drawImage(this.still, 0, 0, width, height);
    context.globalAlpha = 1;
    this.clipTo(context, this.alike());
    this.canvas.drawn = { ...this.canvas.drawn, lit: this.lit, alike: this.alike() };
  }

  /** What is drawn once, where some cells stand. @param {Uint8Array} wanted */
  clipTo(context, wanted) {
    const [seats, path] = [this.seats(), new Path2D()];
    wanted.forEach((yes, i) => {
      const [x, y, wide, high] = seats.subarray(4 * i, 4 * i + 4);
      if (yes) path.rect(x, y, wide, high);
    });
    context.save();
    context.clip(path);
    context.drawImage(this.still, 0, 0, this.width, this.height);
    context.restore();
  }

  /** All cells of the step where they stand, and what lies over them. */
  whole(context) {
    const { seats, areas } = this.laid();
    const brush = this.brush(context);
    for (let i = 0; i < seats.length / 4; i++) {
      if (!Number.isNaN(seats[4 * i + 1])) this.cell(brush, i, this.seatOf(seats, i));
    }
    areas.forEach((area) => this.area(brush, area));
    this.lines(brush);
  }

  /** @returns {Seat} */
  seatOf(seats, i) {
    const [x, y, width, height] = seats.subarray(4 * i, 4 * i + 4);
    return { x, y, width, height };
  }

  /** Cells on their way from the step before. @param {CanvasRenderingContext2D} context @param {number} part */
  passing(context, part) {
    const [before, after] = [this.seats(this.from), this.seats()];
    const box = this.steps[this.step].kind === "roll" ? boxOf(after) : null;
    const brush = this.brush(context);
    context.save();
    if (box) { // what leaves on one side enters on the other
      context.beginPath();
      context.rect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
      context.clip();
    }
    for (let i = 0; i < after.length / 4; i++) {
      const [came, goes] = [Number.isNaN(before[4 * i + 1]), Number.isNaN(after[4 * i + 1])];
      if (came && goes) continue;
      context.globalAlpha = goes ? 1 - part : came ? part : 1;
      const [was, is] = [came ? after : before, goes ? before : after].map((all) => all.subarray(4 * i, 4 * i + 4));
      for (const [x, y, width, height] of onTheWay(was, is, part, box)) this.cell(brush, i, { x, y, width, height });
    }
    context.restore();
  }

  /** What is the same for all cells of a frame. */
  brush(context) {
    const [values, groups] = ["values", "groups"].map((kind) => this.array(kind));
    return Object.assign(new Brush(context, this.look), { values, groups, range: this.laid().range });
  }

  /** @typedef {Brush & {values: Float32Array, groups: Uint8Array, range: number[]}} Paint */

  /** The cells lit with the one pointed at: those of its value, else of its window, else of its group; or it alone. */
  alike() {
    const { lit, colours } = this;
    const [values, groups, windows, at] = ["values", "groups", "windows", "at"].map((kind) => this.array(kind));
    const grouped = groups[lit] === colours.plain ? null : groups;
    const same = this.meta.ramp ? values : windows && windows[lit] !== colours.noWindow ? windows : grouped;
    return alikeOf(at, lit, same);
  }

  /** @param {Paint} brush @param {number} i @param {Seat} seat */
  cell(brush, i, seat) {
    const { values, groups } = brush;
    if (this.sources[2 * i] < 0) brush.fill(inner(seat), brush.padding);
    else if (this.meta.patch) this.piece(brush, i, seat, groups[i]);
    else this.tile(brush, inner(seat), this.colourOf(brush, i), values[i]);
  }

  /** A cell's colour: by its number where the numbers are a scale, else by its group. @returns {Rgb} */
  colourOf(brush, i) {
    const { values, groups, range } = brush;
    const plain = groups[i] === this.colours.plain;
    if ((this.meta.ramp || plain) && !Number.isNaN(values[i])) return brush.ramp(values[i], range);
    return plain ? this.look.rgb("allowed") : this.hueOf(groups[i]);
  }

  hueOf(group) { return this.look.hues[group % this.look.hues.length]; }

  /** A cell of one colour, its number written on it. @param {Paint} brush @param {Seat} seat @param {Rgb} colour */
  tile(brush, seat, colour, value = NaN) {
    brush.fill(seat, colour);
    if (!Number.isNaN(value)) brush.write(seat, written(value), brush.inkOn(colour));
  }

  /** A token's piece of the photo, tinted with its group. @param {Paint} brush */
  piece(brush, i, { x, y, width, height }, group) {
    const [{ context, look }, p] = [brush, this.meta.patch];
    const [left, top] = [this.sources[2 * i + 1] * p, this.sources[2 * i] * p];
    const beyond = left + p > this.photo.width || top + p > this.photo.height;
    if (beyond && this.steps[this.step].kind === "pieces") brush.fill({ x, y, width, height }, brush.padding);
    context.drawImage(this.photo, left, top, p, p, x, y, width, height);
    if (group === this.colours.plain) return;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * TINT;
    context.fillStyle = `rgb(${look.hues[group % look.hues.length]})`;
    context.fillRect(x, y, width, height);
    context.globalAlpha = alpha;
  }

  /** A number once for an area of equal cells, where it does not stand on each. @param {Paint} brush */
  area(brush, area) {
    const text = written(brush.values[area.cell]);
    const [, , width, height] = this.seats().subarray(4 * area.cell, 4 * area.cell + 4);
    const each = !this.meta.patch && fontOf(text, inner({ x: 0, y: 0, width, height }));
    if (each || area.cells === 1) return;
    const most = Math.max(14, Math.min(40, 0.62 * Math.min(area.width, area.height)));
    brush.write(area, text, this.look.css("region-ink"), { halo: HALO, most });
  }

  /** What parts the cells: windows, regions of the picture, the seams of the roll. @param {Paint} brush */
  lines(brush) {
    const { kind } = this.steps[this.step];
    const [windows, groups] = ["windows", "groups"].map((name) => this.array(name));
    if (windows && (kind === "lines" || this.meta.patch)) {
      brush.context.setLineDash(kind === "lines" ? [5, 4] : []);
      const dashed = kind === "lines" && !this.meta.patch;
      brush.line(this.borders((i) => windows[i]), dashed ? this.look.css("ink") : "#fff", 1.5, dashed ? "" : EDGE);
      brush.context.setLineDash([]);
    }
    if (kind === "pieces" && this.meta.patch) brush.line(this.borders((i) => i), PARTED, 1);
    if (kind === "roll") brush.line(this.borders((i) => this.strip(i)), this.look.css("seam"), 2, EDGE);
    else if (this.meta.patch && !windows) brush.line(this.borders((i) => groups[i]), EDGE, 2);
  }

  /** From which side of the roll a cell comes: numbers that differ across its seam. @param {number} i */
  strip(i) {
    const [before, after] = [this.array("at", this.step - 1), this.array("at")];
    const way = (axis) => Math.sign(after[2 * i + axis] - Math.round(before[2 * i + axis]));
    return 3 * way(0) + way(1);
  }

  /** Lines between cells that touch and are not alike. @param {(i: number) => number} of @returns {Path2D} */
  borders(of) {
    const [seats, path] = [this.seats(), new Path2D()];
    const at = startingAt(seats);
    for (let i = 0; i < seats.length / 4; i++) {
      const [x, y, width, height] = seats.subarray(4 * i, 4 * i + 4);
      if (Number.isNaN(y)) continue;
      const [right, below] = [at(x + width, y), at(x, y + height)];
      if (right !== undefined && of(right) !== of(i)) path.rect(x + width, y, 0, height);
      if (below !== undefined && of(below) !== of(i)) path.rect(x, y + height, width, 0);
    }
    return path;
  }

  hover(event) { this.light(cellUnder(this.seats(), ...pixelAt(event, this.canvas, this))); }

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
    else if (move) this.light(this.lit === null ? 0 : nearestCell(this.seats(), this.lit, move));
    else return;
    event.preventDefault();
  }
}
