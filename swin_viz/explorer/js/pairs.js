/** Self-attention, pair by pair: ledger, matrices, vectors and the scale, for the pinned query of one block. */

import { HUES } from "./colour.js";
import { el, isDark, percent, speaker } from "./dom.js";
import { saveSheetPng, saveSheetSvg, sheet } from "./export.js";
import { Matrix, strip } from "./matrix.js";
import { mount, settler } from "./mount.js";
import { sharpness, stages } from "./pairmath.js";
import { PhotoView } from "./photo.js";
import { Strip } from "./strip.js";
import { Trace, unpack } from "./trace.js";

const CARDS = [["raw", "signed"], ["scaled", "signed"], ["biased", "signed"], ["masked", "signed"], ["probs", "share"]];
const COLUMNS = ["raw", "scaled", "bias", "mask", "masked", "probs"];
const STEP_OF = { raw: 1, scaled: 2, biased: 3, masked: 4, probs: 5 };

/** q, k, v, x, z, out of the windows that came along. */
class Values {
  constructor(message, block, windows) {
    Object.assign(this, { message, block, windows });
    this.bias = message.get(`${block.name}.bias`);
    this.d = message.shape("value.attn.q")[3];
    this.C = message.shape("value.windows")[2];
  }

  /** Where a window stands among those that came, or −1. */
  slot(window) { return this.windows ? this.windows.indexOf(window) : window; }

  /** A point of one window and head: (N, d) flat. */
  vector(point, slot, head) {
    const size = this.block.N * this.d;
    return this.message.get(`value.${point}`).subarray((slot * this.block.heads + head) * size, (slot * this.block.heads + head + 1) * size);
  }

  /** A point without heads of one token: (C). */
  token(point, slot, token) {
    const at = (slot * this.block.N + token) * this.C;
    return this.message.get(`value.${point}`).subarray(at, at + this.C);
  }
}

