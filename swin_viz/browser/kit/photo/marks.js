/** What stands out on a picture, on the screen and as SVG: lines and their colours, the veil, what is hatched. */

/** The lines that stand out on any picture: colour and width; a dark edge goes below each. */
export const MARKS = {
  window: /** @type {Mark} */ (["#fff", 2]),
  query: /** @type {Mark} */ (["#ff3b30", 2.5]),
  pinned: /** @type {Mark} */ (["#ff3b30", 4]),
  key: /** @type {Mark} */ (["#56b4e9", 3]),
};
export const EDGE_OPACITY = 0.7;

/** @typedef {[string, number]} Mark */

/** What lies over everything but the query's window: [level of grey, opacity]. @param {boolean} dark */
export const veilOf = (dark) => (dark ? [0, 0.5] : [255, 0.45]);

/** Whether a key is hatched: blocked, and nothing leaks to it. @param {{blocked: boolean, share: number}} key */
export const isHatched = ({ blocked, share }) => blocked && share < 1e-6;

/** The less is looked at, the more of the picture shows through. */
export const opacityOf = (share, high) => (high > 0 ? 0.5 + 0.4 * Math.min(1, share / high) : 0.5);

/**
 * The sides of some cells that no other of them shares, as [row, column, row, column] from end to end.
 * @param {[number, number][]} seats
 */
export function outline(seats) {
  const inside = new Set(seats.map((seat) => seat.join()));
  return seats.flatMap(([r, c]) => [
    { next: [r - 1, c], side: [r, c, r, c + 1] },
    { next: [r + 1, c], side: [r + 1, c, r + 1, c + 1] },
    { next: [r, c - 1], side: [r, c, r + 1, c] },
    { next: [r, c + 1], side: [r, c + 1, r + 1, c + 1] },
  ].filter(({ next }) => !inside.has(next.join())).map(({ side }) => side));
}
