/** Self-attention, pair by pair: ledger, matrices, vectors and the scale, for the pinned query of one block. */

import { Component, CONTENT, mount } from "../kit/component.js";
import { ARROWS, el } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";
import { Matrix } from "../kit/matrix.js";
import { Strip } from "../kit/strip.js";
import { Ledger } from "./ledger.js";
import { stages } from "./pairmath.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { captionOf, pairsSheet } from "./saving.js";
import { ScaleControl } from "./scalecontrol.js";
import { Steps } from "./steps.js";
import { Values } from "./values.js";
import { Vectors } from "./vectors.js";

/**
 * @typedef {Object} State as browser/pairs/message.py checks it
 * @property {number} block index @property {number} head @property {[number, number]} at query, as parts of the picture
 * @property {number} step @property {number|null} key slot of the query's window
 * @property {number} factor on q·k, 0 to 100
 */

const WITHOUT_BLOCKED = ["masked", "probs"]; // matrices that show no blocked pair

const widthOf = (node) => node.clientWidth; // read before anything is written

class Pairs extends Component {
  /** @type {State} */ state;
  /** @type {Values} of the block that came */ values;
  /** @type {import("./pairmath.js").Stages} of the query's window and head */ stages;
  /** @type {Matrix[]} */ matrices = [];
  times = ""; // what q·k is multiplied by, in words
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
    on("pointerdown", (token, event) => this.press(token, event.pointerType));
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  get block() { return this.trace.blocks[this.state.block]; }

  query() { return this.block.tokenAt(this.state.at); }

  receive(isNew) {
    const { header, trace } = this;
    const found = isNew("model") ? { ...header.state, block: header.block } : this.state;
    const at = isNew("key") ? header.state.at : found.at; // another picture: the server knows where to look
    this.state = this.within({ ...found, at });
    if (!isNew(...CONTENT, "block", "windows", "key")) return;
    this.values = new Values(this.message, trace.blocks[header.block], header.windows);
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
    this.settler.settle({ ...this.state, of: this.header.key }, now ? 0 : undefined); // the state, and of which run
  }

  /** A token of the same window is a key; any other can become the query by a click. */
  hoverToken(token) {
    const { window: w, slot } = this.block.find(...token);
    if (w === this.block.find(...this.query()).window) this.hoverKey(slot);
  }

  hoverKey(key) {
    if (key === this.state.key) return;
    this.state = { ...this.state, key };
    this.schedule();
  }

  /** A click makes a token the query; a finger, which cannot hover, chooses a key of the window first. */
  press(token, pointer) {
    const own = this.block.find(...this.query());
    const { window: w, slot } = this.block.find(...token);
    if (pointer === "touch" && w === own.window && slot !== this.state.key) this.set({ key: slot });
    else this.choose(token);
  }

  /** A click on a matrix: row the query, column the key. */
  choosePair(query, key) {
    const token = this.block.at(this.block.find(...this.query()).window, query);
    this.set(this.block.isPadding(...token) ? { key } : { key, at: this.block.centreOf(token) });
  }

  choose(token) {
    const { window: w } = this.block.find(...token);
    this.set({ at: this.block.centreOf(token), key: null }, this.values.slot(w) < 0);
  }

  key(event) {
    const { state: { block, head, key, step }, block: { N, size, heads } } = this;
    const move = ARROWS[event.key];
    if (move) this.choose(this.query().map((part, i) => clamp(part + move[i], 0, size[i] - 1)));
    else if (event.key === "[" || event.key === "]") this.set({ block: block + (event.key === "]" ? 1 : -1) }, true);
    else if (event.key === "k") this.set({ key: ((key ?? -1) + 1) % N });
    else if (event.key === "K") this.set({ key: ((key ?? 0) + N - 1) % N });
    else if (event.key === "h") this.set({ head: (head + 1) % heads });
    else if (event.key === "," || event.key === ".") this.set({ step: step + (event.key === "." ? 1 : -1) });
    else return;
    event.preventDefault();
  }

