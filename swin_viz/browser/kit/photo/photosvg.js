/** The picture with its map as SVG: layer for layer what photo.js painted last, with a number on every cell. */

import { rgb, ringRadius } from "../colour.js";
import { el } from "../dom.js";
import { EDGE_OPACITY, isHatched, MARKS, outline, veilOf } from "./photo.js";

/** @param {import("./photo.js").PhotoView} view @param {[number, number]|null} key a ringed key, row and column */
export function photoSvg(view, key = null) {
  const { canvas: { drawn }, base, width, height } = view;
  const image = el("image", { href: base.toDataURL(), width, height });
  const layers = drawn.kind === "attention" ? attentionLayers(view, drawn) : [mapCells(view, drawn)];
  const frames = [frame(view, drawn.query, drawn.pinned ? MARKS.pinned : MARKS.query), ...(key ? [frame(view, key, MARKS.key)] : [])];
  return el("g", {}, image, ...layers, ...frames.flat());
}

const square = (x, y, side) => `M${x} ${y}h${side}v${side}h${-side}z`;

/** A veil with a hole where the window is, the window's cells, what leaks, the window's outline. */
function attentionLayers(view, { keys, high }) {
  const { cell, width, height } = view;
  const [level, opacity] = veilOf(view.options.dark);
  const holes = keys.map(({ seat: [r, c] }) => square(c * cell, r * cell, cell)).join("");
  const veil = el("path", { class: "veil", d: `M0 0H${width}V${height}H0z${holes}`, "fill-rule": "evenodd", fill: `rgb(${level},${level},${level})`, "fill-opacity": opacity });
  const cells = el("g", { class: "cells", "shape-rendering": "crispEdges" }, ...keys.map((key) => keyCell(view, key, high)));
  const leaks = keys.filter((key) => key.blocked && !isHatched(key)).map(({ seat: [r, c] }) => `M${c * cell} ${(r + 1) * cell}l${cell} ${-cell}`).join("");
  const r0 = ringRadius(cell);
  const rings = keys.filter((key) => key.padding).map(({ seat: [r, c] }) => `M${(c + 0.5) * cell - r0} ${(r + 0.5) * cell}a${r0} ${r0} 0 1 0 ${2 * r0} 0a${r0} ${r0} 0 1 0 ${-2 * r0} 0`).join("");
  const sides = outline(keys.map(({ seat }) => seat)).map(([r, c, r2, c2]) => `M${c * cell} ${r * cell}L${c2 * cell} ${r2 * cell}`).join("");
  return [veil, cells, ...(leaks ? [el("path", { class: "leaks", d: leaks, stroke: "#fff" })] : []), ...(rings ? twice(rings, ["#fff", 1.6], "padding") : []), ...twice(sides, MARKS.window, "window")];
}

function keyCell(view, key, high) {
  const { seat: [r, c], row, column, share } = key;
  const fill = isHatched(key) ? "url(#hatch)" : `rgb(${rgb("share", share, 0, high).join()})`;
  return el("rect", { x: c * view.cell, y: r * view.cell, width: view.cell, height: view.cell, fill, "fill-opacity": view.opacityOf(share, high) },
    el("title", {}, `(${row}, ${column}) ${share}`));
}

/** Every token of a map; in the rolled map, what leaves at the upper and left edges comes in at the others. */
function mapCells(view, { values, rows, columns, low, high, scale, side }) {
  const rolled = view.options.rolled ? view.block.shift.map((tokens) => tokens * view.cell) : [0, 0];
  const moved = (at, by, all) => (at - by < -side / 2 ? at - by + all : at - by);
  const cells = [];
  for (let i = 0; i < rows * columns; i++) {
    if (Number.isNaN(values[i])) continue;
    const [r, c] = [Math.floor(i / columns), i % columns];
    const at = { x: moved(c * side, rolled[1], view.width), y: moved(r * side, rolled[0], view.height), width: side, height: side };
    cells.push(el("rect", { ...at, fill: `rgb(${rgb(scale, values[i], low, high).join()})` }, el("title", {}, `(${r}, ${c}) ${values[i]}`)));
  }
  return el("g", { class: "cells", "shape-rendering": "crispEdges", "fill-opacity": view.veil }, ...cells);
}

function frame(view, [row, column], mark) {
  const [r, c] = view.seat(row, column);
  return twice(square(c * view.cell - 1, r * view.cell - 1, view.cell + 2), mark, "query");
}

/** A line over a dark edge. */
function twice(d, [colour, width], name) {
  const line = { d, fill: "none" };
  return [el("path", { ...line, class: "edge", stroke: "#000", "stroke-opacity": EDGE_OPACITY, "stroke-width": width + 2 }), el("path", { ...line, class: name, stroke: colour, "stroke-width": width })];
}
