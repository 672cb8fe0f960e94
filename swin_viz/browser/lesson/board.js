/** Cells that move from step to step: a lesson's picture. Numbers and places come from Python; here they only move. */

import { HUES, hatch, inkOn, rgb } from "../kit/colour.js";
import { el, nextFrame, sized } from "../kit/dom.js";

export const PLAIN_GROUP = 255;
export const NO_WINDOW = 65535;
const MOVE_MS = 650;
const HEX = HUES.map((hue) => [1, 3, 5].map((i) => parseInt(hue.slice(i, i + 2), 16)));

const ease = (t) => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);

export class Board {
  /** @param {import("../kit/trace.js").Message} message @param {{name: string, title: string, count: number, ramp: boolean, patch: number}} meta */
  constructor(message, meta, photo, hands, signal) {
    Object.assign(this, { message, meta, photo, hands });
    this.canvas = el("canvas", { class: "board", role: "application", tabindex: "0" });
    this.note = el("p", { class: "quiet board-note", "aria-live": "polite" });
    this.shape = el("span", { class: "quiet board-shape" });
    this.node = el("figure", { class: "board-card" }, el("figcaption", {}, meta.title, " ", this.shape), this.canvas, this.note);
    this.sources = message.get(`${meta.name}.sources`);
    this.step = 0;
    this.lit = null;
    this.repaint = nextFrame(() => this.paint(1));
    for (const type of ["pointermove", "pointerdown"]) this.canvas.addEventListener(type, (event) => this.hover(event), { signal });
    this.canvas.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") this.light(null); }, { signal }); // a lifted finger leaves too
    this.canvas.addEventListener("blur", () => this.light(null), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  array(kind, step) { return this.message.get(`${this.meta.name}.${kind}.${step}`); }

  /** Scale and offset that fit a step into the canvas. */
  fit(step) {
    const at = this.array("at", step);
    let [rows, columns] = [1, 1];
    for (let i = 0; i < at.length; i += 2) if (!Number.isNaN(at[i])) { rows = Math.max(rows, at[i] + 1); columns = Math.max(columns, at[i + 1] + 1); }
    const scale = Math.min(this.width / columns, this.height / rows, 64);
    return { scale, left: (this.width - columns * scale) / 2, top: (this.height - rows * scale) / 2 };
  }

  /** Where every cell stands at a step: [x, y, side] in pixels, NaN where it is hidden. */
  seats(step) {
    const key = `${step}/${this.width}`;
    this.kept ??= new Map();
    if (!this.kept.has(key)) {
      const at = this.array("at", step);
      const { scale, left, top } = this.fit(step);
      const out = new Float32Array((at.length / 2) * 3);
      for (let i = 0; i < at.length / 2; i++) out.set([left + at[2 * i + 1] * scale, top + at[2 * i] * scale, scale], i * 3);
      this.kept.set(key, out);
    }
    return this.kept.get(key);
  }

  /** Show a step; `animate` moves there from the one before. */
  show(step, width, height, dark, animate) {
    const resized = width !== this.width || height !== this.height;
    Object.assign(this, { width, height, dark });
    this.context = sized(this.canvas, width, height);
    const from = this.step;
    this.step = step;
    if (from !== step) { this.lit = null; this.note.textContent = ""; } // another cell may stand there now
    cancelAnimationFrame(this.frame);
    if (!animate || resized || from === step) { this.from = step; this.paint(1); return; }
    this.from = from;
    const start = performance.now();
    const tick = (now) => {
      const part = Math.min(1, (now - start) / MOVE_MS);
      this.paint(ease(part));
      if (part < 1) this.frame = requestAnimationFrame(tick);
    };
    this.frame = requestAnimationFrame(tick);
  }

  paint(part) {
    if (!this.context) return;
    if (part === 1 && this.lit !== null) { this.spotlight(); return; }
    this.context.clearRect(0, 0, this.width, this.height);
    this.cells(part, () => true);
    if (part === 1) this.canvas.drawn = { step: this.step, seats: this.array("at", this.step), values: this.array("values", this.step), groups: this.array("groups", this.step), lit: this.lit };
  }

  /** Only the cells alike the one pointed at; the others, drawn once, fade. */
  spotlight() {
    const { context, width, height } = this;
    const key = [this.step, width, height, this.dark].join();
    if (key !== this.stillKey) {
      this.still = document.createElement("canvas");
      this.context = sized(this.still, width, height);
      this.cells(1, () => true);
      Object.assign(this, { context, stillKey: key });
    }
    context.clearRect(0, 0, width, height);
    context.globalAlpha = 0.18;
    context.drawImage(this.still, 0, 0, width, height);
    context.globalAlpha = 1;
    const lit = this.alike();
    this.cells(1, (i) => lit[i]);
    this.canvas.drawn = { ...this.canvas.drawn, lit: this.lit, alike: lit };
  }

  /** Draw the wanted cells, `part` of the way from the step before. */
  cells(part, wanted) {
    const [before, after] = [this.seats(this.from ?? this.step), this.seats(this.step)];
    const values = this.array("values", this.step);
    const groups = this.array("groups", this.step);
    const { context } = this;
    this.hatching = hatch(context); // made once a frame: as many cells as there are may be padding
    const [low, high] = this.range(values);
    for (let i = 0; i < after.length / 3; i++) {
      if (!wanted(i)) continue;
      const [came, goes] = [Number.isNaN(before[3 * i + 1]), Number.isNaN(after[3 * i + 1])];
      if (goes && (part === 1 || came)) continue;
      context.globalAlpha = goes ? 1 - part : came ? part : 1;
      const [was, is] = [came ? after : before, goes ? before : after];
      const [x, y, side] = [0, 1, 2].map((k) => was[3 * i + k] + (is[3 * i + k] - was[3 * i + k]) * part);
      this.cell(i, x, y, side, values[i], groups[i], low, high);
    }
    context.globalAlpha = 1;
  }

  range(values) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) if (!Number.isNaN(value)) { low = Math.min(low, value); high = Math.max(high, value); }
    return [low, high];
  }

