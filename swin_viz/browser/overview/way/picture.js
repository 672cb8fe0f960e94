/** The picture at the left: the block's windows, where the token looks, as light and arcs; and what the story shows. */

import { listen } from "../../attention/stage/hands.js";
import { sideFor } from "../../attention/stage/layout.js";
import { Ruler } from "../../attention/stage/rulers.js";
import { el, weightText } from "../../kit/dom.js";
import { drawArcs, drawLabels, overlayOf } from "../../kit/photo/arcs.js";
import { LABEL, MARKS } from "../../kit/photo/marks.js";
import { PhotoView } from "../../kit/photo/photo.js";
import { drawRolling } from "../../kit/photo/roll.js";

/**
 * @typedef {import("./look.js").Block} Block @typedef {import("./look.js").Look} Look
 * @typedef {import("./look.js").Place} Place @typedef {import("./story.js").Frame} Frame
 * @typedef {{token: Place, place: Place, before: number}} Lost a key that another run's token looked at, and how much
 * @typedef {Object} Shown
 * @property {import("../../kit/trace.js").Trace} trace @property {Block} block @property {Look|null} look
 * @property {Place} token @property {boolean} pinned @property {boolean} dark @property {number[]} space
 * @property {Frame} frame @property {import("./story.js").Told["pair"]} pair @property {Lost|null} lost
 * @property {string} gold the colour of the border @property {boolean} narrow on a phone: as wide as that
 */

const FINE = 1e6; // so many pixels in one: the tokens' sides need not be whole ones

export class Picture {
  /** @type {Block} */ block;

  /** @param {import("../../attention/stage/hands.js").Hands} hands @param {AbortSignal} signal */
  constructor(hands, signal) {
    this.canvas = el("canvas", { tabindex: "0", role: "application", class: "photo" });
    this.view = new PhotoView(this.canvas);
    this.plain = new PhotoView(document.createElement("canvas")); // without windows
    this.rulers = [new Ruler(0), new Ruler(1)];
    this.node = el("div", { class: "panel" }, this.rulers[1].node, this.rulers[0].node,
      el("div", { class: "frame" }, this.canvas));
    listen(/** @type {any} */ (this), hands, signal);
  }

  /** @param {Shown} shown */
  draw(shown) {
    const { trace, block, look, token, dark, space, frame, narrow } = shown;
    this.block = block;
    const width = block.padded[1] * sideFor(trace.blocks, block, space, narrow ? FINE : devicePixelRatio || 1);
    const options = { rolled: false, dark, light: true, arcs: false, letters: true };
    this.view.place(trace, block, width, { ...options, grid: true });
    if (frame.grid < 1 || frame.roll > 0) this.plain.place(trace, block, width, { ...options, grid: false });
    if (frame.roll > 0) this.roll(shown);
    else if (look && frame.light > 0) this.attend(shown);
    else this.view.drawBlank(token);
    if (frame.grid < 1) this.over(this.plain.base, 1 - frame.grid);
    if (frame.marks || frame.border) this.mark(shown);
    const strongest = look && frame.light === 1 ? block.at(look.window, look.best) : null;
    for (const ruler of this.rulers) {
      ruler.draw(this.view, token, strongest);
      ruler.node.style.visibility = frame.roll > 0 ? "hidden" : ""; // what it numbers is elsewhere
    }
  }

  /** Another picture over all that is drawn. @param {HTMLCanvasElement} canvas @param {number} alpha */
  over(canvas, alpha) {
    const { context, width, height } = this.view;
    context.globalAlpha = alpha;
    context.drawImage(canvas, 0, 0, width, height);
    context.globalAlpha = 1;
  }

  /** @param {Shown} shown */
  attend({ block, look, token, pinned, frame, lost }) {
    const { view } = this;
    view.drawAttention(token, look.shares, look.high, { wrong: false, pinned });
    const { drawn } = this.canvas;
    const overlay = overlayOf(view, drawn, look.slot);
    if (frame.light < 1) this.over(view.base, 1 - frame.light);
    if (frame.arc > 0) this.arcs(overlay, frame.arc, view.cell * block.window);
    if (frame.light > 0) view.markQuery(token, pinned);
    if (frame.arc > 0.95) drawLabels(view, overlay);
    if (lost && String(lost.token) === String(token)) this.lose(lost, look, block);
    drawn.overlay = overlay;
  }

