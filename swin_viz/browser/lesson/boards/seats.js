/**
 * Where a board's cells stand and which belong together: sums without a drawing. Places `at` are rows and columns,
 * two numbers a cell; seats are x, y, width and height in whole pixels, four a cell; NaN where a cell is hidden.
 */

import { clamp } from "../../kit/maths.js";

const [LARGEST_SIDE, TALLEST] = [105, 2]; // pixels, and a tall cell's height by its width

/** @typedef {{x: number, y: number, width: number, height: number, cell: number, cells: number}} Area of equal cells */

/**
 * Cells as large as fit in whole pixels, in the middle.
 * @param {Float32Array} at @param {number} width @param {number} height
 * @param {boolean} [tall] whether cells may be taller than wide
 */
export function seatsOf(at, width, height, tall = false) {
  let [rows, columns] = [1, 1];
  for (let i = 0; i < at.length; i += 2) {
    if (Number.isNaN(at[i])) continue;
    rows = Math.max(rows, at[i] + 1);
    columns = Math.max(columns, at[i + 1] + 1);
  }
  const fits = Math.min(width / columns, height / rows, LARGEST_SIDE);
  const side = fits < 1 ? fits : Math.floor(fits);
  const high = tall && side >= 1 ? clamp(Math.floor(height / rows), side, TALLEST * side) : side;
  const [left, top] = [(width - columns * side) / 2, (height - rows * high) / 2].map(Math.floor);
  const seats = new Float32Array((at.length / 2) * 4);
  const whole = side < 1 ? (each) => each : Math.round;
  for (let i = 0; i < at.length / 2; i++) {
    seats.set([left + whole(at[2 * i + 1] * side), top + whole(at[2 * i] * high), side, high], 4 * i);
  }
  return seats;
}

/** The uppermost cell at a point; null for none. @param {Float32Array} seats @returns {number|null} */
export function cellUnder(seats, x, y) {
  for (let i = seats.length / 4 - 1; i >= 0; i--) {
    const [left, top, width, height] = seats.subarray(4 * i, 4 * i + 4);
    if (x >= left && y >= top && x < left + width && y < top + height) return i;
  }
  return null;
}

/**
 * The nearest cell to one in a direction; far to the side counts three times. Without any, the cell itself.
 * @param {Float32Array} seats @param {number} from @param {number[]} move rows down and columns across
 */
export function nearestCell(seats, from, [down, across]) {
  const [x, y] = seats.subarray(4 * from, 4 * from + 2);
  let [best, found] = [Infinity, from];
  for (let i = 0; i < seats.length / 4; i++) {
    const [dx, dy] = [seats[4 * i] - x, seats[4 * i + 1] - y];
    const [ahead, aside] = [dx * across + dy * down, Math.abs(dx * down) + Math.abs(dy * across)];
    if (ahead > 0.5 && ahead + 3 * aside < best) [best, found] = [ahead + 3 * aside, i];
  }
  return found;
}

/** The smallest and the largest number. @param {Float32Array} values NaN is none @returns {[number, number]} */
export function rangeOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Which cells are alike: those that show the same, of what `same` holds for every cell; without it, the cell alone.
 * @param {Float32Array} at @param {number} cell @param {ArrayLike<number>|null} same
 * @returns {Uint8Array} 1 or 0 a cell
 */
export function alikeOf(at, cell, same) {
  const is = (i) => !Number.isNaN(at[2 * i]) && (same ? same[i] === same[cell] : i === cell);
  return Uint8Array.from({ length: at.length / 2 }, (_, i) => Number(is(i)));
}

/** Which cell begins at a point. @param {Float32Array} seats @returns {(x: number, y: number) => number|undefined} */
export function startingAt(seats) {
  const found = new Map();
  for (let i = 0; i < seats.length / 4; i++) {
    if (!Number.isNaN(seats[4 * i + 1])) found.set(seats[4 * i] + seats[4 * i + 1] * 65536, i);
  }
  return (x, y) => found.get(x + y * 65536);
}

/**
 * Rectangles of cells that touch and show the same; together they cover every cell that shows something.
 * @param {Float32Array} seats @param {(i: number) => number} shows NaN for nothing @returns {Area[]}
 */
export function areasOf(seats, shows) {
  const [at, seen, found] = [startingAt(seats), new Set(), /** @type {Area[]} */ ([])];
  const order = [...Array(seats.length / 4).keys()].filter((i) => !Number.isNaN(seats[4 * i + 1] + shows(i)));
  order.sort((a, b) => seats[4 * a + 1] - seats[4 * b + 1] || seats[4 * a] - seats[4 * b]);
  for (const cell of order) {
    if (seen.has(cell)) continue;
    const [x, y, wide, high] = seats.subarray(4 * cell, 4 * cell + 4);
    const same = (column, row) => {
      const i = at(x + column * wide, y + row * high);
      return i !== undefined && !seen.has(i) && shows(i) === shows(cell) ? i : -1;
    };
    let [columns, rows] = [1, 1];
    while (same(columns, 0) >= 0) columns++;
    const whole = (row) => [...Array(columns).keys()].every((column) => same(column, row) >= 0);
    while (whole(rows)) rows++;
    const all = [...Array(rows * columns).keys()].map((i) => same(i % columns, Math.floor(i / columns)));
    all.forEach((i) => seen.add(i));
    found.push({ x, y, width: columns * wide, height: rows * high, cell, cells: rows * columns });
  }
  return found;
}
