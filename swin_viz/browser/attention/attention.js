/** The Attention page's browser side: one state, drawn from one run; the server hears of it when it has settled. */

import { ARROWS, el, isDark, percent, speaker } from "../kit/dom.js";
import { saveSheetPng, saveSheetSvg, sheet } from "../kit/export.js";
import { HeadChart } from "./headchart.js";
import { Heads } from "./heads.js";
import { mount, settler } from "../kit/component.js";
import { Panel } from "./panel.js";
import { photoSvg } from "../kit/photo/photosvg.js";
import { Strip } from "../kit/strip.js";
import { Trace, unpack } from "../kit/trace.js";

const LAYERS = ["attention", "received", "entropy", "distance", "rollout"];
const SCOPES = ["query", "window", "block"];
const ABOVE_PX = 420; // what stands above the picture

/**
 * @typedef {Object} State
 * @property {number} block index @property {number|"mean"} head @property {[number, number]} at query, as parts of the picture's height and width
 * @property {boolean} pinned @property {string} layer @property {string} scope @property {boolean} grid
 * @property {boolean} rolled show the rolled map @property {boolean} wrong paint without undoing the shift
 * @property {string} chart entropy or distance @property {null|{block: number, head: number|"mean"}} other what to compare with
 */

class AttentionView {
  constructor(root, signal) {
    this.root = root;
    this.hands = { hover: (panel, token) => this.hover(panel, token), drag: (panel, token) => this.drag(panel, token), rest: () => this.settler.settle(this.shared(), 0), pin: (panel, token) => this.pin(panel, token), key: (panel, event) => this.key(panel, event) };
    this.panels = [new Panel(this.hands, signal), new Panel(this.hands, signal)];
    this.strip = new Strip((block) => this.set({ block }));
    this.otherStrip = new Strip((block) => this.set({ other: { ...this.state.other, block } }));
    this.heads = new Heads((head) => this.set({ head }));
    this.otherHeads = new Heads((head) => this.set({ other: { ...this.state.other, head } }));
    this.chart = new HeadChart((block, head) => this.set({ block, head }));
    this.controls = el("div", { class: "controls" });
    this.classes = el("div", { class: "classes" });
    this.live = el("div", { class: "live", "aria-live": "polite" });
    this.settler = settler(root, signal, (value) => this.send("view", value));
    root.addEventListener("keydown", (event) => { if ("[]".includes(event.key) && !event.defaultPrevented) this.key(this.panels[0], event); }, { signal });
    new ResizeObserver(() => this.schedule()).observe(root);
    signal.addEventListener("abort", () => root.replaceChildren());
  }

  update(data, send) {
    this.send = send;
    if (data === this.data) { this.schedule(); return; }
    this.data = data;
    const message = unpack(data);
    const { header } = message;
    this.header = header;
    this.say = speaker({ ...header.words, language: header.language });
    const moved = this.trace && this.trace.id !== header.key; // another picture: the server knows where to look
    this.trace = new Trace(message, header.run);
    this.trace.id = header.key;
    this.second = header.second ? new Trace(message, header.second, "second.") : null;
    if (this.second) this.second.id = header.second_key;
    this.stats = { entropy: header.entropy, distance: header.distance };
    const other = this.model !== header.model; // another model: its blocks and heads are others
    this.state = this.state && !other ? { ...this.state } : { ...header.state };
    if (moved && !this.state.pinned) this.state.at = header.state.at;
    this.model = header.model;
    this.keepWithinBounds();
    this.settler.told(this.shared());
    this.showSecond(header.second_key ?? null);
    this.build();
    this.schedule();
  }

  /** A second picture that arrives is shown at once; one that goes takes the comparison along. */
  showSecond(key) {
    const { block, head, other } = this.state;
    if (key && key !== this.shownSecond && !other) this.set({ other: { block, head } });
    else if (!key && this.shownSecond) this.set({ other: null });
    this.shownSecond = key;
  }

  keepWithinBounds() {
    const count = this.trace.blocks.length;
    this.state.block = Math.max(0, Math.min(count - 1, this.state.block));
    const heads = this.trace.blocks[this.state.block].heads;
    if (this.state.head !== "mean") this.state.head = Math.min(heads - 1, this.state.head);
    const { other } = this.state;
    if (!other) return;
    other.block = Math.max(0, Math.min(count - 1, other.block));
    const most = (this.second ?? this.trace).blocks[other.block].heads - 1;
    if (other.head !== "mean") other.head = Math.min(most, other.head);
  }

  /** Change the state by hand: draw at the next frame, tell the server when it has settled. */
  set(patch) {
    this.state = { ...this.state, ...patch };
    this.keepWithinBounds();
    this.schedule();
    this.settler.settle(this.shared());
  }

