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

/** The map padded to full windows, as an implementation does it. @param {Sizes} at @returns {Sizes} */
export function padded(at) {
  const full = (side) => Math.ceil(side / at.m) * at.m;
  return { ...at, h: full(at.h), w: full(at.w) };
}

/** A term as the paper writes it. @param {Term} term */
export function symbolOf(term) {
  const parts = [];
  if (term.coefficient !== 1) parts.push(String(term.coefficient));
  if (term.window) parts.push(`M${SUPERS[term.window]}`);
  if (term.tokens) parts.push(term.tokens > 1 ? `(h·w)${SUPERS[term.tokens]}` : "h·w");
  if (term.channels) parts.push(`C${SUPERS[term.channels]}`);
  return parts.join("·");
}

/** The shapes that a term multiplies. @param {Term} term @param {number} tokens in all @param {number} keys of each */
export function shapeOf(term, tokens, keys, c) {
  return {
    qkv: `(${tokens}×${c})·(${c}×${3 * c})`, scores: `(${tokens}×${c})·(${c}×${keys})`,
    values: `(${tokens}×${keys})·(${keys}×${c})`, proj: `(${tokens}×${c})·(${c}×${c})`,
  }[term.name];
}

/** With commas between thousands. @param {number} value */
export const exact = (value) => value.toLocaleString("en-US");

/** Three digits and a prefix, as numbers.py writes it. @param {number} value */
export function short(value) {
  const found = Object.entries(PREFIXES).find(([, size]) => value >= 0.9995 * size);
  if (!found) return String(value);
  const [prefix, size] = found;
  const scaled = value / size;
  return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)} ${prefix}`;
}

/** How many times, as numbers.py writes it. @param {number} ratio */
export const times = (ratio) => (
  ratio < 9.995 ? ratio.toFixed(2) : ratio < 99.95 ? ratio.toFixed(1) : exact(Math.round(ratio)));

/** How much more, in percent, never nothing where it is something. @param {number} ratio above 1 */
export function more(ratio) {
  const percent = 100 * (ratio - 1);
  return percent < 99.5 ? String(Number(percent.toPrecision(2))) : exact(Math.round(percent));
}

/**
 * How two costs compare, as a key of the answer's words and its number: where "1.00 times" would hide the difference,
 * in percent.
 * @param {number} msa @param {number} windows
 */
export function answerOf(msa, windows) {
  if (msa === windows) return { key: "answer_same", number: "" };
  const [dearer, ratio] = msa > windows ? ["answer_msa", msa / windows] : ["answer_windows", windows / msa];
  if (ratio >= 1.095) return { key: dearer, number: times(ratio) };
  return { key: `${dearer}_little`, number: more(ratio) };
}
