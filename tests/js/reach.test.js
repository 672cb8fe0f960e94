import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbours, reachOf, shareOf } from "../../swin_viz/browser/lesson/parts/reach.js";
import { Block } from "../../swin_viz/browser/kit/trace.js";

const M = 2;

/** A block of a square map in 2×2 windows, moved by `shift`, as a run would describe it. */
function block(shift, stage = 0, side = 4) {
  const across = side / M;
  const slots = [...Array(side * side).keys()];
  const rolled = (slot) => {
    const [w, s] = [Math.floor(slot / (M * M)), slot % (M * M)];
    return [Math.floor(w / across) * M + Math.floor(s / M), (w % across) * M + (s % M)];
  };
  const band = (at) => (shift === 0 ? 0 : at < side - M ? 0 : at < side - shift ? 1 : 2);
  const arrays = {
    places: Uint32Array.from(slots, (slot) => {
      const [row, column] = rolled(slot).map((part) => (part + shift) % side);
      return row * side + column;
    }),
    regions: Uint8Array.from(slots, (slot) => rolled(slot).reduce((sum, at) => sum * 3 + band(at), 0)),
  };
  const [size, padded] = [[side, side], [side, side]];
  const meta = { name: "b", stage, block: 0, size, padded, shift: [shift, shift], window: M };
  const get = (name) => arrays[name.split(".").at(-1)];
  return new Block({ get }, { ...meta, heads: 1, channels: 1, pixels: 4 }, "", [16, 16], 1);
}

const marked = (map, side = 4) => [...map.keys()].filter((i) => map[i]).map((i) => [Math.floor(i / side), i % side]);
const alike = (group, place) => [...group.keys()].filter((other) => group[other] === group[place]);

test("without a shift the tokens of a window are neighbours", () => {
  for (const shifted of [true, false]) assert.deepEqual(alike(neighbours(block(0), shifted), 5), [0, 1, 4, 5]);
});

test("with one, the moved window's, and at the edges only those that were neighbours before the roll", () => {
  const group = neighbours(block(1), true);
  assert.deepEqual(alike(group, 5), [5, 6, 9, 10]);
  assert.deepEqual(alike(group, 0), [0]);
  assert.deepEqual(alike(group, 1), [1, 2]);
  assert.deepEqual(alike(neighbours(block(1), false), 5), [0, 1, 4, 5]);
});

test("reach grows from block to block with the shift, and stays in one window without", () => {
  const blocks = [block(0), block(1), block(0)];
  const counts = (shifted) => reachOf(blocks, [1, 1], shifted).map((map) => marked(map).length);
  assert.deepEqual(marked(reachOf(blocks, [1, 1], true)[0]), [[0, 0], [0, 1], [1, 0], [1, 1]]);
  assert.deepEqual(counts(true), [4, 9, 16]);
  assert.deepEqual(counts(false), [4, 4, 4]);
});

test("after merging a new token is reached if one of its four is", () => {
  const found = reachOf([block(0), block(0, 1, 2)], [3, 3], false);
  assert.deepEqual(marked(found[0]), [[2, 2], [2, 3], [3, 2], [3, 3]]);
  assert.equal(found[1].length, 4);
  assert.equal(shareOf(found[1]), 1); // the one window of the smaller map
  assert.equal(shareOf(found[0]), 0.25);
});
