/**
 * q, k, v, x, z, out of a block's windows as vectors; a window's numbers are a part of the message that is fetched when
 * it is looked at. Letters: N tokens of a window, d channels of a head, C = h·d.
 */

export class Values {
  /** @type {Map<string, Float32Array>} */ #kept = new Map();

  /** @param {import("../kit/trace.js").Message} message @param {import("../kit/trace.js").Block} block */
  constructor(message, block) {
    this.message = message;
    this.block = block;
    /** @type {Float32Array} */ this.bias = message.get("bias");
    this.C = block.channels;
    this.d = block.channels / block.heads;
  }

  /** Whether a window's values have come. @param {number} window */
  has(window) { return this.message.has(`value.${window}.attn.q`); }

  /** A point of a window. @param {string} point @param {number} window @returns {Float32Array} */
  all(point, window) {
    const name = `value.${window}.${point}`;
    if (!this.#kept.has(name)) this.#kept.set(name, this.message.get(name));
    return this.#kept.get(name);
  }

  /** A point of one window and head: (N, d) flat. @returns {Float32Array} */
  vector(point, window, head) {
    const size = this.block.N * this.d;
    return this.all(point, window).subarray(head * size, (head + 1) * size);
  }

  /** One token's row of that: (d). @returns {Float32Array} */
  row(point, window, head, token) {
    return this.vector(point, window, head).subarray(token * this.d, (token + 1) * this.d);
  }

  /** A point without heads of one token: (C). @returns {Float32Array} */
  token(point, window, token) { return this.all(point, window).subarray(token * this.C, (token + 1) * this.C); }

  /** A token's numbers at some points, of all heads, laid side by side. @param {string[]} points */
  joined(points, window, token) {
    const { d, block: { heads } } = this;
    const out = new Float32Array(points.length * heads * d);
    points.forEach((point, i) => {
      for (let h = 0; h < heads; h++) out.set(this.row(point, window, h, token), (i * heads + h) * d);
    });
    return out;
  }
}
