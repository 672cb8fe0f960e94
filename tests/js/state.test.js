import assert from "node:assert/strict";
import { test } from "node:test";

import { besides, keyed, within } from "../../swin_viz/browser/attention/state.js";

const trace = { blocks: [{ heads: 3 }, { heads: 6 }] };
const state = { block: 1, head: 5, at: [0.5, 0.5], pinned: false, other: { block: 9, head: 9 } };
const block = {
  heads: 6, window: 2, size: [4, 4],
  tokenAt: (at) => at.map((part) => Math.floor(part * 4)),
  centreOf: (token) => token.map((place) => (place + 0.5) / 4),
};
const press = (key, shiftKey = false) => keyed({ key, shiftKey }, state, state, block);

test("a block and a head that are not there become the nearest that are", () => {
  const found = within({ ...state, block: 0 }, trace, trace);
  assert.deepEqual([found.block, found.head, found.other], [0, 2, { block: 1, head: 5 }]);
  assert.equal(within({ ...state, head: "mean", other: null }, trace, trace).head, "mean");
});

test("arrows move the query for all pictures, and not out of the map", () => {
  assert.deepEqual(press("ArrowDown"), { shared: { at: [0.875, 0.625], pinned: true } });
  assert.deepEqual(press("ArrowLeft", true).shared.at, [0.625, 0.125]);
  assert.deepEqual(press("ArrowRight", true).shared.at, [0.625, 0.875]);
});

test("other keys choose this picture's block and head", () => {
  assert.deepEqual(press("["), { own: { block: 0 } });
  assert.deepEqual(press("h"), { own: { head: 0 } });
  assert.deepEqual(press("3"), { own: { head: 2 } });
  assert.deepEqual(press("m"), { own: { head: "mean" } });
  assert.equal(press("q"), null);
});

test("switches turn, and Escape lets go of what is pinned alone", () => {
  assert.deepEqual([press("c"), press("g"), press("r")].map((found) => Object.keys(found.shared)[0]),
    ["colours", "grid", "rolled"]);
  assert.equal(press("Escape"), null);
  const held = { ...state, pinned: true };
  assert.deepEqual(keyed({ key: "Escape", shiftKey: false }, held, held, block), { shared: { pinned: false } });
});

test("a block is compared with the other of its pair; alone in its stage, with another head", () => {
  const [w, sw, alone] = [{ stage: 0, block: 0 }, { stage: 0, block: 1 }, { stage: 1, block: 0 }];
  const run = { blocks: [w, sw, alone].map((each) => ({ ...each, heads: 3 })) };
  assert.deepEqual(besides({ block: 0, head: 2 }, run), { block: 1, head: 2 });
  assert.deepEqual(besides({ block: 1, head: "mean" }, run), { block: 0, head: "mean" });
  assert.deepEqual(besides({ block: 2, head: 2 }, run), { block: 2, head: 0 });
  assert.deepEqual(besides({ block: 2, head: "mean" }, run), { block: 2, head: 0 });
});
