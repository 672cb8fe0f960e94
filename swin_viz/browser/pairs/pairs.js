/** Self-attention, pair by pair: ledger, matrices, vectors and the scale, for the pinned query of one block. */

import { Component, CONTENT, mount } from "../kit/component.js";
import { ARROWS, el, minus } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";
import { Strip } from "../kit/strip.js";
import { Ledger } from "./ledger.js";
import { stages } from "./pairmath.js";
import { Picture } from "./picture.js";
import { Player, tickNames } from "../lesson/parts/player.js";
import { captionOf, pairsSheet } from "./saving.js";
import { saveSheetPng, saveSheetSvg } from "../kit/export.js";
import { Cell } from "./vectors/cell.js";
import { Experiment } from "./scale/experiment.js";
import { ScaleControl } from "./scale/scalecontrol.js";
import { Steps } from "./steps.js";
import { SUMS, sumOf } from "./vectors/sums.js";
import { Values } from "./values.js";
import { Vectors } from "./vectors/vectors.js";
import { reachable } from "../lesson/parts/axes.js";
import { needsMask } from "../lesson/parts/maskmaps.js";
import { matrixOf, Now, wholeSide } from "./now.js";

/**
 * @typedef {Object} State as browser/pairs/message.py checks it
 * @property {number} block index @property {number} head @property {[number, number]} at query, as parts of the picture
 * @property {number} step @property {number|null} key slot of the query's window
 * @property {number} factor on q·k, 0 to 200 @property {number|null} cell the channel that is worked out
 * @property {number} dims of the experiment's vectors
 */

const WITHOUT_BLOCKED = ["mask", "masked", "probs"]; // matrices that show no blocked pair
const [ABOVE, LEAST_PHOTO] = [464, 196]; // pixels of the screen above and below the photo, and its own
const PAUSE_MS = 3000; // so that there is time to read
const [PHONE, STAGE] = [700, 1040]; // pixels of the component, as in a lesson
const NEAR = [[0, 1], [1, 0], [0, -1], [-1, 0]]; // windows that are fetched at rest

const widthOf = (node) => node.clientWidth; // read before anything is written

class Pairs extends Component {
  /** @type {State} */ state;
  /** @type {Values} of the block that came */ values;
  /** @type {import("./pairmath.js").Stages} of the query's window and head */ stages;
  /** @type {import("../kit/matrix.js").Matrix[]} */ matrices = [];
  /** @type {boolean|undefined} whether the course's code is shown */ beside;
  times = ""; // what q·k is multiplied by, in words
  /** @type {number|null} the key under the pointer, before the one that is pinned */ pointed = null;
  #stageKey = "";

