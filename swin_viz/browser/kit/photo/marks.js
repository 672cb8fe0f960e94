/** What stands out on a picture, on the screen and as SVG: lines and their colours, light and veil, what is hatched. */

import { css } from "../colour.js";

/** @typedef {[string, number, string]} Mark colour, width, colour of its edge */

/** The lines that stand out on any picture; an edge goes below each. */
export const MARKS = {
  window: /** @type {Mark} */ (["#ffffff", 2, "#000000"]),
  query: /** @type {Mark} */ (["#ff3b30", 2.5, "#3b0805"]),
  pinned: /** @type {Mark} */ (["#ff3b30", 4, "#3b0805"]),
  key: /** @type {Mark} */ (["#00b8ff", 3, "#00263a"]),
  strong: /** @type {Mark} */ (["#00b8ff", 2, "#00263a"]),
};
export const EDGE_OPACITY = 0.85;
const FONT = '"Source Sans", "Source Sans 3", sans-serif';
/** A label in the picture: its ground and its ink; turned for what is current. */
export const LABEL = { ground: "rgba(12,14,17,.78)", ink: "#ffffff", font: FONT };

/** How bright the least of a window's keys is: on a pale page a darker window would be a hole. @param {boolean} dark */
export const dimOf = (dark) => (dark ? 0.25 : 0.35);

/** How much black lies over a key that is shown as light: none over the strongest. @param {boolean} dark */
export const shadeOf = (share, high, dark) => (1 - dimOf(dark)) * (1 - (high > 0 ? Math.min(1, share / high) : 0));

/** Below the hatch of a key that is shown as light, and the hatch: opacity of the black, and of the stripes. */
export const HATCHED = [0.5, 0.4];

/**
 * What lies over everything but the query's window: level of grey and opacity. Beside light it darkens and greys.
 * @param {import("./photo.js").Options} options
 */
export const veilOf = ({ dark, light }) => (light ? (dark ? [32, 0.42] : [66, 0.24]) : dark ? [0, 0.5] : [255, 0.45]);

/** Whether a key is hatched: blocked, and nothing leaks to it. @param {{blocked: boolean, share: number}} key */
export const isHatched = ({ blocked, share }) => blocked && share < 1e-6;

/** The less is looked at, the more of the picture shows through. */
const opacityOf = (share, high) => (high > 0 ? 0.5 + 0.4 * Math.min(1, share / high) : 0.5);

/**
 * What lies over a key's pixels: colours, or "hatch", and their opacities.
 * @param {{blocked: boolean, share: number}} key @param {number} high
 * @param {{light?: boolean, dark: boolean}} options @returns {[string, number][]}
 */
export function fillsOf(key, high, { light, dark }) {
  const { share } = key;
  if (!light) return [[isHatched(key) ? "hatch" : css("share", share, 0, high), opacityOf(share, high)]];
  return isHatched(key) ? [["#000", HATCHED[0]], ["hatch", HATCHED[1]]] : [["#000", shadeOf(share, high, dark)]];
}

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
