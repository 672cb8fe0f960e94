/** q, k, v, x, z and out of the tokens in question, as strips; and the weighted sum of v building up. */

import { el, percent } from "../kit/dom.js";
import { strip } from "../kit/matrix.js";

/** q, k, v, x, z, out of the windows that came along. */
export class Values {
  constructor(message, block, windows) {
    Object.assign(this, { message, block, windows });
    this.bias = message.get(`${block.name}.bias`);
    this.d = message.shape("value.attn.q")[3];
    this.C = message.shape("value.windows")[2];
  }

  /** Where a window stands among those that came, or −1. */
  slot(window) { return this.windows ? this.windows.indexOf(window) : window; }

  /** A point of one window and head: (N, d) flat. */
  vector(point, slot, head) {
    const size = this.block.N * this.d;
    return this.message.get(`value.${point}`).subarray((slot * this.block.heads + head) * size, (slot * this.block.heads + head + 1) * size);
  }

  /** A point without heads of one token: (C). */
  token(point, slot, token) {
    const at = (slot * this.block.N + token) * this.C;
    return this.message.get(`value.${point}`).subarray(at, at + this.C);
  }
}

const LIT = { project: ["x", "x·W", "q", "k", "v"], z: ["Σ", "z"], out: ["concat", "out"] }; // step → rows

export class Vectors {
  constructor(say) {
    this.say = say;
    [this.before, this.ofKey, this.sum, this.after] = [0, 0, 0, 0].map(() => el("div", {}));
    this.slider = el("input", { type: "range", min: 1, "aria-label": say("sum_keys"), oninput: () => this.drawSum() });
    const player = el("div", { class: "player" }, el("span", {}, say("sum_keys")), this.slider);
    this.node = el("div", { class: "vectors" }, el("h2", {}, say("vectors_title")), this.before, this.ofKey, player, this.sum, this.after);
  }

  /** @param {Values} values @param {{place: number, slot: number, head: number, key: number|null}} at the window among those that came, the query, the head, the key */
  draw(values, { place, slot, head, key }, stages, width) {
    const { say } = this;
    const part = (point, token) => values.vector(point, place, head).subarray(token * values.d, (token + 1) * values.d);
    const fresh = stages !== this.stages || slot !== this.slot || width !== this.width;
    if (fresh) {
      Object.assign(this, { stages, slot, width, key: undefined, lit: undefined });
      const { heads } = values.block;
      this.before.replaceChildren(
        this.row("x", values.token("windows", place, slot), say("vector_x", { C: values.C })),
        this.row("x·W", this.joined(values, ["attn.q", "attn.k", "attn.v"], place, slot), say("vector_qkv", { heads, d: values.d, all: 3 * values.C, head: head + 1 }),
          { parts: 3 * heads, framed: [head, heads + head, 2 * heads + head] }),
        this.row("q", part("attn.q", slot), say("vector_q", { d: values.d, head: head + 1 })));
      this.total = (count) => weighted(stages.probs.subarray(slot * values.block.N, (slot + 1) * values.block.N), values.d, (k) => part("attn.v", k), count);
      if (this.slider.max !== String(values.block.N)) { this.slider.max = values.block.N; this.slider.value = values.block.N; }
      this.drawSum();
      this.after.replaceChildren(this.row("z", part("attn.z", slot), say(this.altered ? "vector_z_altered" : "vector_z")),
        this.row("concat", this.joined(values, ["attn.z"], place, slot), say("vector_concat", { heads, d: values.d, C: values.C }), { parts: heads, framed: [head] }),
        this.row("out", values.token("attn.out", place, slot), say("vector_out", { C: values.C, heads })));
    }
    if (key === this.key) return;
    this.key = key;
    const points = key === null ? [] : ["k", "v"];
    if (this.ofKey.children.length === points.length && !fresh) {
      points.forEach((name, i) => this.fill(this.ofKey.children[i], part(`attn.${name}`, key)));
      return;
    }
    this.ofKey.replaceChildren(...points.map((name) => this.row(name, part(`attn.${name}`, key), say(`vector_${name}`))));
    this.lit = undefined;
  }

  /** A token's numbers at some points, of all heads, laid side by side. */
  joined(values, points, place, token) {
    const { heads } = values.block;
    const out = new Float32Array(points.length * heads * values.d);
    points.forEach((point, i) => {
      for (let h = 0; h < heads; h++) out.set(values.vector(point, place, h).subarray(token * values.d, (token + 1) * values.d), (i * heads + h) * values.d);
    });
    return out;
  }

  row(label, vector, note, cuts) {
    const node = el("div", { class: "vector", "data-vector": label }, el("span", {}, label), el("canvas", { "aria-hidden": "true" }), el("small", {}, note));
    this.fill(node, vector, cuts);
    return node;
  }

  /** Draw a vector into its row. */
  fill(node, vector, cuts) {
    const canvas = node.querySelector("canvas");
    const most = vector.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    strip(canvas, vector, Math.min(560, Math.max(200, this.width - 230)), 20, -most, most, cuts);
    canvas.drawn = Array.from(vector);
  }

  /** The weighted sum of v building up: of as many of the strongest keys as the slider says. */
  drawSum() {
    const count = Number(this.slider.value);
    const { sum, weight } = this.total(count);
    this.sum.replaceChildren(this.row(`Σ ${count}`, sum, this.say(count === 1 ? "vector_first" : "vector_sum", { count, share: percent(weight) })));
    this.lit = undefined;
    this.light(this.step);
  }

  /** The rows that a step of the formula makes. */
  light(step) {
    if (step === this.lit) return;
    this.lit = this.step = step;
    const names = LIT[step] ?? [];
    this.node.querySelectorAll(".vector").forEach((row) => row.classList.toggle("lit", names.includes(row.dataset.vector.split(" ")[0])));
  }
}

/** The values of the `count` strongest keys, each times its share, added up. @returns {{sum: Float32Array, weight: number}} */
function weighted(shares, d, valueOf, count) {
  const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, count);
  const sum = new Float32Array(d);
  let weight = 0;
  for (const k of order) { weight += shares[k]; valueOf(k).forEach((value, c) => { sum[c] += shares[k] * value; }); }
  return { sum, weight };
}
