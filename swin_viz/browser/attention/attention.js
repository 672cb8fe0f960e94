/** The Attention page's browser side: one state, drawn from one run; the server hears of it when it has settled. */

import { Component, CONTENT, mount } from "../kit/component.js";
import { el, percent } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";
import { Strip } from "../kit/strip.js";
import { Controls } from "./controls.js";
import { HeadChart } from "./headchart.js";
import { Heads } from "./heads.js";
import { Panel } from "./panel.js";
import { captionOf, fileName, panelSheet } from "./saving.js";
import { keyed, within } from "./state.js";

/** @typedef {import("./state.js").State} State */

const ABOVE_PX = 420; // what stands above the picture
const REST_MS = 300; // a hand that is still for so long is followed by words

class AttentionView extends Component {
  /** @type {State} */ state;
  /** @type {import("../kit/trace.js").Trace|null} of the picture to compare with */ second = null;
  /** @type {Controls} */ controls;
  #comparedWith = "";
  #chartKey = "";
  #chartSeen = false;
  #telling = 0;

  constructor(root, signal) {
    super(root, signal, "view");
    const hands = {
      hover: (panel, token) => { if (!this.state.pinned) this.show({ at: panel.block.centreOf(token) }); },
      drag: (panel, token) => this.set({ at: panel.block.centreOf(token) }), // a finger moves it, pinned or not
      rest: () => this.settler.settle(this.shared(), 0),
      pin: (panel, token) => this.pin(panel, token),
      key: (panel, event) => this.key(panel, event),
    };
    this.panels = [new Panel(hands, signal), new Panel(hands, signal)];
    this.strip = new Strip((block) => this.set({ block }));
    this.otherStrip = new Strip((block) => this.set({ other: { ...this.state.other, block } }));
    this.heads = new Heads((head) => this.set({ head }));
    this.otherHeads = new Heads((head) => this.set({ other: { ...this.state.other, head } }));
    this.chart = new HeadChart((block, head) => this.set({ block, head }));
    const seen = new IntersectionObserver((entries) => this.seeChart(entries.some((each) => each.isIntersecting)));
    seen.observe(this.chart.node);
    signal.addEventListener("abort", () => seen.disconnect());
    this.classes = el("div", { class: "classes" });
    this.live = el("div", { class: "live", "aria-live": "polite" });
    this.panels[1].node.append(el("div", { class: "other" }, this.otherStrip.node, this.otherHeads.node));
    root.addEventListener("keydown", (event) => { // also outside of the picture
      if ("[]".includes(event.key) && !event.defaultPrevented) this.key(this.panels[0], event);
    }, { signal });
  }

  /** The run of the second panel. */
  get otherTrace() { return this.second ?? this.trace; }

  /** The picture, the geometry, and the attention of the blocks that are looked at. */
  needed(header) {
    const { block, other } = this.state && header.model === this.header.model ? this.state : header.state;
    const second = header.second ? [this.groupOf(header, (other ?? { block }).block, true)] : [];
    return [...header.now, this.groupOf(header, block), ...second];
  }

  /** A block's group. @param {any} header @param {number} block @param {boolean} [second] of the second picture */
  groupOf({ run, second: other }, block, second = false) {
    const { blocks } = second ? other : run;
    return `${second ? "second." : ""}${blocks[Math.min(block, blocks.length - 1)].name}`;
  }

  /** The groups of what is shown; of a rollout all before it. @param {number} [around] how many blocks further */
  shownGroups(around = 0) {
    const { header, state: { block, other, layer }, trace: { blocks } } = this;
    const upTo = (last, second) => {
      const first = layer === "rollout" ? 0 : last - around;
      const indices = [...blocks.keys()].filter((index) => index >= first && index <= last + around);
      return indices.map((index) => this.groupOf(header, index, second));
    };
    return [...upTo(block, false), ...(other ? upTo(other.block, Boolean(header.second)) : [])];
  }

  /** Fetch what is shown, then what is beside it. @returns {Promise<any>|null} whether it came; null: it is here */
  fetch() {
    const { header, loader } = this;
    const missing = this.shownGroups().filter((group) => !loader.now(header.parts[group]));
    loader.later(this.shownGroups(1).map((group) => header.parts[group]));
    if (!missing.length) return null;
    return this.groups(header, missing).then(() => { this.frame(); return true; }, (error) => this.lost(error));
  }

  receive(isNew) {
    const { header } = this;
    const other = isNew(...CONTENT, "second", "second_key");
    if (other) this.second = this.traceOf("second", "second_key", "second.");
    const found = isNew("model") ? header.state : this.state; // another model: its blocks and heads are others
    const moved = isNew("key") && !found.pinned; // another picture: the server knows where to look
    this.state = within(moved ? { ...found, at: header.state.at } : found, this.trace, this.otherTrace);
    if (isNew("key")) this.settler.told(this.shared());
    this.compareWith(header.second_key ?? "");
    this.panels.forEach((panel, i) => { panel.about.textContent = header.about[i] ?? ""; });
    if (isNew("top", "truth", "foreign", "words")) this.showClasses();
  }

