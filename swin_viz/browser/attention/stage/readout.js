/** What is read off the picture: the sentence, its number, the three strongest keys, and the query's window alone. */

import { hatch } from "../../kit/colour.js";
import { el, percent, sized } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";
import { Tiles } from "./tile.js";

const [PATCH_PX, BESIDES, LENS] = [22, 328, [147, 420]]; // CSS pixels; what else stands there; the lens, least and most

/** @typedef {import("../panel.js").Panel} Panel */
/** @typedef {import("../panel.js").Key} Key */
/** @typedef {(key: string, fields?: Object) => string} Say */
/** @typedef {import("./tile.js").Look & {tall: number}} Look `tall`: what room there is */

export class ReadOut {
  constructor() {
    this.where = el("div", { class: "where" });
    this.sentence = el("div", { class: "strong" });
    this.number = el("div", { class: "big" });
    this.lens = el("canvas", { class: "lens", "aria-hidden": "true" });
    this.caption = el("div", { class: "lens-caption" });
    this.notes = el("div", { class: "readout" });
    const row = () => ({ patch: el("canvas", {}), name: el("span", {}), bar: el("i", {}), share: el("b", {}) });
    this.rows = [row(), row(), row()];
    this.top = el("div", { class: "top" }, ...this.rows.flatMap(({ patch, name, bar, share }) => [
      patch, name, el("span", { class: "share" }, bar), share]));
    this.tiles = new Tiles();
    this.wide = 0; // CSS pixels
    this.node = el("div", { class: "read" }, this.where,
      el("div", { class: "answer" }, this.sentence, this.number), this.top,
      el("div", { class: "lens-box" }, this.lens, this.caption), this.notes);
  }

  /** What room there is: to be asked before anything is written, for the page would be laid out anew. */
  measure() { this.wide = this.where.clientWidth; }

  /** @param {Panel} panel @param {[number, number]} query @param {Say} say @param {Look} look */
  draw(panel, query, say, look) {
    const { told } = panel;
    this.where.textContent = panel.place;
    this.sentence.replaceChildren(...told.sentence.map(([text, role]) => el("span", { class: role }, text)));
    const [number, unit] = told.number.split(/ (?=[^ ]+$)/);
    this.number.replaceChildren(number ?? "", unit ? el("small", {}, ` ${unit}`) : "");
    this.notes.replaceChildren(...told.notes.map((note) => el("p", {}, note)));
    this.top.hidden = !told.keys.length;
    told.keys.forEach((key, i) => this.row(panel, i, key, told.keys[0].share));
    this.drawLens(panel, query, say, look);
  }

  /** @param {Panel} panel @param {number} i @param {Key} key @param {number} high */
  row({ trace, block }, i, { place: [row, column], padding, name, share }, high) {
    const { patch, name: label, bar, share: number } = this.rows[i];
    const [context, side] = [sized(patch, PATCH_PX, PATCH_PX), block.pixels];
    context.fillStyle = hatch(context);
    context.fillRect(0, 0, PATCH_PX, PATCH_PX);
    if (!padding) context.drawImage(trace.photo(), column * side, row * side, side, side, 0, 0, PATCH_PX, PATCH_PX);
    label.textContent = name;
    bar.style.width = `${Math.max(1, (100 * share) / (high || 1)).toFixed(1)}%`;
    number.textContent = percent(share);
  }

  /** @param {Panel} panel @param {[number, number]} query @param {Say} say @param {Look} look */
  drawLens({ trace, block, head }, query, say, look) {
    const box = /** @type {HTMLElement} */ (this.lens.parentElement);
    box.hidden = !block.probs;
    if (!block.probs || this.wide < 40) return;
    const most = clamp(look.tall - BESIDES, LENS[0], LENS[1]);
    const side = Math.floor(Math.min(this.wide, most) / block.window) * block.window;
    this.tiles.of(trace, block, query, side, look);
    const { window: w, slot } = block.find(...query);
    const shares = block.row(w, head, slot);
    const context = this.tiles.paint(this.lens, shares);
    if (this.tiles.readable) this.tiles.number(context, shares);
    this.caption.textContent = say(this.tiles.readable ? "lens_numbers" : "lens");
    this.lens.drawn = { shares, side };
  }
}
