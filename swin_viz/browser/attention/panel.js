/** One picture with its map, legend and read-out: the page shows one, or two beside each other to compare. */

import { gradient } from "../kit/colour.js";
import { el, percent } from "../kit/dom.js";
import { largest } from "../kit/maths.js";
import { measure, rollout } from "../kit/measures.js";
import { PhotoView } from "../kit/photo/photo.js";

const TAP_PX = 8; // a finger that moved less has tapped

/**
 * @typedef {import("../kit/trace.js").Trace} Trace
 * @typedef {import("./state.js").State} State
 * @typedef {[number, number]} Place row and column
 * @typedef {(panel: Panel, token: Place) => void} Pointed
 * @typedef {(panel: Panel, event: KeyboardEvent) => void} Keyed
 * @typedef {{hover: Pointed, pin: Pointed, drag: Pointed, rest: () => void, key: Keyed}} Hands the visitor's moves
 */

export class Panel {
  /** @type {Trace} */ trace;
  /** @type {import("../kit/trace.js").Block} */ block;
  index = 0; // of the block
  /** @type {number|"mean"} */ head = "mean";
  line = ""; // the one sentence
  /** @type {{scale: string, low: string, high: string, unit: string}} */ shown; // the legend

  /** @param {Hands} hands @param {AbortSignal} signal */
  constructor(hands, signal) {
    this.hands = hands;
    this.canvas = el("canvas", { tabindex: "0", role: "application", class: "photo" });
    this.view = new PhotoView(this.canvas);
    this.title = el("div", { class: "panel-title" });
    this.about = el("div", { class: "about quiet" });
    this.low = el("span", {});
    this.high = el("span", {});
    this.bar = el("span", { class: "bar", "aria-hidden": "true" });
    this.unit = el("span", { class: "unit" });
    this.strong = el("div", { class: "strong" });
    this.readout = el("div", { class: "readout" });
    const legend = el("div", { class: "legend" }, this.low, this.bar, this.high, this.unit);
    this.node = el("div", { class: "panel" }, this.about, this.title, this.strong, this.canvas, legend, this.readout);
    this.canvas.addEventListener("keydown", (event) => hands.key(this, event), { signal });
    this.canvas.addEventListener("pointerleave", () => hands.rest(), { signal });
    this.listen(signal);
  }

  /**
   * A mouse points and clicks; a finger taps, or drags sideways: up and down scrolls the page.
   * @param {AbortSignal} signal
   */
  listen(signal) {
    const act = (hand, event) => { const found = this.view.pointed(event); if (found) this.hands[hand](this, found); };
    const on = (name, touch, mouse) => this.canvas.addEventListener(name, (event) => {
      (event.pointerType === "touch" ? touch : mouse)(event);
    }, { signal });
    /** @type {number[]|null} */ let start = null;
    let dragged = false;
    const down = (event) => { start = [event.clientX, event.clientY]; dragged = false; };
    on("pointerdown", down, (event) => act("pin", event));
    on("pointermove", (event) => {
      const [dx, dy] = start ? [event.clientX - start[0], event.clientY - start[1]].map(Math.abs) : [0, 0];
      dragged ||= dx > TAP_PX && dx > dy;
      if (dragged) act("drag", event);
    }, (event) => act("hover", event));
    on("pointerup", (event) => { if (start && !dragged) act("pin", event); }, () => {});
    on("pointercancel", () => { start = null; }, () => {});
  }

  /**
   * @param {Trace} trace @param {import("./state.js").Choice} choice of block and head
   * @param {State} state @param {import("./saving.js").Say} say @param {number} width @param {boolean} dark
   */
  draw(trace, { block: index, head }, state, say, width, dark) {
    const block = trace.blocks[index];
    this.trace = trace;
    this.block = block;
    this.index = index;
    this.head = head;
    const [high, wide] = block.padded;
    this.view.place(trace, block, width * Math.min(1, wide / high), { rolled: state.rolled, grid: state.grid, dark });
    const headName = head === "mean" ? say("mean") : say("head", { head: head + 1 });
    const name = say("block_name", { stage: block.stage + 1, block: block.block + 1 });
    this.title.textContent = `${name} · ${say(block.shifted ? "shifted" : "regular")} · ${headName}`;
    this.canvas.setAttribute("aria-label", say("photo_label", { title: this.title.textContent }));
    if (!block.probs) this.blank(state, say("fetching"));
    else if (state.layer === "attention") this.drawQuery(state, say);
    else if (state.layer === "rollout") this.drawRollout(state, say);
    else this.drawMeasure(state, say);
  }

  /** No map, and why: the last one would stand under another block's name. */
  blank(state, why) {
    this.view.drawBlank(this.query(state));
    this.line = why;
    this.strong.textContent = "";
    this.readout.textContent = why;
    this.legend("share", "", "", "");
    this.bar.style.background = "none";
  }

