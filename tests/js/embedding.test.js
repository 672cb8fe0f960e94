/** The embedding's sums against products counted by hand, on a picture whose sides are no multiples of the patch. */

import assert from "node:assert/strict";
import test from "node:test";

import { Embedding, spread } from "../../swin_viz/browser/lesson/parts/patch/embedding.js";

const [height, width, patch, count] = [3, 5, 2, 2];
const picture = { height, width, pixels: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37) % 256) };
const found = {
  "patch.weight": Float32Array.from({ length: count * 12 }, (_, i) => (i - 11) / 8),
  "patch.bias": Float32Array.of(0.5, -1), "patch.gamma": Float32Array.of(2, 3), "patch.beta": Float32Array.of(1, 0),
  "patch.eps": [1e-5], "patch.mean": [0.5, 0.25, 0], "patch.std": [0.25, 0.5, 1],
};
const arrays = { get: (name) => found[name], shape: () => [count, 3, patch, patch] };
const embedding = new Embedding(picture, arrays);

/** A normalised number of the picture by its colour, row and column; 0 beyond its edge. */
function pixel(c, row, column) {
  if (row >= height || column >= width) return 0;
  const level = picture.pixels[3 * (row * width + column) + c] / 255;
  return (level - found["patch.mean"][c]) / found["patch.std"][c];
}

test("a patch's numbers are in the order of the weights, and padding is 0", () => {
  assert.deepEqual(embedding.size, [2, 3]);
  const wanted = [];
  for (let c = 0; c < 3; c++) for (const y of [2, 3]) for (const x of [4, 5]) wanted.push(pixel(c, y, x));
  embedding.values([1, 2]).forEach((value, k) => assert.ok(Math.abs(value - wanted[k]) < 1e-12));
  assert.deepEqual([...Array(4).keys()].map((k) => embedding.pixel([1, 2], k)), [2 * width + 4, -1, -1, -1]);
});

test("a filter's answer is the bias and all products, on every patch", () => {
  const map = embedding.response(1);
  for (let i = 0; i < 6; i++) {
    const values = embedding.values([Math.floor(i / 3), i % 3]);
    let sum = -1;
    for (let k = 0; k < 12; k++) sum += values[k] * found["patch.weight"][12 + k];
    assert.ok(Math.abs(map[i] - sum) < 1e-9);
    const { products, sums } = embedding.products(values, 1);
    assert.ok(Math.abs(sums[11] - products.reduce((a, b) => a + b, 0)) < 1e-12);
    assert.ok(Math.abs(sums[11] - 1 - sum) < 1e-9);
  }
});

test("the norm of a token, and a model that has none", () => {
  const token = Float64Array.of(1, 4);
  assert.deepEqual(spread(token), [2.5, 1.5]);
  const { out } = embedding.normed(token);
  assert.ok(Math.abs(out[0] + 1) < 1e-4 && Math.abs(out[1] - 3) < 1e-4);
  const bare = { get: (name) => (/gamma|beta/.test(name) ? undefined : found[name]), shape: arrays.shape };
  assert.equal(new Embedding(picture, bare).normed(token), null);
});
