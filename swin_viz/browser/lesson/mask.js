/** The real block's masks, and why a pair of tokens is blocked; what leaks when the mask is weakened. */

import { ARROWS, el } from "../kit/dom.js";
import { clamp, softmax } from "../kit/maths.js";
import { cellAt } from "../kit/pointer.js";
import { kindPicture, letterOf, needsMask, smallMaskCards, windowMap } from "./parts/maskmaps.js";
import { PhotoView } from "../kit/photo/photo.js";
import { framed } from "./parts/picture.js";
import { RowSoftmax, shareText } from "./parts/rowsoftmax.js";

/** @typedef {[number, number]} Token row and column */

const MASKS = { "-100": -100, "-10": -10, "-inf": -Infinity, off: 0 };
const KIND_PX = 147;
const [NARROWEST, WIDEST] = [160, 460]; // pixels of the photo
const CHOSEN = [["#3b0805", 5], ["#ff3b30", 2.5]]; // the query's ring and its edge

export class MaskPairs {
  dark = false;
  /** @type {import("./boards/look.js").Look} */ look;
  value = "-100";
  ofHead = 0;
  byHand = false; // whether somebody chose the pair
  /** @type {HTMLElement} where a pair is judged */ home;
  /** @type {[Token, Token|null]} */ chosen = [[0, 0], null];
  /** @type {Token} */ cursor = [0, 0];

