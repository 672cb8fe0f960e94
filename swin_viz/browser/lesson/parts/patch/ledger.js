/** All products of a patch and a filter, a band a colour: pixel, weight, product, and the sum so far. */

import { cssOf, hatch, inkOn } from "../../../kit/colour.js";
import { ARROWS, decimal, el, sized } from "../../../kit/dom.js";
import { clamp, largest } from "../../../kit/maths.js";
import { pixelAt } from "../../../kit/pointer.js";
import { signed } from "../../boards/look.js";

/** @typedef {import("../../boards/look.js").Look} Look */
/** @typedef {Record<"x"|"w"|"product"|"sum", ArrayLike<number>>} Rows */

const ROWS = /** @type {(keyof Rows)[]} */ (["x", "w", "product", "sum"]);
const [LABEL, NARROWEST, WIDEST, HIGH, HEAD] = [84, 44, 68, 22, 24]; // pixels: a column, a row, a band's title
const BAND = HEAD + ROWS.length * HIGH;

const short = (value) => decimal(Math.abs(value) < 0.005 ? 0 : value, 2);

export class Ledger {
  lit = 0; // the number that is looked at
  columns = 1; // numbers of a colour
  cell = NARROWEST; // pixels
  width = 0;
  height = 0;

  /** @param {(key: string, fields?: Object) => string} say @param {() => void} redraw @param {AbortSignal} signal */
  constructor(say, redraw, signal) {
    this.say = say;
    this.redraw = redraw;
    this.canvas = el("canvas", { tabindex: "0", role: "application" });
    this.line = el("p", { class: "quiet", "aria-live": "polite" });
    this.title = el("h3", {});
    const box = el("div", { class: "patch-ledger" }, this.canvas);
    this.node = el("div", {}, this.title, box, this.line);
    for (const type of ["pointermove", "pointerdown"]) {
      this.canvas.addEventListener(type, (event) => this.point(event), { signal });
    }
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  point(event) {
    const [x, y] = pixelAt(event, this.canvas, { width: this.width, height: this.height });
    const column = clamp(Math.floor((x - LABEL) / this.cell), 0, this.columns - 1);
    this.light(clamp(Math.floor(y / BAND), 0, 2) * this.columns + column);
  }

  key(event) {
    const move = ARROWS[event.key];
    if (!move) return;
    event.preventDefault();
    this.light(clamp(this.lit + move[0] * this.columns + move[1], 0, 3 * this.columns - 1));
  }

  light(k) {
    if (k === this.lit) return;
    this.lit = k;
    this.redraw();
  }

  /** @param {Rows} rows @param {number} patch @param {(k: number) => boolean} isPadding @param {Look} look */
  draw(rows, patch, isPadding, look) {
    this.columns = patch ** 2;
    this.lit = Math.min(this.lit, 3 * this.columns - 1);
    const wide = this.canvas.parentElement.clientWidth;
    this.cell = clamp(Math.floor((wide - LABEL) / this.columns), NARROWEST, WIDEST);
    [this.width, this.height] = [LABEL + this.cell * this.columns, 3 * BAND];
    const context = sized(this.canvas, this.width, this.height);
    context.clearRect(0, 0, this.width, this.height);
    Object.assign(context, { textBaseline: "middle", font: `12px ${look.font}` });
    const most = ROWS.map((row) => largest(Array.from(rows[row], Math.abs)) || 1);
    for (let c = 0; c < 3; c++) this.band(context, c, rows, most, isPadding, look);
    this.ring(context, look);
    this.title.textContent = this.say("ledger_title", { count: 3 * this.columns });
    this.tell(rows, patch, isPadding);
  }

  /** A colour's numbers. */
  band(context, c, rows, most, isPadding, look) {
    const top = c * BAND;
    Object.assign(context, { textAlign: "left", fillStyle: look.css("ink") });
    context.fillText(this.say(`colour_${c}`), 0, top + HEAD / 2);
    ROWS.forEach((row, i) => {
      const y = top + HEAD + i * HIGH;
      Object.assign(context, { textAlign: "left", fillStyle: look.css("quiet") });
      context.fillText(this.say(`ledger_${row}`), 0, y + HIGH / 2);
      context.textAlign = "right";
      for (let column = 0; column < this.columns; column++) {
        const k = c * this.columns + column;
        const colour = signed(look, rows[row][k], most[i]);
        const padded = row === "x" && isPadding(k);
        const x = LABEL + column * this.cell;
        context.fillStyle = padded ? hatch(context) : cssOf(colour);
        context.fillRect(x, y, this.cell - 1, HIGH - 1);
        context.fillStyle = padded ? "#fff" : inkOn(colour);
        if (!padded) context.fillText(short(rows[row][k]), x + this.cell - 5, y + HIGH / 2);
      }
    });
  }

  ring(context, look) {
    const [x, y] = [LABEL + (this.lit % this.columns) * this.cell, Math.floor(this.lit / this.columns) * BAND + HEAD];
    for (const [name, width] of /** @type {[string, number][]} */ ([["key-edge", 4], ["key", 2]])) {
      Object.assign(context, { strokeStyle: look.css(name), lineWidth: width });
      context.strokeRect(x, y, this.cell - 1, ROWS.length * HIGH - 1);
    }
  }

  tell(rows, patch, isPadding) {
    const [k, columns] = [this.lit, this.columns];
    const place = { row: Math.floor(k / patch) % patch, column: k % patch };
    const texts = Object.fromEntries(ROWS.map((row) => [row, decimal(rows[row][k])]));
    const fields = { number: k + 1, count: 3 * columns, colour: this.say(`colour_${Math.floor(k / columns)}`) };
    this.line.textContent = this.say(isPadding(k) ? "ledger_padded" : "ledger_line", { ...fields, ...place, ...texts });
    this.canvas.setAttribute("aria-label", `${this.title.textContent}. ${this.say("ledger_keys")}`);
  }
}
