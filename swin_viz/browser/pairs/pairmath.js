/** From q, k, bias and mask to shares, as the model computes them; and what the scale does to the softmax. */

import { largest, softmax } from "../kit/maths.js";

/**
 * @typedef {Float32Array} Pairs N·N numbers, query by query
 * @typedef {Object} Stages
 * @property {Pairs} raw @property {Pairs} scaled @property {Pairs} bias @property {Pairs} biased
 * @property {Pairs} mask @property {Pairs} masked @property {Pairs} probs
 */

/** The sum over channels of a query's times a key's numbers. */
function dot(q, k, i, j, d) {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += q[i * d + c] * k[j * d + c];
  return sum;
}

/**
 * All N×N stages of one window and head.
 * @param {import("./values.js").Values} values @param {import("../kit/trace.js").Block} block
 * @param {number} w the window @param {number} head @param {number} scale
 * @returns {Stages}
 */
export function stages(values, block, w, head, scale) {
  const { N } = block;
  const [q, k] = [values.vector("attn.q", w, head), values.vector("attn.k", w, head)];
  const [raw, scaled, bias, biased, mask, masked, probs] = Array.from({ length: 7 }, () => new Float32Array(N * N));
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      const at = i * N + j;
      raw[at] = dot(q, k, i, j, values.d);
      scaled[at] = raw[at] * scale;
      bias[at] = values.bias[(head * N + i) * N + j];
      biased[at] = scaled[at] + bias[at];
      mask[at] = block.mask(w, i, j);
      masked[at] = biased[at] + mask[at];
    }
    softmax(masked.subarray(i * N, (i + 1) * N), probs.subarray(i * N, (i + 1) * N));
  }
  return { raw, scaled, bias, biased, mask, masked, probs };
}

/**
 * How much a softmax still reacts: the Frobenius norm of its Jacobian, diag(p) − p·pᵀ.
 * @param {Iterable<number>} shares
 */
export function gradientOf(shares) {
  let [squares, cubes] = [0, 0];
  for (const share of shares) {
    squares += share * share;
    cubes += share ** 3;
  }
  return Math.sqrt(Math.max(0, squares - 2 * cubes + squares * squares));
}

/**
 * What the scale does to one query: entropy (nats), largest share, and the norm of the softmax's gradient.
 * @param {Stages} stages @param {number} query @param {number} N @param {number} scale
 */
export function sharpness({ raw, bias, mask }, query, N, scale) {
  const logit = (at) => raw[at] * scale + bias[at] + mask[at];
  const shares = softmax(Float32Array.from({ length: N }, (_, j) => logit(query * N + j)));
  let entropy = 0;
  for (const share of shares) if (share > 0) entropy -= share * Math.log(share);
  return { entropy, largest: largest(shares), gradient: gradientOf(shares) };
}
