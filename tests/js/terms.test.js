import assert from "node:assert/strict";
import { test } from "node:test";

import { answerOf, macsOf, more, padded, short, sumOf, symbolOf, times } from "../../swin_viz/browser/cost/terms.js";

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
  assert.deepEqual([1, 9.994, 9.996, 99.96, 1234.5].map(times), ["1.00", "9.99", "10.0", "100", "1,235"]);
});

test("a map is padded to full windows on both sides", () => {
  assert.deepEqual(padded({ h: 8, w: 14, c: 1, m: 7 }), { h: 14, w: 14, c: 1, m: 7 });
});

test("the answer never says 1.00 times where the two differ, and never that they differ where they do not", () => {
  assert.deepEqual(answerOf(7, 7), { key: "answer_same", number: "" });
  assert.deepEqual(answerOf(300, 100), { key: "answer_msa", number: "3.00" });
  assert.deepEqual(answerOf(100, 300), { key: "answer_windows", number: "3.00" });
  assert.deepEqual(answerOf(1004, 1000), { key: "answer_msa_little", number: "0.4" });
  assert.deepEqual(answerOf(1000000, 1000001), { key: "answer_windows_little", number: "0.0001" });
  assert.deepEqual([1.024, 2.5, 12.3456].map(more), ["2.4", "150", "1,135"]);
});
