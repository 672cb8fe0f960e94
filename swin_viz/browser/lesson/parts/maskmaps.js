/** Masks as small multiples: every window of the small grid, every kind of the block's, and which windows need one. */

import { cssOf } from "../../kit/colour.js";
import { el, sized } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";

/** @typedef {import("../lesson.js").Block} Block */
/** @typedef {import("../lesson.js").Say} Say */

/** @typedef {import("../boards/look.js").Look} Look */

const ROOMS = [[4, 230], [12, 150], [36, 84], [Infinity, 52]]; // up to how many windows, how wide each is

export const letterOf = (kind) => String.fromCharCode(65 + kind);

/**
 * All windows of the small grid, the smaller the more there are.
 * @param {Float32Array} values (windows, N, N) @param {number} windows @param {number} N @param {Say} say
 * @param {Look} look
 */
export function smallMaskCards(values, windows, N, say, look) {
  const [most, widest] = ROOMS.find(([many]) => windows <= many);
  const room = most === 4 ? clamp(N * 15, 96, widest) : widest;
  const key = room > 60 ? "small_mask" : "small_mask_short";
  return Array.from({ length: windows }, (_, w) => {
    const mask = values.subarray(w * N * N, (w + 1) * N * N);
    const canvas = el("canvas", { "aria-hidden": "true" });
    const cell = Math.max(1, Math.floor(room / N)); // whole pixels
    drawSmall(sized(canvas, cell * N, cell * N), mask, N, cell, look);
    canvas.drawn = { window: w, mask };
    const title = say(mask.some(Boolean) ? key : `${key}_none`, { window: w });
    return el("figure", { style: `width:${room}px` }, canvas, el("figcaption", {}, title));
  });
}

function drawSmall(context, mask, N, cell, look) {
  const gap = cell < 10 ? 0 : 1;
  const blocked = look.blocked(context);
  Object.assign(context, { textAlign: "center", font: `${Math.min(12, cell * 0.6)}px ${look.font}` });
  mask.forEach((value, i) => {
    const [x, y] = [(i % N) * cell, Math.floor(i / N) * cell];
    context.fillStyle = value ? blocked : look.css("allowed");
    context.fillRect(x, y, cell - gap, cell - gap);
    if (cell < 10 || value) return;
    context.fillStyle = look.css("allowed-ink");
    context.fillText("0", x + cell / 2, y + cell * 0.7);
  });
}

/**
 * One mask of the real block.
 * @param {Block} block @param {number} kind @param {number} most pixels @param {Look} look
 */
export function kindPicture({ N, maskKinds }, kind, most, look) {
  const canvas = el("canvas", { "aria-hidden": "true", class: "pairs-of-mask" });
  const cell = Math.max(1, Math.floor(most / N)); // whole pixels
  const context = sized(canvas, cell * N, cell * N);
  const hatching = look.blocked(context);
  let blocked = 0;
  for (let i = 0; i < N * N; i++) {
    const off = maskKinds[kind * N * N + i] !== 0;
    blocked += Number(off);
    context.fillStyle = off ? hatching : look.css("allowed");
    context.fillRect((i % N) * cell, Math.floor(i / N) * cell, cell, cell);
  }
  return { canvas, cell, context, blocked };
}

/**
 * The windows of the rolled map, each with the letter of its mask; those without one are left pale.
 * @param {Block} block @param {Say} say @param {Look} look
 */
export function windowMap(block, say, look) {
  const [rows, columns] = block.padded.map((side) => side / block.window);
  const cell = Math.floor(Math.max(10, Math.min(34, 220 / columns, 220 / rows)));
  const canvas = el("canvas", { role: "img" });
  const context = sized(canvas, columns * cell, rows * cell);
  const needs = [...block.maskOf].map((kind) => needsMask(block, kind));
  Object.assign(context, { textAlign: "center", textBaseline: "middle", font: `${cell * 0.5}px ${look.font}` });
  block.maskOf.forEach((kind, w) => {
    const [x, y] = [(w % columns) * cell, Math.floor(w / columns) * cell];
    context.fillStyle = needs[w] ? cssOf(look.hues[(kind + 2) % look.hues.length]) : look.css("allowed");
    context.fillRect(x, y, cell - 1, cell - 1);
    context.fillStyle = look.css(needs[w] ? "region-ink" : "allowed-ink");
    if (cell >= 14) context.fillText(letterOf(kind), x + cell / 2, y + cell / 2);
  });
  const title = say("needs_map", { count: needs.filter(Boolean).length, windows: block.windows });
  canvas.setAttribute("aria-label", title);
  canvas.drawn = needs;
  return el("figure", { class: "window-map" }, canvas, el("figcaption", {}, title));
}

/** Whether a kind of mask blocks anything. @param {Block} block @param {number} kind */
export function needsMask({ N, maskKinds }, kind) {
  return maskKinds.subarray(kind * N * N, (kind + 1) * N * N).some((value) => value !== 0);
}
