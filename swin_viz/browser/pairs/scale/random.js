/**
 * The experiment from scratch: queries and keys of d numbers, each drawn from N(0, 1) with a fixed seed, so that it is
 * the same for everyone. With more numbers the same vectors go on: d is how many of them count.
 */

import { largest, softmax } from "../../kit/maths.js";
import { gradientOf } from "../pairmath.js";

export const QUERIES = 64;
export const KEYS = 49;
export const MOST = 256; // numbers of a vector
const SEED = 20210325;

/** Numbers below 1 from a seed (mulberry32). @param {number} seed */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers drawn from N(0, 1) (Box–Muller). @param {number} count @param {number} [seed] */
export function gaussians(count, seed = SEED) {
  const next = uniform(seed);
  return Float32Array.from({ length: count }, () => (
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())));
}

/** @typedef {{dots: Float32Array, deviation: number, row: Float32Array, most: number, gradient: number}} Drawn */

export class Sample {
  constructor() {
    const all = gaussians((QUERIES + KEYS) * MOST);
    this.q = all.subarray(0, QUERIES * MOST);
    this.k = all.subarray(QUERIES * MOST);
  }

  /** q·k of all queries and keys, of their first d numbers. @param {number} d */
  dots(d) {
    const found = new Float32Array(QUERIES * KEYS);
    for (let i = 0; i < QUERIES; i++) {
      for (let j = 0; j < KEYS; j++) {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += this.q[i * MOST + c] * this.k[j * MOST + c];
        found[i * KEYS + j] = sum;
      }
    }
    return found;
  }

  /**
   * The dots times a factor: how far they spread, the softmax of the first query's, and the mean gradient of all.
   * @param {number} d @param {boolean} scaled by 1/√d @returns {Drawn}
   */
  drawn(d, scaled) {
    const factor = scaled ? d ** -0.5 : 1;
    const dots = this.dots(d).map((value) => value * factor);
    const mean = dots.reduce((a, b) => a + b, 0) / dots.length;
    const deviation = Math.sqrt(dots.reduce((a, b) => a + (b - mean) ** 2, 0) / dots.length);
    const rows = Array.from({ length: QUERIES }, (_, i) => softmax(dots.slice(i * KEYS, (i + 1) * KEYS)));
    const gradient = rows.reduce((a, row) => a + gradientOf(row), 0) / QUERIES;
    const most = rows.reduce((a, row) => a + largest(row), 0) / QUERIES;
    return { dots, deviation, row: rows[0], most, gradient };
  }
}
