/** How cells are painted: tiles with their numbers, pieces of the picture, and numbers once for an area. */

import { cssOf, hatch, inkOn } from "../../kit/colour.js";
import { decimal, minus } from "../../kit/dom.js";
import { grey, signed } from "./look.js";

/** @typedef {import("../../kit/colour.js").Rgb} Rgb */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {{x: number, y: number, width: number, height: number}} Seat in pixels */

const [LEAST_FONT, LARGEST_FONT, LETTER] = [8, 22, 0.58]; // pixels; a digit's width by its height
const GAPPED = 10; // pixels: a cell's side from which on it has a gap to the next

/** The seat without its gap. @param {Seat} seat @returns {Seat} */
export function inner({ x, y, width, height }) {
  const gap = Math.min(width, height) < GAPPED ? 0 : 1;
  return { x, y, width: width - gap, height: height - gap };
}

/** A number as it is written: two digits after the point where it is no whole one. @param {number} value */
export const written = (value) => (Number.isInteger(value) ? minus(String(value)) : decimal(value, 2));

/** How large a text can be in a seat; 0 where it cannot be read. @param {string} text @param {Seat} seat */
export function fontOf(text, { width, height }, most = LARGEST_FONT) {
  const size = Math.min(most, 0.8 * height, (width - 1) / (LETTER * text.length));
  return size < LEAST_FONT ? 0 : size;
}

export class Brush {
  /** @type {string} behind a number */ halo = "";

  /** @param {CanvasRenderingContext2D} context @param {Look} look */
  constructor(context, look) {
    this.context = context;
    this.look = look;
    this.padding = hatch(context);
    this.blocked = look.blocked(context);
    Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  }

  /** @param {Seat} seat @param {Rgb|CanvasPattern} colour */
  fill({ x, y, width, height }, colour) {
    this.context.fillStyle = colour instanceof CanvasPattern ? colour : cssOf(colour);
    this.context.fillRect(x, y, width, height);
  }

  /** One colour over the upper left half, one over the lower right. @param {Seat} seat @param {Rgb[]} colours */
  split({ x, y, width, height }, [above, below]) {
    const { context } = this;
    this.fill({ x, y, width, height }, below);
    context.fillStyle = cssOf(above);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + width, y);
    context.lineTo(x, y + height);
    context.fill();
  }

  /**
   * A text in the middle of a seat, if it can be read there.
   * @param {Seat} seat @param {string} text @param {string} ink @param {{halo?: string, most?: number}} [how]
   */
  write(seat, text, ink, { halo = "", most = LARGEST_FONT } = {}) {
    const { context } = this;
    const size = fontOf(text, seat, most);
    if (!size) return false;
    const [x, y] = [seat.x + seat.width / 2, seat.y + seat.height / 2 + size * 0.06];
    context.font = `600 ${size}px ${this.look.font}`;
    if (halo) {
      context.strokeStyle = halo;
      context.lineWidth = 3;
      context.strokeText(text, x, y);
    }
    context.fillStyle = ink;
    context.fillText(text, x, y);
    return true;
  }

  /** @param {Rgb} colour */
  inkOn(colour) { return inkOn(colour) === "#fff" ? "#fff" : this.look.css("region-ink"); }

  /** A number's colour on a scale: signed around nothing, or a ramp of greys. @returns {Rgb} */
  ramp(value, [low, high]) {
    return low < 0 ? signed(this.look, value, Math.max(-low, high)) : grey(this.look, value, low, high);
  }

  /**
   * A line, and below it its edge.
   * @param {Path2D} path @param {string} colour @param {number} width @param {string} [edge]
   */
  line(path, colour, width, edge = "") {
    const { context } = this;
    for (const [stroke, wide] of edge ? [[edge, width + 2], [colour, width]] : [[colour, width]]) {
      context.strokeStyle = /** @type {string} */ (stroke);
      context.lineWidth = /** @type {number} */ (wide);
      context.stroke(path);
    }
  }
}
