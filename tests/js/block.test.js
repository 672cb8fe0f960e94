/** The sums of the block's parts, each against another way of computing it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chance, dropped, farthest, gelu, histogram, lottery, momentsOf, normSteps, sizeOf,
} from "../../swin_viz/browser/lesson/parts/block/maths.js";

const close = (a, b, off = 1e-9) => assert.ok(Math.abs(a - b) <= off, `${a} is not ${b}`);

/** Φ by Simpson's rule over its density. */
function normal(x) {
  const [steps, low] = [4000, -12];
  const wide = (x - low) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const at = low + i * wide;
    sum += (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2) * Math.exp((-at * at) / 2);
  }
  return (sum * wide) / 3 / Math.sqrt(2 * Math.PI);
}

test("GELU is x times the normal distribution", () => {
  for (const x of [-9, -5.2, -3, -0.7517, -0.1, 0, 0.4, 1, 2.5, 6.1]) close(gelu(x), x * normal(x), 1e-8);
});

test("a norm's steps have mean 0 and variance 1 where they should", () => {
  const x = Float32Array.from([3, -1, 4, 1, -5, 9]);
  const own = momentsOf(x);
  const [, centred, scaled, learned] = normSteps(x, () => own, 0, [2, 2, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1]);
  close(momentsOf(centred).mean, 0);
  close(momentsOf(scaled).variance, 1);
  close(sizeOf(scaled), 1);
  learned.forEach((value, i) => close(value, 2 * scaled[i] + 1));
});

test("dropout keeps the expectation, and begins the same every time", () => {
  const x = Float32Array.from([1, -2, 0.5, 3]);
  const sum = new Float64Array(4);
  const draw = chance(3);
  for (let i = 0; i < 20000; i++) dropped(x, 0.3, draw).forEach((value, k) => { sum[k] += value / 20000; });
  sum.forEach((value, i) => close(value, x[i], 0.05));
  assert.deepEqual(dropped(x, 0.3, chance(3)), dropped(x, 0.3, chance(3)));
});

test("the lottery keeps all of the first block's and as many of others as their rates say", () => {
  const kept = lottery([0, 0.5], 10000, chance(1));
  assert.ok(kept[0].every(Boolean));
  close(kept[1].filter(Boolean).length / 10000, 0.5, 0.02);
});

test("every value is in a bin, and the farthest variance is found either way", () => {
  assert.deepEqual(histogram([0, 0.1, 0.9, 1], 0, 1, 2), [2, 2]);
  assert.equal(farthest([1, 2, 8, 0.05], 0), 3);
  assert.equal(farthest([1, 2, 80, 0.05], 0), 2);
});