class Pairs {
  constructor(root, signal) {
    this.root = root;
    this.settler = settler((value) => this.send("pair", value), 250);
    this.strip = new Strip((block) => this.set({ block }, true));
    this.canvas = el("canvas", { class: "photo", tabindex: "0", role: "application" });
    this.view = new PhotoView(this.canvas);
    this.matrices = CARDS.map(([name, scale]) => new Matrix(name, scale, { hover: (query, key) => this.hoverPair(query, key) }, signal));
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
    this.canvas.addEventListener("pointerdown", (event) => { const at = token(event); if (at) this.choose(at); }, { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  update(data, send) {
    this.send = send;
    if (data === this.data) { this.schedule(); return; }
    this.data = data;
    const message = unpack(data);
    this.header = message.header;
    this.say = speaker({ ...message.header.words, language: message.header.language });
    this.trace = new Trace(message, message.header.run);
    this.trace.id = message.header.key;
    const fresh = !this.state || this.model !== message.header.model;
    this.model = message.header.model;
    this.state = fresh ? { ...message.header.state } : { ...this.state };
    if (this.state.block !== message.header.block && fresh) this.state.block = message.header.block;
    this.come = message.header.block;
    const block = this.trace.blocks[this.come];
    this.values = new Values(message, block, message.header.windows);
    this.state.head = Math.min(this.state.head, this.trace.blocks[this.state.block].heads - 1);
    this.scale = null;
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
    if (now) this.send("pair", { ...this.state });
    else this.settler.settle({ ...this.state });
  }

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
    if (w === own.window && slot !== this.state.key) { this.state = { ...this.state, key: slot }; this.schedule(); }
  }

  hoverPair(query, key) {
    const { window: w } = this.block.find(...this.query());
    const at = this.block.at(w, query);
    const patch = this.block.isPadding(...at) ? { key } : { key, at: this.centre(at) };
    this.state = { ...this.state, ...patch };
    this.schedule();
    this.settler.settle({ ...this.state });
  }

  choose(at) {
    const { window: w } = this.block.find(...at);
    this.set({ at: this.centre(at), key: null }, this.values.slot(w) < 0);
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (move) {
      const at = this.query().map((part, i) => Math.max(0, Math.min(this.block.size[i] - 1, part + move[i])));
      this.choose(at);
    } else if (event.key === "[" || event.key === "]") this.set({ block: this.state.block + (event.key === "]" ? 1 : -1) }, true);
    else if (event.key === "k") this.set({ key: ((this.state.key ?? -1) + 1) % this.block.N });
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
    this.ledger = el("tbody", {});
    this.vectors = el("div", { class: "vectors" });
    this.scaleBox = this.buildScale();
    this.pair = el("p", { class: "pair-line" });
    const button = (name, act) => el("button", { type: "button", onclick: act }, say(name));
    const player = el("div", { class: "player" }, button("back", () => this.set({ step: this.state.step - 1 })), this.scrub, button("forward", () => this.set({ step: this.state.step + 1 })),
      el("label", {}, say("head_label"), " ", this.head),
      el("button", { type: "button", "aria-pressed": "false", onclick: (event) => this.play(event.target) }, say("play")),
      el("button", { type: "button", onclick: () => saveSheetPng(this.sheet(), this.caption(), "swin_viz-pairs") }, "PNG"),
      el("button", { type: "button", onclick: () => saveSheetSvg(this.sheet(), this.caption(), "swin_viz-pairs") }, "SVG"));
    this.root.replaceChildren(this.strip.node, player, this.formula, this.stepText, this.shape,
      el("div", { class: "matrices" }, ...this.matrices.map((matrix) => matrix.node)),
      el("div", { class: "pairs-body" },
        el("div", {}, this.canvas, this.pair, this.code),
        el("div", { class: "ledger-box", tabindex: "0", role: "region", "aria-label": say("ledger") }, el("table", { class: "ledger" }, this.ledgerHead(), this.ledger)),
      ), this.vectors, this.scaleBox, this.live);
    this.matrices.forEach((matrix) => { matrix.label.textContent = say(`matrix_${matrix.name}`); });
    this.rows = [];
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

  /** What is on the screen, for export. */
  sheet() {
    const parts = this.matrices.map((matrix) => ({ label: matrix.label.textContent, canvas: matrix.canvas }));
    return sheet([...parts, { label: this.say("column_probs"), canvas: this.canvas }]);
  }

  caption() {
    const { stage, block } = this.block;
    return `${this.header.caption} · ${this.say("block_name", { stage: stage + 1, block: block + 1 })} · ${this.say("head_label")} ${this.state.head + 1} · ${this.pair.textContent}`;
  }

  ledgerHead() {
    return el("thead", {}, el("tr", {}, ...["key", ...COLUMNS].map((name) => el("th", { scope: "col" }, this.say(`column_${name}`)))));
  }

  buildScale() {
    const { say } = this;
    this.slider = el("input", { type: "range", min: 0, max: 100, value: 0, "aria-label": say("scale"), oninput: () => { this.scale = this.sliderScale(); this.stageKey = ""; this.schedule(); } });
    this.scaleLine = el("p", { class: "step-text" });
    this.scaleChart = el("div", { class: "chart" });
    return el("section", { class: "scale" }, el("h3", {}, say("scale_title")), el("p", {}, say("scale_text")),
      el("div", { class: "player" }, "1/√d", this.slider, "1"), this.scaleLine, this.scaleChart);
  }

  /** From 1/√d (left) to 1 (right), even in the logarithm. */
  sliderScale(value = Number(this.slider.value)) { return this.values.d ** (-0.5 * (1 - value / 100)); }

  draw() {
    const { block, say } = this;
    const dark = isDark(this.root);
    this.root.classList.toggle("dark", dark);
    this.strip.draw(this.trace, this.state.block, say);
    this.drawStep();
    const query = this.query();
    const { window: w, slot } = block.find(...query);
    const place = this.come === this.state.block ? this.values.slot(w) : -1;
    if (place < 0) { this.pair.textContent = say("fetching"); return; }
    const scale = this.scale ?? this.values.d ** -0.5;
    const key = [this.come, this.state.head, w, scale].join();
    if (key !== this.stageKey) { this.stageKey = key; this.stages = stages(this.values, block, w, place, this.state.head, scale); }
    this.drawHeads(block);
    this.drawPhoto(query, slot, dark);
    this.drawMatrices(slot, dark);
    this.drawLedger(w, slot);
    this.drawVectors(place, slot);
    this.drawScale(slot, scale);
    this.root.drawn = { state: { ...this.state }, window: w, slot, stages: this.stages, scale };
  }

  drawHeads(block) {
    if (this.head.options.length !== block.heads) this.head.replaceChildren(...Array.from({ length: block.heads }, (_, h) => el("option", { value: h }, String(h + 1))));
    this.head.value = String(this.state.head);
  }

  drawStep() {
    const { step } = this.state;
    const { header, say } = this;
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

  drawPhoto(query, slot, dark) {
    const width = Math.min(this.canvas.parentElement.clientWidth, 460);
    this.view.place(this.trace, this.block, width, { grid: true, rolled: false, dark });
    const { N } = this.block;
    const shares = this.stages.probs.subarray(slot * N, (slot + 1) * N);
    this.view.drawAttention(query, shares, Math.max(...shares), { wrong: false, pinned: true });
    this.canvas.setAttribute("aria-label", this.say("photo_label"));
    const { key } = this.state;
    if (key === null) { this.pair.textContent = this.say("choose_key"); return; }
    const { window: w } = this.block.find(...query);
    this.view.markKey(this.block.at(w, key));
    const at = slot * N + key;
    const s = this.stages;
    const number = (value) => value.toFixed(3);
    const line = this.say("pair_line", { query: `(${query.join(", ")})`, key: `(${this.block.at(w, key).join(", ")})`, raw: number(s.raw[at]), scaled: number(s.scaled[at]), bias: number(s.bias[at]), mask: s.mask[at], logit: number(s.masked[at]), share: percent(s.probs[at]) });
    this.pair.textContent = line;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => { this.live.textContent = line; }, 300);
  }

  drawMatrices(slot, dark) {
    const { N } = this.block;
    const blocked = (i) => this.stages.mask[i] !== 0;
    this.matrices.forEach((matrix) => {
      const hidden = ["masked", "probs"].includes(matrix.name) ? blocked : () => false;
      matrix.draw(this.stages[matrix.name], N, Math.max(90, Math.min(220, matrix.node.clientWidth - 12)), slot, this.state.key, hidden, dark);
    });
  }

  drawLedger(w, slot) {
    const { N } = this.block;
    if (this.rows.length !== N) this.buildLedger(N);
    const s = this.stages;
    const most = Math.max(...s.probs.subarray(slot * N, (slot + 1) * N));
    this.rows.forEach((row, k) => {
      const at = slot * N + k;
      const place = this.block.at(w, k);
      row.cells[0].textContent = `(${place.join(", ")})${this.block.isPadding(...place) ? " ▫" : ""}`;
      COLUMNS.slice(0, -1).forEach((name, i) => { row.cells[i + 1].textContent = name === "mask" ? String(s.mask[at]) : s[name][at].toFixed(3); });
      row.share.style.width = `${(100 * s.probs[at]) / most}%`;
      row.number.textContent = s.mask[at] !== 0 && s.probs[at] < 1e-6 ? this.say("blocked") : percent(s.probs[at]);
      row.node.classList.toggle("lit", k === this.state.key);
      row.node.classList.toggle("blocked", s.mask[at] !== 0);
    });
  }

  buildLedger(N) {
    this.rows = Array.from({ length: N }, (_, k) => {
      const share = el("i", {});
      const number = el("span", {});
      const cells = [el("th", { scope: "row" }), ...COLUMNS.slice(0, -1).map(() => el("td", {}))];
      const node = el("tr", { onpointerenter: () => { this.state = { ...this.state, key: k }; this.schedule(); }, onclick: () => this.set({ key: k }) },
        ...cells, el("td", { class: "share-cell" }, el("span", { class: "share" }, share), number));
      return { node, cells, share, number };
    });
    this.ledger.replaceChildren(...this.rows.map((row) => row.node));
  }

  drawVectors(place, slot) {
    const { values, say, state, block } = this;
    const lines = [];
    const row = (label, vector, note, range) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      const most = range ?? Math.max(...vector.map(Math.abs), 1e-9);
      strip(canvas, vector, Math.min(560, Math.max(200, this.root.clientWidth - 230)), 20, -most, most);
      canvas.drawn = Array.from(vector);
      lines.push(el("div", { class: "vector", "data-vector": label }, el("span", {}, label), canvas, el("small", {}, note)));
    };
    const part = (point, token) => Array.from(values.vector(point, place, state.head).subarray(token * values.d, (token + 1) * values.d));
    row("x", Array.from(values.token("windows", place, slot)), say("vector_x", { C: values.C, heads: block.heads, d: values.d }));
    row("q", part("attn.q", slot), say("vector_q", { d: values.d, head: state.head + 1 }));
    if (state.key !== null) { row("k", part("attn.k", state.key), say("vector_k")); row("v", part("attn.v", state.key), say("vector_v")); }
    this.sums(part, slot, row);
    row("z", part("attn.z", slot), say("vector_z"));
    row("out", Array.from(values.token("attn.out", place, slot)), say("vector_out", { C: values.C, heads: block.heads }));
    this.vectors.replaceChildren(el("h3", {}, say("vectors_title")), ...lines);
  }

  /** The weighted sum of v building up: the strongest one, three, and ten keys of all. */
  sums(part, slot, row) {
    const { N } = this.block;
    const shares = this.stages.probs.subarray(slot * N, (slot + 1) * N);
    const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]);
    for (const count of [1, 3, 10, N].filter((each, i, all) => each <= N && all.indexOf(each) === i)) {
      const total = new Float32Array(this.values.d);
      let weight = 0;
      for (const k of order.slice(0, count)) { weight += shares[k]; part("attn.v", k).forEach((value, c) => { total[c] += shares[k] * value; }); }
      row(`Σ ${count}`, Array.from(total), this.say("vector_sum", { count, share: percent(weight) }));
    }
  }