  build() {
    const { say, header, picture } = this;
    const choose = { hover: (key) => this.hoverKey(key), choose: (key) => this.set({ key }) };
    const pair = { hover: choose.hover, choose: (query, key) => this.choosePair(query, key) };
    this.player = new Player(header.steps.length - 1, say, {
      step: () => this.state.step, go: (step) => this.set({ step }),
      head: (head) => this.set({ head }), save: (put) => this.save(put),
    });
    this.steps = new Steps(header, say);
    this.ledger = new Ledger(choose, say);
    this.vectors = new Vectors(say);
    this.scale = new ScaleControl(say, (factor) => this.set({ factor }));
    this.altered = el("p", { class: "altered", role: "status" });
    const scaleOf = (name) => (name === "probs" ? "share" : "signed");
    this.matrices = header.cards.map(([name]) => new Matrix(name, scaleOf(name), pair, this.signal));
    this.matrices.forEach((matrix) => { matrix.label.textContent = say(`matrix_${matrix.name}`); });
    picture.canvas.setAttribute("aria-label", say("photo_label"));
    this.times = "";
    this.root.replaceChildren(
      this.strip.node, this.player.node, this.steps.formula, this.steps.text, this.steps.shape, this.altered,
      el("div", { class: "matrices" }, ...this.matrices.map((matrix) => matrix.node)),
      el("div", { class: "pairs-body" },
        el("div", {}, picture.canvas, picture.pair, this.steps.code), this.ledger.node),
      this.vectors.node, this.scale.node, picture.live);
  }

  /** What is on the screen, if it is there. */
  save(put) {
    const { block, say, picture: { canvas, view, pair }, state: { head, key, factor } } = this;
    const query = this.query();
    const here = canvas.drawn?.block === block.name && String(canvas.drawn.query) === String(query);
    if (!here) return; // a block is still on its way
    const altered = factor ? [say("scale_altered", { scale: this.scale.value().toFixed(3) })] : [];
    const more = [...altered, ...(key === null ? [] : [pair.textContent])];
    const figure = pairsSheet(this.matrices, view, key === null ? null : block.at(canvas.drawn.window, key), say);
    const caption = captionOf(this.header.caption, block, head, query, more, say);
    put(figure, caption, `swin_viz-pairs-${block.name}-head${head + 1}`);
  }

  draw(dark) {
    const { block, say, header, picture, state } = this;
    const [photo, card, all] = [picture.canvas.parentElement, this.matrices[0].node, this.root].map(widthOf);
    const query = this.query();
    const { window: w, slot } = block.find(...query);
    const place = header.block === state.block ? this.values.slot(w) : -1;
    this.strip.draw(this.trace, state.block, say);
    this.player.draw(state.step, state.head, block.heads);
    this.steps.draw(header, state.step, block);
    this.lightCards(state.step);
    if (place < 0) { picture.pair.textContent = say("fetching"); return; }
    this.scale.set(state.factor, this.values.d);
    this.drawAltered(this.scale.value());
    this.compute(w, place, this.scale.value());
    picture.draw(this.trace, block, slot, query, this.stages, photo, dark);
    if (state.key === null) picture.pair.textContent = say("choose_key");
    else picture.drawKey(block, w, slot, query, state.key, this.stages, say, this.times);
    this.drawMatrices(slot, clamp(card - 12, 80, 220));
    this.ledger.draw(block, w, slot, this.stages, state.key);
    this.vectors.draw(this.values, { place, slot, head: state.head, key: state.key }, this.stages, all);
    this.vectors.light(header.steps[state.step]);
    this.scale.draw(this.stages, slot, block.N);
    this.root.drawn = { state: { ...state }, window: w, slot, stages: this.stages, scale: this.scale.value() };
  }

  /** The stages of a window, kept until another one, another head, scale or block. */
  compute(w, place, scale) {
    const key = [this.header.block, this.state.head, w, scale].join();
    if (key !== this.#stageKey) this.stages = stages(this.values, this.block, w, place, this.state.head, scale);
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
    const label = (name) => this.matrices.find((matrix) => matrix.name === name).label;
    label("scaled").textContent = times;
    label("biased").textContent = factor ? `q·kᵀ ${times} + B` : say("matrix_biased");
    this.ledger.name("scaled", times);
    this.vectors.altered = Boolean(factor);
  }

  drawMatrices(slot, side) {
    const { stages: found, block, state } = this;
    const blocked = (i) => found.mask[i] !== 0;
    this.matrices.forEach((matrix) => {
      const hidden = WITHOUT_BLOCKED.includes(matrix.name) ? blocked : () => false;
      matrix.draw(found[matrix.name], block.N, side, slot, state.key, hidden);
    });
  }
}

export default function (component) {
  return mount(component, Pairs);
}
