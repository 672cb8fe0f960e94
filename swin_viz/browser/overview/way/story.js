/**
 * The opening: ten seconds, once, a pure function of time. Grid → a border lies between two tokens → the picture rolls,
 * and they stand in one window → the arc → the beam → "your turn". What is not so in a picture is not told.
 */

import { clamp } from "../../kit/maths.js";
import { headOf, objectAt, rowOf } from "./look.js";

/**
 * @typedef {import("./look.js").Block} Block @typedef {import("./look.js").Place} Place
 * @typedef {Object} Told what there is to tell
 * @property {number} plain index of the block with regular windows @property {number|null} shifted of the next one
 * @property {{query: Place, key: Place, share: number}|null} pair tokens that the shift brings together
 * @typedef {Object} Frame what is drawn: parts from 0 to 1, but for
 * @property {number} block index @property {string} line what is said @property {number} up tiles that have risen
 * @property {number} grid @property {number} light @property {number} border @property {number} roll
 * @property {number} arc @property {number} beam @property {number} answer
 * @property {boolean} lit whether tiles show light @property {boolean} marks whether the two tokens are ringed
 */

export const END = 10; // seconds
export const STILLS = [3.6, 5.7, 9.95]; // for who wants no motion: moments that say it all
const NOTED = 0.1; // the least weight that is worth an arc of its own

/** A part of the way from one second to another. */
const part = (t, from, to) => clamp((t - from) / (to - from), 0, 1);
const ease = (x) => (x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2);
const eased = (t, from, to) => ease(part(t, from, to));

/** @param {Told} told @returns {[number, string][]} from when on a sentence is said */
function lines({ shifted, pair }) {
  if (shifted === null) return [[0, "story_grid"], [4.3, "story_beam"]];
  if (!pair) return [[0, "story_grid"], [4.3, "story_roll"], [5.5, "story_others"], [6.6, "story_beam"]];
  return [[0, "story_grid"], [2.3, "story_border"], [4.3, "story_roll"], [5.5, "story_both"], [6.6, "story_arc"],
    [8.2, "story_beam"]];
}

/** What is drawn at a moment. @param {number} t seconds @param {Told} told @param {number} tiles @returns {Frame} */
export function frame(t, told, tiles) {
  const { plain, shifted, pair } = told;
  const rolls = shifted !== null && t >= 4.3;
  const line = lines(told).filter(([from]) => from <= t).at(-1)[1];
  const early = pair && t < 4.3;
  return {
    line,
    block: rolls ? shifted : plain,
    up: tiles * part(t, 0.2, 2.2),
    lit: t > 2.3,
    grid: eased(t, 0.3, 2),
    marks: Boolean(pair) && t > 2.2 && t < 6.5,
    light: early ? eased(t, 2.2, 2.9) : eased(t, 6.5, 6.9),
    border: early ? eased(t, 3, 3.6) : 0,
    roll: rolls ? eased(t, 4.4, 5.4) - eased(t, 5.9, 6.5) : 0,
    arc: part(t, 6.7, 7.5),
    beam: part(t, 8.1, 9.5),
    answer: eased(t, 9.3, 9.8),
  };
}

/** What is drawn when nothing is told. @param {number} block @param {number} tiles @returns {Frame} */
export const rest = (block, tiles) => ({
  block, line: "", up: tiles, lit: true, grid: 1, marks: false, light: 1, border: 0, roll: 0, arc: 1, beam: 1,
  answer: 1,
});

/**
 * What a run has to tell, in the stage of one of its blocks.
 * @param {Block[]} blocks @param {number} index of the block @param {any} scene its objects, where they are known
 * @returns {Told}
 */
export function toldOf(blocks, index, scene) {
  const mine = [...blocks.keys()].filter((i) => blocks[i].stage === blocks[index].stage);
  const plain = mine[0];
  const shifted = mine.find((i) => blocks[i].shifted) ?? null;
  const pair = shifted === null || !scene?.cue ? null : pairOf(blocks[plain], blocks[shifted], scene);
  return { plain, shifted, pair };
}

/** Tokens of the target and of the cue that a border parts, and that one window holds in the shifted block. */
function pairOf(/** @type {Block} */ plain, /** @type {Block} */ shifted, { cue, target }) {
  const map = headOf(shifted);
  if (!map) return null;
  const [queries, keys] = [target, cue].map((object) => placesOf(shifted, object));
  /** @type {Told["pair"] & {whole: boolean}|null} */ let best = null;
  for (const query of queries) {
    const { window, slot } = shifted.find(...query);
    const shares = rowOf(shifted, map, window, slot);
    const whole = isWhole(shifted, window);
    for (const key of keys) {
      const other = shifted.find(...key);
      const together = other.window === window && shifted.mask(window, slot, other.slot) === 0;
      if (!together || plain.find(...query).window === plain.find(...key).window) continue;
      const share = shares[other.slot];
      if (share < NOTED || (best?.whole && !whole)) continue;
      if (!best || share > best.share || (whole && !best.whole)) best = { query, key, share, whole };
    }
  }
  return best;
}

/** Whether a window is one piece of the picture: those that the roll joins from several are harder to see. */
function isWhole(/** @type {Block} */ { regions, N }, window) {
  const mine = regions?.subarray(window * N, (window + 1) * N) ?? [0];
  return mine.every((region) => region === mine[0]);
}

/** @param {Block} block @returns {Place[]} */
function placesOf(block, object) {
  const [rows, columns] = block.size;
  const all = Array.from({ length: rows * columns }, (_, i) => /** @type {Place} */ ([Math.floor(i / columns),
    i % columns]));
  return all.filter((place) => objectAt(block, place) === object);
}
