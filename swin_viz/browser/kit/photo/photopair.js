/** The picture twice, beside each other, with one token chosen on both: by pointer, touch or arrow keys. */

import { ARROWS, el, nextFrame } from "../dom.js";
import { PhotoView } from "./photo.js";

export class PhotoPair {
  /** @param {import("../trace.js").Trace} trace @param {import("../trace.js").Block} unit the block whose tokens are chosen @param {string[]} names */
  constructor(trace, unit, names, signal) {
    Object.assign(this, { trace, unit, at: unit.size.map((side) => Math.floor(side / 2)) });
    this.redraw = nextFrame(() => this.draw());
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.sides = names.map((name) => {
      const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application", "aria-label": name });
      const view = Object.assign(new PhotoView(canvas), { veil: 0.5 });
      for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, (event) => this.point(event, view), { signal });
      canvas.addEventListener("keydown", (event) => this.key(event), { signal });
      return { canvas, view, node: el("figure", {}, el("figcaption", {}, name), canvas) };
    });
    this.photos = el("div", { class: "two" }, ...this.sides.map((side) => side.node));
  }

  point(event, { canvas, block }) {
    const box = canvas.getBoundingClientRect();
    const part = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
    this.move(part.map((each, i) => Math.floor((each * block.padded[i] * block.pixels) / this.unit.pixels)));
  }

  key(event) {
    if (!ARROWS[event.key]) return;
    event.preventDefault();
    this.move(this.at.map((part, i) => part + ARROWS[event.key][i]));
  }

  move(at) {
    const { size } = this.unit;
    const kept = at.map((part, i) => Math.max(0, Math.min(size[i] - 1, part)));
    if (String(kept) === String(this.at)) return;
    this.at = kept;
    this.redraw();
  }

  /** Colour the tokens of a block that are marked, one mask a side. @param {Uint8Array[]} masks over its unpadded map */
  paint(block, masks, dark) {
    const query = this.at.map((part, k) => Math.min(block.size[k] - 1, Math.floor((part * this.unit.pixels) / block.pixels)));
    this.sides.forEach(({ canvas, view }, i) => {
      const width = Math.max(120, Math.min(420, canvas.parentElement.clientWidth));
      view.place(this.trace, block, width, { grid: true, rolled: false, dark });
      view.drawMap(Float32Array.from(masks[i], (yes) => (yes ? 1 : NaN)), ...block.size, 0, 1, "share", query, true);
    });
  }
}
