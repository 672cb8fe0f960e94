/** The Overview's small sums: groups of one answer, right and wrong, the diagonal of windows. */

import assert from "node:assert/strict";
import test from "node:test";

import { counted, groupsOf } from "../../swin_viz/browser/overview/whole/lens.js";
import { diagonal } from "../../swin_viz/browser/overview/whole/sides.js";

test("tokens of one answer that touch are one group, with its upper edge and middle; ground is none", () => {
  const answers = Uint8Array.from([
    1, 1, 0, 2,
    0, 1, 0, 2,
    2, 0, 0, 0,
  ]);
  const found = groupsOf(answers, 3, 4);
  assert.deepEqual(found.map(({ answer, count }) => [answer, count]), [[1, 3], [2, 2], [2, 1]]);
  assert.deepEqual([found[1].top, found[1].column, found[2].top], [0, 3.5, 2]);
});

test("right tokens are counted, of all and of those that show something", () => {
  const found = counted(Uint8Array.from([0, 1, 2, 0]), Uint8Array.from([0, 1, 1, 3]));
  assert.deepEqual(found, { right: 2, all: 4, rightShown: 1, shown: 3 });
});

test("the windows' squares stand along the diagonal and have the area of their pairs", () => {
  const path = diagonal({ windows: 3, per_window: 4 }, 0.5);
  assert.equal(path, "M0 0h2v2h-2zM2 2h2v2h-2zM4 4h2v2h-2z");
});
