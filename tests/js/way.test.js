import assert from "node:assert/strict";
import { test } from "node:test";

import { flows } from "../../swin_viz/browser/overview/way/stack/beam.js";
import { hit, partsOf, pointOf, tilesOf } from "../../swin_viz/browser/overview/way/stack/tiles.js";
import { END, frame, rest, STILLS, toldOf } from "../../swin_viz/browser/overview/way/story.js";
import { borderBetween } from "../../swin_viz/browser/overview/way/picture.js";
import { Block } from "../../swin_viz/browser/kit/trace.js";

const [UNIT, M, SIDE] = [65535, 4, 8];
const CUE = 2;

/** Random rows that add up to 1, as integers of the trace. */
function rows(count, seed) {
  let x = seed;
  const random = () => (x = (x * 16807) % 2147483647) / 2147483647;
  const all = new Uint16Array(count * M * M);
  for (let q = 0; q < count; q++) {
    const row = Array.from({ length: M * M }, random);
    const sum = row.reduce((a, b) => a + b);
    row.forEach((value, k) => { all[q * M * M + k] = Math.round((UNIT * value) / sum); });
  }
  return all;
}

/** A block of a square map: the window and slot of a token by division, nothing of the app's own geometry. */
function block(stage, number, shift, side = SIDE, objects = null) {
  const places = new Uint32Array(side * side);
  for (let r = 0; r < side; r++) {
    for (let c = 0; c < side; c++) {
      const [y, x] = [(r - shift + side) % side, (c - shift + side) % side];
      const window = Math.floor(y / M) * (side / M) + Math.floor(x / M);
      places[window * M * M + (y % M) * M + (x % M)] = r * side + c;
    }
  }
  const windows = places.length / (M * M);
  const arrays = { places, mask_kinds: new Float32Array(M ** 4), mask_of: new Uint8Array(windows), objects,
    head: rows(places.length, 3 + stage + number), mean: rows(places.length, 7 + stage + number) };
  const meta = { name: `${stage}.${number}`, stage, block: number, size: [side, side], padded: [side, side],
    shift: [shift, shift], window: M, heads: 1, channels: 1, pixels: 64 / side };
  return new Block({ get: (name) => arrays[name.split(".").at(-1)] }, meta, "", [64, 64], UNIT);
}

/** A scene whose target is one token and whose cue another. */
function scene(target, cue) {
  const objects = new Uint8Array(SIDE * SIDE);
  objects[target[0] * SIDE + target[1]] = 1;
  objects[cue[0] * SIDE + cue[1]] = CUE;
  return [block(0, 0, 0, SIDE, objects), block(0, 1, M / 2, SIDE, objects)];
}

const windowOf = (place, shift) => place.map((at) => Math.floor(((at - shift + SIDE) % SIDE) / M)).join();

test("the story is told of tokens that a border parts and the shift brings together, and of no others", () => {
  let [with_, without] = [0, 0];
  for (let t = 0; t < SIDE * SIDE; t += 5) {
    for (let c = 1; c < SIDE * SIDE; c += 3) {
      const [target, cue] = [t, c].map((at) => [Math.floor(at / SIDE), at % SIDE]);
      if (t === c) continue;
      const blocks = scene(target, cue);
      const { pair } = toldOf(blocks, 0, { cue: CUE, target: 1 });
      const parted = windowOf(target, 0) !== windowOf(cue, 0);
      const together = windowOf(target, M / 2) === windowOf(cue, M / 2);
      if (!pair) { without++; continue; }
      with_++;
      assert.ok(parted && together, `${target} ${cue}`);
      assert.deepEqual([pair.query, pair.key], [target, cue]);
      const { window, slot } = blocks[1].find(...target);
      const share = blocks[1].read("head")[(window * M * M + slot) * M * M + blocks[1].find(...cue).slot] / UNIT;
      assert.ok(Math.abs(pair.share - share) < 1e-6);
    }
  }
  assert.ok(with_ > 3 && without > 100, `${with_} ${without}`);
});

test("the border that is shown is crossed on the way from one token to the other", () => {
  assert.deepEqual(borderBetween({ window: 4 }, [1, 3], [2, 4]), [[0, 4, 4, 4]]);
  assert.deepEqual(borderBetween({ window: 4 }, [4, 5], [3, 3]), [[4, 4, 4, 8], [4, 4, 8, 4]]);
});

