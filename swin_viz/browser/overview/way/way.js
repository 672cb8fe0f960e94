/** The Overview's opening: one state, drawn from one run; the server hears of it when it has settled. */

import { Component, CONTENT, mount } from "../../kit/component.js";
import { ARROWS, el } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";
import { Acts } from "./acts.js";
import { Answer } from "./answer.js";
import { lookOf } from "./look.js";
import { Picture } from "./picture.js";
import { fly } from "./stack/fly.js";
import { Stack } from "./stack/stack.js";
import { END, frame, rest, STILLS, toldOf } from "./story.js";
import { blockName, lookLine, signed, storyLine } from "./words.js";

/** @typedef {{block: number, at: [number, number], pinned: boolean}} State the chosen tile, a place of the picture */

const [NARROW, ABOVE, RULER, GAP, LEAST] = [900, 160, 20, 16, 224]; // CSS pixels
const [SHARE, STACK, LOW] = [0.49, 600, 322]; // the picture's part of the width; the stack's least height, on a phone
const [REST_MS, TURN_MS] = [300, 650];
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
let told = false; // whether the story was told since the page was loaded

class WayView extends Component {
  static shape = ["words", "language", "scene", "glyphs"];

  /** @type {State} */ state;
  /** @type {import("./picture.js").Lost & {block: number}|null} */ gone = null;
  /** @type {string|null|undefined} the colour that the server is asked for */ asked = undefined;
  /** @type {Map<number, number>} stage → which of its pairs is in front */ fronts = new Map();
  /** @type {import("./story.js").Told} */ story;
  #since = -1; // when the story began, in ms; −1: it is not told
  #still = -1; // which of the stills is shown
  #turned = -Infinity; // when the disc's other colour came
  #ended = false; // the story is over, and no hand has moved yet
  #telling = 0;
  #rests = false; // whether the pointer does
  #left = ""; // what was told when Attention was about to open
  #heard = "";
  /** @type {Record<string, import("./stack/stack.js").Colours>} */ #colours = {};

