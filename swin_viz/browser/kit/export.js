/**
 * Take the view away: PNG and SVG of what is on the screen, its scales in numbers, and a caption that says what it is.
 */

import { css, HATCH, SCALES } from "./colour.js";
import { el, offer } from "./dom.js";

const [MARGIN, GAP, LINE, BAR, NARROWEST] = [12, 20, 18, 120, 420]; // CSS pixels
const SHARP = 2; // pixels of a PNG for one of the screen's: text stays readable on a slide
const INK = "#111";
const ruler = document.createElement("canvas").getContext("2d");

/**
 * @typedef {{scale: string, low: string, high: string, unit: string}} Legend
 * @typedef {Object} Part a drawing; above it its label, below it its scale in numbers, or a note
 * @property {HTMLCanvasElement} canvas @property {() => SVGElement} [vector] the same, for SVG
 * @property {string} [label] @property {string} [note] @property {Legend} [legend]
 * @typedef {Pick<Part, "canvas"|"vector">} Drawing
 * @typedef {Partial<Drawing> & {lines?: string[], size?: number, scale?: string}} What
 * @typedef {What & {x: number, y: number, w: number, h: number}} Item text, a drawing or a colour bar at its place
 * @typedef {{items: Item[], width: number, height: number}} Sheet in CSS pixels
 */

function widthOf(text, size) {
  ruler.font = `${size}px sans-serif`;
  return ruler.measureText(text.trimEnd()).width;
}

const WIDE = "⺀-鿿！-￯"; // Chinese characters and their signs
// a place, a Chinese character or a word, with what must not begin a line
const PIECE = new RegExp(`(?:\\(\\d+, \\d+\\)|[${WIDE}]|[^\\s${WIDE}]+)[，。：；、）！？”]*(?: · |\\s*)|\\s+`, "g");

/** Text in lines of at most `wide` pixels, broken between pieces, inside words that are too long; nothing is lost. */
export function wrap(text, wide, size) {
  const pieces = text.match(PIECE) ?? [];
  const out = [""];
  const add = (more) => {
    if (out.at(-1) && widthOf(out.at(-1) + more, size) > wide) out.push("");
    out[out.length - 1] += more;
  };
  for (const piece of pieces) (widthOf(piece, size) <= wide ? [piece] : [...piece]).forEach(add);
  return out;
}

/** A wrapped text as an item. @returns {Item} */
function written(text, x, y, wide, size = 13) {
  const lines = text ? wrap(text, wide, size) : [];
  return { lines, size, x, y, w: wide, h: lines.length * LINE };
}

/**
 * A scale's lowest number, its colours, its highest number; its unit below.
 * @param {Legend} legend @returns {Item[]}
 */
function legendItems({ scale, low, high, unit }, y, wide) {
  const x = widthOf(low, 13) + 8;
  const bar = { scale, x, y: y + 3, w: BAR, h: 12 };
  return [written(low, 0, y, wide), bar, written(high, x + BAR + 8, y, wide), written(unit, 0, y + LINE, wide)];
}

/** @param {Part} part */
const breadth = ({ canvas, legend }) => Math.max(parseFloat(canvas.style.width), legend ? 2.2 * BAR : 0);

/** One part as items from 0, 0 on; `top` is the room for its label. @param {Part} part @returns {Item[]} */
function laid(part, top) {
  const { canvas, vector, label = "", note = "", legend } = part;
  const [w, h, wide] = [parseFloat(canvas.style.width), parseFloat(canvas.style.height), breadth(part)];
  const below = top + h + 5;
  const scale = legend ? legendItems(legend, below, wide) : [];
  const drawing = { canvas, vector, x: 0, y: top, w, h };
  return [written(label, 0, 0, wide, 14), drawing, ...scale, written(note, 0, below, wide)];
}

const bottomOf = (items) => Math.max(...items.map(({ y, h }) => y + h));

