/** q, k, v, x, z and out of the tokens in question, as strips; and the weighted sum of v building up. */

import { el, percent } from "./dom.js";
import { strip } from "./matrix.js";

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

export class Vectors {
  constructor(say) {
    this.say = say;
    [this.before, this.ofKey, this.after] = [0, 0, 0].map(() => el("div", {}));
    this.node = el("div", { class: "vectors" }, el("h3", {}, say("vectors_title")), this.before, this.ofKey, this.after);
  }

  /** @param {Values} values @param {{place: number, slot: number, head: number, key: number|null}} at the window among those that came, the query, the head, the key */
  draw(values, { place, slot, head, key }, stages, width) {
    const { say } = this;
    const part = (point, token) => values.vector(point, place, head).subarray(token * values.d, (token + 1) * values.d);
    if (stages !== this.stages || slot !== this.slot || width !== this.width) {
      Object.assign(this, { stages, slot, width, key: undefined });
      const { heads } = values.block;
      this.before.replaceChildren(
        this.row("x", values.token("windows", place, slot), say("vector_x", { C: values.C })),
        this.row("x·W", this.joined(values, ["attn.q", "attn.k", "attn.v"], place, slot), say("vector_qkv", { heads, d: values.d, all: 3 * values.C, head: head + 1 }),
          { parts: 3 * heads, framed: [head, heads + head, 2 * heads + head] }),
        this.row("q", part("attn.q", slot), say("vector_q", { d: values.d, head: head + 1 })));
      this.after.replaceChildren(...this.sums(values, part, slot, stages),
        this.row("z", part("attn.z", slot), say("vector_z")),
        this.row("concat", this.joined(values, ["attn.z"], place, slot), say("vector_concat", { heads, d: values.d, C: values.C }), { parts: heads, framed: [head] }),
        this.row("out", values.token("attn.out", place, slot), say("vector_out", { C: values.C, heads })));
    }
    if (key === this.key) return;
    this.key = key;
    const rows = key === null ? [] : [this.row("k", part("attn.k", key), say("vector_k")), this.row("v", part("attn.v", key), say("vector_v"))];
    this.ofKey.replaceChildren(...rows);
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
    const canvas = el("canvas", { "aria-hidden": "true" });
    const most = vector.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    strip(canvas, vector, Math.min(560, Math.max(200, this.width - 230)), 20, -most, most, cuts);
    canvas.drawn = Array.from(vector);
    return el("div", { class: "vector", "data-vector": label }, el("span", {}, label), canvas, el("small", {}, note));
  }

  /** The weighted sum of v building up: the strongest one, three, and ten keys of all. */
  sums(values, part, slot, stages) {
    const { N } = values.block;
    const shares = stages.probs.subarray(slot * N, (slot + 1) * N);
    const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]);
    const counts = [1, 3, 10, N].filter((each, i, all) => each <= N && all.indexOf(each) === i);
    return counts.map((count) => {
      const total = new Float32Array(values.d);
      let weight = 0;
      for (const k of order.slice(0, count)) { weight += shares[k]; part("attn.v", k).forEach((value, c) => { total[c] += shares[k] * value; }); }
      return this.row(`Σ ${count}`, total, this.say(count === 1 ? "vector_first" : "vector_sum", { count, share: percent(weight) }));
    });
  }
}
