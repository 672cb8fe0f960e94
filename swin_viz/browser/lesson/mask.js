/** The real block's masks, and why a pair of tokens is blocked; what leaks when the mask is weakened. */

import { ARROWS, el } from "../kit/dom.js";
import { kindPicture, letterOf, needsMask, smallMaskCards, windowMap } from "./parts/maskmaps.js";
import { PhotoView } from "../kit/photo/photo.js";
import { RowSoftmax, shareText, softmaxOf } from "./parts/rowsoftmax.js";

const MASKS = { "-100": -100, "-10": -10, "-inf": -Infinity, off: 0 };

export class MaskPairs {
  /** @param {import("../kit/trace.js").Message} message holds `border.windows` and `border.biased` (windows, h, N, N) */
  constructor(trace, index, message, say, signal) {
    this.block = trace.blocks[index];
    Object.assign(this, { trace, say, chosen: [null, null], value: "-100", head: 0 });
    this.windows = Array.from(message.get("border.windows") ?? []);
    this.biased = message.get("border.biased");
    this.canvas = el("canvas", { class: "photo", tabindex: "0", role: "application", "aria-label": say("pair_photo") });
    this.view = new PhotoView(this.canvas);
    this.verdict = el("p", { class: "reach-line", "aria-live": "polite" });
    this.leak = el("p", {});
    this.canvas.addEventListener("pointerdown", (event) => this.point(event), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    this.masks = el("div", { class: "masks" });
    this.softmax = new RowSoftmax(say);
    const select = (label, options, put) => el("label", {}, label, " ", el("select", { onchange: (event) => { put(event.target.value); this.draw(); } }, ...options.map(([value, text]) => el("option", { value }, text))));
    const heads = Array.from({ length: this.block.heads }, (_, h) => [String(h), String(h + 1)]);
    const [windows, N] = message.shape("small.masks");
    this.node = el("section", { class: "extra" }, el("h2", {}, say("small_masks_title")), el("p", {}, say("small_masks_text")),
      el("div", { class: "masks small-masks" }, ...smallMaskCards(message.get("small.masks"), windows, N, say)),
      el("h2", {}, say("masks_title")), el("p", {}, say("masks_text", { kinds: this.block.maskKinds.length / this.block.N ** 2, windows: this.block.windows })),
      el("div", { class: "masks" }, windowMap(this.block, say), this.masks),
      el("h2", {}, say("why_title")), el("p", {}, say("why_text")),
      el("div", { class: "player" }, select(say("mask_value"), Object.keys(MASKS).map((name) => [name, say(`mask_${name}`)]), (value) => { this.value = value; }), select(say("head_label"), heads, (value) => { this.head = Number(value); })),
      el("div", { class: "two" }, el("figure", {}, this.canvas), el("div", {}, this.verdict, this.leak)), this.softmax.node);
    this.start();
  }

  /** Begin with a blocked pair of real tokens, as far to the lower right as there is one. */
  start() {
    const { block } = this;
    const isReal = (w, slot) => !block.isPadding(...block.at(w, slot));
    const slots = [...Array(block.N).keys()];
    this.chosen = [[0, 0], null];
    for (let w = block.windows - 1; w >= 0 && !this.chosen[1]; w--) {
      for (const query of slots.filter((slot) => isReal(w, slot))) {
        const key = slots.find((slot) => isReal(w, slot) && block.mask(w, query, slot) !== 0);
        if (key !== undefined) { this.chosen = [block.at(w, query), block.at(w, key)]; break; }
      }
    }
    this.cursor = this.chosen[0];
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = this.view.tokenAt(((event.clientX - box.left) * this.view.width) / box.width, ((event.clientY - box.top) * this.view.height) / box.height);
    if (at) this.choose(at);
  }

  choose(at) {
    this.chosen = this.chosen[1] || !this.chosen[0] ? [at, null] : [this.chosen[0], at];
    this.cursor = at;
    this.draw();
  }

  key(event) {
    if (event.key === "Enter" || event.key === " ") this.choose(this.cursor);
    else if (ARROWS[event.key]) { this.cursor = this.cursor.map((part, i) => Math.max(0, Math.min(this.block.size[i] - 1, part + ARROWS[event.key][i]))); this.draw(); } else return;
    event.preventDefault();
  }

  draw(dark = this.dark) {
    this.dark = dark;
    this.drawMasks();
    const width = Math.max(160, Math.min(460, this.canvas.parentElement.clientWidth));
    this.view.place(this.trace, this.block, width, { grid: true, rolled: false, dark });
    const shares = this.row(MASKS[this.value]);
    if (shares) this.view.drawAttention(this.chosen[0], shares, Math.max(...shares), { wrong: false, pinned: true });
    else this.view.context.drawImage(this.view.base, 0, 0, this.view.width, this.view.height);
    this.view.markKey(this.cursor);
    this.chosen.forEach((at) => { if (at) this.view.markQuery(at, true); });
    this.judge();
    this.drawLeak();
  }

  judge() {
    const [first, second] = this.chosen;
    if (!second) { this.verdict.textContent = this.say("choose_second", { row: first[0], column: first[1] }); return; }
    const [p, q] = [this.block.find(...first), this.block.find(...second)];
    const region = ({ window: w, slot }) => this.block.regions[w * this.block.N + slot];
    const distance = Math.hypot(first[0] - second[0], first[1] - second[1]);
    const facts = { p: `(${first.join(", ")})`, q: `(${second.join(", ")})`, a: region(p), b: region(q), distance: distance.toFixed(1), pixels: Math.round(distance * this.block.pixels) };
    const verdict = p.window !== q.window ? "verdict_apart" : this.block.mask(p.window, p.slot, q.slot) !== 0 ? "verdict_blocked" : "verdict_free";
    this.verdict.textContent = `${this.say("pair_facts", facts)} ${this.say(verdict, facts)}`;
    this.node.drawn = { verdict, chosen: this.chosen };
  }

  drawMasks() {
    const { N, maskKinds, maskOf } = this.block;
    const kinds = maskKinds.length / (N * N);
    const cards = Array.from({ length: kinds }, (_, kind) => {
      const { canvas, context, cell, blocked } = kindPicture(this.block, kind, 128);
      this.frameChosen(context, kind, cell);
      canvas.addEventListener("pointerdown", (event) => this.pointMask(event, kind));
      const count = maskOf.reduce((a, each) => a + (each === kind), 0);
      return el("figure", {}, canvas, el("figcaption", {}, this.say("mask_kind", { letter: letterOf(kind), count, blocked, pairs: N * N })));
    });
    this.masks.replaceChildren(...cards);
    this.masks.drawn = kinds;
  }

  /** A cell of a mask is a pair: its row the query, its column the key, in the window looked at or the first of this kind. */
  pointMask(event, kind) {
    const { N, maskOf } = this.block;
    const box = event.target.getBoundingClientRect();
    const part = (at, side) => Math.max(0, Math.min(N - 1, Math.floor((at / side) * N)));
    const here = this.block.find(...this.chosen[0]).window;
    const w = maskOf[here] === kind ? here : maskOf.indexOf(kind);
    const pair = [part(event.clientY - box.top, box.height), part(event.clientX - box.left, box.width)].map((slot) => this.block.at(w, slot));
    if (pair.some((at) => this.block.isPadding(...at))) { this.verdict.textContent = this.say("padding_pair"); return; }
    this.chosen = pair;
    this.cursor = this.chosen[0];
    this.draw();
  }

  /** The chosen pair, framed in the mask that decides on it. */
  frameChosen(context, kind, cell) {
    const [p, q] = this.chosen.map((at) => at && this.block.find(...at));
    if (!q || p.window !== q.window || this.block.maskOf[p.window] !== kind) return;
    context.strokeStyle = "#fff";
    context.lineWidth = 5;
    const frame = [q.slot * cell - 2, p.slot * cell - 2, cell + 4, cell + 4];
    context.strokeRect(...frame);
    context.strokeStyle = "#d8232a";
    context.lineWidth = 2.5;
    context.strokeRect(...frame);
  }

  /** The first token's row: real scores, what the mask adds, and whose the keys are; null where no scores came along. */
  scores(value) {
    const { window: w, slot } = this.block.find(...this.chosen[0]);
    const place = this.windows.indexOf(w);
    if (place < 0) return null;
    const { block } = this;
    const { N } = block;
    const start = ((place * block.heads + this.head) * N + slot) * N;
    const keys = [...Array(N).keys()];
    const across = keys.map((k) => block.mask(w, slot, k) !== 0);
    const name = (at) => (block.isPadding(...at) ? this.say("row_padding") : `(${at.join(", ")})`);
    return {
      across, scores: Array.from(this.biased.subarray(start, start + N)), mask: across.map((off) => (off ? value : 0)),
      names: keys.map((k) => name(block.at(w, k))), regions: keys.map((k) => block.regions[w * N + k]),
    };
  }

  /** Softmax of the first token's row with a mask value. */
  row(value) {
    const found = this.scores(value);
    return found && softmaxOf(found.scores.map((score, k) => score + found.mask[k]));
  }

  drawLeak() {
    const row = this.scores(MASKS[this.value]);
    this.softmax.draw(row);
    if (!row) {
      const { window: w } = this.block.find(...this.chosen[0]);
      this.leak.textContent = this.say(needsMask(this.block, this.block.maskOf[w]) ? "not_sent" : "no_mask_here", { sent: this.windows.length });
      return;
    }
    const leaks = [this.row(0), this.row(MASKS[this.value])].map((shares) => shares.reduce((a, share, k) => a + (row.across[k] ? share : 0), 0));
    this.leak.textContent = this.say("leak", { without: shareText(leaks[0]), now: shareText(leaks[1]), value: this.say(`mask_${this.value}`) });
    this.node.leaks = leaks;
  }
}
