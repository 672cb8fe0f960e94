/** One picture with its map, rulers and legend, and what it says: the page shows one, or two beside each other. */

import { gradient } from "../kit/colour.js";
import { el, percent } from "../kit/dom.js";
import { largest } from "../kit/maths.js";
import { measure, rollout } from "../kit/measures.js";
import { largestFew } from "../kit/photo/arcs.js";
import { PhotoView } from "../kit/photo/photo.js";
import { drawRolling, Roll } from "../kit/photo/roll.js";
import { listen } from "./stage/hands.js";
import { icon } from "./stage/icons.js";
import { sideFor } from "./stage/layout.js";
import { Ruler } from "./stage/rulers.js";

/**
 * @typedef {import("../kit/trace.js").Trace} Trace
 * @typedef {import("./state.js").State} State
 * @typedef {[number, number]} Place row and column
 * @typedef {import("./saving.js").Say} Say
 * @typedef {{place: Place, name: string, share: number, padding: boolean}} Key
 * @typedef {{sentence: [string, string][], number: string, keys: Key[], others: string, notes: string[]}} Told
 *   texts of the sentence and their roles, its number, the strongest keys, the others in words, and what else there is
 * @typedef {{space: number[], dark: boolean, again: () => void}} How `space`: width and height, in CSS pixels
 */

const NONE = "0 %";
const NOTHING = /** @type {Told} */ ({ sentence: [], number: "", keys: [], others: "", notes: [] });

export class Panel {
  /** @type {Trace} */ trace;
  /** @type {import("../kit/trace.js").Block} */ block;
  index = 0; // of the block
  /** @type {number|"mean"} */ head = "mean";
  place = ""; // block and head
  title = ""; // the same, with the kind of windows
  line = ""; // the one sentence
  told = NOTHING;
  /** @type {{scale: string, low: string, high: string, unit: string}} */ shown; // the legend
  #roll = new Roll();
  #way = new PhotoView(document.createElement("canvas")); // the map without the roll

  /** @param {import("./stage/hands.js").Hands} hands @param {AbortSignal} signal */
  constructor(hands, signal) {
    this.canvas = el("canvas", { tabindex: "0", role: "application", class: "photo" });
    this.view = new PhotoView(this.canvas);
    this.about = el("div", { class: "about quiet" });
    this.rulers = [new Ruler(0), new Ruler(1)];
    this.hint = el("div", { class: "hint", "aria-hidden": "true", hidden: true }, icon("hint"), el("span", {}));
    const part = (name) => el("span", { class: name });
    this.low = part("low");
    this.high = part("high");
    this.unit = part("unit");
    this.facts = part("facts");
    this.bar = el("span", { class: "bar", "aria-hidden": "true" });
    this.said = el("div", { class: "said" });
    const legend = el("div", { class: "legend" }, this.low, this.bar, this.high, this.unit, this.facts);
    this.node = el("div", { class: "panel" }, this.about, this.rulers[1].node, this.rulers[0].node,
      el("div", { class: "frame" }, this.canvas, this.hint), legend, this.said);
    listen(this, hands, signal);
  }