  constructor(root, signal) {
    super(root, signal, "way");
    const settle = () => this.settler.settle(this.shared(), 0);
    const over = (at) => {
      if (this.#rests && this.#since >= 0) return;
      this.stop();
      if (!this.state.pinned) this.show({ at });
    };
    const centre = (token) => this.picture.block.centreOf(token);
    this.picture = new Picture({
      hover: (_, token) => over(centre(token)),
      drag: (_, token) => this.set({ at: centre(token) }),
      rest: settle,
      pin: (_, token) => this.pin(token),
      key: (_, event) => this.key(event),
    }, signal);
    this.stack = new Stack({ choose: (block, at) => this.choose(block, at), move: over,
      rest: () => { this.schedule(); settle(); }, again: () => this.schedule() });
    this.acts = new Acts({ recolour: (word) => this.recolour(word), again: () => this.again(),
      leave: () => this.leave() });
    this.answer = new Answer();
    this.says = el("p", { class: "says" });
    this.flying = el("canvas", { class: "flying", "aria-hidden": "true", hidden: true });
    this.live = el("div", { class: "live", "aria-live": "polite" });
    this.listen(root, signal);
  }

  /** Attention is about to open: the server may not know this tile's head yet. Told once, whatever it knows. */
  leave() {
    const now = JSON.stringify(this.shared());
    if (now === this.#left) return;
    this.#left = now;
    this.settler.told(null);
    this.settler.settle(this.shared(), 0);
  }

  /** What is heard wherever the hand is. @param {HTMLElement} root @param {AbortSignal} signal */
  listen(root, signal) {
    root.addEventListener("keydown", (event) => {
      if (!event.defaultPrevented && "[]".includes(event.key)) this.key(event); // also outside of the picture
    }, { signal });
    root.addEventListener("pointermove", (event) => {
      this.#rests = !event.movementX && !event.movementY; // the page moved below a pointer that rests
    }, { signal, capture: true });
    for (const name of ["keydown", "pointerdown", "wheel"]) {
      window.addEventListener(name, (event) => {
        if (!event.composedPath().includes(this.acts.replay)) this.stop();
      }, { signal, passive: true, capture: true });
    }
  }

  /** The picture, the geometry, and the chosen block's map. */
  needed(header) {
    const { block } = this.state && header.model === this.header.model ? this.state : header.state;
    return [...header.now, header.run.blocks[Math.min(block, header.run.blocks.length - 1)].name];
  }

  receive(isNew) {
    const { header, trace } = this;
    const other = isNew("base"); // another picture or model, not the same with the disc recoloured
    const found = isNew("model") ? header.state : this.state;
    const { block, at, pinned } = other && !found.pinned ? { ...found, at: header.state.at } : found;
    this.state = { block: clamp(block, 0, trace.blocks.length - 1), at, pinned };
    if (other) this.settler.told(this.shared());
    if (other) { this.gone = null; this.fronts.clear(); this.stop(); }
    this.bring();
    if (isNew("key") && !other) this.#turned = performance.now();
    if (this.asked === header.disc || other) this.asked = undefined;
    if (isNew(...CONTENT, "key", "heads")) this.fetchAll();
    if (isNew("answer", "glyphs", "scene", "disc", "foreign", "words")) this.answer.fill(header, this.say);
    if (!told && header.fresh && !still()) this.play();
    told = true;
  }

  /** All other blocks' maps, then their means; each is drawn when it comes. */
  async fetchAll() {
    const { header, loader } = this;
    const names = header.run.blocks.map(({ name }) => name).reverse();
    try {
      for (const group of [...names, ...names.map((name) => `mean.${name}`)]) {
        if (this.header.key !== header.key || this.signal.aborted) return;
        if (!loader.now(header.parts[group])) await this.groups(header, [group]);
        this.schedule();
      }
    } catch (error) { this.lost(error); }
  }

  build() {
    const { picture, stack, answer, acts, says, say, header } = this;
    picture.canvas.setAttribute("aria-label", say("photo_label"));
    const rule = header.scene.colours ? say("rule_truth", { shape: header.scene.asked }) : say("rule_even");
    const gold = say(header.answer.length ? "legend_gold_votes" : "legend_gold");
    const legend = el("div", { class: "how" },
      el("p", {}, el("b", {}, say("light")), " ", say("legend_light"), " ", rule),
      el("p", {}, el("b", { class: "gold" }, say("gold")), " ", gold));
    stack.node.append(answer.node);
    acts.build(header.scene, say);
    this.opening = el("div", { class: "opening" }, picture.node, says, acts.node, stack.node, legend, this.flying);
    this.root.replaceChildren(this.opening, this.live);
  }

  /** Another state, drawn in the next frame. @param {Partial<State>} patch */
  show(patch) {
    this.stop();
    this.state = { ...this.state, ...patch };
    this.bring();
    this.schedule();
  }

  /** The chosen block's pair comes to the front of its deck. */
  bring() {
    const { stage, block } = this.trace.blocks[this.state.block];
    this.fronts.set(stage, Math.floor(block / 2));
  }

  /** The same, and the server is told when it has settled. @param {Partial<State>} patch */
  set(patch) {
    this.show(patch);
    this.settler.settle(this.shared());
  }

  /** What the server hears: the state, the head that the tile shows, the disc's colour, and of which run. */
  shared() {
    const { state, asked, header } = this;
    const disc = asked === undefined ? header.disc : asked;
    return { ...state, head: header.heads[state.block], disc, of: header.base };
  }

  /** @param {[number, number]} token of the picture's block */
  pin(token) {
    const { block } = this.picture;
    const same = this.state.pinned && String(block.tokenAt(this.state.at)) === String(token);
    this.set({ at: block.centreOf(token), pinned: !same });
  }

  /** A tile's block comes to the picture. @param {number} block @param {[number, number]} [at] */
  choose(block, at) {
    const index = this.stack.tiles.findIndex((tile) => tile.index === block);
    if (block !== this.state.block && index >= 0) this.flyFrom(index);
    this.set({ block, ...(at && !this.state.pinned ? { at } : {}) });
  }

  flyFrom(index) {
    const { x, y, u, v } = this.stack.tiles[index];
    const [all, stack, photo] = [this.opening, this.stack.node, this.picture.canvas].map((node) => (
      node.getBoundingClientRect()));
    const { trace: { width, height }, picture: { view } } = this;
    const from = [...u, ...v, x + stack.left - all.left, y + stack.top - all.top];
    const to = [width * view.scale, 0, 0, height * view.scale, photo.left - all.left, photo.top - all.top];
    const { gold } = this.colours(this.root.classList.contains("dark"));
    fly(this.flying, this.stack.painted[index].canvas, from, to, gold);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const patch = this.keyed(event);
    if (!patch) return;
    event.preventDefault();
    event.stopPropagation();
    this.set(patch);
  }

  /** What a key on the picture changes. @returns {Partial<State>|null} */
  keyed({ key, shiftKey }) {
    const { state, trace: { blocks } } = this;
    const block = blocks[state.block];
    const move = ARROWS[key];
    if (move) {
      const step = shiftKey ? block.window : 1;
      const to = block.tokenAt(state.at).map((part, i) => clamp(part + move[i] * step, 0, block.size[i] - 1));
      return { at: block.centreOf(/** @type {[number, number]} */ (to)), pinned: true };
    }
    if (key === "[" || key === "]") {
      return { block: clamp(state.block + (key === "]" ? 1 : -1), 0, blocks.length - 1) };
    }
    if (key === "Enter" || key === " ") return { pinned: !state.pinned };
    return key === "Escape" && state.pinned ? { pinned: false } : null;
  }

  /** The server runs the scene with the disc in another colour. @param {string|null} word */
  recolour(word) {
    const { state, trace, header } = this;
    if (word === (this.asked === undefined ? header.disc : this.asked)) return;
    const block = trace.blocks[state.block];
    const look = lookOf(block, state.at);
    const place = look && block.at(look.window, look.best);
    this.gone = look && { token: look.token, place, before: look.high, block: state.block };
    this.asked = word;
    this.stop();
    this.schedule();
    this.settler.settle(this.shared(), 0);
  }

  play() {
    const { blocks } = this.trace;
    const stage = Math.max(0, blocks.at(-1).stage - 1);
    this.story = toldOf(blocks, blocks.findIndex((block) => block.stage === stage), this.header.scene);
    this.#since = performance.now();
    this.schedule();
  }

  /** The story once more; without motion, its next still. */
  again() {
    const shown = this.#still;
    this.stop();
    this.play();
    if (!still()) return;
    this.#since = -1;
    this.#still = shown + 1 < STILLS.length ? shown + 1 : -1;
  }

  /** Any hand ends the story. */
  stop() {
    this.#ended = false;
    if (this.#since < 0 && this.#still < 0) return;
    this.#since = this.#still = -1;
    this.schedule();
  }

  /** What is drawn now. @returns {import("./story.js").Frame} */
  now() {
    const count = this.trace.blocks.length;
    if (this.#still >= 0) return frame(STILLS[this.#still], this.story, count);
    const now = performance.now();
    if (this.#since >= 0) {
      const t = (now - this.#since) / 1000;
      if (t < END) { this.schedule(); return frame(t, this.story, count); }
      this.#since = -1;
      this.#ended = true;
    }
    const turn = (now - this.#turned) / TURN_MS;
    if (turn >= 1 || still()) return rest(this.state.block, count);
    this.schedule();
    return { ...rest(this.state.block, count), arc: Math.max(0, (turn - 0.25) / 0.75), beam: turn,
      answer: Math.max(0, 2 * turn - 1) };
  }

  /**
   * The place of the picture whose tokens are shown.
   * @param {import("./story.js").Frame} now @returns {[number, number]}
   */
  place({ line }) {
    const { story, trace: { blocks }, state } = this;
    return line && story.pair ? blocks[story.shifted].centreOf(story.pair.query) : state.at;
  }

  draw(dark) {
    const { root, trace, state, header } = this;
    const width = root.clientWidth;
    if (width < 40) return;
    const narrow = width < NARROW;
    root.dataset.room = narrow ? "narrow" : "wide";
    const now = this.now();
    const at = this.place(now);
    const block = trace.blocks[now.block];
    const look = lookOf(block, at);
    const space = narrow ? [width, width] : [width * SHARE - RULER, Math.max(LEAST, innerHeight - ABOVE)];
    const lost = !now.line && this.asked === undefined && this.gone?.block === state.block ? this.gone : null;
    const colours = this.colours(dark);
    this.picture.draw({ trace, block, look, token: block.tokenAt(at), pinned: state.pinned && !now.line, dark, space,
      frame: now, pair: this.story?.pair, lost, gold: colours.lit, narrow });
    this.drawStack(now, at, { narrow, width, dark, colours });
    this.speak(now, block, look, at);
    const { stage, block: number } = trace.blocks[state.block];
    const choice = { block: `${stage + 1}.${number + 1}`, head: String(header.heads[state.block] + 1),
      q: trace.blocks[state.block].tokenAt(state.at).join("."), pinned: "1" };
    this.acts.show(this.asked === undefined ? header.disc : this.asked, choice, this.replayed());
    root.drawn = { state: this.shared(), heads: header.heads, frame: now, panel: this.picture.canvas.drawn };
  }

  replayed() {
    if (!still()) return this.say("replay");
    const next = this.#still + 1;
    return next < STILLS.length ? this.say("still", { number: next + 1, count: STILLS.length }) : this.say("still_end");
  }

  /** @param {import("./story.js").Frame} now @param {[number, number]} at */
  drawStack(now, at, { narrow, width, dark, colours }) {
    const { trace, stack, answer, header, say, picture } = this;
    const wide = narrow ? width : width - picture.view.width - RULER - GAP;
    const room = { width: wide, height: narrow ? LOW : Math.max(STACK, innerHeight - 64), narrow,
      aspect: trace.width / trace.height };
    const votes = this.votes();
    const last = trace.blocks.at(-1);
    const token = last.tokenAt(at);
    answer.show(votes ? this.voteLine(votes, token[0] * last.size[1] + token[1]) : "", now.answer);
    const shown = { trace, room, dark, colours, votes, frame: now, chosen: now.block, fronts: this.fronts,
      look: (block) => lookOf(block, at), end: answer.end(narrow) };
    stack.draw(shown, say, header.heads);
    clearTimeout(this.#telling);
    this.#telling = window.setTimeout(() => {
      stack.tell(shown, header.scene, say, header.heads);
      this.tell();
    }, REST_MS);
  }

  /** What every token of the last stage votes for the winner. @returns {Float32Array|null} */
  votes() {
    const count = this.header.answer.length;
    const all = count ? this.message.get("votes") : null;
    return all && Float32Array.from({ length: all.length / count }, (_, i) => all[i * count + this.answer.best]);
  }

  voteLine(votes, token) {
    const { header: { answer }, say } = this;
    const mean = votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
    const fields = { name: answer[this.answer.best][0], vote: signed(votes[token]), mean: signed(mean) };
    return say("vote", { ...fields, count: votes.length });
  }

  /** The sentence below the picture. */
  speak(now, block, look, at) {
    const { says, say, header, story, answer } = this;
    const name = header.answer[answer.best]?.[0];
    const head = header.heads[now.block];
    const facts = { told: story, block, scene: header.scene, head, answer: name };
    const title = [blockName(block, say), say("head_of", { head: head + 1, count: block.heads })].join(" · ");
    const parts = this.asked !== undefined ? ["", say("recolouring")] : now.line ? ["", storyLine(now.line, facts, say)]
      : this.#ended ? ["", say("story_turn")]
        : [title, lookLine(block, look, block.tokenAt(at), header.scene, say)];
    const text = parts.join("\n");
    if (says.dataset.text === text) return;
    says.dataset.text = text;
    says.classList.toggle("told", !parts[0]);
    says.replaceChildren(...(parts[0] ? [el("b", {}, parts[0]), " "] : []), parts[1]);
  }

  /** Say to those who listen what is another than before, when the hand rests. */
  tell() {
    const text = this.says.textContent;
    if (text !== this.#heard) this.live.textContent = text;
    this.#heard = text;
  }

  /** The colours of what is drawn, from the style sheet. @returns {import("./stack/stack.js").Colours} */
  colours(dark) {
    const read = (name) => getComputedStyle(this.root).getPropertyValue(`--${name}`).trim();
    return (this.#colours[String(dark)] ??= { gold: read("way-ink"), beam: read("way"), slab: read("way-slab"),
      edge: read("way-edge"), ink: read("ink"), lit: read("way-lit") });
  }
}

export default function (component) { return mount(component, WayView); }
