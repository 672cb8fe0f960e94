/** Self-attention, pair by pair: ledger, matrices, vectors and the scale, for the pinned query of one block. */

import { ARROWS, el, isDark, percent, speaker } from "../kit/dom.js";
import { saveSheetPng, saveSheetSvg, sheet } from "../kit/export.js";
import { Ledger } from "./ledger.js";
import { Matrix } from "../kit/matrix.js";
import { mount, settler } from "../kit/component.js";
import { stages } from "./pairmath.js";
import { PhotoView } from "../kit/photo/photo.js";
import { photoSvg } from "../kit/photo/photosvg.js";
import { ScaleControl } from "./scalecontrol.js";
import { Strip } from "../kit/strip.js";
import { Trace, unpack } from "../kit/trace.js";
import { Values, Vectors } from "./vectors.js";

const CARDS = ["raw", "scaled", "bias", "biased", "mask", "masked", "probs"].map((name) => [name, name === "probs" ? "share" : "signed"]);
const STEP_OF = { raw: 1, scaled: 2, bias: 3, biased: 3, mask: 4, masked: 4, probs: 5 };

class Pairs {
  constructor(root, signal) {
    this.root = root;
    this.settler = settler(root, signal, (value) => this.send("pair", value), 250);
    this.strip = new Strip((block) => this.set({ block }, true));
    this.canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    this.view = new PhotoView(this.canvas);
    this.matrices = CARDS.map(([name, scale]) => new Matrix(name, scale, { hover: (key) => this.hoverKey(key), choose: (query, key) => this.choosePair(query, key) }, signal));
    this.live = el("div", { class: "live", "aria-live": "polite" });
    this.listen(signal);
    new ResizeObserver(() => this.schedule()).observe(root);
    signal.addEventListener("abort", () => root.replaceChildren());
  }

