/**
 * q, k, v, x, z, out of the windows that came along, as vectors. Letters: N tokens of a window, d channels of a head,
 * C = h·d.
 */

export class Values {
  /**
   * @param {import("../kit/trace.js").Message} message @param {import("../kit/trace.js").Block} block
   * @param {number[]|null} windows null for all
   */
  constructor(message, block, windows) {
    this.message = message;
    this.block = block;
    this.windows = windows;
    /** @type {Float32Array} */ this.bias = message.get(`${block.name}.bias`);
    this.d = message.shape("value.attn.q")[3];
    this.C = message.shape("value.windows")[2];
  }

  /** Where a window stands among those that came, or −1. @param {number} window */
  slot(window) { return this.windows ? this.windows.indexOf(window) : window; }

  /** A point of one window and head: (N, d) flat. @returns {Float32Array} */
  vector(point, slot, head) {
    const size = this.block.N * this.d;
    const at = (slot * this.block.heads + head) * size;
    return this.message.get(`value.${point}`).subarray(at, at + size);
  }

  /** One token's row of that: (d). @returns {Float32Array} */
  row(point, slot, head, token) {
    return this.vector(point, slot, head).subarray(token * this.d, (token + 1) * this.d);
  }

  /** A point without heads of one token: (C). @returns {Float32Array} */
  token(point, slot, token) {
    const at = (slot * this.block.N + token) * this.C;
    return this.message.get(`value.${point}`).subarray(at, at + this.C);
  }

  /** A token's numbers at some points, of all heads, laid side by side. @param {string[]} points */
  joined(points, slot, token) {
    const { d, block: { heads } } = this;
    const out = new Float32Array(points.length * heads * d);
    points.forEach((point, i) => {
      for (let h = 0; h < heads; h++) out.set(this.row(point, slot, h, token), (i * heads + h) * d);
    });
    return out;
  }
}