  /** @param {import("./lesson.js").Context} context of it `border.windows`, `border.biased` (windows, h, N, N) */
  constructor({ trace, block, message, say, signal, pair, settle }) {
    this.trace = trace;
    this.settle = settle;
    this.block = block;
    this.say = say;
    /** @type {number[]} */ this.windows = Array.from(message.get("border.windows") ?? []);
    /** @type {Float32Array} */ this.biased = message.get("border.biased");
    this.canvas = el("canvas", { class: "photo", tabindex: "0", role: "application", "aria-label": say("pair_photo") });
    this.view = new PhotoView(this.canvas);
    this.verdict = el("p", { class: "reach-line", "aria-live": "polite" });
    this.leak = el("p", {});
    this.legend = el("figcaption", {});
    this.canvas.addEventListener("pointerdown", (event) => this.point(event), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    this.masks = el("div", { class: "masks" });
    this.smalls = el("div", { class: "masks small-masks" });
    this.map = el("div", {});
    this.message = message;
    this.softmax = new RowSoftmax(say);
    this.node = el("section", { class: "extra" },
      ...this.small(), ...this.kinds(), ...this.why(), this.softmax.node);
    this.start(pair);
  }

  /** The pair, for the address. */
  get picked() { return this.byHand && this.chosen[1] ? this.chosen : null; }

  /** The small grid's masks. */
  small() {
    return [el("h2", {}, this.say("small_masks_title")), el("p", {}, this.say("small_masks_text")), this.smalls];
  }

  /** What is drawn once in every theme. @param {import("./boards/look.js").Look} look */
  dress(look) {
    if (look === this.look) return;
    this.look = look;
    const [windows, N] = this.message.shape("small.masks");
    this.smalls.replaceChildren(...smallMaskCards(this.message.get("small.masks"), windows, N, this.say, look));
    this.map.replaceChildren(windowMap(this.block, this.say, look));
  }

  /** The block's masks. */
  kinds() {
    const { say, block } = this;
    const text = say("masks_text", { kinds: block.maskKinds.length / block.N ** 2, windows: block.windows });
    return [el("h2", {}, say("masks_title")), el("p", {}, text),
      el("div", { class: "masks" }, this.map, this.masks)];
  }

  /** Why a pair is blocked: the choices, the photo, the verdict. */
  why() {
    const { say } = this;
    const heads = Array.from({ length: this.block.heads }, (_, h) => [String(h), String(h + 1)]);
    const values = Object.keys(MASKS).map((name) => [name, say(`mask_${name}`)]);
    this.home = el("h2", {}, say("why_title"));
    return [this.home, el("p", {}, say("why_text")),
      el("div", { class: "player" },
        this.select(say("mask_value"), values, (value) => { this.value = value; }),
        this.select(say("head_label"), heads, (value) => { this.ofHead = Number(value); })),
      el("div", { class: "two" }, el("figure", {}, this.canvas, this.legend), el("div", {}, this.verdict, this.leak))];
  }

  select(label, options, put) {
    const onchange = (event) => { put(event.target.value); this.draw(); };
    const choices = options.map(([value, text]) => el("option", { value }, text));
    return el("label", {}, label, " ", el("select", { onchange }, ...choices));
  }

  /**
   * Begin with what was chosen before, else with a blocked pair of real tokens, as far to the lower right as there is.
   * @param {number[][]|null} pair
   */
  start(pair) {
    const { block } = this;
    const fits = pair?.every((at) => at[0] < block.size[0] && at[1] < block.size[1]);
    this.byHand = Boolean(fits);
    if (fits) this.chosen = /** @type {[Token, Token]} */ (pair);
    const isReal = (w, slot) => !block.isPadding(...block.at(w, slot));
    const slots = [...Array(block.N).keys()];
    for (let w = block.windows - 1; w >= 0 && !this.chosen[1]; w--) {
      for (const query of slots.filter((slot) => isReal(w, slot))) {
        const key = slots.find((slot) => isReal(w, slot) && block.mask(w, query, slot) !== 0);
        if (key !== undefined) { this.chosen = [block.at(w, query), block.at(w, key)]; break; }
      }
    }
    this.cursor = this.chosen[0];
  }

  point(event) {
    const at = this.view.pointed(event);
    if (at) this.choose(at);
  }

  /** @param {Token} at */
  choose(at) {
    this.chosen = this.chosen[1] ? [at, null] : [this.chosen[0], at];
    this.cursor = at;
    this.pick();
  }

  /** Both tokens were chosen at once. @param {Token[]} places */
  pickBoth([query, key]) {
    this.chosen = [query, key];
    this.cursor = query;
    this.pick();
  }

  /** A pair was chosen by hand. */
  pick() {
    this.byHand = true;
    this.settle();
    this.draw();
  }

  key(event) {
    const move = ARROWS[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.cursor);
    else if (move) this.step(move);
    else return;
    event.preventDefault();
  }

  /** @param {number[]} move */
  step(move) {
    const { cursor, block: { size } } = this;
    this.cursor = [clamp(cursor[0] + move[0], 0, size[0] - 1), clamp(cursor[1] + move[1], 0, size[1] - 1)];
    this.draw();
  }

  draw(dark = this.dark, look = this.look) {
    this.dark = dark;
    this.dress(look);
    this.drawMasks();
    const { view } = this;
    const width = clamp(this.canvas.parentElement.clientWidth, NARROWEST, WIDEST);
    view.place(this.trace, this.block, width, { grid: true, rolled: false, dark });
    const shares = this.row(MASKS[this.value]);
    if (shares) view.drawAttention(this.chosen[0], shares, Math.max(...shares), { wrong: false, pinned: true });
    else view.context.drawImage(view.base, 0, 0, view.width, view.height);
    this.legend.textContent = shares ? this.say("pair_legend", { most: shareText(Math.max(...shares)) }) : "";
    view.markKey(this.cursor);
    if (this.chosen[1]) view.markKey(this.chosen[1]);
    view.markQuery(this.chosen[0], true);
    this.judge();
    this.drawLeak();
  }

  judge() {
    const { block, chosen: [first, second] } = this;
    if (!second) { this.verdict.textContent = this.say("choose_second", { row: first[0], column: first[1] }); return; }
    const [p, q] = [block.find(...first), block.find(...second)];
    const [a, b] = [p, q].map(({ window: w, slot }) => block.regions[w * block.N + slot]);
    const distance = Math.hypot(first[0] - second[0], first[1] - second[1]);
    const facts = {
      p: `(${first.join(", ")})`, q: `(${second.join(", ")})`, a, b,
      distance: distance.toFixed(1).replace(/\.0$/, ""), pixels: Math.round(distance * block.pixels),
    };
    const blocked = p.window === q.window && block.mask(p.window, p.slot, q.slot) !== 0;
    const verdict = p.window !== q.window ? "verdict_apart" : blocked ? "verdict_blocked" : "verdict_free";
    this.verdict.textContent = `${this.say("pair_facts", facts)} ${this.say(verdict, facts)}`;
    this.node.drawn = { verdict, chosen: this.chosen };
  }

  drawMasks() {
    const { N, maskKinds, maskOf } = this.block;
    const kinds = maskKinds.length / (N * N);
    const cards = Array.from({ length: kinds }, (_, kind) => {
      const { canvas, context, cell, blocked } = kindPicture(this.block, kind, KIND_PX, this.look);
      this.frameChosen(context, kind, cell);
      canvas.addEventListener("pointerdown", (event) => this.pointMask(event, canvas, kind));
      const count = maskOf.reduce((a, each) => a + Number(each === kind), 0);
      const title = this.say("mask_kind", { letter: letterOf(kind), count, blocked, pairs: N * N });
      return el("figure", {}, canvas, el("figcaption", {}, title));
    });
    this.masks.replaceChildren(...cards);
    this.masks.drawn = kinds;
  }

  /** A cell of a mask is a pair: row the query, column the key, in the window looked at or the first of this kind. */
  pointMask(event, canvas, kind) {
    const { block } = this;
    const here = block.find(...this.chosen[0]).window;
    const w = block.maskOf[here] === kind ? here : block.maskOf.indexOf(kind);
    const [query, key] = cellAt(event, canvas, block.N).map((slot) => block.at(w, slot));
    if (block.isPadding(...query) || block.isPadding(...key)) {
      this.verdict.textContent = this.say("padding_pair");
      return;
    }
    this.pickBoth([query, key]);
  }

  /** The chosen pair, framed in the mask that decides on it. */
  frameChosen(context, kind, cell) {
    const [p, q] = this.chosen.map((at) => at && this.block.find(...at));
    if (!q || p.window !== q.window || this.block.maskOf[p.window] !== kind) return;
    framed(context, [q.slot * cell - 2, p.slot * cell - 2, cell + 4], CHOSEN);
  }

  /**
   * The first token's row: real scores, what the mask adds, and whose the keys are; null where no scores came along.
   * @param {number} value of the mask @returns {import("./parts/rowsoftmax.js").Row|null}
   */
  scores(value) {
    const { block } = this;
    const { N } = block;
    const { window: w, slot } = block.find(...this.chosen[0]);
    const place = this.windows.indexOf(w);
    if (place < 0) return null;
    const start = ((place * block.heads + this.ofHead) * N + slot) * N;
    const keys = [...Array(N).keys()];
    const across = keys.map((k) => block.mask(w, slot, k) !== 0);
    const name = (at) => (block.isPadding(...at) ? this.say("row_padding") : `(${at.join(", ")})`);
    return {
      across, scores: Array.from(this.biased.subarray(start, start + N)), mask: across.map((off) => (off ? value : 0)),
      names: keys.map((k) => name(block.at(w, k))), regions: keys.map((k) => block.regions[w * N + k]),
    };
  }

  /** Softmax of the first token's row with a mask value. @returns {number[]|null} */
  row(value) {
    const found = this.scores(value);
    return found && softmax(found.scores.map((score, k) => score + found.mask[k]));
  }

  drawLeak() {
    const row = this.scores(MASKS[this.value]);
    this.softmax.draw(row);
    if (!row) {
      const { window: w } = this.block.find(...this.chosen[0]);
      const key = needsMask(this.block, this.block.maskOf[w]) ? "not_sent" : "no_mask_here";
      this.leak.textContent = this.say(key, { sent: this.windows.length });
      return;
    }
    const crossing = (value) => this.row(value).reduce((a, share, k) => a + (row.across[k] ? share : 0), 0);
    const leaks = [crossing(0), crossing(MASKS[this.value])];
    const [without, now] = leaks.map(shareText);
    this.leak.textContent = this.say("leak", { without, now, value: this.say(`mask_${this.value}`) });
    this.node.leaks = leaks;
  }
}
