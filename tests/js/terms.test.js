import assert from "node:assert/strict";
import { test } from "node:test";

import { macsOf, short, sumOf, symbolOf } from "../../swin_viz/browser/cost/terms.js";

const QKV = { name: "qkv", coefficient: 3, tokens: 1, channels: 2, window: 0 };
const SCORES = { name: "scores", coefficient: 1, tokens: 1, channels: 1, window: 2 };
const AT = { h: 56, w: 56, c: 96, m: 7 };

test("a term is its monomial", () => {
  assert.equal(macsOf(QKV, AT), 3 * 56 * 56 * 96 * 96);
  assert.equal(macsOf(SCORES, AT), 49 * 56 * 56 * 96);
  assert.equal(sumOf([QKV, SCORES], AT), macsOf(QKV, AT) + macsOf(SCORES, AT));
});

test("and is written as the paper writes it", () => {
  assert.equal(symbolOf(QKV), "3·h·w·C²");
  assert.equal(symbolOf(SCORES), "M²·h·w·C");
  assert.equal(symbolOf({ ...SCORES, tokens: 2, window: 0 }), "(h·w)²·C");
});

test("numbers have three digits and a prefix", () => {
  assert.deepEqual([999, 999.6, 1234, 12345, 999499, 999500, 4.5e9].map(short),
    ["999", "1.00 k", "1.23 k", "12.3 k", "999 k", "1.00 M", "4.50 G"]);
});
