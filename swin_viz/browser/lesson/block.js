/**
 * A block's parts on the real run: LayerNorm, the residual stream, the MLP, what is dropped; for a token chosen on
 * the picture. What a part needs is fetched when it is looked at; a token's numbers come by bands of rows.
 */

import { ARROWS, el, nextFrame, roving } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";
import { PhotoView } from "../kit/photo/photo.js";
import { Drop } from "./parts/block/drop.js";
import { MlpPart } from "./parts/block/mlp.js";
import { Norm, OVER } from "./parts/block/norm.js";
import { Stream } from "./parts/block/stream.js";
import { written } from "./parts/block/marks.js";

/** @typedef {[number, number]} Place row and column */

const PARTS = { norm: Norm, stream: Stream, mlp: MlpPart, drop: Drop };
const [LEAST, MOST] = [150, 330]; // pixels of the picture
const NARROW = 560; // of the panel, below which all stands below each other
const NEAR = [1, -1, 2, -2]; // bands that are fetched at rest
const FIRST = { part: "norm", norm_over: "token", neuron: null, rate: null, of_variant: null };

export class BlockParts {
  dark = false;
  /** @type {import("./boards/look.js").Look} */ look;
  /** @type {Place|null} the token under the pointer */ pointed = null;
  /** @type {Place|null} the one it is compared with */ other = null;
  seen = false;
  lacks = false; // whether something that is shown is not there to be fetched
  /** @type {Map<string, any>} parts, and null for those on their way */ parts = new Map();
  /** @type {Map<string, string>} of what that is drawn is drawn */ drawings = new Map();

  /** @param {import("./lesson.js").Context} context */
  constructor(context) {
    const { trace, block, message, say, signal, more, own, before } = context;
    this.context = context;
    this.trace = trace;
    this.block = block;
    this.message = message;
    this.say = say;
    this.signal = signal;
    this.more = more;
    this.tokens = block.size[0] * block.size[1];
    this.index = trace.blocks.indexOf(block);
    this.names = trace.blocks.map((each) => `${each.stage + 1}.${each.block + 1}`);
    this.state = checked({ ...FIRST, ...own });
    this.pinned = this.start(own.q, before?.centre);
    this.redraw = nextFrame(() => this.draw());
    this.view = new PhotoView(el("canvas", { class: "photo", tabindex: "0", role: "application" }));
    this.view.veil = 0.55;
    this.listen(signal);
    this.lay();
    this.watch(signal);
  }

  /** The tabs, the picture, and the room of what is chosen. */
  lay() {
    const { say } = this;
    this.caption = el("figcaption", {});
    this.line = el("p", { class: "quiet", "aria-live": "polite" });
    this.tabs = Object.keys(PARTS).map((part) => el("button", {
      type: "button", role: "radio", onclick: () => this.set({ part }),
    }, say(`part_${part}`)));
    const bar = el("div", { class: "part-tabs", role: "radiogroup", "aria-label": say("parts_title") }, ...this.tabs);
    roving(bar, () => this.tabs, (i) => this.set({ part: Object.keys(PARTS)[i] }));
    /** @type {Record<string, any>} */ this.made = {};
    this.panel = el("div", { class: "part" });
    this.node = el("section", { class: "extra block-parts" }, el("h2", {}, say("parts_title")), bar,
      el("div", { class: "part-room" }, el("figure", {}, this.caption, this.view.canvas, this.line), this.panel));
  }

  /** The token to begin with: that of the block before, the address's, or what the picture is about. */
  start(q, centre) {
    if (centre || !q) return this.block.tokenAt(centre ?? this.more.subject);
    return this.within(q.split(".").map(Number));
  }

  /** The nearest place of the map. @param {number[]} place @returns {Place} */
  within(place) { return /** @type {Place} */ (place.map((part, i) => clamp(part, 0, this.block.size[i] - 1))); }