  drawScale(slot, scale) {
    const { raw, bias, mask } = this.stages;
    const { N } = this.block;
    const at = (value) => sharpness(raw, bias, mask, slot, N, value);
    const now = at(scale);
    this.scaleLine.textContent = this.say("scale_line", { scale: scale.toFixed(3), entropy: now.entropy.toFixed(3), largest: percent(now.largest), gradient: now.gradient.toExponential(2) });
    this.slider.setAttribute("aria-valuetext", scale.toFixed(3));
    const points = Array.from({ length: 41 }, (_, i) => [i / 40, at(this.sliderScale(i * 2.5))]);
    const [wide, high] = [440, 170];
    const svg = el("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": this.say("scale_chart") });
    ["entropy", "largest", "gradient"].forEach((name, i) => {
      const most = Math.max(...points.map(([, point]) => point[name])) || 1;
      const y = (value) => 12 + (high - 40) * (1 - value / most);
      svg.append(el("polyline", { points: points.map(([x, point]) => `${10 + x * (wide - 20)},${y(point[name])}`).join(" "), fill: "none", stroke: HUES[[4, 5, 2][i]], "stroke-width": 3, "stroke-dasharray": ["", "8 4", "2 4"][i] }));
      svg.append(el("text", { x: 12 + i * 145, y: high - 6 }, `${["━", "╍", "┉"][i]} ${this.say(`scale_${name}`)}`));
    });
    const x = 10 + (Number(this.slider.value) / 100) * (wide - 20);
    svg.append(el("line", { x1: x, x2: x, y1: 8, y2: high - 26, class: "rule" }));
    this.scaleChart.replaceChildren(svg);
    this.scaleChart.drawn = now;
  }
}

export default function (component) {
  return mount(component, (root, signal) => new Pairs(root, signal));
}
