/**
 * MSA and W-MSA over the number of tokens, log–log, redrawn with every move; the map in use is the pair of dots, with
 * its numbers. Every colour stands on its element, so that the drawing can leave the page.
 */

import { el } from "../kit/dom.js";
import { exact, short, sumOf } from "./terms.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [76, 16, 14, 48]; // of the chart, in its own units
const SIDES = [7, 720]; // tokens along a side: from one window to a 4K picture
const [FEWEST, MANY] = SIDES.map((side) => side ** 2);
const CURVES = ["msa", "w_msa"];
const NAMES = { msa: "MSA", w_msa: "W-MSA" };
const ROOM = 95; // of a word beside a line
const DASH = { msa: "10 6", w_msa: null };

/** @typedef {import("./terms.js").Term} Term */
/** @typedef {{msa: string, w_msa: string, ink: string, quiet: string, line: string, ground: string}} Look colours */
/**
 * @typedef {Object} What
 * @property {Record<string, Term[]>} terms @property {import("./terms.js").Sizes} at @property {number} factor
 * @property {string} unit @property {(key: string, fields?: Object) => string} say
 */
/**
 * @typedef {Object} Axes
 * @property {(tokens: number) => number} x @property {(macs: number) => number} y
 * @property {number} low @property {number} high powers of ten @property {number} width @property {number} height
 */

/** @type {Look} */
export const ON_PAGE = {
  msa: "var(--msa)", w_msa: "var(--wmsa)", ink: "var(--ink)", quiet: "var(--quiet)", line: "var(--line)",
  ground: "var(--st-background-color, #fff)",
};
/** @type {Look} */
export const ON_PAPER = {
  msa: "#d55e00", w_msa: "#0072b2", ink: "#1b1f24", quiet: "#59616b", line: "#dde1e6", ground: "#ffffff",
};

const inside = (tokens) => tokens >= FEWEST && tokens <= MANY;
const whole = (value) => short(value).replace(/\.\d+/, "");
const costOf = ({ terms, at, factor }, group, sizes = at) => sumOf(terms[group], sizes) * factor;
/** Words that stay readable where a line runs behind them. */
const text = (look, attributes, words) => el("text", {
  "font-size": 14, style: `fill:${look.ink};paint-order:stroke;stroke:${look.ground};stroke-width:4px`, ...attributes,
}, words);
const rule = (look, ends) => el("line", { ...ends, style: `stroke:${look.line}` });

/** The chart in so many pixels. @param {What} what @param {Look} look */
export function chart(what, look, width, height) {
  const axes = axesOf(what, width, height);
  const tokens = what.at.h * what.at.w;
  const [msa, windows] = CURVES.map((group) => short(costOf(what, group)));
  const label = what.say("curves_alt", { tokens: exact(tokens), unit: what.unit, msa, w_msa: windows });
  const size = { viewBox: `0 0 ${width} ${height}`, width, height };
  return el("svg", { ...size, role: "img", "aria-label": label },
    ...rules(axes, look), ...titles(what, axes, look), ...marks(what, axes, look), ...curves(what, axes, look),
    ...(inside(tokens) ? CURVES.flatMap((group) => dot(what, axes, look, group)) : []));
}

/** What stands below the chart where the map in use lies outside of it, else nothing. @param {What} what */
export function outside({ at, say }) {
  const tokens = at.h * at.w;
  const [here, least, most] = [tokens, FEWEST, MANY].map(exact);
  return inside(tokens) ? "" : say("curves_outside", { tokens: here, least, most });
}

const square = ({ at }, side) => ({ ...at, h: side, w: side });

/** @param {What} what @returns {Axes} */
function axesOf(what, width, height) {
  const ends = (side) => CURVES.map((group) => costOf(what, group, square(what, side))); // either may be the greater
  const low = Math.log10(Math.min(...ends(SIDES[0]))) - 0.3;
  const high = Math.log10(Math.max(...ends(SIDES[1]))) + 0.2;
  const x = (tokens) => LEFT + ((width - LEFT - RIGHT) * Math.log(tokens / FEWEST)) / Math.log(MANY / FEWEST);
  const y = (macs) => TOP + (height - BOTTOM - TOP) * (1 - (Math.log10(macs) - low) / (high - low));
  return { x, y, low, high, width, height };
}

