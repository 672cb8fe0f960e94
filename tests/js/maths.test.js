import assert from "node:assert/strict";
import { test } from "node:test";

import { clamp, largest, softmax } from "../../swin_viz/browser/kit/maths.js";

test("a softmax adds up to 1, and a logit of −∞ gets nothing", () => {
  const shares = softmax([1000, 999, -Infinity]);
  assert.equal(shares.reduce((a, b) => a + b), 1);
  assert.equal(shares[2], 0);
  assert.ok(Math.abs(shares[0] / shares[1] - Math.E) < 1e-9);
});

test("a softmax is written where it is asked for, and leaves its logits as they are", () => {
  const [logits, out] = [Float32Array.of(0, 0), new Float32Array(2)];
  assert.equal(softmax(logits, out), out);
  assert.deepEqual([...out], [0.5, 0.5]);
  assert.deepEqual([...logits], [0, 0]);
  assert.ok(softmax(logits) instanceof Float32Array);
});

test("a number is kept between two others; the largest is at least the least", () => {
  assert.deepEqual([-1, 1, 9].map((value) => clamp(value, 0, 3)), [0, 1, 3]);
  assert.equal(largest([2, 5, 3]), 5);
  assert.equal(largest([], 0), 0);
});
