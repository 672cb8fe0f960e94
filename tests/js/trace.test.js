import assert from "node:assert/strict";
import { test } from "node:test";

import { measure, rollout } from "../../swin_viz/browser/kit/measures.js";
import { Trace, unpack } from "../../swin_viz/browser/kit/trace.js";

const UNIT = 65535;
const CODES = new Map([[Uint8Array, "u1"], [Uint16Array, "u2"], [Uint32Array, "u4"], [Float32Array, "f4"]]);

/** As engine/parts.py packs it. */
function pack(header, arrays) {
  const index = {};
  let offset = 0;
  for (const [name, { array, shape }] of Object.entries(arrays)) {
    index[name] = [CODES.get(array.constructor), shape, offset];
    offset += Math.ceil(array.byteLength / 8) * 8;
  }
  const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: index }));
  const start = Math.ceil((text.length + 4) / 8) * 8;
  const bytes = new Uint8Array(start + offset).fill(32, 4, start);
  new DataView(bytes.buffer).setUint32(0, start - 4, true);
  bytes.set(text, 4);
  for (const [name, { array }] of Object.entries(arrays)) {
    bytes.set(new Uint8Array(array.buffer), start + index[name][2]);
  }
  return bytes;
}

/** One block of 3 × 3 tokens in windows of 2 × 2, shifted by one, that looks at all four keys alike. */
function example() {
  const map = { size: [3, 3], padded: [4, 4], shift: [1, 1], window: 2, pixels: 4 };
  const block = { name: "b", stage: 0, block: 0, heads: 1, channels: 4, ...map };
  const rolled = (place) => ((Math.floor(place / 4) + 1) % 4) * 4 + ((place % 4) + 1) % 4;
  const places = [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]].flat().map(rolled);
  return pack({ run: { unit: UNIT, blocks: [block] } }, {
    image: { array: new Uint8Array(10 * 12 * 3), shape: [10, 12, 3] },
    "b.places": { array: Uint32Array.from(places), shape: [4, 4] },
    "b.regions": { array: new Uint8Array(16), shape: [4, 4] },
    "b.mask_kinds": { array: new Float32Array(16), shape: [1, 4, 4] },
    "b.mask_of": { array: new Uint8Array(4), shape: [4] },
    "b.probs": { array: new Uint16Array(64).fill(Math.round(UNIT / 4)), shape: [4, 1, 4, 4] },
  });
}

test("a message is read at any offset of its buffer", () => {
  const packed = example();
  const moved = new Uint8Array(packed.length + 3);
  moved.set(packed, 3);
  const message = unpack(moved.subarray(3));
  assert.deepEqual(message.shape("b.probs"), [4, 1, 4, 4]);
  assert.equal(message.get("b.places").length, 16);
  assert.equal(message.get("nothing"), undefined);
});

test("a place of the picture is a token, and a token's centre leads back to it", () => {
  const message = unpack(example());
  const [block] = new Trace(message, message.header.run).blocks;
  assert.deepEqual(block.tokenAt([0, 0]), [0, 0]);
  assert.deepEqual(block.tokenAt([0.9999, 0.9999]), [2, 2]);
  for (const token of [[0, 0], [1, 2], [2, 1]]) assert.deepEqual(block.tokenAt(block.centreOf(token)), token);
  assert.ok(block.centreOf([2, 0])[0] < 1); // its lower half lies beyond the picture
});

test("a token is found in its window, in the map and in the rolled map", () => {
  const message = unpack(example());
  const [block] = new Trace(message, message.header.run).blocks;
  const { window, slot } = block.find(1, 1);
  assert.deepEqual(block.at(window, slot), [1, 1]);
  assert.deepEqual([window, slot], [0, 0]);
  assert.deepEqual(block.rolledAt(window, slot), [0, 0]);
  assert.ok(block.isPadding(3, 0) && block.shifted);
});

test("measures of even attention are those of even attention", () => {
  const message = unpack(example());
  const { blocks } = new Trace(message, message.header.run);
  const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-4, `${a} is not ${b}`);
  near(blocks[0].largest("mean"), 0.25);
  measure(blocks[0], 0, "entropy").forEach((value) => near(value, 1));
  const { values, padding } = rollout(blocks, 0, [1, 1]);
  near(values.reduce((a, b) => a + b) + padding, 1);
  near(padding, 0);
  near(values[4], 0.5 + 0.125);
});
