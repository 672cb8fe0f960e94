/** Masks as small multiples: every window of the small grid, every kind of the real block, and which windows need one. */

import { HUES, hatch, inkOn } from "../../kit/colour.js";
import { el, sized } from "../../kit/dom.js";

const FREE_HUE = HUES[1];
const BLOCKED_COLOUR = "#3c3c46";
export const letterOf = (kind) => String.fromCharCode(65 + kind);

/** All windows of the small grid, the smaller the more there are. @param {Float32Array} values (windows, N, N) */
export function smallMaskCards(values, windows, N, say) {
  const room = windows <= 4 ? Math.max(96, Math.min(230, N * 15)) : windows <= 12 ? 150 : windows <= 36 ? 84 : 52;
  return Array.from({ length: windows }, (_, w) => {
    const mask = values.subarray(w * N * N, (w + 1) * N * N);
    const needs = mask.some((value) => value !== 0);
    const canvas = el("canvas", { "aria-hidden": "true" });
    const context = sized(canvas, room, room);
    const cell = room / N;
    Object.assign(context, { textAlign: "center", font: `${Math.min(12, cell * 0.45)}px sans-serif` });
    mask.forEach((value, i) => {
      const [x, y] = [(i % N) * cell, Math.floor(i / N) * cell];
      context.fillStyle = value ? BLOCKED_COLOUR : FREE_HUE;
      context.fillRect(x, y, cell - 0.6, cell - 0.6);
      if (cell >= 13) { context.fillStyle = value ? "#fff" : "#000"; context.fillText(value ? "−" : "0", x + cell / 2, y + cell * 0.68); }
    });
    canvas.drawn = { window: w, mask };
    return el("figure", { style: `width:${room}px` }, canvas, el("figcaption", {}, say(room > 60 ? (needs ? "small_mask" : "small_mask_none") : needs ? "small_mask_short" : "small_mask_short_none", { window: w })));
  });
}

/** One mask of the real block. @returns {{canvas: HTMLCanvasElement, cell: number, context: CanvasRenderingContext2D, blocked: number}} */
export function kindPicture({ N, maskKinds }, kind, side) {
  const canvas = el("canvas", { "aria-hidden": "true", class: "pairs-of-mask" });
  const context = sized(canvas, side, side);
  const cell = side / N;
  let blocked = 0;
  for (let i = 0; i < N * N; i++) {
    const off = maskKinds[kind * N * N + i] !== 0;
    blocked += off;
    context.fillStyle = off ? hatch(context) : FREE_HUE;
    context.fillRect((i % N) * cell, Math.floor(i / N) * cell, cell + 0.4, cell + 0.4);
  }
  return { canvas, cell, context, blocked };
}

/** The windows of the rolled map, each with the letter of its mask; those without one are left pale. */
export function windowMap(block, say) {
  const [rows, columns] = block.padded.map((side) => side / block.window);
  const cell = Math.max(10, Math.min(34, 220 / columns, 220 / rows));
  const canvas = el("canvas", { role: "img" });
  const context = sized(canvas, columns * cell, rows * cell);
  const needs = [...block.maskOf].map((kind) => needsMask(block, kind));
  block.maskOf.forEach((kind, w) => {
    const [x, y] = [(w % columns) * cell, Math.floor(w / columns) * cell];
    const colour = needs[w] ? HUES[(kind + 2) % HUES.length] : "#dee2e8";
    context.fillStyle = colour;
    context.fillRect(x, y, cell - 1, cell - 1);
    context.fillStyle = inkOn([1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)));
    Object.assign(context, { textAlign: "center", textBaseline: "middle", font: `${cell * 0.5}px sans-serif` });
    if (cell >= 14) context.fillText(letterOf(kind), x + cell / 2, y + cell / 2);
  });
  const count = needs.filter(Boolean).length;
  const title = say("needs_map", { count, windows: block.windows });
  canvas.setAttribute("aria-label", title);
  canvas.drawn = needs;
  return el("figure", { class: "window-map" }, canvas, el("figcaption", {}, title));
}

/** Whether a kind of mask blocks anything. */
export function needsMask({ N, maskKinds }, kind) {
  return maskKinds.subarray(kind * N * N, (kind + 1) * N * N).some((value) => value !== 0);
}
