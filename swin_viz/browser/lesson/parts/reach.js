/** How far one token's information travels through windows, with and without the shift. */

/** @typedef {import("../../kit/trace.js").Block} Block */

/** Numbers by place: equal for tokens that share a window and region. @param {Block} block @returns {Int32Array} */
function joined(block) {
  const group = new Int32Array(block.places.length);
  block.places.forEach((place, slot) => { group[place] = Math.floor(slot / block.N) * 16 + block.regions[slot]; });
  return group;
}

/** The same, had the map plain windows. @param {Block} block @returns {Int32Array} */
function unshifted({ padded: [rows, columns], window: M }) {
  const group = (_, place) => Math.floor(Math.floor(place / columns) / M) * columns + Math.floor((place % columns) / M);
  return Int32Array.from({ length: rows * columns }, group);
}

/**
 * Which tokens share a window and region, from a block's geometry; without the shift, plain windows of the map.
 * @param {Block} block @param {boolean} shifted @returns {Int32Array} by place in the padded map
 */
export function neighbours(block, shifted) {
  return block.once(`neighbours/${shifted}`, () => (shifted ? joined(block) : unshifted(block)));
}

/**
 * The tokens that one token of the first map can have influenced after every block.
 * @param {Block[]} blocks @param {number[]} token row and column @param {boolean} shifted
 * @returns {Uint8Array[]} per block, over its unpadded map
 */
export function reachOf(blocks, [row, column], shifted) {
  let { size } = blocks[0];
  let reached = new Uint8Array(size[0] * size[1]);
  reached[row * size[1] + column] = 1;
  return blocks.map((block, b) => {
    if (b && blocks[b - 1].stage !== block.stage) reached = merged(reached, size, block.size);
    ({ size } = block);
    reached = spread(reached, block, neighbours(block, shifted));
    return reached;
  });
}

/** All tokens that share a group with one that is reached. */
function spread(reached, { size: [, columns], padded }, group) {
  const of = (i) => group[Math.floor(i / columns) * padded[1] + (i % columns)];
  const hit = new Set();
  reached.forEach((yes, i) => { if (yes) hit.add(of(i)); });
  return reached.map((_, i) => Number(hit.has(of(i))));
}

/** A new token is reached if one of its four is. */
function merged(reached, [, columns], [newRows, newColumns]) {
  const out = new Uint8Array(newRows * newColumns);
  const of = (i) => (Math.floor(i / columns) >> 1) * newColumns + ((i % columns) >> 1);
  reached.forEach((yes, i) => { if (yes) out[of(i)] = 1; });
  return out;
}

/** The share of tokens that are marked. @param {Uint8Array} reached */
export const shareOf = (reached) => reached.reduce((a, b) => a + b, 0) / reached.length;
