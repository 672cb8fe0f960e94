import assert from "node:assert/strict";
import { test } from "node:test";

import { inkOn, rgb, SCALES } from "../../swin_viz/browser/kit/colour.js";

test("a scale ends in its outermost colours, and beyond them", () => {
  for (const [name, table] of Object.entries(SCALES)) {
    assert.deepEqual(rgb(name, 0, 0, 1), table[0]);
    assert.deepEqual(rgb(name, 1, 0, 1), table.at(-1));
    assert.deepEqual(rgb(name, 7, 0, 1), table.at(-1));
  }
});

test("a scale without width shows its lowest colour", () => {
  assert.deepEqual(rgb("share", 3, 3, 3), SCALES.share[0]);
});

test("ink is black on light and white on dark", () => {
  assert.equal(inkOn([255, 255, 255]), "#000");
  assert.equal(inkOn([0, 0, 0]), "#fff");
});
