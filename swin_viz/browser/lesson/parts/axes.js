/** One colour per axis, in sentences, formulas, code and shapes alike: H and W, N and M, nW, h, d, C. */

import { el } from "../../kit/dom.js";

const CLASSES = {
  H: "hw", W: "hw", "H×W": "hw", height: "hw", width: "hw", N: "n", M: "n", nW: "nw", h: "h", d: "d", C: "c",
};
// a letter that stands alone; W-MSA and x·W are other things
const IN_TEXT = /(?<![\w·])(nW|H×W|N|M|H|W|\d?C)(?![\wₒ-])/g;
const IN_CODE = /\b(nW|N|C|height|width)\b/g;
const IN_SHAPE = /\d?C|nW|\d+/g;

/** @param {string} text @param {RegExp} wanted @param {(found: string, i: number) => string|undefined} axisOf */
function pieces(text, wanted, axisOf) {
  /** @type {(Node|string)[]} */ const found = [];
  let [end, count] = [0, 0];
  for (const match of text.matchAll(wanted)) {
    const name = CLASSES[axisOf(match[0], count++)];
    if (match.index > end) found.push(text.slice(end, match.index));
    found.push(name ? el("b", { class: `ax-${name}` }, match[0]) : match[0]);
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push(text.slice(end));
  return found;
}

const plainAxis = (found) => found.replace(/^\d/, "");

/** A sentence or a part of a formula. @param {string} text */
export const axedText = (text) => pieces(text, IN_TEXT, plainAxis);

/**
 * What is wider than its place scrolls, and so can be reached by the keys too.
 * @param {HTMLElement} node
 */
export function reachable(node) {
  if (node.scrollWidth > node.clientWidth + 1) node.tabIndex = 0;
  else node.removeAttribute("tabindex");
}

/** A line of code. @param {string} line */
export const axedCode = (line) => pieces(line, IN_CODE, plainAxis);

/** A shape, whose numbers count `axes` in their order. @param {string} shape @param {string[]} axes */
export const axedShape = (shape, axes) => pieces(shape, IN_SHAPE, (_, i) => axes[i]);
