/** Where the tiles of the stack stand, and how one is painted: the block's tokens as a mosaic, its window as light. */

import { isHatched, outline, shadeOf } from "../../../kit/photo/marks.js";

/**
 * @typedef {import("../../../kit/trace.js").Trace} Trace @typedef {import("../look.js").Block} Block
 * @typedef {import("../look.js").Look} Look @typedef {import("../look.js").Place} Place
 * @typedef {Object} Tile
 * @property {number} index of its block @property {number} x @property {number} y its picture's upper left corner
 * @property {[number, number]} u its upper edge, x and y @property {[number, number]} v its left edge
 * @property {number} deck how many pairs of blocks stand here @property {number} pair which of them this one is
 */

const TILE = { high: 104, skew: 46, pitch: 131, half: 64, label: 22, part: 0.385, room: 656, most: 1.6 }; // CSS pixels
const SMALL = { gap: 10, top: 104, label: 26 }; // on a phone
const [SIDE, DIM] = [256, "rgba(11,13,16,.56)"]; // the most pixels of a painted tile; what lies over its mosaic

/**
 * The blocks that are seen: of every stage its front pair.
 * @param {Block[]} blocks @param {Map<number, number>} fronts
 */
export function seen(blocks, fronts) {
  return [...blocks.keys()].filter((i) => Math.floor(blocks[i].block / 2) === (fronts.get(blocks[i].stage) ?? 0));
}

/**
 * W on the left, SW on the right and half a step higher, the last stage on top; on a phone in two rows.
 * @param {Block[]} blocks @param {Map<number, number>} fronts stage → its pair in front
 * @param {{width: number, height: number, narrow: boolean, aspect: number}} room `aspect`: of the picture
 * @returns {Tile[]}
 */
export function tilesOf(blocks, fronts, room) {
  const stages = blocks.at(-1).stage + 1;
  const place = room.narrow ? narrow(stages, room) : zigzag(stages, room);
  return seen(blocks, fronts).map((index) => {
    const { stage, block } = blocks[index];
    const pairs = Math.ceil(blocks.filter((each) => each.stage === stage).length / 2);
    return { index, ...place(stage, block % 2), deck: pairs, pair: Math.floor(block / 2) };
  });
}

/** @returns {(stage: number, second: number) => {x: number, y: number, u: Place, v: Place}} */
function zigzag(stages, { width, height, aspect }) {
  const scale = Math.min(TILE.most, height / TILE.room, (3 * height) / (TILE.room * Math.max(1, stages - 1)));
  const [high, pitch] = [TILE.high * scale, TILE.pitch * scale];
  const wide = TILE.part * width;
  const [across, down] = [wide * Math.min(1, aspect), high * Math.min(1, 1 / aspect)];
  const top = height - TILE.label - high - Math.max(3, stages - 1) * pitch; // of the last stage's first block
  const skew = (TILE.skew * down) / TILE.high;
  return (stage, second) => ({
    x: (second ? width - wide - 2 : TILE.skew * scale + 2) + (wide - across) / 2,
    y: top + pitch * (stages - 1 - stage) - second * TILE.half * scale + high - down,
    u: [across, 0], v: [-skew, down],
  });
}

function narrow(stages, { width, aspect }) {
  const side = Math.min(82, (width - SMALL.gap * (stages - 1)) / stages);
  const step = (width - side) / Math.max(1, stages - 1);
  const [across, down] = [side * Math.min(1, aspect), side * Math.min(1, 1 / aspect)];
  return (stage, second) => ({
    x: stage * step + (side - across) / 2,
    y: SMALL.top + (second ? 0 : side + SMALL.label) + side - down,
    u: /** @type {Place} */ ([across, 0]), v: /** @type {Place} */ ([0, down]),
  });
}

/** A point of a tile, by parts of its picture across and down. @param {Tile} tile @returns {[number, number]} */
export const pointOf = ({ x, y, u, v }, across, down) => [x + u[0] * across + v[0] * down,
  y + u[1] * across + v[1] * down];

