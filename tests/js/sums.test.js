/** The experiment on 1/√d, and one number worked out: against the definition. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { compared, points, products } from "../../swin_viz/browser/pairs/scale/cloud.js";
import { gaussians, KEYS, MOST, QUERIES, Sample } from "../../swin_viz/browser/pairs/scale/random.js";
import { gradientOf } from "../../swin_viz/browser/pairs/pairmath.js";
import { running } from "../../swin_viz/browser/pairs/vectors/cell.js";

test("the numbers drawn are normal ones, the same each time", () => {
  const drawn = gaussians(20_000);
  const mean = drawn.reduce((a, b) => a + b) / drawn.length;
  const square = drawn.reduce((a, b) => a + b * b) / drawn.length;
  assert.ok(Math.abs(mean) < 0.02 && Math.abs(square - 1) < 0.03);
  const inside = drawn.filter((value) => Math.abs(value) < 1).length / drawn.length;
  assert.ok(Math.abs(inside - 0.6827) < 0.01);
  assert.deepEqual(drawn, gaussians(20_000));
});

test("without the factor the deviation is √d and the softmax hardens; with it neither depends on d", () => {
  const sample = new Sample();
  const dims = [4, 16, 64, 256];
  const [bare, scaled] = [false, true].map((way) => dims.map((d) => sample.drawn(d, way)));
  dims.forEach((d, i) => {
    assert.ok(Math.abs(bare[i].deviation / Math.sqrt(d) - 1) < 0.08, `d = ${d}`);
    assert.ok(Math.abs(scaled[i].deviation - 1) < 0.08, `d = ${d}`);
    assert.ok(Math.abs(scaled[i].gradient / scaled[0].gradient - 1) < 0.1);
  });
  assert.ok(bare[1].most < bare[2].most && bare[2].most < bare[3].most);
  assert.ok(bare[3].gradient < 0.7 * bare[1].gradient && bare[3].most > 0.8 && scaled[3].most < 0.2);
  assert.equal(bare[0].dots.length, QUERIES * KEYS);
  const [q, k] = [sample.q.subarray(0, 4), sample.k.subarray(MOST, MOST + 4)];
  assert.ok(Math.abs(bare[0].dots[1] - q.reduce((a, value, c) => a + value * k[c], 0)) < 1e-5);
});

test("the gradient is the norm of diag(p) − p·pᵀ, and never above a half", () => {
  for (const p of [[0.5, 0.5], [0.7, 0.2, 0.1], [1, 0, 0], [0.25, 0.25, 0.25, 0.25]]) {
    let squares = 0;
    p.forEach((a, i) => p.forEach((b, j) => { squares += ((i === j ? a : 0) - a * b) ** 2; }));
    assert.ok(Math.abs(gradientOf(p) - Math.sqrt(squares)) < 1e-9);
    assert.ok(gradientOf(p) <= 0.5 + 1e-9);
  }
});

test("the running sum is what has been added so far", () => {
  assert.deepEqual([...running({ a: [1, 2, 3], b: [4, 5, -1] })], [0, 4, 14, 11]);
});

test("a cloud has a point for every real query, by its own mask and bias", () => {
  const block = {
    N: 2, at: (w, i) => [w, i], isPadding: (row, column) => row === 1 && column === 1,
    mask: (w, i, j) => (w === 1 && i !== j ? -100 : 0),
  };
  const raw = products([1, 0, 0, 1, 2, 0, 0, 2], [1, 0, 0, 1, 1, 0, 0, 1], 2, 2, 2);
  assert.deepEqual([...raw], [1, 0, 0, 1, 2, 0, 0, 2]);
  const found = points(raw, [0, 1], /** @type {any} */ (block), [0, 1, 0, 0], 1);
  assert.equal(found.most.length, 3);
  assert.ok(Math.abs(found.most[0] - 0.5) < 1e-6 && Math.abs(found.gradient[0] - 0.5) < 1e-6); // bias 1 against q·k 1
  assert.ok(Math.abs(found.most[1] - Math.E / (1 + Math.E)) < 1e-6);
  assert.ok(found.most[2] > 0.999999 && found.gradient[2] < 1e-6); // the other key is blocked
  assert.deepEqual(compared(found, found).fallen, 0);
});