  listen(signal) {
    const token = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return this.view.tokenAt(((event.clientX - box.left) * this.view.width) / box.width, ((event.clientY - box.top) * this.view.height) / box.height);
    };
    this.canvas.addEventListener("pointermove", (event) => { const at = token(event); if (at) this.hoverToken(at); }, { signal });
    this.canvas.addEventListener("pointerdown", (event) => { const at = token(event); if (at) this.press(at, event.pointerType); }, { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  update(data, send) {
    this.send = send;
    if (data === this.data) { this.schedule(); return; }
    this.data = data;
    const message = unpack(data);
    this.header = message.header;
    this.say = speaker({ ...message.header.words, language: message.header.language });
    const fresh = !this.state || this.model !== message.header.model;
    const moved = this.trace && this.trace.id !== message.header.key; // another picture: the server knows where to look
    this.trace = new Trace(message, message.header.run);
    this.trace.id = message.header.key;
    this.model = message.header.model;
    this.state = fresh ? { ...message.header.state } : { ...this.state };
    if (moved) this.state.at = message.header.state.at;
    if (this.state.block !== message.header.block && fresh) this.state.block = message.header.block;
    this.come = message.header.block;
    const block = this.trace.blocks[this.come];
    this.values = new Values(message, block, message.header.windows);
    this.state.head = Math.min(this.state.head, this.trace.blocks[this.state.block].heads - 1);
    this.stageKey = "";
    this.build();
    this.schedule();
  }

  /** @param {boolean} now tell the server at once: it has to send another block */
  set(patch, now = false) {
    const count = this.trace.blocks.length;
    this.state = { ...this.state, ...patch };
    this.state.block = Math.max(0, Math.min(count - 1, this.state.block));
    this.state.head = Math.max(0, Math.min(this.trace.blocks[this.state.block].heads - 1, this.state.head));
    this.state.step = Math.max(0, Math.min(this.header.steps.length - 1, this.state.step));
    this.schedule();
    this.settler.settle(this.shared(), now ? 0 : undefined);
  }

  /** What the server hears: the state, and of which run. */
  shared() { return { ...this.state, of: this.header.key }; }

  get block() { return this.trace.blocks[this.state.block]; }

  query() {
    const { size, pixels } = this.block;
    return this.state.at.map((part, i) => Math.min(size[i] - 1, Math.floor((part * [this.trace.height, this.trace.width][i]) / pixels)));
  }

  centre([row, column]) {
    const { pixels } = this.block;
    return [Math.min(0.9999, ((row + 0.5) * pixels) / this.trace.height), Math.min(0.9999, ((column + 0.5) * pixels) / this.trace.width)];
  }

  /** A token of the same window is a key; any other can become the query by a click. */
  hoverToken(at) {
    const own = this.block.find(...this.query());
    const { window: w, slot } = this.block.find(...at);
    if (w === own.window) this.hoverKey(slot);
  }

  hoverKey(key) {
    if (key === this.state.key) return;
    this.state = { ...this.state, key };
    this.schedule();
  }

  /** A click makes a token the query; a finger, which cannot hover, chooses a key of the window first. */
  press(at, pointer) {
    const own = this.block.find(...this.query());
    const { window: w, slot } = this.block.find(...at);
    if (pointer === "touch" && w === own.window && slot !== this.state.key) this.set({ key: slot });
    else this.choose(at);
  }

  /** A click on a matrix: row the query, column the key. */
  choosePair(query, key) {
    const { window: w } = this.block.find(...this.query());
    const at = this.block.at(w, query);
    this.set(this.block.isPadding(...at) ? { key } : { key, at: this.centre(at) });
  }

  choose(at) {
    const { window: w } = this.block.find(...at);
    this.set({ at: this.centre(at), key: null }, this.values.slot(w) < 0);
  }

  key(event) {
    const move = ARROWS[event.key];
    if (move) {
      const at = this.query().map((part, i) => Math.max(0, Math.min(this.block.size[i] - 1, part + move[i])));
      this.choose(at);
    } else if (event.key === "[" || event.key === "]") this.set({ block: this.state.block + (event.key === "]" ? 1 : -1) }, true);
    else if (event.key === "k") this.set({ key: ((this.state.key ?? -1) + 1) % this.block.N });
    else if (event.key === "K") this.set({ key: ((this.state.key ?? 0) + this.block.N - 1) % this.block.N });
    else if (event.key === "h") this.set({ head: (this.state.head + 1) % this.block.heads });
    else if (event.key === "," || event.key === ".") this.set({ step: this.state.step + (event.key === "." ? 1 : -1) });
    else return;
    event.preventDefault();
  }

  schedule() {
    if (this.frame || !this.trace) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  build() {
    const { say, header } = this;
    this.root.lang = header.language;
    this.formula = el("p", { class: "formula", "aria-label": say("formula") }, ...header.formula.map((part, i) => el("span", { "data-step": i }, `${part} `)));
    this.code = el("pre", { class: "code", tabindex: "0", "aria-label": say("code") }, ...header.code.map((line, i) => el("code", { "data-line": i }, `${line}\n`)));
    this.stepText = el("p", { class: "step-text" });
    this.shape = el("p", { class: "quiet" });
    this.scrub = el("input", { type: "range", min: 0, max: header.steps.length - 1, "aria-label": say("step"), oninput: (event) => this.set({ step: Number(event.target.value) }) });
    this.head = el("select", { onchange: (event) => this.set({ head: Number(event.target.value) }) });
    this.ledger = new Ledger({ hover: (key) => this.hoverKey(key), choose: (key) => this.set({ key }) }, say);
    this.vectors = new Vectors(say);
    this.scale = new ScaleControl(this.values.d, say, this.state.factor, (factor) => this.set({ factor }));
    this.altered = el("p", { class: "altered", role: "status" });
    this.pair = el("p", { class: "pair-line" });
    this.asModel = el("button", { type: "button", onclick: () => this.set({ factor: 0 }) }, say("scale_back"));
    const button = (name, act) => el("button", { type: "button", onclick: act }, say(name));
    const player = el("div", { class: "player" }, button("back", () => this.set({ step: this.state.step - 1 })), this.scrub, button("forward", () => this.set({ step: this.state.step + 1 })),
      el("label", {}, say("head_label"), " ", this.head),
      el("button", { type: "button", "aria-pressed": "false", onclick: (event) => this.play(event.target) }, say("play")),
      el("button", { type: "button", onclick: () => this.save(saveSheetPng) }, "PNG"),
      el("button", { type: "button", onclick: () => this.save(saveSheetSvg) }, "SVG"));
    this.root.replaceChildren(this.strip.node, player, this.formula, this.stepText, this.shape, this.altered,
      el("div", { class: "matrices" }, ...this.matrices.map((matrix) => matrix.node)),
      el("div", { class: "pairs-body" },
        el("div", {}, this.canvas, this.pair, this.code),
        this.ledger.node), this.vectors.node, this.scale.node, this.live);
    this.matrices.forEach((matrix) => { matrix.label.textContent = say(`matrix_${matrix.name}`); });
    Object.assign(this, { times: "", stepKey: "", kept: "" });
  }

  /** Step on every three seconds, so that there is time to read; a second press stops. */
  play(button) {
    const stop = () => { clearInterval(this.playing); this.playing = 0; button.setAttribute("aria-pressed", "false"); button.textContent = this.say("play"); };
    if (this.playing) { stop(); return; }
    if (this.state.step === this.header.steps.length - 1) this.set({ step: 0 });
    button.setAttribute("aria-pressed", "true");
    button.textContent = this.say("pause");
    this.playing = setInterval(() => {
      this.set({ step: this.state.step + 1 });
      if (this.state.step === this.header.steps.length - 1 || !button.isConnected) stop();
    }, 3000);
  }

  /** What is on the screen, for export: every matrix with its range, the picture with its scale. */
  sheet() {
    const { state: { key }, block, say } = this;
    const { high, window: w } = this.canvas.drawn;
    const parts = this.matrices.map((matrix) => ({ label: matrix.label.textContent, canvas: matrix.copy(), note: matrix.range.textContent }));
    const ring = key === null ? null : block.at(w, key);
    return sheet([...parts, { label: say("column_probs"), canvas: this.canvas, vector: () => photoSvg(this.view, ring), legend: { scale: "share", low: percent(0), high: percent(high), unit: "" } }]);
  }

  /** In the words of attention/shown.py: picture, model, block, head, query; then the factor if it is not the model's, and the pair. */
  caption() {
    const { header, say, block, state: { head, key } } = this;
    const [row, column] = this.query();
    const names = [say("block_name", { stage: block.stage + 1, block: block.block + 1 }), say(block.shifted ? "shifted" : "regular"), say("head", { head: head + 1 }), say("caption_query", { row, column })];
    const factor = this.state.factor ? [say("scale_altered", { scale: this.scale.value().toFixed(3) })] : [];
    return [header.caption, ...names, ...factor, ...(key === null ? [] : [this.pair.textContent])].join(" · ");
  }

  save(put) {
    const { drawn } = this.canvas;
    if (drawn?.block !== this.block.name || String(drawn.query) !== String(this.query())) return; // a block is still on its way
    put(this.sheet(), this.caption(), `swin_viz-pairs-${this.block.name}-head${this.state.head + 1}`);
  }

  draw() {
    const { block, say, header } = this;
    const dark = isDark(this.root);
    const room = { photo: this.canvas.parentElement.clientWidth, card: this.matrices[0].node.clientWidth, all: this.root.clientWidth }; // read before anything is written
    this.root.classList.toggle("dark", dark);
    this.strip.draw(this.trace, this.state.block, say);
    this.drawStep();
    const query = this.query();
    const { window: w, slot } = block.find(...query);
    const place = this.come === this.state.block ? this.values.slot(w) : -1;
    if (place < 0) { this.pair.textContent = say("fetching"); return; }
    this.scale.set(this.state.factor);
    const scale = this.scale.value();
    this.drawAltered(scale);
    const key = [this.come, this.state.head, w, scale].join();
    if (key !== this.stageKey) { this.stageKey = key; this.stages = stages(this.values, block, w, place, this.state.head, scale); }
    this.drawHeads(block);
    this.drawPhoto(query, slot, room.photo, dark);
    this.drawMatrices(slot, room.card);
    const { head, key: lit } = this.state;
    this.ledger.draw(block, w, slot, this.stages, lit);
    this.vectors.draw(this.values, { place, slot, head, key: lit }, this.stages, room.all);
    this.vectors.light(header.steps[this.state.step]);
    this.scale.draw(this.stages, slot, block.N);
    this.root.drawn = { state: { ...this.state }, window: w, slot, stages: this.stages, scale };
  }

  /** Say it where the factor is no longer the model's: nothing below it is then the model's either. */
  drawAltered(scale) {
    const { say } = this;
    const { factor } = this.state;
    const times = factor ? `× ${scale.toFixed(3)}` : say("matrix_scaled");
    if (this.times === times) return;
    this.times = times;
    this.altered.replaceChildren(...(factor ? [say("scale_altered", { scale: scale.toFixed(3) }), " ", this.asModel] : []));
    this.matrices[1].label.textContent = times;
    this.matrices[3].label.textContent = factor ? `q·kᵀ ${times} + B` : say("matrix_biased");
    this.ledger.name("scaled", times);
    this.vectors.altered = Boolean(factor);
  }

  drawHeads(block) {
    if (this.head.options.length !== block.heads) this.head.replaceChildren(...Array.from({ length: block.heads }, (_, h) => el("option", { value: h }, String(h + 1))));
    this.head.value = String(this.state.head);
  }

  drawStep() {
    const { step, block } = this.state;
    const { header, say } = this;
    if (this.stepKey === `${step}/${block}`) return;
    this.stepKey = `${step}/${block}`;
    this.scrub.value = String(step);
    const name = header.steps[step];
    this.stepText.textContent = say(`step_${name}`);
    this.formula.querySelectorAll("span").forEach((span, i) => span.classList.toggle("lit", i === step));
    this.code.querySelectorAll("code").forEach((line, i) => line.classList.toggle("lit", header.lit[step].includes(i)));
    const point = { project: ["attn.q", "attn.k", "attn.v"], biased: ["attn.bias", "attn.biased"], masked: ["attn.mask", "attn.masked"] }[name] ?? [`attn.${name}`];
    const { axes, shapes } = header.run;
    this.shape.textContent = point.map((each) => { const full = `${this.block.name}.${each}`; return shapes[full] ? `${each}: ${axes[full]} = ${shapes[full].join(" × ")}` : ""; }).join("  ·  ");
    this.matrices.forEach((matrix) => matrix.node.classList.toggle("lit", STEP_OF[matrix.name] === step));
    this.matrices.forEach((matrix) => matrix.node.classList.toggle("later", STEP_OF[matrix.name] > step && step > 0));
  }

  drawPhoto(query, slot, width, dark) {
    const { N } = this.block;
    const kept = [this.stageKey, slot, width, dark, devicePixelRatio, this.trace.id].join();
    if (kept === this.kept) this.view.drawStill(this.still); // another key alone
    else {
      this.view.place(this.trace, this.block, Math.min(width, 460), { grid: true, rolled: false, dark });
      const shares = this.stages.probs.subarray(slot * N, (slot + 1) * N);
      this.view.drawAttention(query, shares, Math.max(...shares), { wrong: false, pinned: true });
      Object.assign(this, { kept, still: this.view.copy() });
    }
    this.canvas.setAttribute("aria-label", this.say("photo_label"));
    const { key } = this.state;
    if (key === null) { this.pair.textContent = this.say("choose_key"); return; }
    const { window: w } = this.block.find(...query);
    this.view.markKey(this.block.at(w, key));
    const at = slot * N + key;
    const s = this.stages;
    const number = (value) => value.toFixed(3);
    const line = this.say("pair_line", { times: this.times, query: `(${query.join(", ")})`, key: `(${this.block.at(w, key).join(", ")})`, raw: number(s.raw[at]), scaled: number(s.scaled[at]), bias: number(s.bias[at]), mask: s.mask[at], logit: number(s.masked[at]), share: percent(s.probs[at]) });
    this.pair.textContent = line;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => { this.live.textContent = line; }, 300);
  }

  drawMatrices(slot, width) {
    const { N } = this.block;
    const blocked = (i) => this.stages.mask[i] !== 0;
    this.matrices.forEach((matrix) => {
      const hidden = ["masked", "probs"].includes(matrix.name) ? blocked : () => false;
      matrix.draw(this.stages[matrix.name], N, Math.max(80, Math.min(220, width - 12)), slot, this.state.key, hidden);
    });
  }
}

export default function (component) {
  return mount(component, Pairs);
}
