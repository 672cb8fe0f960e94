import assert from "node:assert/strict";
import { test } from "node:test";

import { kept, sizesOf } from "../../swin_viz/browser/cost/asking.js";
import { notesOf } from "../../swin_viz/browser/cost/notes.js";
import { termsCsv } from "../../swin_viz/browser/cost/saving.js";

const MODEL = { key: "swin_t", title: "Swin-T", patch: 4, window: 7, channels: [96, 192, 384, 768] };
const LIMITS = { h: [1, 1080], w: [1, 1080], c: [1, 1536], m: [1, 64] };
const CHOICES = {
  models: [MODEL], limits: /** @type {any} */ (LIMITS),
  pictures: [{ key: "odd", sides: /** @type {[number, number]} */ ([1024, 333]) },
    { key: "huge", sides: /** @type {[number, number]} */ ([8000, 8000]) }],
};
const ASKED = { of: "swin_t", stage: 1, px: "odd", unit: "macs" };
const term = (name, coefficient, tokens, channels, window) => ({ name, coefficient, tokens, channels, window });
const TERMS = {
  msa: [term("qkv", 3, 1, 2, 0), term("scores", 1, 2, 1, 0), term("values", 1, 2, 1, 0), term("proj", 1, 1, 2, 0)],
  one_window: [
    term("qkv", 3, 0, 2, 2), term("scores", 1, 0, 1, 4), term("values", 1, 0, 1, 4), term("proj", 1, 0, 2, 2)],
  w_msa: [term("qkv", 3, 1, 2, 0), term("scores", 1, 1, 1, 2), term("values", 1, 1, 1, 2), term("proj", 1, 1, 2, 0)],
};
const notes = (at) => {
  const keys = [];
  const say = (key) => { keys.push(key); return key; };
  notesOf({ terms: TERMS, at, say, factor: 1, unit: "MACs" });
  return keys.sort();
};

test("a stage's map is the picture in patches, halved and rounded up, stage by stage", () => {
  assert.deepEqual(sizesOf(CHOICES, ASKED), { h: 256, w: 84, c: 96, m: 7 });
  assert.deepEqual(sizesOf(CHOICES, { ...ASKED, stage: 3 }), { h: 64, w: 21, c: 384, m: 7 });
  assert.deepEqual(sizesOf(CHOICES, { ...ASKED, px: "huge" }), { h: 1080, w: 1080, c: 96, m: 7 });
});

test("the lists know which of their sizes still hold", () => {
  const at = { h: 256, w: 84, c: 96, m: 7 };
  assert.deepEqual(kept(CHOICES, ASKED, at), { layer: true, map: true });
  assert.deepEqual(kept(CHOICES, ASKED, { ...at, m: 8 }), { layer: false, map: true });
  assert.deepEqual(kept(CHOICES, ASKED, { ...at, w: 85 }), { layer: true, map: false });
});

test("what is said below holds for whole windows, padded ones, one window, M = 1, and too large ones", () => {
  assert.deepEqual(notes({ h: 56, w: 56, c: 96, m: 7 }), ["equal_above", "one_to_all", "overtaken"]);
  assert.deepEqual(notes({ h: 7, w: 7, c: 96, m: 7 }), ["equal_here", "not_overtaken", "one_to_all"]);
  assert.deepEqual(notes({ h: 4, w: 9, c: 18, m: 6 }),
    ["equal_here", "one_to_all_padded", "overtaken_here", "padded_dearer", "padded_to"]);
  assert.deepEqual(notes({ h: 8, w: 8, c: 96, m: 7 }),
    ["equal_above", "not_overtaken", "one_to_all_padded", "padded_dearer", "padded_to"]);
  assert.deepEqual(notes({ h: 57, w: 56, c: 96, m: 7 }),
    ["equal_above", "one_to_all_padded", "overtaken", "padded_saves", "padded_to"]);
  assert.deepEqual(notes({ h: 5, w: 3, c: 96, m: 1 }), ["equal_above", "not_overtaken", "one_to_all"]);
  assert.deepEqual(notes({ h: 5, w: 3, c: 96, m: 9 }),
    ["equal_below", "not_overtaken", "one_to_all_padded", "padded_dearer", "padded_to", "window_too_large"]);
});

test("the terms as CSV: comments a reader passes over, then twelve lines", () => {
  const what = { terms: TERMS, at: { h: 56, w: 56, c: 96, m: 7 }, say: String, factor: 2, unit: "FLOPs" };
  const lines = termsCsv(what, ["Swin-T,\n stage 1"]).trimEnd().split("\n");
  assert.equal(lines[0], "# Swin-T, stage 1");
  assert.equal(lines[1], "layer,term,formula,macs");
  assert.equal(lines.length, 2 + 12);
  assert.equal(lines[2], `msa,qkv,3·h·w·C²,${3 * 56 * 56 * 96 * 96}`);
});
