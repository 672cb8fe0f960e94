/** A roll that rolls: what leaves at one edge enters at the other, as on a torus, and one sees it go. */

import { clamp } from "../maths.js";
import { drawSeams } from "./base.js";

/** @typedef {import("./photo.js").PhotoView} PhotoView */
/** @typedef {import("./photo.js").Place} Place */

export const ROLL_MS = 900;
const GHOST = 0.5; // opacity, at first, of what has left
const ease = (part) => (part < 0.5 ? 4 * part ** 3 : 1 - (2 - 2 * part) ** 3 / 2);

export class Roll {
  /** @type {Place} */ #to = [0, 0];
  /** @type {Place} */ #from = [0, 0];
  #started = -Infinity;
  #of = "";

  /**
   * How far a map is rolled now, in pixels of the picture, or null once it rests.
   * @param {Place} to where it shall rest @param {string} of what is rolled: another map is where it is at once
   * @returns {{by: Place, part: number, from: Place, to: Place}|null}
   */
  now(to, of) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (of !== this.#of || still) {
      [this.#of, this.#to, this.#started] = [of, to, -Infinity];
      return null;
    }
    if (String(to) !== String(this.#to)) [this.#from, this.#to, this.#started] = [this.#to, to, performance.now()];
    const part = clamp((performance.now() - this.#started) / ROLL_MS, 0, 1);
    if (part === 1) return null;
    const by = /** @type {Place} */ ([0, 1].map((i) => this.#from[i] + (to[i] - this.#from[i]) * ease(part)));
    return { by, part, from: this.#from, to };
  }
}

/**
 * The map on its way: twice in each direction, the seams, and a ghost of the strips that leave.
 * @param {PhotoView} view @param {HTMLCanvasElement} base the map without the roll, of the same size
 * @param {{by: Place, part: number, from: Place, to: Place}} how
 */
export function drawRolling(view, base, { by, part, from, to }) {
  const { context, width, height, scale, ratio } = view;
  const whole = (pixels) => Math.round(pixels * scale * ratio) / ratio;
  const [dy, dx] = by.map(whole);
  for (const y of [-dy, height - dy]) for (const x of [-dx, width - dx]) context.drawImage(base, x, y, width, height);
  const [high, wide] = [0, 1].map((i) => whole(Math.max(from[i], to[i])));
  context.globalAlpha = GHOST * (1 - part);
  const forth = to[0] + to[1] > from[0] + from[1];
  if (forth) { // what stood at the upper and left edges leaves there
    for (const [w, h] of [[width, high], [wide, height]]) {
      if (w && h) context.drawImage(base, 0, 0, w * ratio, h * ratio, 0, 0, w, h);
    }
  }
  context.globalAlpha = 1;
  drawSeams(context, view, [dy, dx]);
  view.canvas.drawn = { kind: "rolling", block: view.block.name, by: [dy, dx], part };
}
