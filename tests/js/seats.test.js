import assert from "node:assert/strict";
import { test } from "node:test";

import {
  alikeOf, areasOf, cellUnder, nearestCell, rangeOf, seatsOf,
} from "../../swin_viz/browser/lesson/boards/seats.js";
import { boxOf, onTheWay } from "../../swin_viz/browser/lesson/boards/moves.js";
import { shownLines } from "../../swin_viz/browser/lesson/parts/code.js";

const GRID = Float32Array.from([0, 0, 0, 1, 1, 0, 1, 1, NaN, NaN]); // two rows of two, and a hidden cell
const seats = seatsOf(GRID, 100, 40);

test("cells are as large as the board allows, stand in its middle, and never too large", () => {
  assert.deepEqual([...seats.slice(0, 8)], [30, 0, 20, 20, 50, 0, 20, 20]);
  assert.deepEqual([...seatsOf(GRID, 1000, 1000).slice(0, 4)], [395, 395, 105, 105]);
  assert.ok(Number.isNaN(seats[16]));
});

test("cells are whole pixels, whatever the board's size, and rows of windows may be taller", () => {
  const row = Float32Array.from({ length: 2 * 28 }, (_, i) => (i % 2 ? (i - 1) / 2 + 0.6 * Math.floor(i / 14) : 0));
  for (const width of [420, 399, 358.5]) assert.ok([...seatsOf(row, width, 400)].every(Number.isInteger));
  assert.deepEqual([...seatsOf(row, 420, 400, true).slice(2, 4)], [14, 28]);
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

test("areas are rectangles of equal cells that touch, and cover each cell once", () => {
  const at = Float32Array.from({ length: 72 }, (_, i) => (i % 2 ? ((i - 1) / 2) % 6 : Math.floor(i / 12)));
  const shows = (i) => (i % 6 < 4 ? 0 : 1) + (i < 24 ? 0 : 2); // four rectangles of a 6×6 map
  const found = areasOf(seatsOf(at, 60, 60), shows);
  assert.deepEqual(found.map(({ x, y, width, height, cells }) => [x, y, width, height, cells]),
    [[0, 0, 40, 40, 16], [40, 0, 20, 40, 8], [0, 40, 40, 20, 8], [40, 40, 20, 20, 4]]);
  const chequered = areasOf(seatsOf(at, 60, 60), (i) => (i + Math.floor(i / 6)) % 2);
  assert.equal(chequered.length, 36);
  assert.deepEqual(areasOf(seats, () => NaN), []);
});

test("a roll takes a cell the shorter way round, and shows it twice where it crosses an edge", () => {
  const box = boxOf(seats);
  assert.deepEqual(box, [30, 0, 70, 40]);
  const [was, is] = [[30, 0, 10, 10], [60, 0, 10, 10]]; // ten to the left, over the edge
  assert.deepEqual(onTheWay(was, is, 0, box), [[70, 0, 10, 10], [30, 0, 10, 10]]);
  assert.deepEqual(onTheWay(was, is, 0.5, box), [[65, 0, 10, 10], [25, 0, 10, 10]]);
  assert.deepEqual(onTheWay(was, is, 1, box), [[60, 0, 10, 10]]);
  assert.deepEqual(onTheWay(was, is, 0.5, null), [[45, 0, 10, 10]]); // a glide goes straight
});

test("eight lines are shown around those lit, in two parts where they are far apart", () => {
  assert.deepEqual(shownLines(20, [10]), [7, 8, 9, 10, 11, 12, 13, 14]);
  assert.deepEqual(shownLines(20, [0]), [0, 1, 2, 3, 4, 5, 6, 7]);
  const two = shownLines(40, [3, 30]);
  assert.ok(two.includes(3) && two.includes(30) && two.length === 8);
  assert.deepEqual(shownLines(3, [1]), [0, 1, 2]);
});
