/** Where a pointer is on a drawing, whatever size the page gives it. */

import { clamp } from "./maths.js";

/** @typedef {{clientX: number, clientY: number}} At a pointer's or a mouse's event */

/**
 * As parts of the drawing, [down, across]: from 0 to 1 inside.
 * @param {At} event @param {Element} canvas @returns {[number, number]}
 */
export function pointer(event, canvas) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [(event.clientY - top) / height, (event.clientX - left) / width];
}

/**
 * The row and column of a grid that fills the drawing.
 * @param {At} event @param {Element} canvas @param {number} rows @param {number} columns
 * @returns {[number, number]}
 */
export function cellAt(event, canvas, rows, columns = rows) {
  const [down, across] = pointer(event, canvas);
  return [clamp(Math.floor(down * rows), 0, rows - 1), clamp(Math.floor(across * columns), 0, columns - 1)];
}

/**
 * The place in the drawing's own pixels, [x, y].
 * @param {At} event @param {Element} canvas @param {{width: number, height: number}} view
 * @returns {[number, number]}
 */
export function pixelAt(event, canvas, { width, height }) {
  const [down, across] = pointer(event, canvas);
  return [across * width, down * height];
}
