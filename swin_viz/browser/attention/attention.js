/** The Attention page's browser side: one state, drawn from one run; the server hears of it when it has settled. */

import { Component, CONTENT, mount } from "../kit/component.js";
import { el } from "../kit/dom.js";
import { Strip } from "../kit/strip.js";
import { HeadChart } from "./headchart.js";
import { Heads } from "./heads.js";
import { Panel } from "./panel.js";
import { captionOf, fileName, panelSheet } from "./saving.js";
import { roomOf, spaceFor } from "./stage/layout.js";
import { Prediction } from "./stage/prediction.js";
import { ReadOut } from "./stage/readout.js";
import { Toolbar } from "./stage/toolbar.js";
import { besides, isAnywhere, keyed, within } from "./state.js";

/** @typedef {import("./state.js").State} State */

const REST_MS = 300; // a hand that is still for so long is followed by words

class AttentionView extends Component {
  /** @type {State} */ state;
  /** @type {import("../kit/trace.js").Trace|null} of the picture to compare with */ second = null;
  /** @type {Toolbar} */ toolbar;
  moved = false; // whether a hand has moved the query
  #comparedWith = "";
  #chartKey = "";
  #chartSeen = false;
  #telling = 0;
  /** @type {string[]} */ #heard = [];

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
    this.prediction = new Prediction();
    this.readout = new ReadOut();
    const sizes = new ResizeObserver(() => this.schedule());
    for (const { node } of [this.readout, this.heads]) sizes.observe(node);
    signal.addEventListener("abort", () => sizes.disconnect());
    this.live = el("div", { class: "live", "aria-live": "polite" });
    this.panels[1].node.append(el("div", { class: "other" }, this.otherStrip.node, this.otherHeads.node));
    root.addEventListener("keydown", (event) => { // also outside of the picture
      const typed = /** @type {Element} */ (event.target).matches("select, input");
      if (isAnywhere(event.key) && !typed && !event.defaultPrevented) this.key(this.panels[0], event);
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
    if (isNew("top", "truth", "foreign", "words")) this.prediction.draw(header, this.say);
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
    this.moved ||= "at" in patch;
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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { state, panels, trace } = this;
    const second = panel === panels[1];
    const choice = second ? state.other : state;
    const found = keyed(event, state, choice, (second ? this.otherTrace : trace).blocks[choice.block]);
    if (!found) return;
    event.preventDefault();
    event.stopPropagation(); // the page around has keys of its own
    if ("shared" in found) this.set(found.shared);
    else this.set(second ? { other: { ...state.other, ...found.own } } : found.own);
  }

  build() {
    const { panels: [first, second], strip, prediction, heads, chart, live, readout, say, header } = this;
    this.toolbar = new Toolbar(header, say, {
      state: () => this.state,
      set: (patch) => this.set(patch),
      besides: () => besides(this.state, this.trace),
      unshifted: () => ![this.state, this.state.other].some((each) => each && this.trace.blocks[each.block].shifted),
      save: (put) => this.save(put),
    }, this.signal);
    const choose = (event) => this.set({ chart: event.target.value });
    this.charts = el("select", { class: "chart-choice", "aria-label": say("chart"), onchange: choose },
      ...header.charts.map((name) => el("option", { value: name }, say(`chart_${name}`))));
    this.more = el("details", { class: "more", ontoggle: () => this.schedule(), open: this.more?.open },
      el("summary", {}, say("chart_summary")), this.charts, chart.node);
    const scene = el("div", { class: "scene" }, first.node, this.toolbar.node, second.node);
    this.stage = el("div", { class: "stage-box" }, scene, readout.node,
      el("div", { class: "rail" }, prediction.node, heads.node));
    this.root.replaceChildren(strip.node, this.stage, this.more, live);
  }

  /** What is on the screen, if it is there. */
  save(put) {
    const { state, say, header } = this;
    const coming = this.fetch();
    if (coming) { coming.then((here) => { if (here) this.save(put); }); return; }
    const panels = state.other ? this.panels : this.panels.slice(0, 1);
    const here = panels.every(({ canvas }) => ["attention", "map"].includes(canvas.drawn?.kind)); // else on its way
    if (here) put(panelSheet(panels, state, say), captionOf(panels, state, say, header), fileName(panels, state));
  }

  draw(dark) {
    const { state, trace, say, root, panels: [first, second] } = this;
    const width = root.clientWidth;
    if (width < 40) return;
    for (const part of [this.readout, this.heads]) part.measure();
    const [room, comparing] = [roomOf(width), Boolean(state.other)];
    root.dataset.room = room;
    root.classList.toggle("comparing", comparing);
    this.strip.draw(trace, state.block, say);
    this.toolbar.refresh();
    const space = spaceFor(room, width, innerHeight, comparing);
    const how = { space, dark, again: () => this.schedule() };
    const look = { light: !state.colours, dark, row: room !== "wide", tall: space[1] };
    first.draw(trace, state, state, say, how);
    first.suggest(this.hinted());
    const query = first.query(state);
    if (!comparing) this.readout.draw(first, query, say, look);
    if (first.block.probs) this.heads.draw(trace, first.block, query, state.head, say, look);
    if (comparing) {
      second.draw(this.otherTrace, state.other, state, say, how);
      this.drawOther(second, { ...look, row: true });
    }
    this.drawChart();
    this.tell();
    this.fetch();
    root.drawn = { state: this.shared(), panel: first.canvas.drawn };
  }

  /** What chooses the second picture's block and head. */
  drawOther(panel, look) {
    const { state, say } = this;
    this.otherStrip.draw(this.otherTrace, state.other.block, say);
    if (!panel.block.probs) return;
    this.otherHeads.draw(this.otherTrace, panel.block, panel.query(state), state.other.head, say, look);
  }

  /** What to do first, until it was done. */
  hinted() {
    if (this.moved || this.state.pinned) return "";
    return this.say(matchMedia("(pointer: coarse)").matches ? "hint_touch" : "hint");
  }

  /** The numbers of all heads are made when somebody looks at their chart. @param {boolean} yes */
  seeChart(yes) {
    if (yes === this.#chartSeen) return;
    this.#chartSeen = yes;
    this.schedule();
  }

  drawChart() {
    const { say, header, trace, loader, state: { chart, block, head } } = this;
    this.charts.value = chart;
    const numbers = loader.now(header.parts.heads);
    if (!numbers && this.#chartSeen) this.groups(header, ["heads"]).then(this.schedule, (error) => this.lost(error));
    this.chart.node.classList.toggle("later", !numbers); // what stands there is of the picture before
    const key = [trace.id, chart, block, head, header.language].join();
    if (key === this.#chartKey || !numbers) return;
    this.#chartKey = key;
    const words = { title: say(`chart_${chart}`), unit: say(`chart_${chart}_unit`), say };
    this.chart.draw(trace, perHead(trace, numbers.get(`heads.${chart}`)), { ...words, block, head });
  }

  /** Say to those who listen what is another than before, when the hand rests. */
  tell() {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      const now = this.panels[0].spoken(this.say);
      const changed = now.filter((sentence) => !this.#heard.includes(sentence));
      if (changed.length) this.live.textContent = changed.join(" ");
      this.#heard = now;
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
