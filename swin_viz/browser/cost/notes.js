/** What is said below the numbers: where the two are equal, which term leads, and what an implementation pads. */

import { exact, more, padded, short, sumOf, times } from "./terms.js";

/** @typedef {{words: string, attributes: Record<string, any>}} Note */

const sign = (a, b) => Math.sign(a - b) + 1; // 0 below, 1 here, 2 above

/** @param {import("./curves.js").What} what @returns {Note[]} */
export function notesOf(what) {
  const { at: { h, w, c, m }, say } = what;
  const [tokens, n, c2] = [h * w, m ** 2, 2 * c];
  const equal = ["equal_below", "equal_here", "equal_above"][sign(tokens, n)];
  const overtaken = ["not_overtaken", "overtaken_here", "overtaken"][sign(tokens, c2)];
  const lines = [say(equal, { tokens: exact(tokens), n: exact(n) }),
    say(overtaken, { tokens: exact(tokens), c2: exact(c2) }), ...padding(what)];
  if (m > Math.max(h, w)) lines.push(say("window_too_large", { m }));
  return [windows(what), ...lines.map((words) => ({ words, attributes: {} }))];
}

/** One window times their number is the whole. @param {import("./curves.js").What} what @returns {Note} */
function windows({ terms, at, factor, say, unit }) {
  const { h, w, m } = at;
  const one = sumOf(terms.one_window, at) * factor;
  const count = Math.ceil(h / m) * Math.ceil(w / m);
  const formula = exact(sumOf(terms.w_msa, at) * factor);
  const numbers = { one: exact(one), count: exact(count), total: exact(one * count), formula, unit };
  const words = say(h % m || w % m ? "one_to_all_padded" : "one_to_all", { h, w, m, ...numbers });
  return { words, attributes: { "data-windows": count, "data-all": one * count } };
}

/** What the padding of full windows costs, and whether windows save anything then. */
function padding(/** @type {import("./curves.js").What} */ { terms, at, factor, say, unit }) {
  const { h: h2, w: w2 } = padded(at);
  if (h2 === at.h && w2 === at.w) return [];
  const [msa, formula] = ["msa", "w_msa"].map((group) => sumOf(terms[group], at) * factor);
  const real = sumOf(terms.w_msa, padded(at)) * factor;
  const fields = { ...at, h2, w2, real: short(real), unit, more: more(real / formula) };
  const then = ["padded_dearer", "padded_same", "padded_saves"][sign(msa, real)];
  const ratio = times(Math.max(msa, real) / Math.min(msa, real));
  return [`${say("padded_to", fields)} ${say(then, { ratio, msa: short(msa), unit })}`];
}