  /**
   * @param {Trace} trace @param {import("./state.js").Choice} choice of block and head
   * @param {State} state @param {Say} say @param {How} how
   */
  draw(trace, { block: index, head }, state, say, { space, dark, again }) {
    const block = trace.blocks[index];
    Object.assign(this, { trace, block, index, head });
    const { rolled, grid, arcs, layer } = state;
    const options = { rolled, grid, dark, arcs, light: !state.colours, letters: true };
    const width = block.padded[1] * sideFor(trace.blocks, block, space, devicePixelRatio || 1);
    this.view.place(trace, block, width, options);
    this.name(say);
    if (!block.probs) this.blank(state, say("fetching"));
    else if (layer === "attention") this.drawQuery(state, say);
    else if (layer === "rollout") this.drawRollout(state, say);
    else this.drawMeasure(state, say);
    const strongest = this.told.keys[0]?.place ?? null;
    this.rulers.forEach((ruler) => ruler.draw(this.view, this.query(state), strongest));
    this.said.textContent = `${this.title}: ${this.line}`;
    const to = /** @type {Place} */ (block.shift.map((tokens) => (rolled ? tokens * block.pixels : 0)));
    const rolling = this.#roll.now(to, [trace.id, ...block.padded.map((side) => side * block.pixels)].join());
    if (!rolling) return;
    this.#way.place(trace, block, width, { ...options, rolled: false });
    drawRolling(this.view, this.#way.base, rolling);
    again();
  }

  /** The block, its windows and its head. @param {Say} say */
  name(say) {
    const { block, head } = this;
    const name = say("block_name", { stage: block.stage + 1, block: block.block + 1 });
    this.place = [name, headName(head, say)].join(" · ");
    this.title = [name, say(block.shifted ? "shifted" : "regular"), headName(head, say)].join(" · ");
    this.canvas.setAttribute("aria-label", say("photo_label", { title: this.title }));
  }

  /** No map, and why: the last one would stand under another block's name. @param {State} state @param {string} why */
  blank(state, why) {
    this.view.drawBlank(this.query(state));
    this.line = why;
    this.told = { ...NOTHING, notes: [why] };
    this.legend("share", "", "", "", "");
    this.bar.style.background = "none";
  }

  /** The query of the state, as a token of this panel's block: the same place of the picture. @param {State} state */
  query(state) { return this.block.tokenAt(state.at); }

  /** @param {State} state @param {Say} say */
  drawQuery(state, say) {
    const { block, head } = this;
    const query = this.query(state);
    const { window: w, slot } = block.find(...query);
    const shares = block.row(w, head, slot);
    const high = state.scope === "query" ? largest(shares) : this.largest(state.scope === "window" ? w : null);
    this.view.drawAttention(query, shares, high, { wrong: state.wrong, pinned: state.pinned });
    const scale = state.colours ? "share" : "light";
    this.legend(scale, NONE, percent(high), say(`scope_${state.scope}`), this.windowLine(w, slot, say));
    this.describe(query, w, shares, state, say);
  }

  /** The largest share of a window, or of the block (null). @param {number|null} within */
  largest(within) {
    return this.block.once(`largest/${this.head}/${within}`, () => this.block.largest(this.head, within));
  }

  /**
   * The strongest keys, and what else is to be known.
   * @param {Place} query @param {number} w @param {Float32Array} shares @param {State} state @param {Say} say
   */
  describe(query, w, shares, state, say) {
    const { block } = this;
    const keys = largestFew(shares).map((k) => {
      const [place, share] = [block.at(w, k), shares[k]];
      const padding = block.isPadding(...place);
      return { place, share, padding, name: `(${place.join(", ")})${padding ? ` ${say("padding")}` : ""}` };
    });
    const [row, column] = query;
    const [first, ...next] = keys;
    this.line = say("line", { row, column, key: first.name, share: percent(first.share) });
    const self = String(first.place) === String(query);
    const parts = { query: say("query_name", { row, column }), key: self ? say("itself") : first.name };
    const sentence = spread(say("looks"), parts);
    const others = say("next", { keys: next.map(({ name, share }) => `${name} ${percent(share)}`).join(say("comma")) });
    this.told = { sentence, number: percent(first.share), keys, others, notes: this.notes(w, shares, state, say) };
  }

  /**
   * What goes to padding, and that the query is pinned.
   * @param {number} w @param {Float32Array} shares @param {State} state @param {Say} say
   */
  notes(w, shares, { pinned }, say) {
    const { block } = this;
    const padding = shares.reduce((sum, share, k) => sum + (block.isPadding(...block.at(w, k)) ? share : 0), 0);
    return [
      padding > 0 ? say("padding_line", { share: percent(padding) }) : "",
      pinned ? say("pinned_line") : "",
    ].filter(Boolean);
  }

  /** Which window it is, and how many keys are blocked. @param {number} w @param {number} slot @param {Say} say */
  windowLine(w, slot, say) {
    const { block } = this;
    let blocked = 0;
    for (let k = 0; k < block.N; k++) if (block.mask(w, slot, k) !== 0) blocked++;
    const across = block.padded[1] / block.window;
    const letter = this.view.letters.find(({ window }) => window === w)?.text;
    const window = letter ?? `(${Math.floor(w / across)}, ${w % across})`;
    return say("window_line", { window, blocked, tokens: block.N });
  }

  /** From the query back to the first block's tokens. @param {State} state @param {Say} say */
  drawRollout(state, say) {
    const blocks = this.trace.blocks.slice(0, this.index + 1);
    if (blocks.some((block) => !block.probs)) { this.blank(state, say("rollout_missing")); return; }
    const [row, column] = this.query(state);
    const { values, padding } = rollout(blocks, this.index, [row, column]);
    const high = largest(values);
    this.view.drawMap({ values, grid: blocks[0], low: 0, high, scale: "share" }, [row, column], state.pinned);
    this.legend("share", NONE, percent(high), say("rollout_unit"));
    this.line = say("rollout_line", { row, column });
    const notes = [say("rollout_note"), say("rollout_padding", { share: percent(padding) })];
    this.told = { ...NOTHING, sentence: [[this.line, ""]], notes };
  }

  /** A number of every token of the block. @param {State} state @param {Say} say */
  drawMeasure(state, say) {
    const { block, head } = this;
    const layer = /** @type {"received"|"entropy"|"distance"} */ (state.layer);
    const [row, column] = this.query(state);
    const values = measure(block, head, layer);
    const [low, high] = [layer === "received" ? 0 : values.reduce((a, b) => Math.min(a, b)), largest(values)];
    this.view.drawMap({ values, grid: block, low, high, scale: "amount" }, [row, column], state.pinned);
    const inPixels = (value) => `${value.toFixed(2)} (${(value * block.pixels).toFixed(0)} px)`; // of tokens
    const show = layer === "distance" ? inPixels : (value) => value.toFixed(2);
    this.legend("amount", show(low), show(high), say(`${layer}_unit`));
    const value = values[row * block.size[1] + column];
    this.line = say("value_line", { row, column, value: show(value) });
    this.told = { ...NOTHING, sentence: [[this.line, ""]], notes: [say(`${layer}_note`)] };
  }

  /** All that is said about the query, for those who listen, sentence by sentence. @param {Say} say */
  spoken(say) {
    const { told, line, facts } = this;
    const listed = (text) => text.replaceAll(" · ", say("comma"));
    const found = [listed(this.title), line, told.others, told.others && listed(facts.textContent), ...told.notes];
    return found.filter(Boolean).map((text) => (/[.。…]$/.test(text) ? text : say("sentence", { text })));
  }

  /** @param {import("../kit/colour.js").Scale} scale */
  legend(scale, low, high, unit, facts = "") {
    this.shown = { scale, low, high, unit };
    this.bar.style.background = gradient(scale);
    const texts = [low, high, unit, facts];
    [this.low, this.high, this.unit, this.facts].forEach((node, i) => { node.textContent = texts[i]; });
  }

  /** The first hint, where it is in nobody's way; or none. @param {string} words */
  suggest(words) {
    const { view, canvas: { drawn } } = this;
    this.hint.hidden = !words || drawn.kind === "rolling";
    if (this.hint.hidden) return;
    const { query, overlay } = drawn;
    const marked = [view.seat(...query), ...(overlay?.seats ?? [])].map(([row]) => (row + 0.5) * view.cell);
    const busy = [...marked, ...(overlay?.labels ?? []).map(({ box: [, y, , h] }) => y + h / 2)];
    const far = (part) => Math.min(...busy.map((y) => Math.abs(y - part * view.height)));
    const best = [0.88, 0.12, 0.5].reduce((a, b) => (far(b) > far(a) ? b : a));
    this.hint.lastElementChild.textContent = words;
    this.hint.style.top = `${100 * best}%`;
  }
}

const headName = (head, say) => (head === "mean" ? say("mean") : say("head", { head: head + 1 }));

/**
 * A text whose {fields} are filled, in pieces that know which field they are.
 * @param {string} text @param {Record<string, string>} parts @returns {[string, string][]}
 */
function spread(text, parts) {
  return text.split(/(\{\w+\})/).filter(Boolean).map((piece) => {
    const field = piece.slice(1, -1);
    return piece.startsWith("{") && field in parts ? [parts[field], `of-${field}`] : [piece, ""];
  });
}
