import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { roomOf, sideFor, spaceFor } from "../../swin_viz/browser/attention/stage/layout.js";
import { largestFew } from "../../swin_viz/browser/kit/photo/arcs.js";
import { dimOf, MARKS, shadeOf, veilOf } from "../../swin_viz/browser/kit/photo/marks.js";

const map = (rows, columns = rows, pixels = 4) => ({ padded: [rows, columns], pixels });
const fits = (block, width, tall, { comparing = false, first = block } = {}) => (
  sideFor([first], block, spaceFor(roomOf(width), width, tall, comparing), 1));
const STAGES = [56, 28, 14, 7].map((tokens) => map(tokens, tokens, 224 / tokens));

test("every stage is 560 px of whole pixels at 1280×720, 896 at 1920×1080, 336 on a phone", () => {
  for (const [width, tall, wanted] of [[1192, 720, 560], [1186, 720, 560], [1832, 1080, 896], [358, 844, 336]]) {
    for (const block of STAGES) assert.equal(fits(block, width, tall, { first: STAGES[0] }) * block.padded[0], wanted);
  }
});

test("two that are compared are 392 px of whole pixels", () => {
  const how = { comparing: true, first: STAGES[0] };
  for (const block of STAGES) assert.equal(fits(block, 1192, 720, how) * block.padded[0], 392);
});

test("other maps have whole pixels too where that costs at most a fifth, else they fill the room", () => {
  for (const rows of [21, 49, 70, 84, 98, 133, 256]) {
    const side = fits(map(rows), 1192, 720);
    assert.ok(rows * side <= 560 && rows * side >= 0.8 * 560, String(rows));
    assert.ok(Number.isInteger(side) || Math.abs(rows * side - 560) < 1e-6, String(rows));
  }
  assert.equal(fits(map(14, 56), 1192, 720), 10); // a panorama takes the column's width
  assert.equal(fits(map(14, 14, 32), 1192, 720, { first: map(70) }), 40); // more padding: a size of its own
});

test("a second screen's pixels are whole as well", () => {
  const side = sideFor([map(49)], map(49), spaceFor("wide", 1192, 720, false), 1.5);
  assert.ok(Number.isInteger(Math.round(side * 1.5 * 1e6) / 1e6));
});

test("light is the pixel itself at the largest share, and never darker than the floor", () => {
  for (const dark of [false, true]) {
    assert.equal(shadeOf(0.4, 0.4, dark), 0);
    assert.equal(shadeOf(0, 0.4, dark), 1 - dimOf(dark));
    assert.ok(Math.abs(shadeOf(0.1, 0.4, dark) - 0.75 * (1 - dimOf(dark))) < 1e-12);
  }
});

const TOKENS = readFileSync(new URL("../../swin_viz/browser/kit/look/tokens.css", import.meta.url), "utf-8");

test("floor and veil of the light are those of the tokens", () => {
  const found = [...TOKENS.matchAll(/--dim: (\.\d+); --outside: (\.\d+);/g)].map((match) => match.slice(1).map(Number));
  for (const [i, dark] of [false, true].entries()) {
    const [level, opacity] = veilOf({ grid: true, rolled: false, light: true, dark });
    assert.equal(dimOf(dark), found[i][0]);
    assert.ok(Math.abs(1 - opacity + (opacity * level) / 255 - found[i][1]) < 0.02); // what is left of white
  }
});

const luminance = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
  .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

test("rings have the colours of the tokens, and stand out: a line from its edge, either from any ground", () => {
  for (const role of ["query", "key"]) {
    const [colour, , edge] = MARKS[role];
    assert.match(TOKENS, new RegExp(`--${role}: ${colour};`));
    assert.match(TOKENS, new RegExp(`--${role}-edge: ${edge};`));
  }
  for (const [colour, , edge] of Object.values(MARKS)) {
    assert.ok(contrast(colour, edge) >= 4.5);
    for (let level = 0; level < 256; level += 5) {
      const grey = `#${level.toString(16).padStart(2, "0").repeat(3)}`;
      assert.ok(Math.max(contrast(colour, grey), contrast(edge, grey)) >= 2.1, `${colour} on ${grey}`);
    }
  }
});

test("the largest few come in order, the first of equals first", () => {
  assert.deepEqual(largestFew([0.1, 0.4, 0.1, 0.3, 0.4]), [1, 4, 3]);
  assert.deepEqual(largestFew([0.5]), [0]);
});