/** The same the other way: [across, down]. @param {Tile} tile @returns {[number, number]} */
export function partsOf({ x, y, u, v }, px, py) {
  const down = (py - y) / v[1];
  return [(px - x - v[0] * down) / u[0], down];
}

/** The tile at a point, and where on it. @param {Tile[]} tiles */
export function hit(tiles, px, py) {
  for (const tile of [...tiles].reverse()) {
    const [across, down] = partsOf(tile, px, py);
    if (across >= 0 && across < 1 && down >= 0 && down < 1) return { tile, at: /** @type {Place} */ ([down, across]) };
  }
  return null;
}

/** One block's tile, painted flat; kept until its query changes. */
export class Painted {
  #key = "";
  #of = "";
  canvas = document.createElement("canvas");
  mosaic = document.createElement("canvas");
  /** @type {Place[]} */ cells = [];

  /** @param {Trace} trace @param {Block} block @param {Look|null} look @returns {HTMLCanvasElement} */
  paint(trace, block, look) {
    const key = [trace.id, look ? look.window * block.N + look.slot : "blank"].join();
    if (key === this.#key) return this.canvas;
    if (trace.id !== this.#of) this.ground(trace, block);
    [this.#key, this.#of] = [key, trace.id];
    const scale = Math.min(1, SIDE / Math.max(trace.width, trace.height));
    const [width, height] = [trace.width, trace.height].map((side) => Math.round(side * scale));
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext("2d");
    const side = block.pixels * scale;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.mosaic, 0, 0, this.mosaic.width * side, this.mosaic.height * side);
    this.cells = [];
    if (look) this.light(context, trace, block, look, side);
    return this.canvas;
  }

  /** The picture, one pixel a token, dimmed. @param {Trace} trace @param {Block} block */
  ground(trace, { size: [height, width], pixels }) {
    Object.assign(this.mosaic, { width, height });
    const context = this.mosaic.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(trace.photo(), 0, 0, width * pixels, height * pixels, 0, 0, width, height);
    context.fillStyle = DIM;
    context.fillRect(0, 0, width, height);
  }

  /** The window's keys in their own pixels, the brighter the more they are looked at. */
  light(context, trace, /** @type {Block} */ block, /** @type {Look} */ { window, slot, shares, high }, side) {
    const px = block.pixels;
    this.cells = Array.from(shares, (_, k) => block.at(window, k));
    this.cells.forEach(([row, column], k) => {
      if (block.isPadding(row, column)) return;
      const blocked = isHatched({ blocked: block.mask(window, slot, k) !== 0, share: shares[k] });
      const box = /** @type {const} */ ([column * side, row * side, side, side]);
      context.drawImage(trace.photo(), column * px, row * px, px, px, ...box);
      context.fillStyle = `rgba(0,0,0,${blocked ? 0.8 : shadeOf(shares[k], high, true)})`;
      context.fillRect(...box);
    });
  }
}

/** Where a row (0) or a column (1) of the map begins, as a part of the picture. @param {Block} block */
export const partOf = ({ pixels, sides }, axis, place) => Math.min(1, (place * pixels) / sides[axis]);

/** The lines between windows, as parts across and down. @param {Block} block @returns {[number[], number[]]} */
export function bordersOf(block) {
  const { size, shift, window } = block;
  const along = (axis) => {
    const found = [];
    for (let k = shift[axis] || window; k < size[axis]; k += window) found.push(partOf(block, axis, k));
    return found;
  };
  return [along(1), along(0)];
}

/**
 * The sides of a window on the picture, from end to end, as parts [across, down, across, down].
 * @param {Block} block @param {Place[]} cells
 */
export function sidesOf(block, cells) {
  const inside = cells.filter((place) => !block.isPadding(...place));
  return outline(inside).map((side) => [1, 0, 3, 2].map((i) => partOf(block, i % 2, side[i])));
}