  /** Arcs on their way. @param {import("../../kit/photo/arcs.js").Overlay} overlay @param {number} far of a window */
  arcs({ arcs, seats, labels }, part, far) {
    const { context } = this.view;
    if (part < 1) context.setLineDash([part * 1.5 * far, 99999]);
    drawArcs(this.view, { arcs, seats: part < 1 ? [] : seats, labels });
    context.setLineDash([]);
  }

  /** The key that was looked at before the disc was recoloured. @param {Lost} lost @param {Look} look */
  lose({ place, before }, look, block) {
    const { view, view: { context } } = this;
    const found = block.find(...place);
    if (found.window !== look.window) return;
    const text = `${weightText(before)} → ${weightText(look.shares[found.slot])}`;
    context.setLineDash([5, 4]);
    view.mark(place, MARKS.key);
    context.setLineDash([]);
    const [x, y, w, h] = view.boxOf(place);
    context.font = `600 12px ${LABEL.font}`;
    const wide = context.measureText(text).width + 12;
    const at = /** @type {const} */ ([Math.max(2, Math.min(view.width - wide - 2, x + w / 2 - wide / 2)),
      y + h + 26 < view.height ? y + h + 4 : y - 22]);
    drawLabels(view, { arcs: [], seats: [],
      labels: [{ box: [...at, wide, 18], text, font: context.font }] });
    this.canvas.drawn.lost = { place, text };
  }

  /** The picture on its way over its edges, under the windows that stay. @param {Shown} shown */
  roll({ block, frame }) {
    const { view, plain } = this;
    const to = /** @type {Place} */ (block.shift.map((tokens) => tokens * block.pixels));
    const by = /** @type {Place} */ (to.map((pixels) => pixels * frame.roll));
    drawRolling(view, plain.base, { by, part: frame.roll, from: [0, 0], to });
    const { context, width, height, cell } = view;
    context.beginPath();
    const [down, across] = block.padded;
    const every = block.window * cell;
    for (let x = every; x < across * cell - 1; x += every) this.line(context, [x, 0, x, height]);
    for (let y = every; y < down * cell - 1; y += every) this.line(context, [0, y, width, y]);
    view.twice("#ffffff", 1);
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} ends x, y, x, y */
  line(context, [x, y, x2, y2]) {
    context.moveTo(x, y);
    context.lineTo(x2, y2);
  }

  /** The two tokens that the story is of, and the border between them. @param {Shown} shown */
  mark({ block, pair, frame, gold }) {
    const { view } = this;
    const moved = ([row, column]) => /** @type {Place} */ ([row, column].map((at, i) => {
      const all = block.padded[i];
      return (at - block.shift[i] * frame.roll + all) % all;
    }));
    view.frame(moved(pair.query), MARKS.query);
    view.frame(moved(pair.key), MARKS.key);
    if (!frame.border) return;
    const { context, cell } = view;
    const ends = borderBetween(block, pair.query, pair.key);
    context.globalAlpha = frame.border;
    context.beginPath();
    for (const [r, c, r2, c2] of ends) this.line(context, [c * cell, r * cell, c2 * cell, r2 * cell]);
    context.lineWidth = 5;
    context.strokeStyle = gold;
    context.stroke();
    context.globalAlpha = 1;
  }
}

/**
 * The sides of the query's window that lie between it and the key, as [row, column, row, column].
 * @param {Block} block with regular windows @param {Place} query @param {Place} key
 */
export function borderBetween({ window }, query, key) {
  const [mine, other] = [query, key].map((place) => place.map((at) => Math.floor(at / window)));
  const first = mine.map((at) => at * window);
  return [0, 1].filter((axis) => mine[axis] !== other[axis]).map((axis) => {
    const edge = first[axis] + (other[axis] > mine[axis] ? window : 0);
    const [from, to] = [first[1 - axis], first[1 - axis] + window];
    return axis ? [from, edge, to, edge] : [edge, from, edge, to];
  });
}