  /** What the server hears: the state, and of which run. */
  shared() { return { ...this.state, of: this.header.key }; }

  hover(panel, [row, column]) {
    if (this.state.pinned) return;
    this.state.at = this.centre(panel, row, column);
    this.schedule();
  }

  /** A finger moves the query, pinned or not. */
  drag(panel, [row, column]) { this.set({ at: this.centre(panel, row, column) }); }

  pin(panel, [row, column]) {
    const at = this.centre(panel, row, column);
    const same = this.state.pinned && String(panel.query(this.state)) === String([row, column]);
    this.set({ at, pinned: !same });
  }

  /** A token's centre as parts of the picture's height and width. */
  centre(panel, row, column) {
    const { pixels } = panel.block;
    return [Math.min(0.9999, ((row + 0.5) * pixels) / panel.trace.height), Math.min(0.9999, ((column + 0.5) * pixels) / panel.trace.width)];
  }

  /** Keys on a picture: of two that are compared, each chooses its own block and head. */
  key(panel, event) {
    const move = ARROWS[event.key];
    const { block } = panel;
    const second = panel === this.panels[1];
    const { block: index, head } = second ? this.state.other : this.state;
    const choose = (patch) => this.set(second ? { other: { ...this.state.other, ...patch } } : patch);
    if (move) {
      const step = event.shiftKey ? block.window : 1;
      const token = panel.query(this.state).map((part, i) => Math.max(0, Math.min(block.size[i] - 1, part + move[i] * step)));
      this.set({ at: this.centre(panel, ...token), pinned: true });
    } else if (event.key === "Escape") this.set({ pinned: false });
    else if (event.key === "Enter" || event.key === " ") this.set({ pinned: !this.state.pinned });
    else if (event.key === "[" || event.key === "]") choose({ block: index + (event.key === "]" ? 1 : -1) });
    else if (event.key === "m") choose({ head: "mean" });
    else if (event.key === "h") choose({ head: head === "mean" ? 0 : (head + 1) % block.heads });
    else if (/^[1-9]$/.test(event.key)) choose({ head: Number(event.key) - 1 });
    else return;
    event.preventDefault();
  }

