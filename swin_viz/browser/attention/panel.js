/** One picture with its map, legend and read-out: the explorer shows one, or two beside each other to compare. */

import { gradient } from "../kit/colour.js";
import { el, percent } from "../kit/dom.js";
import { measure, rollout } from "../kit/measures.js";
import { PhotoView } from "../kit/photo/photo.js";

const TAP_PX = 8; // a finger that moved less has tapped

export class Panel {
  /** @param {{hover: Function, rest: Function, pin: Function, drag: Function, key: Function}} hands what to do with the visitor's moves */
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
    this.listen(signal);
  }

  listen(signal) {
    const token = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return this.view.tokenAt(((event.clientX - box.left) * this.view.width) / box.width, ((event.clientY - box.top) * this.view.height) / box.height);
    };
    const on = (name, act) => this.canvas.addEventListener(name, act, { signal });
    const act = (hand, event) => { const found = token(event); if (found) this.hands[hand](this, found); };
    let [start, dragged] = [null, false];
    on("pointerdown", (event) => {
      [start, dragged] = [[event.clientX, event.clientY], false];
      if (event.pointerType !== "touch") act("pin", event);
    });
    on("pointermove", (event) => {
      if (event.pointerType !== "touch") { act("hover", event); return; }
      const [dx, dy] = start ? [event.clientX - start[0], event.clientY - start[1]].map(Math.abs) : [0, 0];
      dragged ||= dx > TAP_PX && dx > dy; // up and down scrolls the page
      if (dragged) act("drag", event);
    });
    on("pointerup", (event) => { if (event.pointerType === "touch" && start && !dragged) act("pin", event); });
    on("pointercancel", () => { start = null; });
    on("pointerleave", () => this.hands.rest());
    on("keydown", (event) => this.hands.key(this, event));
  }

  /**
   * @param {import("../kit/trace.js").Trace} trace @param {number} index of the block @param {number|"mean"} head
   * @param {Object} state of the explorer @param {Function} say @param {number} width @param {boolean} dark
   */
  draw(trace, index, head, state, say, width, dark) {
    const block = trace.blocks[index];
    Object.assign(this, { trace, block, index, head });
    const across = Math.min(width, (width * block.padded[1] * block.pixels) / Math.max(block.padded[0] * block.pixels, block.padded[1] * block.pixels));
    this.view.place(trace, block, across, { rolled: state.rolled, grid: state.grid, dark });
    const headName = head === "mean" ? say("mean") : say("head", { head: head + 1 });
    const kind = block.shifted ? say("shifted") : say("regular");
    this.title.textContent = `${say("block_name", { stage: block.stage + 1, block: block.block + 1 })} · ${kind} · ${headName}`;
    this.canvas.setAttribute("aria-label", say("photo_label", { title: this.title.textContent }));
    if (!block.probs) { this.blank(state, say("fetching")); return; }
    this[state.layer === "attention" ? "drawQuery" : "drawLayer"](state, say);
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

  /** The query of the state, as a token of this panel's block: the same place of the picture. */
  query(state) {
    const { size, pixels } = this.block;
    return state.at.map((part, i) => Math.min(size[i] - 1, Math.floor((part * [this.trace.height, this.trace.width][i]) / pixels)));
  }

  drawQuery(state, say) {
    const { block, head } = this;
    const query = this.query(state);
    const { window: w, slot } = block.find(...query);
    const shares = block.row(w, head, slot);
    const high = state.scope === "query" ? Math.max(...shares) : this.largest(state.scope, w);
    this.view.drawAttention(query, shares, high, { wrong: state.wrong, pinned: state.pinned });
    this.legend("share", percent(0), percent(high), say(`scope_${state.scope}`));
    this.describe(query, w, slot, shares, state.pinned, say);
  }

  largest(scope, w) {
    const within = scope === "window" ? w : null;
    return this.block.once(`largest/${this.head}/${within}`, () => this.block.largest(this.head, within));
  }

  describe(query, w, slot, shares, pinned, say) {
    const { block } = this;
    const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, 3);
    const name = (k) => {
      const [r, c] = block.at(w, k);
      return `(${r}, ${c})${block.isPadding(r, c) ? ` ${say("padding")}` : ""}`;
    };
    let blocked = 0;
    let padding = 0;
    for (let k = 0; k < block.N; k++) {
      if (block.mask(w, slot, k) !== 0) blocked++;
      if (block.isPadding(...block.at(w, k))) padding += shares[k];
    }
    const across = block.padded[1] / block.window;
    const facts = [say("window_line", { row: Math.floor(w / across), column: w % across, blocked, tokens: block.N })];
    if (padding > 0) facts.push(say("padding_line", { share: percent(padding) }));
    if (pinned) facts.push(say("pinned_line"));
    this.line = say("line", { row: query[0], column: query[1], key: name(order[0]), share: percent(shares[order[0]]) });
    this.strong.textContent = this.line;
    this.readout.replaceChildren(el("div", {}, say("next", { keys: order.slice(1).map((k) => `${name(k)} ${percent(shares[k])}`).join(", ") })),
      el("div", { class: "quiet" }, facts.join(" ")));
  }

  drawLayer(state, say) {
    const { block, head, trace } = this;
    const query = this.query(state);
    let [values, [rows, columns]] = [null, block.size];
    let note = say(`${state.layer}_note`);
    if (state.layer === "rollout") {
      const missing = trace.blocks.slice(0, this.index + 1).some((each) => !each.probs);
      if (missing) { this.blank(state, say("rollout_missing")); return; }
      const found = rollout(trace.blocks, this.index, query);
      ({ values, rows, columns } = found);
      note += ` ${say("rollout_padding", { share: percent(found.padding) })}`;
    } else values = measure(block, head, state.layer);
    const high = values.reduce((a, b) => Math.max(a, b), 0);
    const low = state.layer === "rollout" || state.layer === "received" ? 0 : values.reduce((a, b) => Math.min(a, b), Infinity);
    this.view.drawMap(values, rows, columns, low, high, state.layer === "rollout" ? "share" : "amount", query, state.pinned);
    const show = this.numbers(state.layer);
    this.legend(state.layer === "rollout" ? "share" : "amount", show(low), show(high), say(`${state.layer}_unit`));
    const here = state.layer === "rollout" ? null : values[query[0] * columns + query[1]];
    this.line = here === null ? say("rollout_line", { row: query[0], column: query[1] }) : say("value_line", { row: query[0], column: query[1], value: show(here) });
    this.strong.textContent = this.line;
    this.readout.replaceChildren(el("div", { class: "quiet" }, note));
  }

  /** How a layer's values are written: a distance in tokens, and in pixels of the picture. */
  numbers(layer) {
    if (layer === "rollout") return percent;
    const { pixels } = this.block;
    return layer === "distance" ? (value) => `${value.toFixed(2)} (${(value * pixels).toFixed(0)} px)` : (value) => value.toFixed(2);
  }

  /** All that is said about the query, for those who listen. */
  spoken() { return [this.strong.textContent, ...Array.from(this.readout.children, (part) => part.textContent)].join(" ").trim() || this.line; }

  legend(scale, low, high, unit) {
    this.shown = { scale, low, high, unit };
    this.bar.style.background = gradient(scale);
    this.low.textContent = low;
    this.high.textContent = high;
    this.unit.textContent = unit;
  }
}
