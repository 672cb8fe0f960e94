/** The real block's masks, and why a pair of tokens is blocked; what leaks when the mask is weakened. */

import { HUES, hatch } from "./colour.js";
import { el, percent, sized } from "./dom.js";
import { PhotoView } from "./photo.js";

const MASKS = { "-100": -100, "-10": -10, "-inf": -Infinity, off: 0 };

export class MaskPairs {
  /** @param {import("./trace.js").Message} message holds `border.windows` and `border.biased` (windows, h, N, N) */
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
    this.softmax = el("div", { class: "two" });
    const select = (label, options, put) => el("label", {}, label, " ", el("select", { onchange: (event) => { put(event.target.value); this.draw(); } }, ...options.map(([value, text]) => el("option", { value }, text))));
    const heads = Array.from({ length: this.block.heads }, (_, h) => [String(h), String(h + 1)]);
    this.small = el("div", { class: "masks" });
    this.smallMasks = [message.get("small.masks"), message.shape("small.masks")];
    this.node = el("section", { class: "extra" }, el("h3", {}, say("small_masks_title")), el("p", {}, say("small_masks_text")), this.small, el("h3", {}, say("masks_title")), el("p", {}, say("masks_text", { kinds: this.block.maskKinds.length / this.block.N ** 2, windows: this.block.windows })), this.masks,
      el("h3", {}, say("why_title")), el("p", {}, say("why_text")),
      el("div", { class: "player" }, select(say("mask_value"), Object.keys(MASKS).map((name) => [name, say(`mask_${name}`)]), (value) => { this.value = value; }), select(say("head_label"), heads, (value) => { this.head = Number(value); })),
      el("div", { class: "two" }, el("figure", {}, this.canvas), el("div", {}, this.verdict, this.leak)), this.softmax);
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
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Enter" || event.key === " ") this.choose(this.cursor);
    else if (moves[event.key]) { this.cursor = this.cursor.map((part, i) => Math.max(0, Math.min(this.block.size[i] - 1, part + moves[event.key][i]))); this.draw(); } else return;
    event.preventDefault();
  }

  draw(dark = this.dark) {
    this.dark = dark;
    this.drawMasks();
    if (!this.small.children.length) this.drawSmall();
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

  /** Every window's mask of the small grid, with its numbers where there is room. */
  drawSmall() {
    const [values, [windows, N]] = this.smallMasks;
    const side = Math.max(96, Math.min(230, N * 15));
    this.small.replaceChildren(...Array.from({ length: Math.min(windows, 24) }, (_, w) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      const context = sized(canvas, side, side);
      const cell = side / N;
      context.textAlign = "center";
      context.font = `${Math.min(12, cell * 0.45)}px sans-serif`;
      for (let i = 0; i < N * N; i++) {
        const value = values[w * N * N + i];
        const [x, y] = [(i % N) * cell, Math.floor(i / N) * cell];
        context.fillStyle = value ? "#3c3c46" : HUES[1];
        context.fillRect(x, y, cell - 0.6, cell - 0.6);
        if (cell >= 13) { context.fillStyle = value ? "#fff" : "#000"; context.fillText(value ? "−" : "0", x + cell / 2, y + cell * 0.68); }
      }
      return el("figure", {}, canvas, el("figcaption", {}, this.say("small_mask", { window: w })));
    }));
  }

  drawMasks() {
    const { N, maskKinds, maskOf } = this.block;
    const kinds = maskKinds.length / (N * N);
    const cards = Array.from({ length: kinds }, (_, kind) => {
      const canvas = el("canvas", { "aria-hidden": "true", class: "pairs-of-mask" });
      const context = sized(canvas, 128, 128);
      const cell = 128 / N;
      let blocked = 0;
      for (let i = 0; i < N * N; i++) {
        const off = maskKinds[kind * N * N + i] !== 0;
        blocked += off;
        context.fillStyle = off ? hatch(context) : HUES[1];
        context.fillRect((i % N) * cell, Math.floor(i / N) * cell, cell + 0.4, cell + 0.4);
      }
      this.frameChosen(context, kind, cell);
      canvas.addEventListener("pointerdown", (event) => this.pointMask(event, kind));
      const count = maskOf.reduce((a, each) => a + (each === kind), 0);
      return el("figure", {}, canvas, el("figcaption", {}, this.say("mask_kind", { count, blocked, pairs: N * N })));
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
    if (pair.some((at) => this.block.isPadding(...at))) return;
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

  /** Softmax of the first token's row with the chosen mask value, and without any. */
  row(value) {
    const { window: w, slot } = this.block.find(...this.chosen[0]);
    const place = this.windows.indexOf(w);
    if (place < 0) return null;
    const { N, heads } = this.block;
    const start = ((place * heads + this.head) * N + slot) * N;
    const logits = Array.from({ length: N }, (_, k) => this.biased[start + k] + (this.block.mask(w, slot, k) !== 0 ? value : 0));
    const most = Math.max(...logits);
    const weights = logits.map((logit) => Math.exp(logit - most));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  }

  drawLeak() {
    const { window: w, slot } = this.block.find(...this.chosen[0]);
    const shares = [this.row(0), this.row(MASKS[this.value])];
    if (!shares[0]) { this.leak.textContent = this.say("no_mask_here"); this.softmax.replaceChildren(); return; }
    const across = (row) => row.reduce((a, share, k) => a + (this.block.mask(w, slot, k) !== 0 ? share : 0), 0);
    const leaks = shares.map(across);
    this.leak.textContent = this.say("leak", { without: percent(leaks[0]), now: leaks[1] === 0 ? "0" : leaks[1] < 1e-4 ? leaks[1].toExponential(1) : percent(leaks[1]), value: this.say(`mask_${this.value}`) });
    this.node.leaks = leaks;
    this.softmax.replaceChildren(...shares.map((row, i) => this.bars(row, w, slot, i)));
  }

  bars(row, w, slot, i) {
    const { N } = this.block;
    const [wide, high] = [440, 110];
    const most = Math.max(...row);
    const svg = el("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": this.say(i ? "softmax_with" : "softmax_without") });
    row.forEach((share, k) => svg.append(el("rect", { x: (k * wide) / N, width: wide / N - 1, y: high - (share / most) * (high - 4), height: (share / most) * (high - 4), fill: this.block.mask(w, slot, k) !== 0 ? HUES[5] : HUES[4] })));
    return el("figure", { class: "chart" }, el("figcaption", {}, this.say(i ? "softmax_with" : "softmax_without")), svg);
  }
}
