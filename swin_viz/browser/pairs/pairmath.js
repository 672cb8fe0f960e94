/** From q, k, bias and mask to shares, as the model computes them; and what the scale does to the softmax. */

/** All N×N stages of one window and head. @returns {{raw, scaled, bias, biased, mask, masked, probs}} Float32Arrays */
export function stages(values, block, w, slot, head, scale) {
  const { N } = block;
  const d = values.d;
  const q = values.vector("attn.q", slot, head);
  const k = values.vector("attn.k", slot, head);
  const out = Object.fromEntries(["raw", "scaled", "bias", "biased", "mask", "masked", "probs"].map((name) => [name, new Float32Array(N * N)]));
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += q[i * d + c] * k[j * d + c];
      const at = i * N + j;
      out.raw[at] = sum;
      out.scaled[at] = sum * scale;
      out.bias[at] = values.bias[(head * N + i) * N + j];
      out.biased[at] = out.scaled[at] + out.bias[at];
      out.mask[at] = block.mask(w, i, j);
      out.masked[at] = out.biased[at] + out.mask[at];
    }
    softmax(out.masked, out.probs, i * N, N);
  }
  return out;
}

function softmax(from, to, start, count) {
  let most = -Infinity;
  let total = 0;
  for (let j = start; j < start + count; j++) most = Math.max(most, from[j]);
  for (let j = start; j < start + count; j++) { to[j] = Math.exp(from[j] - most); total += to[j]; }
  for (let j = start; j < start + count; j++) to[j] /= total;
}

/** What the scale does to one query: entropy (nats), largest share, and the norm of the softmax's gradient. */
export function sharpness(raw, bias, mask, query, N, scale) {
  const logits = new Float32Array(N);
  for (let j = 0; j < N; j++) logits[j] = raw[query * N + j] * scale + bias[query * N + j] + mask[query * N + j];
  const p = new Float32Array(N);
  softmax(logits, p, 0, N);
  let [entropy, squares, cubes, largest] = [0, 0, 0, 0];
  for (const share of p) {
    if (share > 0) entropy -= share * Math.log(share);
    squares += share * share;
    cubes += share ** 3;
    largest = Math.max(largest, share);
  }
  const gradient = Math.sqrt(Math.max(0, squares - 2 * cubes + squares * squares)); // Frobenius norm of diag(p) − p·pᵀ
  return { entropy, largest, gradient };
}
