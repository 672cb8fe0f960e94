/** The sums of the block's parts: norms, GELU, histograms, and chance that is the same every time. */

import { clamp } from "../../../kit/maths.js";

/** @param {ArrayLike<number>} values @returns {{mean: number, variance: number}} */
export function momentsOf(values) {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, variance: squares / values.length };
}

/** Root mean square. @param {ArrayLike<number>} values */
export function sizeOf(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return Math.sqrt(sum / values.length);
}

/**
 * A token on its way through a norm: as it is, without the mean, divided by √(variance + ε), times γ plus β.
 * @param {Float32Array} x @param {(i: number) => {mean: number, variance: number}} over of each channel
 * @param {number} eps @param {ArrayLike<number>} gamma @param {ArrayLike<number>} beta
 */
export function normSteps(x, over, eps, gamma, beta) {
  const centred = Float64Array.from(x, (value, i) => value - over(i).mean);
  const scaled = centred.map((value, i) => value / Math.sqrt(over(i).variance + eps));
  return [x, centred, scaled, scaled.map((value, i) => value * gamma[i] + beta[i])];
}

/** How many values fall into each of some bins between two ends. @param {ArrayLike<number>} values */
export function histogram(values, low, high, bins) {
  const counts = new Array(bins).fill(0);
  const width = (high - low) / bins || 1;
  for (let i = 0; i < values.length; i++) counts[clamp(Math.floor((values[i] - low) / width), 0, bins - 1)]++;
  return counts;
}

/** The error function, by its series, whose terms all have one sign. @param {number} x */
export function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** x·Φ(x). @param {number} x */
export const gelu = (x) => 0.5 * x * (1 + erf(x / Math.SQRT2));

/**
 * Numbers from 0 to 1 by chance, the same for the same seed (mulberry32).
 * @param {number} seed @returns {() => number}
 */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Dropout as it is while training: some become 0, the others are divided by the share that is kept. */
export function dropped(values, rate, draw) {
  return Float64Array.from(values, (value) => (draw() < rate ? 0 : value / (1 - rate)));
}

/**
 * DropPath's lottery: which image keeps which block's branch.
 * @param {number[]} rates of the blocks @param {number} images @param {() => number} draw @returns {boolean[][]}
 */
export const lottery = (rates, images, draw) => (
  rates.map((rate) => Array.from({ length: images }, () => draw() >= rate)));

/** The token whose variance is farthest from one's, by their ratio. @param {ArrayLike<number>} variances */
export function farthest(variances, token) {
  let [most, found] = [-1, token];
  for (let i = 0; i < variances.length; i++) {
    const apart = Math.abs(Math.log((variances[i] + 1e-9) / (variances[token] + 1e-9)));
    if (apart > most) [most, found] = [apart, i];
  }
  return found;
}