/** Powers of ten, or every second one, and some numbers of tokens. @param {Axes} axes @param {Look} look */
function rules({ x, y, low, high, width, height }, look) {
  const parts = [];
  const step = y(1) - y(10) < 34 ? 2 : 1;
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) {
    const at = y(10 ** power);
    parts.push(rule(look, { x1: LEFT, x2: width - RIGHT, y1: at, y2: at }),
      text(look, { x: LEFT - 8, y: at + 5, "text-anchor": "end" }, whole(10 ** power)));
  }
  for (const tokens of [100, 1000, 10000, 100000]) {
    parts.push(rule(look, { x1: x(tokens), x2: x(tokens), y1: height - BOTTOM, y2: height - BOTTOM + 5 }),
      text(look, { x: x(tokens), y: height - BOTTOM + 20, "text-anchor": "middle" }, whole(tokens)));
  }
  return parts;
}

/** The names of the axes, with their units. @param {What} what @param {Axes} axes @param {Look} look */
function titles({ say, unit }, { width, height }, look) {
  const middle = TOP + (height - BOTTOM - TOP) / 2;
  return [
    text(look, { x: (LEFT + width - RIGHT) / 2, y: height - 6, "text-anchor": "middle" }, say("curves_axis")),
    text(look, { x: 0, y: 0, "text-anchor": "middle", transform: `translate(16 ${middle}) rotate(-90)` },
      say("curves_cost", { unit }))];
}

/** Where the two cost the same, and where the products overtake the rest. @param {What} what @param {Look} look */
function marks({ at: { m, c } }, /** @type {Axes} */ { x, height }, look) {
  const [n, c2] = [m ** 2, 2 * c];
  const found = [{ words: `M² = ${n}`, tokens: n, down: 28 }, { words: `2C = ${c2}`, tokens: c2, down: 48 }];
  const crowded = (tokens) => found.some((other) => other.tokens > tokens && x(other.tokens) - x(tokens) < ROOM);
  const shown = found.filter(({ tokens }) => inside(tokens));
  const dashes = { style: `stroke:${look.quiet}`, "stroke-dasharray": "3 4", class: "mark" };
  const lines = shown.map(({ tokens }) => (
    el("line", { x1: x(tokens), x2: x(tokens), y1: TOP, y2: height - BOTTOM, ...dashes })));
  return [...lines, ...shown.map(({ words, tokens, down }) => { // words over all lines
    const end = x(tokens) > x(MANY) - ROOM || (crowded(tokens) && x(tokens) > LEFT + ROOM);
    return text(look, { x: x(tokens) + (end ? -5 : 5), y: down, "text-anchor": end ? "end" : "start" }, words);
  })];
}

/** Where the name of a curve stands at its right end: there hw is more than any M², so MSA is the upper one. */
const beside = { msa: (x, y) => ({ x: x - 44, y: y + 6 }), w_msa: (x, y) => ({ x, y: y - 12 }) };

/** @param {What} what @param {Axes} axes @param {Look} look */
function curves(what, { x, y }, look) {
  const sides = Array.from({ length: 61 }, (_, i) => SIDES[0] * (SIDES[1] / SIDES[0]) ** (i / 60));
  const point = (group, side) => (
    `${x(side * side).toFixed(1)},${y(costOf(what, group, square(what, side))).toFixed(1)}`);
  return CURVES.flatMap((group) => {
    const points = sides.map((side) => point(group, side));
    const [right, high] = points.at(-1).split(",").map(Number);
    return [
      el("polyline", {
        class: `curve ${group}`, points: points.join(" "), "stroke-dasharray": DASH[group],
        style: `fill:none;stroke:${look[group]};stroke-width:3`,
      }),
      text(look, { ...beside[group](right, high), "text-anchor": "end" }, NAMES[group])];
  });
}

// The curves rise to the right: a number stands left above its dot or right below it, or far enough from the curve.
const above = (x, y) => (
  x > LEFT + 110 ? { x: x - 12, y: y - 10, "text-anchor": "end" } : { x: x + 8, y: y - 44, "text-anchor": "start" });
const below = (x, y, end) => (
  x < end - 110 ? { x: x + 12, y: y + 22, "text-anchor": "start" } : { x: x - 8, y: y + 54, "text-anchor": "end" });

/** The map in use on one curve, with its number. @param {What} what @param {Axes} axes @param {Look} look */
function dot(what, { x, y }, look, group) {
  const [own, other] = [group, CURVES.find((each) => each !== group)].map((each) => costOf(what, each));
  const upper = own > other || (own === other && group === "msa");
  const [cx, cy] = [x(what.at.h * what.at.w), y(own)];
  const words = `${NAMES[group]} ${short(own)}`;
  const place = upper ? above(cx, cy) : below(cx, cy, x(MANY));
  const fill = `fill:${look[group]};stroke:${look.ground};stroke-width:2`;
  return [
    el("circle", { class: `dot ${group}`, cx, cy, r: 7, style: fill }),
    text(look, { "font-weight": 600, ...place }, words)];
}