  constructor(root, signal) {
    super(root, signal, "pair", 250);
    this.strip = new Strip((block) => this.set({ block }, true));
    this.picture = new Picture();
    const { canvas, view } = this.picture;
    const on = (type, act) => canvas.addEventListener(type, (event) => {
      const token = view.pointed(event);
      if (token) act(token, event);
    }, { signal });
    on("pointermove", (token) => this.hoverToken(token));
    on("pointerdown", (token, event) => this.press(token, event.pointerType, event.shiftKey));
    canvas.addEventListener("pointerleave", () => this.hoverKey(null), { signal });
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  get block() { return this.trace.blocks[this.state.block]; }

  query() { return this.block.tokenAt(this.state.at); }

  receive(isNew) {
    const { header, trace } = this;
    const found = isNew("model") ? { ...header.state, block: header.block } : this.state;
    this.beside ??= header.beside;
    const at = isNew("key") ? header.state.at : found.at; // another picture: the server knows where to look
    this.state = this.within({ ...found, at });
    if (!isNew(...CONTENT, "block", "windows", "key")) return;
    this.pointed = null;
    this.values = new Values(this.message, trace.blocks[header.block]);
    this.#stageKey = "";
  }

  /** The state, with a block, a head and a step that there are. @param {State} state @returns {State} */
  within(state) {
    const { blocks } = this.trace;
    const block = clamp(state.block, 0, blocks.length - 1);
    const step = clamp(state.step, 0, this.header.steps.length - 1);
    return { ...state, block, step, head: clamp(state.head, 0, blocks[block].heads - 1) };
  }

  /** @param {Partial<State>} patch @param {boolean} [now] tell the server at once: it has to send another block */
  set(patch, now = false) {
    this.state = this.within({ ...this.state, ...patch });
    this.schedule();
    this.tell(now);
  }

  /** Tell the server of the state, of which run it is, and which code is shown. @param {boolean} [now] at once */
  tell(now = false) {
    this.settler.settle({ ...this.state, of: this.header.key, course: this.beside }, now ? 0 : undefined);
  }

  /** A token of the same window is a key; any other can become the query by a click. */
  hoverToken(token) {
    const { window: w, slot } = this.block.find(...token);
    if (w === this.block.find(...this.query()).window) this.hoverKey(slot);
  }

  /** @param {number|null} key under the pointer; the one that is pinned comes back when it leaves */
  hoverKey(key) {
    if (key === this.pointed) return;
    this.pointed = key;
    this.schedule();
  }

  /** The key that is shown. */
  get shownKey() { return this.pointed ?? this.state.key; }

  /** A click makes a token the query; with Shift, or a finger, which cannot hover, it first pins it as the key. */
  press(token, pointer, shift) {
    const own = this.block.find(...this.query());
    const { window: w, slot } = this.block.find(...token);
    const pins = shift || pointer === "touch";
    if (pins && w === own.window && slot !== this.state.key) this.set({ key: slot });
    else this.choose(token);
  }

  /** A click on a matrix: row the query, column the key. */
  choosePair(query, key) {
    const token = this.block.at(this.block.find(...this.query()).window, query);
    this.set(this.block.isPadding(...token) ? { key } : { key, at: this.block.centreOf(token) });
  }

  choose(token) {
    const { window: w } = this.block.find(...token);
    this.pointed = null;
    this.set({ at: this.block.centreOf(token), key: null }, !this.header.windows.includes(w));
  }

  key(event) {
    const { state: { block, head, key, step }, block: { N, size, heads } } = this;
    const move = ARROWS[event.key];
    if (move) this.choose(this.query().map((part, i) => clamp(part + move[i], 0, size[i] - 1)));
    else if (event.key === "[" || event.key === "]") this.set({ block: block + (event.key === "]" ? 1 : -1) }, true);
    else if (event.key === "k") this.set({ key: ((key ?? -1) + 1) % N });
    else if (event.key === "K") this.set({ key: ((key ?? 0) + N - 1) % N });
    else if (event.key === "Escape") this.set({ key: null });
    else if (event.key === "h") this.set({ head: (head + 1) % heads });
    else if (event.key === "," || event.key === ".") this.set({ step: step + (event.key === "." ? 1 : -1) });
    else return;
    event.preventDefault();
  }

  build() {
    const { say, header, picture } = this;
    const choose = { hover: (key) => this.hoverKey(key), choose: (key) => this.set({ key }) };
    const pair = { hover: choose.hover, choose: (query, key) => this.choosePair(query, key) };
    this.replacePlayer();
    this.steps = new Steps(header, say, this.beside, (beside) => { this.beside = beside; this.tell(); });
    this.ledger = new Ledger(choose, say);
    this.vectors = new Vectors(say);
    this.scale = new ScaleControl(say, (factor) => this.set({ factor }), () => this.schedule(), () => this.toLast());
    this.experiment = new Experiment(say, (dims) => this.set({ dims }));
    this.cell = new Cell(say, (cell) => this.set({ cell }));
    this.altered = el("p", { class: "altered", role: "status" });
    this.matrices = header.cards.map(([name]) => matrixOf(name, say, pair, this.signal));
    picture.canvas.setAttribute("aria-label", say("photo_label"));
    this.times = "";
    this.now = new Now(header.cards, say, this.vectors.node, pair, this.signal, () => this.schedule(), this.cell.node,
      (yes) => this.set({ cell: yes ? 0 : null }));
    const foot = el("div", { class: "foot" }, this.steps.shape, el("div", {}, this.saver("PNG", saveSheetPng),
      this.saver("SVG", saveSheetSvg)));
    this.root.replaceChildren(
      this.strip.node, this.player.node,
      el("div", { class: "lesson pairs" },
        el("div", { class: "lesson-say" }, this.steps.formula, this.steps.text, this.altered),
        el("div", { class: "matrices" }, ...this.matrices.map((matrix) => matrix.node)),
        picture.node, this.now.node, el("div", { class: "aside" }, this.steps.code.node, foot)),
      this.steps.asked.node, this.ledger.node, this.experiment.node, this.scale.node, picture.live);
  }

  saver(name, put) {
    return el("button", { type: "button", class: "ghost", onclick: () => this.save(put) }, name);
  }

  /** A player for these words, which plays on if the one before did; the head stands beside it. */
  replacePlayer() {
    const { header, say, signal } = this;
    const playing = this.player?.playing;
    this.player?.stop();
    const hands = { go: (step) => this.set({ step }), pause: PAUSE_MS, next: header.next, signal };
    this.player = new Player(tickNames(header.steps, header.words), say, hands);
    this.player.step = this.state.step;
    if (playing && this.state.step < this.player.last) this.player.turn();
    this.head = el("select", { onchange: () => this.set({ head: Number(this.head.value) }) });
    this.player.count.after(el("label", { class: "head-choice" }, say("head_label"), " ", this.head));
  }

  /** The head's choice, of as many as the block has. @param {number} heads */
  drawHead(heads) {
    if (this.head.options.length !== heads) {
      this.head.replaceChildren(...Array.from({ length: heads }, (_, h) => el("option", { value: h }, String(h + 1))));
    }
    this.head.value = String(this.state.head);
  }

  /** The first block of the last stage. */
  toLast() {
    const { blocks } = this.trace;
    this.set({ block: blocks.findIndex(({ stage }) => stage === blocks.at(-1).stage) }, true);
  }

  /** What is on the screen, if it is there. */
  save(put) {
    const { block, say, picture: { canvas, view, pair }, state: { head, factor }, shownKey: key } = this;
    const query = this.query();
    const here = canvas.drawn?.block === block.name && String(canvas.drawn.query) === String(query);
    if (!here) return; // a block is still on its way
    const altered = factor ? [say("scale_altered", { scale: this.scale.value().toFixed(3) })] : [];
    const more = [...altered, ...(key === null ? [] : [pair.textContent])];
    const figure = pairsSheet(this.matrices, view, key === null ? null : block.at(canvas.drawn.window, key), say);
    const caption = captionOf(this.header.caption, block, head, query, more, say);
    put(figure, caption, `swin_viz-pairs-${block.name}-head${head + 1}`);
  }

  /** How the page is laid out. @returns {{card: number, photo: number, now: number}} widths in pixels */
  room() {
    const wide = this.root.clientWidth;
    this.root.dataset.room = wide < PHONE ? "phone" : wide < STAGE ? "column" : "stage";
    const [card, photo, now] = [this.matrices[0].node, this.picture.node, this.now.node].map(widthOf);
    return { card, photo, now };
  }

  /** A window's values are fetched when they are looked at, and at rest those of the windows beside it. */
  fetchWindow(w) {
    this.fetch(`window.${w}`);
  }

  /** A part of this block. @param {string} name */
  fetch(name) {
    if (!this.header.parts?.[name] || this.header.block !== this.state.block) return;
    this.groups(this.header, [name]).then(() => this.schedule(), (error) => this.lost(error));
  }

  /** @param {number} w the window that is shown */
  fetchNear(w) {
    const columns = this.block.padded[1] / this.block.window;
    const near = NEAR.map(([down, across]) => w + down * columns + across);
    this.loader.later(near.map((each) => this.header.parts?.[`window.${each}`]).filter(Boolean));
  }

  draw(dark) {
    const { block, say, header, picture, state, shownKey: key } = this;
    const room = this.room();
    const query = this.query();
    const { window: w, slot } = block.find(...query);
    const here = header.block === state.block && this.values.has(w);
    this.strip.draw(this.trace, state.block, say);
    this.player.show(state.step);
    this.drawHead(block.heads);
    this.steps.draw(header, state.step, block, needsMask(block, block.maskOf[w]));
    this.lightCards(state.step);
    if (!here) { picture.pair.textContent = say("fetching"); this.fetchWindow(w); return; }
    this.scale.set(state.factor, this.values.d, block.stage === this.trace.blocks.at(-1).stage);
    this.drawAltered(this.scale.value());
    this.compute(w, this.scale.value());
    picture.draw(this.trace, block, slot, query, this.stages, this.photoWidth(room.photo), dark);
    if (key === null) picture.pair.textContent = say("choose_key");
    else picture.drawKey(block, w, slot, query, key, this.stages, say, this.times);
    this.drawMatrices(this.matrices, slot, wholeSide(room.card - 10, block.N));
    this.now.show(header.steps[state.step], state.step);
    this.drawMatrices(this.now.shown, slot, this.now.side(room.now, block.N));
    const at = { place: w, slot, head: state.head, key };
    this.ledger.draw(block, w, slot, this.stages, key);
    this.vectors.draw(this.values, at, this.stages, this.now.beside(room.now));
    this.vectors.light(header.steps[state.step]);
    this.drawMore(at, room.now, dark);
    this.root.drawn = { state: { ...state, key }, window: w, slot, stages: this.stages, scale: this.scale.value() };
    for (const node of [this.steps.formula, this.matrices[0].node.parentElement]) reachable(node);
  }

  /** What is below, and what is asked for. @param {import("./vectors/vectors.js").At} at @param {number} width */
  drawMore(at, width, dark) {
    this.drawCell(at, width);
    this.drawScale(at.slot, dark);
    this.fetchNear(at.place);
  }

  /**
   * One number of the step, where it is asked for.
   * @param {import("./vectors/vectors.js").At} at @param {number} width
   */
  drawCell(at, width) {
    const { state: { cell, step }, header, values, now, say } = this;
    const name = header.steps[step];
    now.work(SUMS.includes(name), cell !== null);
    if (!now.worked) { this.cell.stop(); return; }
    if (name === "project" && !values.message.has(`weight.${at.head}`)) { this.fetch(`weight.${at.head}`); return; }
    const sum = sumOf(name, { ...at, channel: cell }, values, this.stages, say);
    const key = [name, at.place, at.slot, at.head, at.key, header.block, header.key, this.scale.value()].join("/");
    this.cell.draw(sum, key, cell, width);
  }

  /** What the factor is for; of all queries once somebody looks. @param {number} slot @param {boolean} dark */
  drawScale(slot, dark) {
    const { state: { head, dims }, header, values } = this;
    this.scale.draw(this.stages, slot, this.block.N);
    this.experiment.draw(dims);
    if (!this.scale.looked) return;
    if (!values.message.has(`cloud.${head}.q`)) { this.fetch(`cloud.${head}`); return; }
    this.scale.drawAll([header.key, header.block, head].join("/"), values, head, dark);
  }

  /** As wide as its place, and not higher than what is left of the screen. */
  photoWidth(width) {
    const [rows, columns] = this.block.padded;
    const most = Math.min(width, Math.max(LEAST_PHOTO, ((innerHeight - ABOVE) * columns) / rows));
    return most < columns ? most : columns * Math.floor(most / columns); // whole pixels a token
  }

  /** The stages of a window, kept until another one, another head, scale or block. */
  compute(w, scale) {
    const key = [this.header.block, this.state.head, w, scale].join();
    if (key !== this.#stageKey) this.stages = stages(this.values, this.block, w, this.state.head, scale);
    this.#stageKey = key;
  }

  /** The matrices that a step makes; those of later steps are dim. */
  lightCards(step) {
    this.header.cards.forEach(([, made], i) => {
      this.matrices[i].node.classList.toggle("lit", made === step);
      this.matrices[i].node.classList.toggle("later", made > step && step > 0);
    });
  }

  /** Say it where the factor is no longer the model's: nothing below it is then the model's either. */
  drawAltered(scale) {
    const { say, state: { factor } } = this;
    const times = factor ? `× ${scale.toFixed(3)}` : say("matrix_scaled");
    if (this.times === times) return;
    this.times = times;
    const back = el("button", { type: "button", onclick: () => this.set({ factor: 0 }) }, say("scale_back"));
    this.altered.replaceChildren(...(factor ? [say("scale_altered", { scale: scale.toFixed(3) }), " ", back] : []));
    for (const { name, label } of [...this.matrices, ...this.now.matrices]) {
      if (name === "scaled") label.textContent = times;
      if (name === "biased") label.textContent = factor ? `q·kᵀ ${times} + B` : say("matrix_biased");
    }
    this.ledger.name("scaled", times);
    this.vectors.altered = Boolean(factor);
  }

  drawMatrices(matrices, slot, side) {
    const { stages: found, block, shownKey } = this;
    const blocked = (i) => found.mask[i] !== 0;
    const at = slot * block.N + (shownKey ?? 0);
    matrices.forEach((matrix) => {
      const hidden = WITHOUT_BLOCKED.includes(matrix.name) ? blocked : () => false;
      matrix.draw(found[matrix.name], block.N, side, slot, shownKey, hidden, this.root.dataset.theme === "dark");
      const { range, value } = matrix;
      if (matrix.name === "mask") { // what is blocked is hatched, not a colour
        range.textContent = found.mask.some(Boolean) ? "0 / −100" : "0";
        value.textContent = shownKey === null ? "" : minus(String(found.mask[at]));
      }
    });
  }
}

export default function (component) {
  return mount(component, Pairs);
}
