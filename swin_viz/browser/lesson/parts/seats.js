/**
 * Where a board's cells stand and which belong together: sums without a drawing. Places `at` are rows and columns,
 * two numbers a cell; seats are x, y and side in pixels, three a cell; NaN where a cell is hidden.
 */

const LARGEST_SIDE = 64;

/** Cells as large as fit, in the middle. @param {Float32Array} at @param {number} width @param {number} height */
export function seatsOf(at, width, height) {
  let [rows, columns] = [1, 1];
  for (let i = 0; i < at.length; i += 2) {
    if (Number.isNaN(at[i])) continue;
    rows = Math.max(rows, at[i] + 1);
    columns = Math.max(columns, at[i + 1] + 1);
  }
  const side = Math.min(width / columns, height / rows, LARGEST_SIDE);
  const [left, top] = [(width - columns * side) / 2, (height - rows * side) / 2];
  const seats = new Float32Array((at.length / 2) * 3);
  for (let i = 0; i < at.length / 2; i++) {
    seats.set([left + at[2 * i + 1] * side, top + at[2 * i] * side, side], 3 * i);
  }
  return seats;
}

/** The uppermost cell at a point; null for none. @param {Float32Array} seats @returns {number|null} */
export function cellUnder(seats, x, y) {
  for (let i = seats.length / 3 - 1; i >= 0; i--) {
    const [left, top, side] = seats.subarray(3 * i, 3 * i + 3);
    if (x >= left && y >= top && x < left + side && y < top + side) return i;
  }
  return null;
}

/**
 * The nearest cell to one in a direction; far to the side counts three times. Without any, the cell itself.
 * @param {Float32Array} seats @param {number} from @param {number[]} move rows down and columns across
 */
export function nearestCell(seats, from, [down, across]) {
  const [x, y] = seats.subarray(3 * from, 3 * from + 2);
  let [best, found] = [Infinity, from];
  for (let i = 0; i < seats.length / 3; i++) {
    const [dx, dy] = [seats[3 * i] - x, seats[3 * i + 1] - y];
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
