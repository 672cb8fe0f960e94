/** What the Attention page shows, as data: kept within the run that is there, and what a key makes of it. */

import { ARROWS } from "../kit/dom.js";
import { clamp } from "../kit/maths.js";

/**
 * @typedef {import("../kit/trace.js").Trace} Trace
 * @typedef {import("../kit/trace.js").Block} Block
 * @typedef {number|"mean"} Head
 * @typedef {{block: number, head: Head}} Choice a block's index and a head
 */

/**
 * @typedef {Object} State as browser/attention/view.py checks it
 * @property {number} block index @property {Head} head
 * @property {[number, number]} at query, as parts of the picture's height and width
 * @property {boolean} pinned @property {string} layer @property {string} scope @property {boolean} grid
 * @property {boolean} rolled show the rolled map @property {boolean} wrong paint without undoing the shift
 * @property {boolean} colours instead of light @property {boolean} arcs to the strongest keys
 * @property {string} chart entropy or distance @property {null|Choice} other what to compare with
 */

const SWITCHES = { c: "colours", g: "grid", r: "rolled" };

/** A block and a head that there are. @param {Choice} choice @param {Trace} trace @returns {Choice} */
function existing({ block, head }, trace) {
  const index = clamp(block, 0, trace.blocks.length - 1);
  return { block: index, head: head === "mean" ? head : clamp(head, 0, trace.blocks[index].heads - 1) };
}

/**
 * What a choice is compared with at first: the other block of its pair, or in a stage of one block another head.
 * @param {Choice} choice @param {Trace} trace @returns {Choice}
 */
export function besides({ block, head }, { blocks }) {
  const pair = block + (blocks[block].block % 2 ? -1 : 1);
  if (blocks[pair]?.stage === blocks[block].stage) return { block: pair, head };
  return { block, head: head === "mean" ? 0 : (head + 1) % blocks[block].heads };
}

/**
 * The state, with blocks and heads that there are.
 * @param {State} state @param {Trace} trace @param {Trace} second of the other picture @returns {State}
 */
export function within(state, trace, second) {
  return { ...state, ...existing(state, trace), other: state.other && existing(state.other, second) };
}

/**
 * What a key on a picture changes, or null: the query for all pictures, block and head for this one.
 * @param {{key: string, shiftKey: boolean}} event @param {State} state @param {Choice} choice @param {Block} block
 * @returns {{shared: Partial<State>} | {own: Partial<Choice>} | null}
 */
export function keyed({ key, shiftKey }, state, choice, block) {
  const move = ARROWS[key];
  if (move) {
    const step = shiftKey ? block.window : 1;
    const token = block.tokenAt(state.at).map((part, i) => clamp(part + move[i] * step, 0, block.size[i] - 1));
    return { shared: { at: block.centreOf(/** @type {[number, number]} */ (token)), pinned: true } };
  }
  if (key === "Escape") return state.pinned ? { shared: { pinned: false } } : null; // else it is the page's
  if (key === "Enter" || key === " ") return { shared: { pinned: !state.pinned } };
  if (key in SWITCHES) return { shared: { [SWITCHES[key]]: !state[SWITCHES[key]] } };
  if (key === "[" || key === "]") return { own: { block: choice.block + (key === "]" ? 1 : -1) } };
  if (key === "m") return { own: { head: "mean" } };
  if (key === "h") return { own: { head: choice.head === "mean" ? 0 : (choice.head + 1) % block.heads } };
  return /^[1-9]$/.test(key) ? { own: { head: Number(key) - 1 } } : null;
}

/** Keys that are meant wherever the focus is. @param {string} key */
export const isAnywhere = (key) => key === "[" || key === "]" || key in SWITCHES;
