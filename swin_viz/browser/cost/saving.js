/** The chart as a picture for a slide, with its answer, model, sizes and numbers on it; the terms as CSV. */

import { chart, ON_PAPER } from "./curves.js";
import { el, offer } from "../kit/dom.js";
import { macsOf, symbolOf } from "./terms.js";

const [WIDE, HIGH, HEAD, FOOT, MARGIN] = [1200, 675, 104, 76, 32]; // of a slide, in its own units
const SHARP = 2; // pixels of a PNG for one of these
const FONT = 'Arial, Helvetica, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** @typedef {import("./curves.js").What} What */
/** @typedef {{answer: string, about: string, sums: string[]}} Said what the page says of the numbers */

/** The whole sheet as an SVG that needs nothing of the page. @param {What} what @param {Said} said */
export function sheet(what, said) {
  const line = (y, size, weight, words) => el("text", {
    x: MARGIN, y, "font-size": size, "font-weight": weight, style: `fill:${ON_PAPER.ink}`,
  }, words);
  const drawn = chart(what, ON_PAPER, WIDE - 2 * MARGIN, HIGH - HEAD - FOOT);
  for (const [name, value] of Object.entries({ x: MARGIN, y: HEAD })) drawn.setAttribute(name, String(value));
  return el("svg", {
    xmlns: "http://www.w3.org/2000/svg", width: WIDE, height: HIGH, viewBox: `0 0 ${WIDE} ${HIGH}`, "font-family": FONT,
  }, el("rect", { width: WIDE, height: HIGH, style: "fill:#ffffff" }), line(46, 28, 700, said.answer),
  line(80, 18, 400, said.about), drawn, ...said.sums.map((words, i) => line(HIGH - 42 + 26 * i, 17, 400, words)));
}

const textOf = (svg) => new XMLSerializer().serializeToString(svg);

/** @param {SVGElement} svg @param {string} name */
export function saveSvg(svg, name) {
  offer(new Blob([textOf(svg)], { type: "image/svg+xml" }), `${name}.svg`);
}

/** @param {SVGElement} svg @param {string} name */
export async function savePng(svg, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(svg))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: SHARP * WIDE, height: SHARP * HIGH });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => offer(blob, `${name}.png`), "image/png");
}

/**
 * Every term of both formulas, one line each; what it is about in lines that begin with #.
 * @param {What} what @param {string[]} about
 */
export function termsCsv({ terms, at }, about) {
  const rows = Object.entries(terms).flatMap(([layer, group]) => (
    group.map((term) => [layer, term.name, symbolOf(term), macsOf(term, at)].join(","))));
  const notes = about.map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
  return [...notes, "layer,term,formula,macs", ...rows, ""].join("\n");
}

/** @param {string} text @param {string} name */
export const saveCsv = (text, name) => offer(new Blob([text], { type: "text/csv" }), `${name}.csv`);