  /** Which cells are lit with the one pointed at: those of its value, else of its window, else of its group; or it alone. */
  alike() {
    const [values, groups, windows, at] = ["values", "groups", "windows", "at"].map((kind) => this.array(kind, this.step));
    const same = this.meta.ramp ? values : windows && windows[this.lit] !== NO_WINDOW ? windows : groups[this.lit] === PLAIN_GROUP ? null : groups;
    return Uint8Array.from(groups, (_, i) => !Number.isNaN(at[2 * i]) && (same ? same[i] === same[this.lit] : i === this.lit));
  }

  cell(i, x, y, side, value, group, low, high) {
    const { context } = this;
    const size = side - (side > 9 ? 1 : side > 4 ? 0.5 : 0);
    if (this.sources[2 * i] < 0) { context.fillStyle = this.hatching; context.fillRect(x, y, size, size); return; }
    if (this.meta.patch) { this.piece(i, x, y, size, group); return; }
    let colour = this.dark ? [58, 62, 70] : [222, 226, 232];
    if (this.meta.ramp && !Number.isNaN(value)) colour = rgb(low < 0 ? "signed" : "share", value, low < 0 ? -Math.max(-low, high) : low, low < 0 ? Math.max(-low, high) : high);
    else if (group !== PLAIN_GROUP) colour = HEX[group % HEX.length];
    context.fillStyle = `rgb(${colour.join()})`;
    context.fillRect(x, y, size, size);
    if (side >= 15 && !Number.isNaN(value)) this.write(x, y, size, value, colour);
  }

  /** A token's piece of the photo, tinted with its group. */
  piece(i, x, y, size, group) {
    const { context } = this;
    const p = this.meta.patch;
    context.drawImage(this.photo, this.sources[2 * i + 1] * p, this.sources[2 * i] * p, p, p, x, y, size, size);
    if (group === PLAIN_GROUP) return;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * 0.38;
    context.fillStyle = HUES[group % HUES.length];
    context.fillRect(x, y, size, size);
    context.globalAlpha = alpha;
  }

  write(x, y, size, value, colour) {
    const whole = Number.isInteger(value) ? String(value) : value.toFixed(2);
    const text = value <= -100 && size < 28 ? "−" : whole; // four signs in a small cell cannot be read, and the words say −100
    this.context.fillStyle = inkOn(colour);
    this.context.font = `${Math.min(18, size * (text.length > 3 ? 0.3 : 0.42))}px sans-serif`;
    this.context.textAlign = "center";
    this.context.textBaseline = "middle";
    this.context.fillText(text, x + size / 2, y + size / 2 + 1);
  }

  hover(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [((event.clientX - box.left) * this.width) / box.width, ((event.clientY - box.top) * this.height) / box.height];
    const seats = this.seats(this.step);
    let found = null;
    for (let i = 0; i < seats.length / 3; i++) {
      if (x >= seats[3 * i] && y >= seats[3 * i + 1] && x < seats[3 * i] + seats[3 * i + 2] && y < seats[3 * i + 1] + seats[3 * i + 2]) found = i;
    }
    this.light(found);
  }

  /** Light a cell and all that are alike; null lights all. */
  light(cell) {
    if (cell === this.lit) return;
    this.lit = cell;
    this.note.textContent = cell === null ? "" : this.hands.describe(this, cell);
    this.repaint();
  }

  /** Arrow keys go to the nearest cell in that direction; Escape lights all again. */
  key(event) {
    const move = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (event.key === "Escape") this.light(null);
    else if (move) this.light(this.lit === null ? 0 : this.nearest(...move));
    else return;
    event.preventDefault();
  }

  /** The nearest cell to the lit one in a direction; far to the side counts three times. */
  nearest(right, down) {
    const seats = this.seats(this.step);
    const [x, y] = seats.subarray(3 * this.lit, 3 * this.lit + 2);
    let [best, found] = [Infinity, this.lit];
    for (let i = 0; i < seats.length / 3; i++) {
      const [dx, dy] = [seats[3 * i] - x, seats[3 * i + 1] - y];
      const [ahead, aside] = [dx * right + dy * down, Math.abs(dx * down) + Math.abs(dy * right)];
      if (ahead > 0.5 && ahead + 3 * aside < best) [best, found] = [ahead + 3 * aside, i];
    }
    return found;
  }
}