/** Several drawings side by side, wrapped. @param {Part[]} parts @returns {Sheet} */
export function sheet(parts, most = 1200) {
  const labels = parts.map((part) => written(part.label ?? "", 0, 0, breadth(part), 14).h);
  const top = Math.max(...labels); // the same for all, so that drawings stand level
  const items = [];
  let [x, y, right] = [MARGIN, MARGIN, NARROWEST - MARGIN];
  for (const part of parts) {
    if (x > MARGIN && x + breadth(part) > most) [x, y] = [MARGIN, bottomOf(items) + GAP];
    items.push(...laid(part, top).map((item) => ({ ...item, x: item.x + x, y: item.y + y })));
    right = Math.max(right, x + breadth(part));
    x += breadth(part) + GAP;
  }
  return { items, width: right + MARGIN, height: bottomOf(items) + MARGIN };
}

/** A sheet with its caption below; a little narrower, for other readers' fonts may run wider. @param {Sheet} figure */
function captioned({ items, width, height }, caption) {
  const below = written(caption, MARGIN, height, 0.94 * (width - 2 * MARGIN));
  return { items: [...items, below], width, height: height + below.h + MARGIN };
}

/** A sheet as PNG. @param {Sheet} figure @param {string} caption @param {string} name */
export function saveSheetPng(figure, caption, name) {
  const { items, width, height } = captioned(figure, caption);
  const out = document.createElement("canvas");
  [out.width, out.height] = [Math.round(width * SHARP), Math.round(height * SHARP)];
  const context = out.getContext("2d");
  context.scale(SHARP, SHARP);
  context.imageSmoothingEnabled = false; // cells keep their edges
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  items.forEach((item) => paint(context, item));
  out.toBlob((blob) => offer(blob, `${name}.png`), "image/png");
}

/** @param {CanvasRenderingContext2D} context @param {Item} item */
function paint(context, { lines, size, canvas, scale, x, y, w, h }) {
  if (canvas) { context.drawImage(canvas, x, y, w, h); return; }
  if (lines) {
    context.fillStyle = INK;
    context.font = `${size}px sans-serif`;
    lines.forEach((line, i) => context.fillText(line, x, baseline(y, i)));
    return;
  }
  const colours = context.createLinearGradient(x, 0, x + w, 0);
  stopsOf(scale).forEach(([at, colour]) => colours.addColorStop(at, colour));
  context.fillStyle = colours;
  context.fillRect(x, y, w, h);
}

const baseline = (y, i) => y + (i + 1) * LINE - 5;

/** A scale's colours in 17 places. @returns {[number, string][]} */
const stopsOf = (scale) => Array.from({ length: 17 }, (_, i) => [i / 16, css(scale, i, 0, 16)]);

/**
 * A sheet as SVG: a drawing as vectors where it has them, else as an image.
 * @param {Sheet} figure @param {string} caption @param {string} name
 */
export function saveSheetSvg(figure, caption, name) {
  const { items, width, height } = captioned(figure, caption);
  const page = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` };
  const svg = el("svg", { ...page, "font-family": "sans-serif", fill: INK },
    definitions(), el("rect", { width, height, fill: "#fff" }), ...items.map(inked));
  offer(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }), `${name}.svg`);
}

/** @param {Item} item */
function inked({ lines, size, canvas, vector, scale, x, y, w, h }) {
  const at = { x, y, width: w, height: h };
  const row = (line, i) => el("tspan", { x, y: baseline(y, i) }, line);
  if (lines) return el("text", { "font-size": size }, ...lines.map(row));
  if (scale) return el("rect", { ...at, fill: `url(#scale-${scale})` });
  return vector ? el("svg", at, vector()) : el("image", { ...at, href: canvas.toDataURL() });
}

/** The hatch and the colour scales, for `url(#…)`. */
function definitions() {
  const stop = ([offset, colour]) => el("stop", { offset, "stop-color": colour });
  const bar = (name) => el("linearGradient", { id: `scale-${name}` }, ...stopsOf(name).map(stop));
  const stripes = el("path", { d: "M-8 8L0 0M0 8L8 0M8 8L16 0", stroke: HATCH.stripe, "stroke-width": 2 });
  const tile = { id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse" };
  const hatching = el("pattern", tile, el("rect", { width: 8, height: 8, fill: HATCH.ground }), stripes);
  return el("defs", {}, hatching, ...Object.keys(SCALES).map(bar));
}
