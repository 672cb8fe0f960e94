/**
 * The beam: attention rollout of one token of the last block, level by level, by absolute flow. In every block half of
 * a token's weight stays (the residual), half follows the mean over heads; a merged token divides equally.
 */

import { backThroughMerging, tokens } from "../../../kit/measures.js";
import { meanOf } from "../look.js";

/**
 * @typedef {import("../look.js").Block} Block
 * @typedef {{from: number, to: number, flow: number}} Edge tokens of the block's own map
 * @typedef {{edges: Edge[], out: Float32Array}} Level `out`: the weights on the block's input tokens
 */

const [LEAST, MOST, CUT, NOTHING] = [2e-4, 56, 0.25, 1e-7]; // of a flow; edges a level; √(flow / largest); of a weight
const [MANY, REST_MS, KEPT] = [12000, 120, 64]; // tokens of the first block; ms; beams

/**
 * @param {Block[]} blocks @param {number} token of the last block @returns {Level[]|null} null while one is missing
 */
export function flows(blocks, token) {
  if (blocks.some((block) => !meanOf(block))) return null;
  const [rows, columns] = blocks.at(-1).size;
  /** @type {Float32Array} */ let weight = new Float32Array(rows * columns);
  weight[token] = 1;
  /** @type {Level[]} */ const levels = [];
  for (let i = blocks.length - 1; i >= 0; i--) {
    levels[i] = through(blocks[i], weight);
    const merged = i > 0 && blocks[i - 1].stage !== blocks[i].stage;
    weight = merged ? backThroughMerging(blocks[i - 1].size, blocks[i].size, levels[i].out) : levels[i].out;
  }
  return levels;
}

/** @param {Block} block @param {Float32Array} weight @returns {Level} */
function through(block, weight) {
  const { N, unit } = block;
  const [map, to, out] = [meanOf(block), tokens(block), new Float32Array(weight.length)];
  /** @type {Edge[]} */ const edges = [];
  to.forEach((token, from) => {
    if (token < 0 || weight[token] < NOTHING) return;
    const first = from - (from % N);
    for (let k = 0; k < N; k++) {
      const key = to[first + k];
      if (key < 0) continue; // what goes to padding is lost
      const flow = weight[token] * (map[from * N + k] / (2 * unit) + (key === token ? 0.5 : 0));
      out[key] += flow;
      if (flow > LEAST) edges.push({ from: token, to: key, flow });
    }
  });
  return { edges: strongest(edges), out };
}

/** @param {Edge[]} edges @returns {Edge[]} */
function strongest(edges) {
  const found = edges.sort((a, b) => b.flow - a.flow).slice(0, MOST);
  return found.filter(({ flow }) => Math.sqrt(flow / found[0].flow) >= CUT);
}

/** The last beams, by token: to move back and forth costs nothing; of large maps they come when the hand rests. */
export class Beams {
  /** @type {Map<number, Level[]>} */ #kept = new Map();
  #of = "";
  #waiting = 0;

  /** @param {() => void} come called when one has come later */
  constructor(come) { this.come = come; }

  /** @param {import("../../../kit/trace.js").Trace} trace @param {number} token @returns {Level[]|null} */
  of({ id, blocks }, token) {
    if (id !== this.#of) { this.#kept.clear(); this.#of = id; }
    clearTimeout(this.#waiting);
    const kept = this.#kept.get(token);
    if (kept) return kept;
    const make = () => this.keep(token, flows(blocks, token));
    if (blocks[0].places.length <= MANY) return make();
    this.#waiting = window.setTimeout(() => { if (make()) this.come(); }, REST_MS);
    return null;
  }

  /** @param {number} token @param {Level[]|null} found */
  keep(token, found) {
    if (found) this.#kept.set(token, found);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value);
    return found;
  }
}
