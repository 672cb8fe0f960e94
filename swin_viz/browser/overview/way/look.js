/** What one token looks at in one block: of a run that carries one head a block (`head`) and the mean (`mean`). */

import { largest } from "../../kit/maths.js";

/**
 * @typedef {import("../../kit/trace.js").Block} Block
 * @typedef {[number, number]} Place row and column
 * @typedef {Object} Look
 * @property {Place} token @property {number} window @property {number} slot
 * @property {Float32Array} shares of the window's keys @property {number} high the largest of them
 * @property {number} best the slot that has it
 */

/** @type {WeakMap<Block, {slot: number, look: Look}>} the last one of every block */
const last = new WeakMap();

/** The map of a block's head, or undefined while it has not arrived. @param {Block} block @returns {Uint16Array} */
export const headOf = (block) => once(block, "head");

/** The mean over heads, or undefined while it has not arrived. @param {Block} block @returns {Uint16Array} */
export const meanOf = (block) => once(block, "mean");

/** @param {Block} block @param {string} field */
function once(block, field) {
  return block.kept.get(field) ?? (block.read(field) && block.once(field, () => block.read(field)));
}

/**
 * What the token at a place of the picture looks at, or null while the block has not arrived.
 * @param {Block} block @param {Place} at @returns {Look|null}
 */
export function lookOf(block, at) {
  const map = headOf(block);
  if (!map) return null;
  const token = block.tokenAt(at);
  const { window, slot } = block.find(...token);
  const found = last.get(block);
  if (found?.slot === window * block.N + slot) return found.look;
  const shares = rowOf(block, map, window, slot);
  const high = largest(shares);
  const look = { token, window, slot, shares, high, best: shares.indexOf(high) };
  last.set(block, { slot: window * block.N + slot, look });
  return look;
}

/** One query's row of a map. @param {Block} block @param {Uint16Array} map @returns {Float32Array} */
export function rowOf({ N, unit }, map, window, slot) {
  const start = (window * N + slot) * N;
  return Float32Array.from(map.subarray(start, start + N), (value) => value / unit);
}

export const PADDING = -1;

/** The number of the object that a token is called after: 0 is the ground. @param {Block} block @param {Place} place */
export function objectAt(block, [row, column]) {
  if (block.isPadding(row, column)) return PADDING;
  return once(block, "objects")?.[row * block.size[1] + column];
}

/**
 * What a token takes from every object, most first.
 * @param {Block} block @param {Look} look @returns {[number, number][]} object and weight
 */
export function takenFrom(block, { window, shares }) {
  const sums = new Map();
  shares.forEach((share, k) => {
    const object = objectAt(block, block.at(window, k));
    sums.set(object, (sums.get(object) ?? 0) + share);
  });
  return [...sums].sort((a, b) => b[1] - a[1]);
}