  /** The query of the state, as a token of this panel's block: the same place of the picture. @param {State} state */
  query(state) { return this.block.tokenAt(state.at); }

  drawQuery(state, say) {
    const { block, head } = this;
    const query = this.query(state);
    const { window: w, slot } = block.find(...query);
    const shares = block.row(w, head, slot);
    const high = state.scope === "query" ? largest(shares) : this.largest(state.scope === "window" ? w : null);
    this.view.drawAttention(query, shares, high, { wrong: state.wrong, pinned: state.pinned });
    this.legend("share", percent(0), percent(high), say(`scope_${state.scope}`));
    this.describe(query, w, slot, shares, state.pinned, say);
  }

  /** The largest share of a window, or of the block (null). @param {number|null} within */
  largest(within) {
    return this.block.once(`largest/${this.head}/${within}`, () => this.block.largest(this.head, within));
  }

  /** The three strongest keys, and what the window holds. */
  describe([row, column], w, slot, shares, pinned, say) {
    const { block } = this;
    const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, 3);
    const name = (k) => {
      const [r, c] = block.at(w, k);
      return `(${r}, ${c})${block.isPadding(r, c) ? ` ${say("padding")}` : ""}`;
    };
    this.line = say("line", { row, column, key: name(order[0]), share: percent(shares[order[0]]) });
    const keys = order.slice(1).map((k) => `${name(k)} ${percent(shares[k])}`).join(", ");
    const facts = el("div", { class: "quiet" }, this.facts(w, slot, shares, pinned, say));
    this.write(el("div", {}, say("next", { keys })), facts);
  }

  /** Where the window stands, what is blocked, what goes to padding. */
  facts(w, slot, shares, pinned, say) {
    const { block } = this;
    let [blocked, padding] = [0, 0];
    for (let k = 0; k < block.N; k++) {
      if (block.mask(w, slot, k) !== 0) blocked++;
      if (block.isPadding(...block.at(w, k))) padding += shares[k];
    }
    const across = block.padded[1] / block.window;
    const facts = [say("window_line", { row: Math.floor(w / across), column: w % across, blocked, tokens: block.N })];
    if (padding > 0) facts.push(say("padding_line", { share: percent(padding) }));
    if (pinned) facts.push(say("pinned_line"));
    return facts.join(" ");
  }

  /** From the query back to the first block's tokens. */
  drawRollout(state, say) {
    const blocks = this.trace.blocks.slice(0, this.index + 1);
    if (blocks.some((block) => !block.probs)) { this.blank(state, say("rollout_missing")); return; }
    const [row, column] = this.query(state);
    const { values, padding } = rollout(blocks, this.index, [row, column]);
    const high = largest(values);
    this.view.drawMap({ values, grid: blocks[0], low: 0, high, scale: "share" }, [row, column], state.pinned);
    this.legend("share", percent(0), percent(high), say("rollout_unit"));
    this.line = say("rollout_line", { row, column });
    const note = `${say("rollout_note")} ${say("rollout_padding", { share: percent(padding) })}`;
    this.write(el("div", { class: "quiet" }, note));
  }

  /** A number of every token of the block. */
  drawMeasure(state, say) {
    const { block, head } = this;
    const { layer } = state;
    const [row, column] = this.query(state);
    const values = measure(block, head, layer);
    const [low, high] = [layer === "received" ? 0 : values.reduce((a, b) => Math.min(a, b)), largest(values)];
    this.view.drawMap({ values, grid: block, low, high, scale: "amount" }, [row, column], state.pinned);
    const inPixels = (value) => `${value.toFixed(2)} (${(value * block.pixels).toFixed(0)} px)`; // of tokens
    const show = layer === "distance" ? inPixels : (value) => value.toFixed(2);
    this.legend("amount", show(low), show(high), say(`${layer}_unit`));
    this.line = say("value_line", { row, column, value: show(values[row * block.size[1] + column]) });
    this.write(el("div", { class: "quiet" }, say(`${layer}_note`)));
  }

  /** The sentence, and what is below the picture. @param {...Node} below */
  write(...below) {
    this.strong.textContent = this.line;
    this.readout.replaceChildren(...below);
  }

  /** All that is said about the query, for those who listen. */
  spoken() {
    const below = Array.from(this.readout.children, (part) => part.textContent);
    return [this.strong.textContent, ...below].join(" ").trim() || this.line;
  }

  /** @param {"share"|"amount"} scale @param {string} low @param {string} high @param {string} unit */
  legend(scale, low, high, unit) {
    this.shown = { scale, low, high, unit };
    this.bar.style.background = gradient(scale);
    this.low.textContent = low;
    this.high.textContent = high;
    this.unit.textContent = unit;
  }
}
