/** The picture with its map as SVG: layer for layer what photo.js painted last, with a number on every cell. */

import { css, ringRadius } from "../colour.js";
import { el } from "../dom.js";
import { strokes } from "./arcs.js";
import { EDGE_OPACITY, fillsOf, isHatched, LABEL, MARKS, outline, veilOf } from "./marks.js";

/** @typedef {import("./photo.js").PhotoView} PhotoView */
/** @typedef {import("./photo.js").Place} Place */

/** @param {PhotoView} view @param {Place|null} key a ringed key */
export function photoSvg(view, key = null) {
  const { canvas: { drawn }, base, width, height } = view;
  const image = el("image", { href: base.toDataURL(), width, height });
  const layers = drawn.kind === "attention" ? attentionLayers(view, drawn) : [mapCells(view, drawn)];
  const query = frame(view, view.seat(...drawn.query), drawn.pinned ? MARKS.pinned : MARKS.query);
  const ringed = key ? frame(view, view.seat(...key), MARKS.key) : [];
  return el("g", {}, image, ...layers, ...query, ...ringed, ...labels(drawn.overlay));
}

/** @param {number[]} at */
const box = ([x, y, w, h]) => `M${x} ${y}h${w}v${h}h${-w}z`;
const CRISP = { class: "cells", "shape-rendering": "crispEdges" };

/**
 * A veil with a hole where the window is, the window's cells, what leaks, the window's outline.
 * @param {PhotoView} view
 */
function attentionLayers(view, { keys, high, window: current, overlay }) {
  const sides = outline(keys.map(({ seat }) => seat));
  const at = (r, c) => `${view.edge(c)} ${view.edge(r)}`;
  const around = sides.map(([r, c, r2, c2]) => `M${at(r, c)}L${at(r2, c2)}`).join("");
  const leaking = keys.filter((key) => key.blocked && !isHatched(key));
  const leaks = leaking.map(({ seat: [r, c] }) => `M${at(r + 1, c)}L${at(r, c + 1)}`).join("");
  const rings = keys.filter((key) => key.padding).map(({ seat }) => circle(view.boxOf(seat))).join("");
  return [
    veil(view, keys), el("g", CRISP, ...keys.flatMap((key) => keyCell(view, key, high))),
    ...(leaks ? [el("path", { class: "leaks", d: leaks, stroke: "#fff" })] : []),
    ...(rings ? twice(rings, ["#fff", 1.6, "#000000"], "padding") : []),
    ...twice(around, MARKS.window, "window"),
    ...view.letters.filter(({ window }) => window === current).flatMap(letter),
    ...arcs(view, overlay),
  ];
}

/** @param {PhotoView} view */
function veil(view, keys) {
  const [level, opacity] = veilOf(view.options);
  const holes = keys.map(({ seat }) => box(view.boxOf(seat))).join("");
  const fill = `rgb(${level},${level},${level})`;
  const d = `M0 0H${view.width}V${view.height}H0z${holes}`;
  return el("path", { class: "veil", d, "fill-rule": "evenodd", fill, "fill-opacity": opacity });
}

/** @param {number[]} at */
function circle([x, y, side]) {
  const radius = ringRadius(side);
  const half = (across) => `a${radius} ${radius} 0 1 0 ${across} 0`;
  return `M${x + side / 2 - radius} ${y + side / 2}${half(2 * radius)}${half(-2 * radius)}`;
}

/** @param {PhotoView} view */
function keyCell(view, key, high) {
  const { seat, row, column, share } = key;
  const [x, y, width, height] = view.boxOf(seat);
  const rects = fillsOf(key, high, view.options).map(([fill, opacity]) => el("rect", {
    x, y, width, height, fill: fill === "hatch" ? "url(#hatch)" : fill, "fill-opacity": opacity,
  }));
  rects.at(-1).append(el("title", {}, `(${row}, ${column}) ${share}`));
  return rects;
}

/** A label's ground and its text. */
function written([x, y, width, height], text, font, ground, ink) {
  const [, weight, size] = font.match(/^(\d+) (\d+)px/);
  const at = { x: x + width / 2, y: y + height / 2 + 0.36 * size, "text-anchor": "middle" };
  const look = { fill: ink, "font-weight": weight, "font-size": size, "font-family": LABEL.font };
  return [el("rect", { x, y, width, height, fill: ground }), el("text", { ...at, ...look }, text)];
}

const letter = ({ x, y, side, text }) => written([x, y, side, side], text, "700 12px", LABEL.ink, "#111");

/** @param {import("./arcs.js").Overlay|null|undefined} overlay */
const labels = (overlay) => (overlay?.labels ?? []).flatMap(({ box: at, text, font }) => (
  written(at, text, font, LABEL.ground, LABEL.ink)));

/** @param {PhotoView} view @param {import("./arcs.js").Overlay|null} overlay */
function arcs(view, overlay) {
  if (!overlay) return [];
  const line = { class: "arc", fill: "none", "stroke-linecap": "round" };
  const stroked = ({ d, width }) => strokes(width).map(([stroke, wide]) => (
    el("path", { ...line, d, stroke, "stroke-width": wide })));
  const rings = overlay.seats.flatMap((seat, i) => frame(view, seat, i ? MARKS.strong : MARKS.key));
  return [...[...overlay.arcs].reverse().flatMap(stroked), ...rings];
}

/**
 * Every token of a map, as far as it is on the picture; in the rolled map, what leaves at the upper and left edges
 * comes in at the others.
 * @param {PhotoView} view
 */
function mapCells(view, { values, rows, columns, low, high, scale, side }) {
  const { trace, options, block, cell } = view;
  const rolled = block.shift.map((tokens) => (options.rolled ? tokens * cell : 0));
  const inside = (at, all) => Math.min(side, all * view.scale - at);
  const moved = (at, by, all) => (at - by < -side / 2 ? at - by + all : at - by);
  const cells = [];
  for (let i = 0; i < rows * columns; i++) {
    if (Number.isNaN(values[i])) continue;
    const [r, c] = [Math.floor(i / columns), i % columns];
    const [x, y] = [moved(c * side, rolled[1], view.width), moved(r * side, rolled[0], view.height)];
    const [width, height] = [inside(c * side, trace.width), inside(r * side, trace.height)];
    const title = el("title", {}, `(${r}, ${c}) ${values[i]}`);
    cells.push(el("rect", { x, y, width, height, fill: css(scale, values[i], low, high) }, title));
  }
  return el("g", { ...CRISP, "fill-opacity": view.veil }, ...cells);
}

/** @param {PhotoView} view @param {Place} seat @param {import("./marks.js").Mark} mark */
function frame(view, seat, mark) { return twice(box(view.ringOf(seat, mark[1])), mark, "ring"); }

/** A line over its edge. @param {string} d @param {import("./marks.js").Mark} mark @param {string} name */
function twice(d, [colour, width, dark], name) {
  const line = { d, fill: "none" };
  const edge = { class: "edge", stroke: dark, "stroke-opacity": EDGE_OPACITY, "stroke-width": width + 2 };
  const over = { class: name, stroke: colour, "stroke-width": width };
  return [el("path", { ...line, ...edge }), el("path", { ...line, ...over })];
}
