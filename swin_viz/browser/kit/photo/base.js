/** What lies below every map: the picture, its padding hatched, the windows' grid, and those that wrap round tinted. */

import { hatch, HUES } from "../colour.js";
import { sized } from "../dom.js";

/** @typedef {import("./photo.js").PhotoView} PhotoView */

/** @type {[number, string][]} a line's width and colour, over its edge's */
const GRID = [[2.5, "rgba(0,0,0,.55)"], [1.2, "rgba(255,255,255,.95)"]];

/** @param {PhotoView} view that is laid out */
export function drawBase(view) {
  const context = sized(view.base, view.width, view.height);
  context.fillStyle = hatch(context);
  context.fillRect(0, 0, view.width, view.height);
  const { trace, scale } = view;
  context.imageSmoothingEnabled = scale < 3;
  for (const [x, y] of view.copies()) context.drawImage(trace.photo(), x, y, trace.width * scale, trace.height * scale);
  if (!view.options.grid) return;
  tintWrapped(context, view);
  drawGrid(context, view);
}

/** The window of each place of the map that is shown. @param {PhotoView} view */
function owners({ block, options }) {
  const [rows, columns] = block.padded;
  const owner = new Int32Array(rows * columns);
  for (let w = 0; w < block.windows; w++) {
    for (let s = 0; s < block.N; s++) {
      const [r, c] = options.rolled ? block.rolledAt(w, s) : block.at(w, s);
      owner[r * columns + c] = w;
    }
  }
  return owner;
}

/** Lines between neighbours of two windows. @param {CanvasRenderingContext2D} context @param {PhotoView} view */
function drawGrid(context, view) {
  const { block: { padded: [rows, columns] }, cell } = view;
  const owner = owners(view);
  const line = (...ends) => ends.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x, y));
  context.beginPath();
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const [x, y, at] = [c * cell, r * cell, r * columns + c];
      if (c && owner[at] !== owner[at - 1]) line([x, y], [x, y + cell]);
      if (r && owner[at] !== owner[at - columns]) line([x, y], [x + cell, y]);
    }
  }
  for (const [width, colour] of GRID) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/**
 * Windows that the roll puts together from several edges: all their pieces in one colour.
 * @param {CanvasRenderingContext2D} context @param {PhotoView} view
 */
function tintWrapped(context, view) {
  const { block, cell } = view;
  let count = 0;
  for (let w = 0; w < block.windows; w++) {
    const regions = block.regions.subarray(w * block.N, (w + 1) * block.N);
    if (regions.every((region) => region === regions[0])) continue;
    context.fillStyle = HUES[count++ % HUES.length];
    context.globalAlpha = 0.3;
    for (let s = 0; s < block.N; s++) {
      const [r, c] = view.seat(...block.at(w, s));
      context.fillRect(c * cell, r * cell, cell, cell);
    }
    context.globalAlpha = 1;
  }
}
