/** The strongest keys of a query, in the picture: an arc to each as wide as its share, and the share beside it. */

import { percent, zoomOf } from "../dom.js";
import { LABEL, MARKS } from "./marks.js";

/** @typedef {import("./photo.js").PhotoView} PhotoView */
/** @typedef {import("./photo.js").Place} Place */
/** @typedef {[number, number, number, number]} Box x, y, width, height */
/** @typedef {{d: string, width: number}} Arc */
/** @typedef {{box: Box, text: string, font: string}} Label */
/** @typedef {{arcs: Arc[], seats: Place[], labels: Label[]}} Overlay strongest first */

const [SHOWN, LEAST] = [3, 0.002]; // how many keys, and the least share that is worth an arc
const [FINE_PX, GAP] = [24, 5]; // below that a token is too small for labels about it; CSS pixels

/** The order of some shares, largest first, the first few. @param {ArrayLike<number>} shares @returns {number[]} */
export function largestFew(shares, count = SHOWN) {
  const found = [];
  for (let k = 0; k < shares.length; k++) {
    let at = found.length;
    while (at > 0 && shares[k] > shares[found[at - 1]]) at--;
    if (at < count) { found.splice(at, 0, k); found.length = Math.min(found.length, count); }
  }
  return found;
}

/**
 * @param {PhotoView} view @param {{query: Place, keys: {seat: Place, share: number}[]}} drawn
 * @param {number} slot the query's @returns {Overlay}
 */
export function overlayOf(view, { query, keys }, slot) {
  const shares = keys.map(({ share }, k) => (k === slot ? 0 : share)); // an arc to itself would be a dot
  const few = largestFew(shares).filter((k) => shares[k] >= LEAST);
  const seats = few.map((k) => keys[k].seat);
  const arcs = few.map((k) => ({ d: curve(view, view.seat(...query), keys[k].seat), width: 1 + 11 * shares[k] }));
  return { arcs, seats, labels: labelsOf(view, query, keys, few) };
}

/** A curve from the middle of a seat to that of another. @param {PhotoView} view */
function curve({ cell }, [r, c], [r2, c2]) {
  const [x, y, x2, y2] = [c, r, c2, r2].map((part) => (part + 0.5) * cell);
  const far = Math.hypot(x2 - x, y2 - y);
  const bend = (Math.min(70, far * 0.42) / far) * (x2 < x ? -1 : 1);
  const middle = [(x + x2) / 2 + (y2 - y) * bend, (y + y2) / 2 - (x2 - x) * bend];
  return `M${x} ${y}Q${middle[0]} ${middle[1]} ${x2} ${y2}`;
}

const meet = ([x, y, w, h], [x2, y2, w2, h2]) => x < x2 + w2 && x2 < x + w && y < y2 + h2 && y2 < y + h;

/**
 * Labels at the strongest keys, where they cover neither the query, nor a key that is marked, nor a window's letter;
 * where there is no such place, none.
 * @param {PhotoView} view @returns {Label[]}
 */
function labelsOf(view, query, keys, few) {
  const { context, width, height, letters } = view;
  const grown = ([x, y, w, h], by) => /** @type {Box} */ ([x - by, y - by, w + 2 * by, h + 2 * by]);
  const taken = [grown(view.boxOf(view.seat(...query)), 5), ...few.map((k) => grown(view.boxOf(keys[k].seat), 3)),
    ...letters.map(({ x, y, side }) => /** @type {Box} */ ([x, y, side, side]))];
  const around = windowBox(view, keys);
  const [labels, zoom] = [[], zoomOf(view.canvas)];
  few.forEach((k, i) => {
    const [text, size] = [percent(keys[k].share), Math.round((i ? 12 : 14) * zoom)];
    const font = `${i ? 600 : 700} ${size}px ${LABEL.font}`;
    context.font = font;
    const [wide, high] = [Math.ceil(context.measureText(text).width) + 12, size + (i ? 6 : 8)];
    const box = placesFor(view.boxOf(keys[k].seat), around, wide, high).find(([x, y]) => x >= 2 && y >= 2
      && x + wide <= width - 2 && y + high <= height - 2 && !taken.some((other) => meet(other, [x, y, wide, high])));
    if (!box) return;
    taken.push([...box, wide, high]);
    labels.push({ box: [...box, wide, high], text, font });
  });
  return labels;
}

/** What the window spans on the screen. @param {PhotoView} view @returns {Box} */
function windowBox(view, keys) {
  const [rows, columns] = [0, 1].map((i) => keys.map(({ seat }) => seat[i]));
  const [top, left] = [view.edge(Math.min(...rows)), view.edge(Math.min(...columns))];
  return [left, top, view.edge(Math.max(...columns) + 1) - left, view.edge(Math.max(...rows) + 1) - top];
}

/**
 * Where a label may stand, best first: about its key; where tokens are small, beside the window.
 * @param {Box} cell @param {Box} around @returns {[number, number][]}
 */
function placesFor([x, y, w, h], [left, top, span, tall], wide, high) {
  const [right, middle] = [x + w + GAP, x + (w - wide) / 2];
  const [before, level, below, above] = [x - wide - GAP, y + (h - high) / 2, y + h + GAP, y - high - GAP];
  const about = [[right, level], [before, level], [middle, below], [middle, above],
    [right, below], [before, below], [right, above], [before, above]];
  const sides = [left + span + 7, left - wide - 7];
  const beside = sides.flatMap((at) => [0, 26, 48, 70].flatMap((by) => [[at, top + by], [at, top + tall - high - by]]));
  return /** @type {[number, number][]} */ (w < FINE_PX ? [...beside, ...about] : [...about, ...beside]);
}

/** Draw it, the weakest first. @param {PhotoView} view @param {Overlay} overlay */
export function drawArcs(view, { arcs, seats }) {
  const { context } = view;
  context.lineCap = "round";
  for (const { d, width } of [...arcs].reverse()) {
    const path = new Path2D(d);
    for (const [colour, wide] of strokes(width)) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.stroke(path);
    }
  }
  context.lineCap = "butt";
  seats.forEach((seat, i) => view.frame(seat, i ? MARKS.strong : MARKS.key));
}

/** An arc's edge and the arc: colours and widths. @returns {[string, number][]} */
export const strokes = (width) => [[MARKS.key[2], width + 2], [MARKS.key[0], width]];

/** @param {PhotoView} view @param {Overlay} overlay */
export function drawLabels({ context }, { labels }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { box: [x, y, w, h], text, font } of labels) {
    context.fillStyle = LABEL.ground;
    context.fillRect(x, y, w, h);
    context.fillStyle = LABEL.ink;
    context.font = font;
    context.fillText(text, x + w / 2, y + h / 2 + 0.5);
  }
}
