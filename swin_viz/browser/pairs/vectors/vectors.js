/** q, k, v, x, z and out of the tokens in question, as strips; and the weighted sum of v building up. */

import { el, isDark, percent } from "../../kit/dom.js";
import { clamp } from "../../kit/maths.js";
import { strip } from "../../kit/matrix.js";

/** @typedef {import("../values.js").Values} Values */
/**
 * @typedef {{place: number, slot: number, head: number, key: number|null}} At the window, the query, the head, the key
 */

// step → the rows that it makes, and those that are shown with it
const LIT = { project: ["x", "x·W", "q", "k", "v"], z: ["Σ", "z"], out: ["concat", "out"] };
const SHOWN = { ...LIT, raw: ["q", "k"], z: ["Σ", "z", "v"] };
const QKV = ["attn.q", "attn.k", "attn.v"];

export class Vectors {
  altered = false; // whether the scale is not the model's
  /** @type {import("../pairmath.js").Stages} */ stages;
  /** @type {(count: number) => {sum: Float32Array, weight: number}} */ total;
  /** @type {number|null|undefined} */ key;
  slot = -1;
  width = 0;
  dark = false;
  step = "";
  #lit = "";

  /** @param {(key: string, fields?: Object) => string} say */
  constructor(say) {
    this.say = say;
    this.before = el("div", {});
    this.ofKey = el("div", {});
    this.sum = el("div", {});
    this.after = el("div", {});
    this.slider = el("input", { type: "range", min: 1, "aria-label": say("sum_keys"), oninput: () => this.drawSum() });
    this.player = el("div", { class: "player sum" }, el("span", {}, say("sum_keys")), this.slider);
    this.node = el("div", { class: "vectors" }, this.before, this.ofKey, this.player, this.sum, this.after);
  }

  /** @param {Values} values @param {At} at @param {import("../pairmath.js").Stages} stages @param {number} width */
  draw(values, at, stages, width) {
    const dark = isDark(this.node);
    const fresh = stages !== this.stages || at.slot !== this.slot || width !== this.width || dark !== this.dark;
    this.dark = dark;
    this.stages = stages;
    this.slot = at.slot;
    this.width = width;
    if (fresh) this.drawQuery(values, at);
    if (fresh || at.key !== this.key) this.drawKey(values, at, fresh);
    this.key = at.key;
  }

  /** All but the key's own. @param {Values} values @param {At} at */
  drawQuery(values, { place, slot, head }) {
    const { say } = this;
    const { C, d, block: { heads, N } } = values;
    const of = { d, head: head + 1 };
    const qkv = { parts: 3 * heads, framed: [head, heads + head, 2 * heads + head] };
    this.#lit = "";
    this.before.replaceChildren(
      this.row("x", values.token("windows", place, slot), say("vector_x", { C })),
      this.row("x·W", values.joined(QKV, place, slot), say("vector_qkv", { ...of, heads, all: 3 * C }), qkv),
      this.row("q", values.row("attn.q", place, head, slot), say("vector_q", of)));
    const shares = this.stages.probs.subarray(slot * N, (slot + 1) * N);
    this.total = (count) => weighted(shares, d, (k) => values.row("attn.v", place, head, k), count);
    if (this.slider.max !== String(N)) this.slider.max = this.slider.value = String(N);
    this.drawSum();
    const all = { parts: heads, framed: [head] };
    this.after.replaceChildren(
      this.row("z", values.row("attn.z", place, head, slot), say(this.altered ? "vector_z_altered" : "vector_z")),
      this.row("concat", values.joined(["attn.z"], place, slot), say("vector_concat", { heads, d, C }), all),
      this.row("out", values.token("attn.out", place, slot), say("vector_out", { C, heads })));
  }

  /** k and v of the key, if one is chosen; on another key they are only filled anew. */
  drawKey(values, { place, head, key }, fresh) {
    const points = key === null ? [] : ["k", "v"];
    const part = (name) => values.row(`attn.${name}`, place, head, key);
    if (this.ofKey.children.length === points.length && !fresh) {
      points.forEach((name, i) => this.fill(this.ofKey.children[i], part(name)));
      return;
    }
    this.ofKey.replaceChildren(...points.map((name) => this.row(name, part(name), this.say(`vector_${name}`))));
    this.#lit = "";
  }

  row(label, vector, note, cuts = {}) {
    const picture = el("canvas", { "aria-hidden": "true" });
    const more = { class: "vector", "data-vector": label };
    const node = el("div", more, el("span", {}, label), picture, el("small", {}, note));
    this.fill(node, vector, cuts);
    return node;
  }

  /** Draw a vector into its row. */
  fill(node, vector, cuts = {}) {
    const canvas = node.querySelector("canvas");
    const most = vector.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    strip(canvas, vector, clamp(this.width - 56, 160, 1100), 20, -most, most, { ...cuts, dark: this.dark });
    canvas.drawn = Array.from(vector);
  }

  /** The weighted sum of v building up: of as many of the strongest keys as the slider says. */
  drawSum() {
    const count = Number(this.slider.value);
    const { sum, weight } = this.total(count);
    const note = this.say(count === 1 ? "vector_first" : "vector_sum", { count, share: percent(weight) });
    this.sum.replaceChildren(this.row(`Σ ${count}`, sum, note));
    this.#lit = "";
    this.light(this.step);
  }

  /** The rows that a step of the formula makes. @param {string} step */
  light(step) {
    if (step === this.#lit) return;
    this.#lit = this.step = step;
    const [names, shown] = [LIT[step] ?? [], SHOWN[step] ?? []];
    this.player.hidden = step !== "z";
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.node.querySelectorAll(".vector"))) {
      const [name] = row.dataset.vector.split(" ");
      row.classList.toggle("lit", names.includes(name));
      row.hidden = !shown.includes(name);
    }
  }
}

/**
 * The values of the `count` strongest keys, each times its share, added up.
 * @returns {{sum: Float32Array, weight: number}}
 */
function weighted(shares, d, valueOf, count) {
  const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, count);
  const sum = new Float32Array(d);
  let weight = 0;
  for (const k of order) {
    weight += shares[k];
    valueOf(k).forEach((value, c) => { sum[c] += shares[k] * value; });
  }
  return { sum, weight };
}