  schedule() {
    if (this.frame || !this.trace) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  /** The parts that only a new run, language or layout changes. */
  build() {
    this.root.lang = this.header.language;
    this.buildControls();
    this.root.replaceChildren(el("div", { class: "strip-row" }, this.strip.node, el("div", { class: "quiet" }, this.say("strip_key"))), this.controls, el("div", { class: "body" },
      el("div", { class: "left" }, el("div", { class: "panels" }, this.panels[0].node, this.panels[1].node), this.live),
      el("div", { class: "right" }, this.classes, this.heads.node, el("div", {}, this.chartChoice, this.chart.node))));
    this.panels.forEach((panel, i) => { panel.about.textContent = this.header.about[i] ?? ""; });
    this.otherBar = el("div", { class: "other" }, this.otherStrip.node, this.otherHeads.node);
    this.panels[1].node.append(this.otherBar);
    this.buildClasses();
  }

  buildControls() {
    const { say } = this;
    const select = (name, options, get, put, useless = () => false) => {
      const node = el("select", { onchange: (event) => put(event.target.value) }, ...options.map((option) => el("option", { value: option }, say(`${name}_${option}`))));
      this.refreshers.push(() => { node.value = get(); node.disabled = useless(); });
      return el("label", {}, say(name), " ", node);
    };
    const toggle = (name, get, put, useless = () => false) => {
      const node = el("input", { type: "checkbox", onchange: (event) => put(event.target.checked) });
      this.refreshers.push(() => { node.checked = get(); node.disabled = useless(); });
      return el("label", { title: say(`${name}_help`) }, node, " ", say(name));
    };
    this.refreshers = [];
    const isMap = () => this.state.layer !== "attention";
    const unshifted = () => ![this.state, this.state.other].some((each) => each && this.trace.blocks[each.block].shifted);
    this.controls.replaceChildren(
      select("layer", LAYERS, () => this.state.layer, (layer) => this.set({ layer })),
      select("scope", SCOPES, () => this.state.scope, (scope) => this.set({ scope }), isMap),
      toggle("grid", () => this.state.grid, (grid) => this.set({ grid })),
      toggle("rolled", () => this.state.rolled, (rolled) => this.set({ rolled }), unshifted),
      toggle("wrong", () => this.state.wrong, (wrong) => this.set({ wrong }), () => isMap() || unshifted()),
      toggle("compare", () => Boolean(this.state.other), (on) => this.set({ other: on ? { block: this.state.block, head: this.state.head } : null })),
      el("span", { class: "saves" },
        el("button", { type: "button", onclick: () => this.save(saveSheetPng) }, "PNG"),
        el("button", { type: "button", onclick: () => this.save(saveSheetSvg) }, "SVG")));
    this.chartChoice = select("chart", ["entropy", "distance"], () => this.state.chart, (chart) => this.set({ chart }));
    this.chartChoice.className = "chart-choice";
  }

  /** What is on the screen: one picture, or the two that are compared, with scale and caption. */
  save(put) {
    const panels = this.state.other ? this.panels : [this.panels[0]];
    if (!panels.every(({ canvas }) => canvas.drawn && canvas.drawn.kind !== "blank")) return; // a block is still on its way
    const labelOf = ({ about, title }) => [about.textContent, title.textContent].filter(Boolean).join(" · ");
    const unitOf = ({ shown }) => (this.state.layer === "attention" ? `${this.say("scope")} ${shown.unit}` : shown.unit);
    const parts = panels.map((panel) => ({ label: panels[1] && labelOf(panel), canvas: panel.canvas, vector: () => photoSvg(panel.view), legend: { ...panel.shown, unit: unitOf(panel) } }));
    put(sheet(parts), this.caption(panels), this.fileName(panels));
  }

  /** Picture, model, block, head, query, layer, switches, what it is compared with: in the words of attention/shown.py; then what is read off. */
  caption(panels) {
    const { state, say, header } = this;
    const placeName = (panel) => { const [row, column] = panel.query(state); return `${panel.title.textContent} · ${say("caption_query", { row, column })}`; };
    const switches = ["rolled", "wrong"].filter((name) => state[name]).map((name) => say(name));
    const others = panels.slice(1).map((panel) => say("caption_with", { other: [header.other_title, placeName(panel)].filter(Boolean).join(" · ") }));
    return [header.caption, placeName(panels[0]), say(`layer_${state.layer}`), ...switches, ...others, ...panels.map(({ line }) => line)].filter(Boolean).join(" · ");
  }

  /** As attention/shown.py names the files of numbers. */
  fileName(panels) {
    const [first, ...others] = panels.map(({ block, head }) => `${block.name}-${head === "mean" ? head : `head${head + 1}`}`);
    return ["swin_viz", first, this.state.layer, ...others.map((other) => `with-${other}`)].join("-");
  }

  buildClasses() {
    const { say, header } = this;
    const rows = header.top.map(([name, share]) => el("div", { class: "class" }, el("span", {}, name),
      el("span", { class: "share" }, el("i", { style: `width:${(share * 100).toFixed(2)}%` })), el("span", { class: "number" }, percent(share))));
    const truth = [header.truth, header.foreign ? say("foreign") : ""].filter(Boolean).map((line) => el("div", { class: "quiet" }, line));
    this.classes.replaceChildren(el("div", { class: "chart-title" }, say(rows.length ? "prediction" : "no_head")), ...rows, ...truth);
  }

  draw() {
    const { state, trace, say } = this;
    const dark = isDark(this.root);
    this.root.classList.toggle("dark", dark);
    this.root.classList.toggle("comparing", Boolean(state.other));
    this.strip.draw(trace, state.block, say);
    this.refreshers.forEach((refresh) => refresh());
    const width = this.panels[0].node.clientWidth;
    if (width < 40) return;
    const [first, second] = this.panels;
    const side = Math.min(width, 720, Math.max(320, window.innerHeight - ABOVE_PX)); // with its title and read-out on one screen
    first.draw(trace, state.block, state.head, state, say, side, dark);
    if (state.other) this.drawOther(second, side, dark);
    const block = trace.blocks[state.block];
    if (block.probs) this.heads.draw(block, first.query(state), state.head, say);
    this.drawChart();
    this.tell();
    this.root.drawn = { state: this.shared(), panel: first.canvas.drawn };
  }

  drawOther(panel, width, dark) {
    const { other } = this.state;
    const trace = this.second ?? this.trace;
    panel.draw(trace, other.block, other.head, this.state, this.say, width, dark);
    this.otherStrip.draw(trace, other.block, this.say);
    if (panel.block.probs) this.otherHeads.draw(panel.block, panel.query(this.state), other.head, this.say);
  }

  drawChart() {
    const { chart, block, head } = this.state;
    const key = [this.trace.id, chart, block, head, this.header.language].join();
    if (key === this.chartKey) return;
    this.chartKey = key;
    const values = this.stats[chart];
    this.chart.draw(this.trace, values, { title: this.say(`chart_${chart}`), unit: this.say(`chart_${chart}_unit`), block, head, say: this.say });
  }

  /** Say the line to those who listen, when the hand rests. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const line = this.panels[0].spoken();
      if (this.live.textContent !== line) this.live.textContent = line;
    }, 300);
  }
}

export default function (component) {
  return mount(component, AttentionView);
}
