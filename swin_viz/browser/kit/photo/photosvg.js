/** The picture with its map as SVG: layer for layer what photo.js painted last, with a number on every cell. */

import { css, ringRadius } from "../colour.js";
import { el } from "../dom.js";
import { EDGE_OPACITY, isHatched, MARKS, opacityOf, outline, veilOf } from "./marks.js";

/** @typedef {import("./photo.js").PhotoView} PhotoView */
/** @typedef {import("./photo.js").Place} Place */

/** @param {PhotoView} view @param {Place|null} key a ringed key */
export function photoSvg(view, key = null) {
  const { canvas: { drawn }, base, width, height } = view;
  const image = el("image", { href: base.toDataURL(), width, height });
  const layers = drawn.kind === "attention" ? attentionLayers(view, drawn) : [mapCells(view, drawn)];
  const query = frame(view, drawn.query, drawn.pinned ? MARKS.pinned : MARKS.query);
  return el("g", {}, image, ...layers, ...query, ...(key ? frame(view, key, MARKS.key) : []));
}

const square = (x, y, side) => `M${x} ${y}h${side}v${side}h${-side}z`;
const CRISP = { class: "cells", "shape-rendering": "crispEdges" };

/**
 * A veil with a hole where the window is, the window's cells, what leaks, the window's outline.
 * @param {PhotoView} view
 */
function attentionLayers(view, { keys, high }) {
  const { cell } = view;
  const sides = outline(keys.map(({ seat }) => seat));
  const around = sides.map(([r, c, r2, c2]) => `M${c * cell} ${r * cell}L${c2 * cell} ${r2 * cell}`).join("");
  const leaking = keys.filter((key) => key.blocked && !isHatched(key));
  const leaks = leaking.map(({ seat: [r, c] }) => `M${c * cell} ${(r + 1) * cell}l${cell} ${-cell}`).join("");
  const rings = keys.filter((key) => key.padding).map(({ seat }) => circle(seat, cell)).join("");
  return [
    veil(view, keys), el("g", CRISP, ...keys.map((key) => keyCell(cell, key, high))),
    ...(leaks ? [el("path", { class: "leaks", d: leaks, stroke: "#fff" })] : []),
    ...(rings ? twice(rings, ["#fff", 1.6], "padding") : []),
    ...twice(around, MARKS.window, "window"),
  ];
}

/** @param {PhotoView} view */
function veil({ cell, width, height, options }, keys) {
  const [level, opacity] = veilOf(options.dark);
  const holes = keys.map(({ seat: [r, c] }) => square(c * cell, r * cell, cell)).join("");
  const fill = `rgb(${level},${level},${level})`;
  const d = `M0 0H${width}V${height}H0z${holes}`;
  return el("path", { class: "veil", d, "fill-rule": "evenodd", fill, "fill-opacity": opacity });
}

function circle([r, c], cell) {
  const radius = ringRadius(cell);
  const half = (across) => `a${radius} ${radius} 0 1 0 ${across} 0`;
  return `M${(c + 0.5) * cell - radius} ${(r + 0.5) * cell}${half(2 * radius)}${half(-2 * radius)}`;
}

function keyCell(cell, key, high) {
  const { seat: [r, c], row, column, share } = key;
  const fill = isHatched(key) ? "url(#hatch)" : css("share", share, 0, high);
  const at = { x: c * cell, y: r * cell, width: cell, height: cell };
  const title = el("title", {}, `(${row}, ${column}) ${share}`);
  return el("rect", { ...at, fill, "fill-opacity": opacityOf(share, high) }, title);
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

/** @param {PhotoView} view @param {Place} place @param {import("./marks.js").Mark} mark */
function frame(view, place, mark) {
  const [r, c] = view.seat(...place);
  return twice(square(c * view.cell - 1, r * view.cell - 1, view.cell + 2), mark, "query");
}

/** A line over a dark edge. @param {string} d @param {import("./marks.js").Mark} mark @param {string} name */
function twice(d, [colour, width], name) {
  const line = { d, fill: "none" };
  const edge = { class: "edge", stroke: "#000", "stroke-opacity": EDGE_OPACITY, "stroke-width": width + 2 };
  const over = { class: name, stroke: colour, "stroke-width": width };
  return [el("path", { ...line, ...edge }), el("path", { ...line, ...over })];
}
