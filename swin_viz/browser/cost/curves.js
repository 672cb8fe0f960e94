/** MSA and W-MSA over the number of tokens, log–log, redrawn with every move; the map in use is the pair of dots. */

import { el } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";
import { short, sumOf } from "./terms.js";

const [LEFT, RIGHT, TOP, BOTTOM, HIGH] = [46, 12, 10, 34, 260]; // of the chart, in its own units
const SIDES = [7, 720]; // tokens along a side: from one window to a 4K picture
const [FEWEST, MANY] = SIDES.map((side) => side ** 2);
const CURVES = ["msa", "w_msa"];

/** @typedef {import("./terms.js").Term} Term */
/**
 * @typedef {Object} What
 * @property {Record<string, Term[]>} terms @property {import("./terms.js").Sizes} at @property {number} factor
 * @property {string} unit @property {(key: string, fields?: Object) => string} say
 */
/**
 * @typedef {Object} Axes
 * @property {(tokens: number) => number} x @property {(macs: number) => number} y
 * @property {number} low @property {number} high powers of ten @property {number} width
 */

const inside = (tokens) => tokens >= FEWEST && tokens <= MANY;
const whole = (value) => short(value).replace(/\.\d+/, "");

/** @param {HTMLElement} node @param {What} what */
export function drawCurves(node, what) {
  const { at, say, unit, factor, terms } = what;
  const axes = axesOf(what, clamp(node.clientWidth || 600, 280, 900));
  const tokens = at.h * at.w;
  const [msa, windows] = CURVES.map((group) => short(sumOf(terms[group], at) * factor));
  const label = say("curves_alt", { tokens, unit, msa, w_msa: windows });
  const size = { viewBox: `0 0 ${axes.width} ${HIGH}`, width: axes.width, height: HIGH };
  const axis = el("text", { x: (axes.width + LEFT) / 2, y: HIGH - 2, "text-anchor": "middle" }, say("curves_axis"));
  const key = CURVES.map((group, i) => el("span", { class: group }, ["MSA", "W-MSA"][i]));
  const outside = say("curves_outside", { tokens, least: FEWEST, most: MANY });
  node.replaceChildren(
    el("div", { class: "key", "aria-hidden": "true" }, ...key),
    el("svg", { ...size, role: "img", "aria-label": label },
      ...rules(axes), ...marks(at, axes), ...curves(what, axes), ...(inside(tokens) ? dots(what, axes) : []), axis),
    inside(tokens) ? "" : el("p", { class: "outside" }, outside));
}

const valueOf = ({ terms, at, factor }, group, side) => sumOf(terms[group], { ...at, h: side, w: side }) * factor;

/** @param {What} what @returns {Axes} */
function axesOf(what, width) {
  const ends = (side) => CURVES.map((group) => valueOf(what, group, side)); // either may be the greater: M² above h·w
  const low = Math.log10(Math.min(...ends(SIDES[0]))) - 0.3;
  const high = Math.log10(Math.max(...ends(SIDES[1]))) + 0.2;
  const x = (tokens) => LEFT + ((width - LEFT - RIGHT) * Math.log(tokens / FEWEST)) / Math.log(MANY / FEWEST);
  const y = (macs) => TOP + (HIGH - BOTTOM - TOP) * (1 - (Math.log10(macs) - low) / (high - low));
  return { x, y, low, high, width };
}

/** Every second power of ten, and some numbers of tokens. @param {Axes} axes */
function rules({ x, y, low, high, width }) {
  const parts = [];
  for (let power = Math.ceil(low / 2) * 2; power <= high; power += 2) {
    const macs = 10 ** power;
    parts.push(el("line", { class: "rule", x1: LEFT, x2: width - RIGHT, y1: y(macs), y2: y(macs) }),
      el("text", { x: LEFT - 6, y: y(macs) + 4, "text-anchor": "end" }, whole(macs)));
  }
  for (const tokens of [FEWEST, 1000, 10000, 100000]) {
    const anchor = tokens === FEWEST ? "start" : "middle";
    parts.push(el("text", { x: x(tokens), y: HIGH - 16, "text-anchor": anchor }, whole(tokens)));
  }
  return parts;
}

/** Where the two cost the same, and where the products overtake the rest. @param {What["at"]} at @param {Axes} axes */
function marks({ m, c }, { x }) {
  const [n, c2] = [m ** 2, 2 * c];
  const found = [{ text: `M² = ${n}`, tokens: n, down: 22 }, { text: `2C = ${c2}`, tokens: c2, down: 38 }];
  return found.filter(({ tokens }) => inside(tokens)).flatMap(({ text, tokens, down }) => [
    el("line", { class: "mark", x1: x(tokens), x2: x(tokens), y1: TOP, y2: HIGH - BOTTOM }),
    el("text", { x: x(tokens) + 4, y: down }, text),
  ]);
}

/** @param {What} what @param {Axes} axes */
function curves(what, { x, y }) {
  const sides = Array.from({ length: 61 }, (_, i) => SIDES[0] * (SIDES[1] / SIDES[0]) ** (i / 60));
  const point = (group, side) => `${x(side * side).toFixed(1)},${y(valueOf(what, group, side)).toFixed(1)}`;
  return CURVES.map((group) => (
    el("polyline", { class: `curve ${group}`, points: sides.map((side) => point(group, side)).join(" ") })));
}

/** @param {What} what @param {Axes} axes */
function dots({ terms, at, factor }, { x, y }) {
  return CURVES.map((group) => (
    el("circle", { class: `dot ${group}`, cx: x(at.h * at.w), cy: y(sumOf(terms[group], at) * factor), r: 7 })));
}
