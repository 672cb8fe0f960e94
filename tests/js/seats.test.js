import assert from "node:assert/strict";
import { test } from "node:test";

import { alikeOf, cellUnder, nearestCell, rangeOf, seatsOf } from "../../swin_viz/browser/lesson/parts/seats.js";

const GRID = Float32Array.from([0, 0, 0, 1, 1, 0, 1, 1, NaN, NaN]); // two rows of two, and a hidden cell
const seats = seatsOf(GRID, 100, 40);

test("cells are as large as the board allows, stand in its middle, and never too large", () => {
  assert.deepEqual([...seats.slice(0, 6)], [30, 0, 20, 50, 0, 20]);
  assert.deepEqual([...seatsOf(GRID, 1000, 1000).slice(0, 3)], [436, 436, 64]);
  assert.ok(Number.isNaN(seats[12]));
});

test("a point finds its cell, a hidden one never", () => {
  assert.equal(cellUnder(seats, 31, 1), 0);
  assert.equal(cellUnder(seats, 69, 39), 3);
  assert.equal(cellUnder(seats, 5, 5), null);
});

test("of cells that lie on each other the uppermost is found", () => {
  assert.equal(cellUnder(seatsOf(Float32Array.from([0, 0, 0, 0]), 10, 10), 5, 5), 1);
});

test("arrows go to the nearest cell on that side, and stay where there is none", () => {
  assert.equal(nearestCell(seats, 0, [0, 1]), 1);
  assert.equal(nearestCell(seats, 0, [1, 0]), 2);
  assert.equal(nearestCell(seats, 3, [0, -1]), 2);
  assert.equal(nearestCell(seats, 3, [1, 0]), 3);
});

test("what is no number has no part in the range", () => {
  assert.deepEqual(rangeOf(Float32Array.from([2, NaN, -1])), [-1, 2]);
});

test("cells that show the same are alike, hidden ones never, and without a measure a cell is alone", () => {
  assert.deepEqual([...alikeOf(GRID, 0, [7, 8, 7, 8, 7])], [1, 0, 1, 0, 0]);
  assert.deepEqual([...alikeOf(GRID, 2, null)], [0, 0, 1, 0, 0]);
});
