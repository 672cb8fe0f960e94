/** Numbers of a whole block, computed from its attention when first asked for; engine/maps.py defines the same. */

/** @typedef {import("./trace.js").Block} Block */
/** @typedef {number|"mean"} Head the mean over heads */
/**
 * @typedef {{w: number, q: number, token: number, shares: Float32Array, first: number}} Row
 *   of a real query: its window, slot and place, and its window's first slot
 */

/**
 * Each slot's place in the unpadded map, −1 for padding: kept once computed.
 * @param {Block} block @returns {Int32Array}
 */
export function tokens(block) {
  return block.once("tokens", () => Int32Array.from(block.places, (place) => {
    const [row, column] = [Math.floor(place / block.padded[1]), place % block.padded[1]];
    return block.isPadding(row, column) ? -1 : row * block.size[1] + column;
  }));
}

/** Visit every real query's row. @param {Block} block @param {Head} head @param {(row: Row) => void} visit */
function eachRow(block, head, visit) {
  const [to, shares] = [tokens(block), new Float32Array(block.N)]; // one row, used again: a million would be a pause
  for (let w = 0; w < block.windows; w++) {
    for (let q = 0; q < block.N; q++) {
      const [first, token] = [w * block.N, to[w * block.N + q]];
      if (token >= 0) visit({ w, q, token, shares: block.row(w, head, q, shares), first });
    }
  }
}

/** Attention received by every real token: the sum, over the real queries of its window, of what they give it. */
function received(block, head) {
  const [to, out] = [tokens(block), new Float32Array(block.size[0] * block.size[1])];
  eachRow(block, head, ({ shares, first }) => {
    for (let k = 0; k < block.N; k++) if (to[first + k] >= 0) out[to[first + k]] += shares[k];
  });
  return out;
}

/** Entropy of every real query's shares, as a part of that of a uniform choice among the keys it may attend to. */
function entropy(block, head) {
  const out = new Float32Array(block.size[0] * block.size[1]);
  eachRow(block, head, ({ w, q, token, shares }) => {
    let sum = 0;
    let allowed = 0;
    for (let k = 0; k < block.N; k++) {
      if (shares[k] > 0) sum -= shares[k] * Math.log(shares[k]);
      if (block.mask(w, q, k) === 0) allowed++;
    }
    out[token] = allowed > 1 ? sum / Math.log(allowed) : 0;
  });
  return out;
}

/** Mean distance, in tokens, between every real query and its keys, weighted by share. */
function distance(block, head) {
  const out = new Float32Array(block.size[0] * block.size[1]);
  const rows = Float32Array.from(block.places, (place) => Math.floor(place / block.padded[1]));
  const columns = Float32Array.from(block.places, (place) => place % block.padded[1]);
  eachRow(block, head, ({ q, token, shares, first }) => {
    const far = (k) => Math.sqrt((rows[k] - rows[first + q]) ** 2 + (columns[k] - columns[first + q]) ** 2);
    out[token] = shares.reduce((sum, share, k) => sum + share * far(first + k), 0);
  });
  return out;
}

const MEASURES = { received, entropy, distance };

/**
 * A measure of a block's head, kept once computed.
 * @param {Block} block @param {Head} head @param {keyof typeof MEASURES} name
 */
export function measure(block, head, name) {
  return block.once(`${name}/${head}`, () => MEASURES[name](block, head));
}

/**
 * Attention rollout of one token of a block back to the first block's tokens (Abnar and Zuidema 2020, adapted):
 * each block hands half of a token's weight to itself (the residual) and half along the mean over heads of its
 * attention; a merged token's weight is divided equally among its real children. What flows into padding is lost to
 * the picture and reported.
 * @param {Block[]} blocks @param {number} index of the token's block @param {[number, number]} token
 * @returns {{values: Float32Array, padding: number}} `values` on the first block's tokens
 */
export function rollout(blocks, index, [row, column]) {
  let weight = new Float32Array(blocks[index].size[0] * blocks[index].size[1]);
  weight[row * blocks[index].size[1] + column] = 1;
  let lost = 0;
  for (let b = index; b >= 0; b--) {
    const { out, padding } = backThroughBlock(blocks[b], weight);
    lost += padding;
    const merged = b > 0 && blocks[b - 1].stage !== blocks[b].stage;
    weight = merged ? backThroughMerging(blocks[b - 1].size, blocks[b].size, out) : out;
  }
  return { values: weight, padding: lost };
}

/** What a block's tokens hand on: mean shares over heads, (nW, N, N). */
function handing(block) {
  const { N, heads, probs, windows, unit } = block;
  const mean = new Float32Array(windows * N * N);
  for (let i = 0; i < mean.length; i++) {
    const start = Math.floor(i / (N * N)) * heads * N * N + (i % (N * N));
    for (let h = 0; h < heads; h++) mean[i] += probs[start + h * N * N] / (heads * unit);
  }
  return mean;
}

/** @param {Block} block @param {Float32Array} weight */
function backThroughBlock(block, weight) {
  const { N } = block;
  const [mean, to] = [block.once("handing", () => handing(block)), tokens(block)];
  const out = new Float32Array(weight.length);
  let padding = 0;
  to.forEach((token, from) => {
    if (token < 0 || weight[token] === 0) return;
    const half = weight[token] / 2;
    out[token] += half;
    const first = from - (from % N); // its window's first slot
    for (let k = 0; k < N; k++) {
      const part = half * mean[from * N + k];
      if (to[first + k] < 0) padding += part;
      else out[to[first + k]] += part;
    }
  });
  return { out, padding };
}

export function backThroughMerging([rows, columns], merged, weight) {
  const out = new Float32Array(rows * columns);
  for (let token = 0; token < weight.length; token++) {
    if (weight[token] === 0) continue;
    const [r, c] = [2 * Math.floor(token / merged[1]), 2 * (token % merged[1])];
    const children = [[r, c], [r + 1, c], [r, c + 1], [r + 1, c + 1]].filter(([y, x]) => y < rows && x < columns);
    for (const [y, x] of children) out[y * columns + x] += weight[token] / children.length;
  }
  return out;
}