  /** A second picture that arrives is shown at once; one that goes takes the comparison along. */
  compareWith(key) {
    const { block, head, other } = this.state;
    if (key && key !== this.#comparedWith && !other) this.set({ other: { block, head } });
    else if (!key && this.#comparedWith) this.set({ other: null });
    this.#comparedWith = key;
  }

  /** Another state, drawn in the next frame. @param {Partial<State>} patch */
  show(patch) {
    this.state = within({ ...this.state, ...patch }, this.trace, this.otherTrace);
    this.schedule();
  }

  /** The same, and the server is told when it has settled. @param {Partial<State>} patch */
  set(patch) {
    this.show(patch);
    this.settler.settle(this.shared());
  }

  /** What the server hears: the state, and of which run. */
  shared() { return { ...this.state, of: this.header.key }; }

  pin(panel, token) {
    const same = this.state.pinned && String(panel.query(this.state)) === String(token);
    this.set({ at: panel.block.centreOf(token), pinned: !same });
  }

  /** Keys on a picture: of two that are compared, each chooses its own block and head. */
  key(panel, event) {
    const { state, panels, trace } = this;
    const second = panel === panels[1];
    const choice = second ? state.other : state;
    const found = keyed(event, state, choice, (second ? this.otherTrace : trace).blocks[choice.block]);
    if (!found) return;
    event.preventDefault();
    if ("shared" in found) this.set(found.shared);
    else this.set(second ? { other: { ...state.other, ...found.own } } : found.own);
  }

  build() {
    const { panels, strip, classes, heads, chart, live } = this;
    this.controls = new Controls(this.header, this.say, {
      state: () => this.state,
      set: (patch) => this.set(patch),
      unshifted: () => ![this.state, this.state.other].some((each) => each && this.trace.blocks[each.block].shifted),
      save: (put) => this.save(put),
    });
    this.root.replaceChildren(
      el("div", { class: "strip-row" }, strip.node, el("div", { class: "quiet" }, this.say("strip_key"))),
      this.controls.node,
      el("div", { class: "body" },
        el("div", { class: "left" }, el("div", { class: "panels" }, ...panels.map((panel) => panel.node)), live),
        el("div", { class: "right" }, classes, heads.node, el("div", {}, this.controls.chart, chart.node))));
  }

  /** What is on the screen, if it is there. */
  save(put) {
    const { state, say, header } = this;
    const coming = this.fetch();
    if (coming) { coming.then((here) => { if (here) this.save(put); }); return; }
    const panels = state.other ? this.panels : this.panels.slice(0, 1);
    const here = panels.every(({ canvas }) => canvas.drawn && canvas.drawn.kind !== "blank"); // else it is on its way
    if (here) put(panelSheet(panels, state, say), captionOf(panels, state, say, header), fileName(panels, state));
  }

  showClasses() {
    const { say, header: { top, truth, foreign } } = this;
    const bar = (share) => el("span", { class: "share" }, el("i", { style: `width:${(share * 100).toFixed(2)}%` }));
    const rows = top.map(([name, share]) => el("div", { class: "class" },
      el("span", {}, name), bar(share), el("span", { class: "number" }, percent(share))));
    const lines = [truth, foreign ? say("foreign") : ""].filter(Boolean);
    const below = lines.map((line) => el("div", { class: "quiet" }, line));
    const title = el("div", { class: "chart-title" }, say(rows.length ? "prediction" : "no_head"));
    this.classes.replaceChildren(title, ...rows, ...below);
  }

  draw(dark) {
    const { state, trace, say, panels: [first, second] } = this;
    this.root.classList.toggle("comparing", Boolean(state.other));
    this.strip.draw(trace, state.block, say);
    this.controls.refresh();
    const width = first.node.clientWidth;
    if (width < 40) return;
    const side = Math.min(width, clamp(innerHeight - ABOVE_PX, 320, 720)); // with title and read-out on one screen
    first.draw(trace, state, state, say, side, dark);
    if (first.block.probs) this.heads.draw(first.block, first.query(state), state.head, say);
    if (state.other) {
      second.draw(this.otherTrace, state.other, state, say, side, dark);
      this.otherStrip.draw(this.otherTrace, state.other.block, say);
      if (second.block.probs) this.otherHeads.draw(second.block, second.query(state), state.other.head, say);
    }
    this.drawChart();
    this.tell();
    this.fetch();
    this.root.drawn = { state: this.shared(), panel: first.canvas.drawn };
  }

  /** The numbers of all heads are made when somebody looks at their chart. @param {boolean} yes */
  seeChart(yes) {
    if (yes === this.#chartSeen) return;
    this.#chartSeen = yes;
    this.schedule();
  }

  drawChart() {
    const { say, header, trace, loader, state: { chart, block, head } } = this;
    const numbers = loader.now(header.parts.heads);
    if (!numbers && this.#chartSeen) this.groups(header, ["heads"]).then(this.schedule, (error) => this.lost(error));
    this.chart.node.classList.toggle("later", !numbers); // what stands there is of the picture before
    const key = [trace.id, chart, block, head, header.language].join();
    if (key === this.#chartKey || !numbers) return;
    this.#chartKey = key;
    const words = { title: say(`chart_${chart}`), unit: say(`chart_${chart}_unit`), say };
    this.chart.draw(trace, perHead(trace, numbers.get(`heads.${chart}`)), { ...words, block, head });
  }

  /** Say the line to those who listen, when the hand rests. */
  tell() {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      const line = this.panels[0].spoken();
      if (this.live.textContent !== line) this.live.textContent = line;
    }, REST_MS);
  }
}

/** Numbers of all heads, block after block, as a list for each block. @returns {number[][]} */
function perHead({ blocks }, numbers) {
  let at = 0;
  return blocks.map(({ heads }) => Array.from(numbers.subarray(at, (at += heads))));
}

export default function (component) {
  return mount(component, AttentionView);
}
