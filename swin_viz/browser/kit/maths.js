/** The few sums that views share. */

/** A number kept between two others. @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/** The largest of many numbers, and not less than `least`. @param {Iterable<number>} values */
export function largest(values, least = -Infinity) {
  let most = least;
  for (const value of values) if (value > most) most = value;
  return most;
}

/**
 * Shares that add up to 1, written into `out` (of the logits' kind, if not given). A logit of −∞ gets none.
 * @template {number[]|Float32Array|Float64Array} Row
 * @param {Row} logits @param {Row} [out] @returns {Row}
 */
export function softmax(logits, out = /** @type {Row} */ (logits.slice())) {
  const most = largest(logits);
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += out[i] = Math.exp(logits[i] - most);
  for (let i = 0; i < logits.length; i++) out[i] /= total;
  return out;
}
