/** What lies below every map: the picture, its padding hatched, the windows' grid, and which pieces are one window. */

import { hatch, HUES } from "../colour.js";
import { sized } from "../dom.js";
import { LABEL, veilOf } from "./marks.js";

/** @typedef {import("./photo.js").PhotoView} PhotoView */
/** @typedef {{x: number, y: number, side: number, text: string, window: number}} Letter a window's, on a piece of it */

const GRID = ["rgba(0,0,0,.5)", "rgba(255,255,255,.9)"]; // a line's edges, and the line
const [LETTER_PX, LETTERS] = [16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** The ground, and the same below the veil. @param {PhotoView} view that is laid out */
export function drawBase(view) {
  const context = sized(view.base, view.width, view.height);
  context.fillStyle = hatch(context);
  context.fillRect(0, 0, view.width, view.height);
  const { trace, scale, options, block } = view;
  context.imageSmoothingEnabled = scale < 3;
  for (const [x, y] of view.copies()) context.drawImage(trace.photo(), x, y, trace.width * scale, trace.height * scale);
  view.letters = options.grid && options.letters ? lettersOf(view) : [];
  if (options.grid) {
    if (!options.letters) tintWrapped(context, view);
    drawGrid(context, view);
  }
  if (options.letters) drawSeams(context, view, block.shift.map((tokens) => (options.rolled ? tokens * view.cell : 0)));
  for (const letter of view.letters) drawLetter(context, letter, false);
  const veiled = sized(view.veiled, view.width, view.height);
  const [level, opacity] = veilOf(options);
  veiled.drawImage(view.base, 0, 0, view.width, view.height);
  veiled.fillStyle = `rgba(${level},${level},${level},${opacity})`;
  veiled.fillRect(0, 0, view.width, view.height);
}

/**
 * Where the picture's edges have met, rolled by so much: dashed, for no window ends there.
 * @param {CanvasRenderingContext2D} context @param {PhotoView} view @param {number[]} by down and across
 */
export function drawSeams(context, { width, height }, [dy, dx]) {
  const path = new Path2D(`${dx ? `M${width - dx} 0V${height}` : ""}${dy ? `M0 ${height - dy}H${width}` : ""}`);
  context.lineWidth = 3;
  context.strokeStyle = "rgba(0,0,0,.7)";
  context.stroke(path);
  context.lineWidth = 1;
  context.strokeStyle = "#fff";
  context.setLineDash([6, 5]);
  context.stroke(path);
  context.setLineDash([]);
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

/** The sides where neighbours are of two windows, as x, y, width, height. @param {PhotoView} view @param {number} px */
function sidesOf(view, px) {
  const [rows, columns] = view.block.padded;
  const owner = owners(view);
  const found = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const [[x, y, width, height], at] = [view.boxOf([r, c]), r * columns + c];
      if (c && owner[at] !== owner[at - 1]) found.push([x, y, px, height + px]);
      if (r && owner[at] !== owner[at - columns]) found.push([x, y, width + px, px]);
    }
  }
  return found;
}

/** Lines between neighbours of two windows, on whole pixels. @param {CanvasRenderingContext2D} context */
function drawGrid(context, /** @type {PhotoView} */ view) {
  const px = Math.max(1, Math.round(view.ratio)) / view.ratio;
  const sides = sidesOf(view, px);
  const paths = [new Path2D(), new Path2D()];
  for (const [x, y, width, height] of sides) {
    paths[0].rect(x - px, y - px, width + 2 * px, height + 2 * px);
    paths[1].rect(x, y, width, height);
  }
  GRID.forEach((colour, i) => { context.fillStyle = colour; context.fill(paths[i]); });
}

/** Which windows are put together from several pieces by the roll. @param {PhotoView} view @returns {number[]} */
function wrapped({ block }) {
  return [...Array(block.windows).keys()].filter((w) => {
    const regions = block.regions.subarray(w * block.N, (w + 1) * block.N);
    return regions.some((region) => region !== regions[0]);
  });
}

/**
 * One letter for each window that the roll puts together, on all its pieces; none where they would not fit.
 * @param {PhotoView} view @returns {Letter[]}
 */
function lettersOf(view) {
  const { block, options, cell } = view;
  const [several, least] = [wrapped(view), Math.min(...block.shift.flatMap((by) => [by, block.window - by]))];
  if (several.length > LETTERS.length || least * cell < LETTER_PX + 8) return [];
  return several.flatMap((window, i) => {
    const corners = new Map(); // of each piece its first token
    for (let s = 0; s < block.N; s++) {
      const piece = options.rolled ? 0 : block.regions[window * block.N + s];
      if (!corners.has(piece)) corners.set(piece, view.boxOf(view.seat(...block.at(window, s))));
    }
    return [...corners.values()].map(([x, y]) => ({ x: x + 4, y: y + 4, side: LETTER_PX, text: LETTERS[i], window }));
  });
}

/** @param {CanvasRenderingContext2D} context @param {Letter} letter @param {boolean} current */
export function drawLetter(context, { x, y, side, text }, current) {
  context.fillStyle = current ? LABEL.ink : LABEL.ground;
  context.fillRect(x, y, side, side);
  context.fillStyle = current ? "#111" : LABEL.ink;
  context.font = `700 12px ${LABEL.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + side / 2, y + side / 2 + 0.5);
}

/**
 * Windows that the roll puts together from several edges: all their pieces in one colour.
 * @param {CanvasRenderingContext2D} context @param {PhotoView} view
 */
function tintWrapped(context, view) {
  const { block } = view;
  wrapped(view).forEach((w, i) => {
    context.fillStyle = HUES[i % HUES.length];
    context.globalAlpha = 0.3;
    for (let s = 0; s < block.N; s++) context.fillRect(...view.boxOf(view.seat(...block.at(w, s))));
    context.globalAlpha = 1;
  });
}