test("a frame is a function of time alone, and the last one is what stays", () => {
  const told = { plain: 4, shifted: 5, pair: { query: [4, 3], key: [7, 3], share: 0.5 } };
  const times = Array.from({ length: 101 }, (_, i) => i / 10);
  const forth = times.map((t) => frame(t, told, 8));
  const back = [...times].reverse().map((t) => frame(t, told, 8)).reverse();
  assert.deepEqual(forth, back);
  const { line, ...end } = frame(END, told, 8);
  assert.deepEqual({ ...end, line: "" }, rest(5, 8));
  assert.equal(line, "story_beam");
  for (const found of forth) {
    for (const part of ["grid", "light", "border", "roll", "arc", "beam", "answer"]) {
      assert.ok(found[part] >= 0 && found[part] <= 1);
    }
    if (found.roll > 0) assert.equal(found.block, 5); // only a shifted block rolls
    if (found.line === "story_both" || found.line === "story_arc") assert.equal(found.block, 5);
    if (found.line === "story_border") assert.equal(found.block, 4);
  }
  assert.deepEqual(STILLS.map((t) => frame(t, told, 8).line), ["story_border", "story_both", "story_beam"]);
});

test("of a picture where that is not so, only the rest is told", () => {
  const said = (told) => new Set(Array.from({ length: 101 }, (_, i) => frame(i / 10, told, 8).line));
  const alone = said({ plain: 0, shifted: null, pair: null });
  assert.deepEqual([...alone], ["story_grid", "story_beam"]);
  const some = said({ plain: 0, shifted: 1, pair: null });
  assert.ok(!["story_border", "story_both", "story_arc"].some((line) => some.has(line)));
  assert.equal(frame(3.6, { plain: 0, shifted: 1, pair: null }, 8).marks, false);
});

const four = [0, 1, 2, 3].flatMap((stage) => [0, 1].map((number) => block(stage, number, 0, SIDE)));
const wide = { width: 596, height: 656, narrow: false, aspect: 1 };

test("a point of a tile leads back to it, tiles keep their room and leave each other alone", () => {
  for (const room of [wide, { width: 358, height: 322, narrow: true, aspect: 1 }, { ...wide, aspect: 2.5 }]) {
    const tiles = tilesOf(four, new Map(), room);
    assert.deepEqual(tiles.map(({ index }) => index), [0, 1, 2, 3, 4, 5, 6, 7]);
    for (const tile of tiles) {
      for (const [across, down] of [[0.01, 0.02], [0.5, 0.5], [0.98, 0.97], [0.03, 0.9]]) {
        const [x, y] = pointOf(tile, across, down);
        assert.ok(x >= 0 && x <= room.width && y >= 0 && y <= room.height);
        const found = hit(tiles, x, y);
        assert.equal(found.tile.index, tile.index);
        assert.ok(Math.abs(found.at[0] - down) < 1e-9 && Math.abs(partsOf(tile, x, y)[0] - across) < 1e-9);
      }
    }
  }
});

test("of a deep stage the chosen pair is in front", () => {
  const deep = [...[0, 1, 2, 3, 4].map((number) => block(0, number, 0)), block(1, 0, 0, 4), block(1, 1, 0, 4)];
  const shown = (pair) => tilesOf(deep, new Map([[0, pair]]), wide).map(({ index, deck }) => [index, deck]);
  assert.deepEqual(shown(1), [[2, 3], [3, 3], [5, 1], [6, 1]]);
  assert.deepEqual(shown(2), [[4, 3], [5, 1], [6, 1]]); // the last block of five has no partner
});

/** What one token hands on, as rows of a matrix. */
function matrix(found) {
  const count = found.places.length;
  const out = Array.from({ length: count }, () => new Float64Array(count));
  found.places.forEach((place, slot) => {
    const first = slot - (slot % found.N);
    const row = found.read("mean").subarray(slot * found.N, (slot + 1) * found.N);
    row.forEach((value, k) => { out[place][found.places[first + k]] += value / UNIT / 2; });
    out[place][place] += 0.5;
  });
  return out;
}

test("a beam's flows are those of a product of matrices, merging included", () => {
  const blocks = [block(0, 0, 0), block(0, 1, 2), block(1, 0, 0, 4)];
  const levels = flows(blocks, 5);
  const last = matrix(blocks[2])[5];
  const split = Float64Array.from({ length: 64 }, (_, i) => (
    last[Math.floor(Math.floor(i / 8) / 2) * 4 + Math.floor((i % 8) / 2)] / 4));
  const second = matrix(blocks[1]);
  const middle = split.map((_, to) => split.reduce((sum, weight, from) => sum + weight * second[from][to], 0));
  const first = matrix(blocks[0]);
  const end = split.map((_, to) => middle.reduce((sum, weight, from) => sum + weight * first[from][to], 0));
  for (const [level, wanted] of [[2, last], [1, middle], [0, end]]) {
    wanted.forEach((weight, token) => assert.ok(Math.abs(levels[level].out[token] - weight) < 1e-5));
  }
  for (const { from, to, flow } of levels[1].edges) assert.ok(Math.abs(flow - split[from] * second[from][to]) < 1e-5);
  assert.ok(levels[1].edges.length > 20);
});
