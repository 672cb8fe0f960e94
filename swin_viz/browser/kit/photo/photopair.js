/** The picture twice, beside each other, with one token chosen on both: by pointer, touch or arrow keys. */

import { ARROWS, el, nextFrame } from "../dom.js";
import { clamp } from "../maths.js";
import { pointer } from "../pointer.js";
import { PhotoView } from "./photo.js";

/** @typedef {import("../trace.js").Block} Block */
/** @typedef {import("./photo.js").Place} Place */

export class PhotoPair {
  /**
   * @param {import("../trace.js").Trace} trace @param {Block} unit the block whose tokens are chosen
   * @param {string[]} names @param {AbortSignal} signal
   */
  constructor(trace, unit, names, signal) {
    this.trace = trace;
    this.unit = unit;
    this.at = /** @type {Place} */ (unit.size.map((side) => Math.floor(side / 2)));
    this.redraw = nextFrame(() => this.draw());
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.sides = names.map((name) => this.side(name, signal));
    this.photos = el("div", { class: "two" }, ...this.sides.map((side) => side.node));
  }

  /** Draw both again: what shows them says how. @param {boolean} [dark] */
  draw(dark) { void dark; }

  /** @param {string} name @param {AbortSignal} signal */
  side(name, signal) {
    const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application", "aria-label": name });
    const view = new PhotoView(canvas);
    view.veil = 0.5;
    for (const type of /** @type {const} */ (["pointermove", "pointerdown"])) {
      canvas.addEventListener(type, (event) => this.point(event, view), { signal });
    }
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    return { canvas, view, node: el("figure", {}, el("figcaption", {}, name), canvas) };
  }

  /** @param {PointerEvent} event @param {PhotoView} view */
  point(event, { canvas, block }) {
    const part = pointer(event, canvas);
    this.move(part.map((each, i) => Math.floor((each * block.padded[i] * block.pixels) / this.unit.pixels)));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!ARROWS[event.key]) return;
    event.preventDefault();
    this.move(this.at.map((part, i) => part + ARROWS[event.key][i]));
  }

  /** @param {number[]} at */
  move(at) {
    const kept = /** @type {Place} */ (at.map((part, i) => clamp(part, 0, this.unit.size[i] - 1)));
    if (String(kept) === String(this.at)) return;
    this.at = kept;
    this.redraw();
  }

  /**
   * Colour the tokens of a block that are marked.
   * @param {Block} block @param {Uint8Array[]} masks one a side, over its unpadded map @param {boolean} dark
   */
  paint(block, masks, dark) {
    const query = block.tokenAt(this.unit.centreOf(this.at));
    this.sides.forEach(({ canvas, view }, i) => {
      const width = clamp(canvas.parentElement.clientWidth, 120, 420);
      view.place(this.trace, block, width, { grid: true, rolled: false, dark });
      const values = Float32Array.from(masks[i], (yes) => (yes ? 1 : NaN));
      view.drawMap({ values, grid: block, low: 0, high: 1, scale: "share" }, query, true);
    });
  }
}
