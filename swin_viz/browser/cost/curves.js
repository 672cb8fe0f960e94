/** MSA and W-MSA over the number of tokens, log–log, redrawn with every move; the map in use is the pair of dots. */

import { el } from "../kit/dom.js";

const LEFT = 46;
const BOTTOM = 34;
const SIDES = [7, 720]; // tokens along a side: from one window to a 4K picture

/**
 * @param {HTMLElement} node
 * @param {{terms: Object, at: Object, say: Function, factor: number, unit: string, sumOf: Function, short: Function}} what
 */
export function drawCurves(node, { terms, at, say, factor, unit, sumOf, short }) {
  const width = Math.max(280, Math.min(900, node.clientWidth || 600));
  const height = 260;
  const sides = Array.from({ length: 61 }, (_, i) => SIDES[0] * (SIDES[1] / SIDES[0]) ** (i / 60));
  const value = (group, side) => sumOf(terms[group], { ...at, h: side, w: side }) * factor;
  const ends = (side) => [value("msa", side), value("w_msa", side)]; // either can be the greater: M² may exceed the map
  const [low, high] = [Math.log10(Math.min(...ends(SIDES[0]))) - 0.3, Math.log10(Math.max(...ends(SIDES[1]))) + 0.2];
  const x = (tokens) => LEFT + ((width - LEFT - 12) * Math.log(tokens / SIDES[0] ** 2)) / Math.log((SIDES[1] / SIDES[0]) ** 2);
  const y = (macs) => 10 + (height - BOTTOM - 10) * (1 - (Math.log10(macs) - low) / (high - low));
  const curve = (group, name) => el("polyline", { class: name, points: sides.map((side) => `${x(side * side).toFixed(1)},${y(value(group, side)).toFixed(1)}`).join(" ") });
  const parts = [];
  for (let power = Math.ceil(low / 2) * 2; power <= high; power += 2) {
    parts.push(el("line", { class: "rule", x1: LEFT, x2: width - 12, y1: y(10 ** power), y2: y(10 ** power) }),
      el("text", { x: LEFT - 6, y: y(10 ** power) + 4, "text-anchor": "end" }, short(10 ** power).replace(/\.\d+/, "")));
  }
  for (const tokens of [49, 1000, 10000, 100000]) parts.push(el("text", { x: x(tokens), y: height - 16, "text-anchor": tokens === 49 ? "start" : "middle" }, short(tokens).replace(/\.\d+/, "")));
  for (const [text, tokens, down] of [[`M² = ${at.m ** 2}`, at.m ** 2, 22], [`2C = ${2 * at.c}`, 2 * at.c, 38]]) {
    if (tokens < 49 || tokens > SIDES[1] ** 2) continue;
    parts.push(el("line", { class: "mark", x1: x(tokens), x2: x(tokens), y1: 10, y2: height - BOTTOM }), el("text", { x: x(tokens) + 4, y: down }, text));
  }
  const tokens = at.h * at.w;
  const inside = tokens >= SIDES[0] ** 2 && tokens <= SIDES[1] ** 2;
  const dots = inside ? ["msa", "w_msa"].map((group) => el("circle", { class: `dot ${group}`, cx: x(tokens), cy: y(sumOf(terms[group], at) * factor), r: 7 })) : [];
  const [whole, windows] = [sumOf(terms.msa, at), sumOf(terms.w_msa, at)];
  const label = say("curves_alt", { tokens, unit, msa: short(whole * factor), w_msa: short(windows * factor) });
  node.replaceChildren(
    el("div", { class: "key", "aria-hidden": "true" }, el("span", { class: "msa" }, "MSA"), el("span", { class: "w_msa" }, "W-MSA")),
    el("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label },
      ...parts, curve("msa", "curve msa"), curve("w_msa", "curve w_msa"), ...dots,
      el("text", { x: (width + LEFT) / 2, y: height - 2, "text-anchor": "middle" }, say("curves_axis"))),
    inside ? "" : el("p", { class: "outside" }, say("curves_outside", { tokens, least: SIDES[0] ** 2, most: SIDES[1] ** 2 })));
}
