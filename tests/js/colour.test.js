import assert from "node:assert/strict";
import { test } from "node:test";

import { inkOn, rgb, SCALES, signedOn } from "../../swin_viz/browser/kit/colour.js";

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

test("a signed zero is the ground, and farther from zero is farther from the ground, by day and by night", () => {
  const grey = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  for (const [dark, ground] of [[false, [247, 247, 247]], [true, [29, 31, 36]]]) {
    const table = SCALES[signedOn(dark)];
    const away = (i) => Math.abs(grey(table[i]) - grey(ground));
    assert.ok(Math.max(...rgb(signedOn(dark), 0, -1, 1).map((c, i) => Math.abs(c - ground[i]))) <= 2);
    for (let i = 1; i < 128; i++) assert.ok(away(i) <= away(i - 1) + 0.5 && away(127 + i) <= away(128 + i) + 0.5);
  }
});