  /** Nothing is fetched before it is seen. @param {AbortSignal} signal */
  watch(signal) {
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      this.seen = true;
      this.redraw();
    });
    watcher.observe(this.node);
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  listen(signal) {
    const { canvas } = this.view;
    const on = (type, act) => canvas.addEventListener(type, act, { signal });
    on("pointermove", (event) => this.hover(event.pointerType === "touch" ? null : this.view.pointed(event)));
    on("pointerleave", () => this.hover(null));
    on("pointerdown", (event) => this.choose(this.view.pointed(event)));
    on("keydown", (event) => {
      const move = ARROWS[event.key];
      if (!move) return;
      event.preventDefault();
      this.choose(this.within(this.pinned.map((part, i) => part + move[i])));
    });
  }

  /** @param {Place|null} place */
  hover(place) {
    if (String(place) === String(this.pointed)) return;
    this.pointed = place;
    this.redraw();
  }

  /** @param {Place|null} place */
  choose(place) {
    if (!place) return;
    this.pinned = place;
    this.pointed = null;
    this.redraw();
    this.context.settle();
  }

  /** @param {Record<string, string>} patch what is chosen, by the address's keys */
  set(patch) {
    this.state = checked({ ...this.state, ...patch });
    this.redraw();
    this.context.settle();
  }

  /** What is chosen, for the address: nothing that is so anyway. @returns {Record<string, string>} */
  get own() {
    const told = Object.entries(this.state).filter(([name, text]) => text !== null && text !== FIRST[name]);
    const start = String(this.block.tokenAt(this.more.subject));
    const q = String(this.pinned) === start ? [] : [["q", this.pinned.join(".")]];
    return Object.fromEntries([...q, ...told]);
  }

  /** Where the chosen token lies in the picture: the next block begins there. */
  get centre() { return this.block.centreOf(this.pinned); }

  /** @returns {Place} */
  get at() { return this.pointed ?? this.pinned; }

  /** Its number in the map. */
  get token() { return this.at[0] * this.block.size[1] + this.at[1]; }

  /** A colour of the tokens. @param {string} name */
  css(name) { return this.look.css(name); }

  /** How wide something may be beside what else is in its row. @param {number} most @param {number} rest */
  wide(most, rest) {
    const room = this.panel.clientWidth;
    return clamp(room < NARROW ? room - 4 : room - rest, 120, most);
  }

  /** Whether a drawing is to be made anew: `of` says all else that it is made of. @param {string} name */
  fresh(name, ...of) {
    const key = [this.dark, this.panel.clientWidth, ...of].join();
    const is = this.drawings.get(name) !== key;
    this.drawings.set(name, key);
    return is;
  }

  /**
   * A part, or null while it is not here: all is drawn again when it comes.
   * @param {string} group @returns {import("./lesson.js").Message|null}
   */
  need(group) {
    if (this.parts.has(group)) return this.parts.get(group);
    this.lacks ||= !this.context.groups.includes(group); // a file has not all of them
    if (!this.seen || !this.context.groups.includes(group)) return null;
    this.parts.set(group, null);
    this.context.want(group).then((part) => {
      this.parts.set(group, part);
      this.redraw();
    }, (error) => {
      this.parts.delete(group);
      this.context.lost(error);
    });
    return null;
  }

  /**
   * A token's numbers: x, both branches, the MLP's hidden ones; null while they are on the way.
   * @param {number} token
   * @returns {{x: Float32Array, attn: Float32Array, mlp: Float32Array, hidden: Float32Array}|null}
   */
  values(token = this.token) {
    const { more, block: { size: [, columns], channels } } = this;
    const band = Math.floor(token / columns / more.rows);
    const part = this.need(`band.${band}`);
    if (!part) return null;
    const from = token - band * more.rows * columns;
    const of = (name, width) => part.get(`band.${band}.${name}`).subarray(from * width, (from + 1) * width);
    const [x, attn, mlp] = ["x", "attn", "mlp"].map((name) => of(name, channels));
    return { x, attn, mlp, hidden: of("hidden", more.hidden) };
  }

  /** The bands beside the chosen one, when the hand rests. */
  fetchNear() {
    const band = Math.floor(this.at[0] / this.more.rows);
    if (this.seen) this.context.later(NEAR.map((step) => `band.${band + step}`));
  }

  draw(dark = this.dark, look = this.look) {
    this.dark = dark;
    this.look = look;
    if (!look) return;
    const { part } = this.state;
    const shown = (this.made[part] ??= new PARTS[part](this));
    if (this.panel.firstElementChild !== shown.node) this.panel.replaceChildren(shown.node);
    this.tabs.forEach((tab, i) => {
      const on = Object.keys(PARTS)[i] === part;
      tab.setAttribute("aria-checked", String(on));
      tab.tabIndex = on ? 0 : -1;
    });
    this.other = null;
    this.lacks = false;
    shown.draw();
    this.paint(shown);
    this.fetchNear();
    const [row, column] = this.at;
    this.node.drawn = { at: [row, column], part, shown: shown.drawn };
  }

  /** The picture, what is drawn over it, and the tokens that matter. */
  paint(shown) {
    const { view, say, dark, at, message, tokens, token } = this;
    const { map } = shown;
    const width = clamp(view.canvas.parentElement.clientWidth, LEAST, MOST);
    view.place(this.trace, this.block, width, { grid: true, rolled: false, dark });
    if (map?.values) {
      const low = map.low ?? 0;
      const high = map.high ?? map.values.reduce((a, b) => Math.max(a, b), 1e-9);
      view.drawMap({ values: map.values, grid: this.block, low, high, scale: "share" }, at, !this.pointed);
    } else view.drawBlank(at);
    for (const place of shown.strongest ?? (this.other ? [this.other] : [])) view.markKey(place);
    this.caption.textContent = say(map?.name ?? "coming");
    const [mean, variance] = [0, 1].map((k) => written(message.get("block.stats")[k * tokens + token]));
    const lacking = this.lacks ? ` ${say("not_in_file")}` : "";
    const text = say("token_line", { row: at[0], column: at[1], mean, variance }) + lacking;
    this.line.textContent = text;
    view.canvas.setAttribute("aria-label", `${text} ${say("token_keys")}`);
  }
}

/** What can be chosen: nothing that an address says and that is not there. */
function checked(state) {
  return {
    ...state,
    part: state.part in PARTS ? state.part : FIRST.part,
    norm_over: OVER.includes(state.norm_over) ? state.norm_over : FIRST.norm_over,
  };
}
