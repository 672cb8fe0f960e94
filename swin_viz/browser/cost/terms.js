/** A term of the formulas, coefficient · (h·w)^tokens · C^channels · M^window: its number, and how it is written. */

const SUPERS = { 1: "", 2: "²", 3: "³", 4: "⁴" };
const PREFIXES = { E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3 };

/** @typedef {{name: string, coefficient: number, tokens: number, channels: number, window: number}} Term */
/** @typedef {{h: number, w: number, c: number, m: number}} Sizes */

/** Multiply-adds of one term, exact: every value stays under 2^53. @param {Term} term @param {Sizes} at */
export function macsOf(term, at) {
  return term.coefficient * (at.h * at.w) ** term.tokens * at.c ** term.channels * at.m ** term.window;
}

/** Multiply-adds of several terms. @param {Term[]} terms @param {Sizes} at */
export const sumOf = (terms, at) => terms.reduce((sum, term) => sum + macsOf(term, at), 0);

/** A term as the paper writes it. @param {Term} term */
export function symbolOf(term) {
  const parts = [];
  if (term.coefficient !== 1) parts.push(String(term.coefficient));
  if (term.window) parts.push(`M${SUPERS[term.window]}`);
  if (term.tokens) parts.push(term.tokens > 1 ? `(h·w)${SUPERS[term.tokens]}` : "h·w");
  if (term.channels) parts.push(`C${SUPERS[term.channels]}`);
  return parts.join("·");
}

/** Three digits and a prefix, as numbers.py writes it. @param {number} value */
export function short(value) {
  const found = Object.entries(PREFIXES).find(([, size]) => value >= 0.9995 * size);
  if (!found) return String(value);
  const [prefix, size] = found;
  const scaled = value / size;
  return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)} ${prefix}`;
}
