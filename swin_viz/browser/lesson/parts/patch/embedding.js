/**
 * The embedding's sums, computed of the picture's own pixels and the model's weights. Letters: H W rows and columns
 * of patches, p a patch's side, C filters, which are the channels. A patch's 3·p·p numbers are in the order of the
 * weights: channel, row, column.
 */

/** @typedef {{pixels: Uint8Array, height: number, width: number}} Picture (height, width, 3) */
/** @typedef {{get: (name: string) => any, shape: (name: string) => number[]}} Arrays lessons/patches.py's `patch.*` */
/** @typedef {{mean: number, std: number, scaled: Float64Array, out: Float64Array}} Normed */

const LEVELS = 256;

/** Mean and standard deviation. @param {ArrayLike<number>} values @returns {[number, number]} */
export function spread(values) {
  const { length } = values;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < length; i++) sum += values[i];
  for (let i = 0; i < length; i++) squares += (values[i] - sum / length) ** 2;
  return [sum / length, Math.sqrt(squares / length)];
}

export class Embedding {
  /** @param {Picture} picture @param {Arrays} arrays */
  constructor(picture, arrays) {
    this.picture = picture;
    /** @type {Float32Array} (C, 3, p, p) */ this.weight = arrays.get("patch.weight");
    const [count, , patch] = arrays.shape("patch.weight");
    this.count = count;
    this.patch = patch;
    /** @type {Float32Array} */ this.bias = arrays.get("patch.bias") ?? new Float32Array(this.count);
    /** @type {Float32Array|undefined} */ this.gamma = arrays.get("patch.gamma");
    /** @type {Float32Array|undefined} */ this.beta = arrays.get("patch.beta");
    /** @type {number} */ this.eps = (arrays.get("patch.eps") ?? [0])[0];
    const [mean, std] = ["mean", "std"].map((name) => arrays.get(`patch.${name}`));
    const level = (c) => (_, i) => (i / (LEVELS - 1) - mean[c]) / std[c];
    this.normal = [0, 1, 2].map((c) => Float64Array.from({ length: LEVELS }, level(c)));
    this.numbers = 3 * this.patch ** 2;
    /** @type {[number, number]} */
    this.size = [Math.ceil(picture.height / this.patch), Math.ceil(picture.width / this.patch)];
  }

  /** Channel, row and column of a patch's number. @param {number} k */
  place(k) {
    const { patch } = this;
    return [Math.floor(k / patch ** 2), Math.floor(k / patch) % patch, k % patch];
  }

  /** Where the pixel of a patch's number is in the picture, −1 where it is padding. @param {number[]} at */
  pixel(at, k) {
    const { picture: { height, width }, patch } = this;
    const [, y, x] = this.place(k);
    const [row, column] = [at[0] * patch + y, at[1] * patch + x];
    return row < height && column < width ? row * width + column : -1;
  }

  /** A patch's numbers as the model gets them; padding is 0. @param {number[]} at @param {Float64Array} [out] */
  values(at, out = new Float64Array(this.numbers)) {
    const { picture: { pixels, height, width }, patch: p, normal } = this;
    for (let k = 0; k < this.numbers; k++) { // without `pixel`: a large picture has millions
      const c = Math.floor(k / (p * p));
      const [row, column] = [at[0] * p + (Math.floor(k / p) % p), at[1] * p + (k % p)];
      out[k] = row < height && column < width ? normal[c][pixels[3 * (row * width + column) + c]] : 0;
    }
    return out;
  }

  /** A filter's weights. @param {number} channel */
  filter(channel) { return this.weight.subarray(channel * this.numbers, (channel + 1) * this.numbers); }

  /** What a filter makes of a patch's numbers. @param {Float64Array} values @param {number} channel */
  value(values, channel) {
    const start = channel * this.numbers;
    let sum = this.bias[channel];
    for (let k = 0; k < this.numbers; k++) sum += values[k] * this.weight[start + k];
    return sum;
  }

  /** The products of a patch and a filter, and their sum so far. @param {Float64Array} values */
  products(values, channel) {
    const products = Float64Array.from(this.filter(channel), (weight, k) => weight * values[k]);
    let sum = 0;
    return { products, sums: products.map((product) => (sum += product)) };
  }

  /** What a filter gives on every patch. @param {number} channel @returns {Float64Array} row by row */
  response(channel) {
    const [[rows, columns], values] = [this.size, new Float64Array(this.numbers)];
    const found = new Float64Array(rows * columns);
    for (let i = 0; i < found.length; i++) {
      found[i] = this.value(this.values([Math.floor(i / columns), i % columns], values), channel);
    }
    return found;
  }

  /** All channels of a patch. @param {Float64Array} values */
  token(values) { return Float64Array.from({ length: this.count }, (_, channel) => this.value(values, channel)); }

  /** LayerNorm of a token; null where the model has none. @param {Float64Array} token @returns {Normed|null} */
  normed(token) {
    const { gamma, beta, eps } = this;
    if (!gamma || !beta) return null;
    const [mean, std] = spread(token);
    const scaled = token.map((value) => (value - mean) / Math.sqrt(std ** 2 + eps));
    return { mean, std, scaled, out: scaled.map((value, i) => value * gamma[i] + beta[i]) };
  }
}
