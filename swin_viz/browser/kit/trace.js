/**
 * The one place where a view reads a run: a message of engine/parts.py (`pack`) as named arrays, and a `Trace`.
 * Letters: N = M·M tokens of a window, nW windows, h heads. A token's place = row·W' + column in the padded map.
 */

import { clamp, largest } from "./maths.js";

const TYPES = {
  u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array,
  f4: Float32Array, f8: Float64Array,
};

/**
 * @typedef {Object} Message
 * @property {any} header all that is no array
 * @property {(name: string) => any} get a typed array, undefined where it did not come along
 * @property {(name: string) => boolean} has
 * @property {(name: string) => number[]} shape
 */

const PLANES = "p"; // before a type: numbers that come as all their first bytes, then all their second ones …

/** @param {Uint8Array} bytes @param {number} count @param {number} size of a number @returns {ArrayBuffer} */
function fromPlanes(bytes, count, size) {
  const found = new Uint8Array(count * size);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < count; i++) found[i * size + k] = bytes[k * count + i];
  }
  return found.buffer;
}

/** Read a packed message. Arrays are copied out on first use. @param {Uint8Array} bytes @returns {Message} */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  const made = new Map();
  const read = (code, at, count) => {
    const Type = TYPES[code.slice(-2)];
    if (code[0] === PLANES) return new Type(fromPlanes(bytes.subarray(at), count, Type.BYTES_PER_ELEMENT));
    const from = bytes.byteOffset + at;
    return new Type(bytes.buffer.slice(from, from + count * Type.BYTES_PER_ELEMENT));
  };
  const get = (name) => {
    if (!made.has(name) && name in header.arrays) {
      const [code, shape, offset] = header.arrays[name];
      const count = shape.reduce((a, b) => a * b, 1);
      made.set(name, read(code, start - bytes.byteOffset + offset, count));
    }
    return made.get(name);
  };
  return { header, get, has: (name) => name in header.arrays, shape: (name) => header.arrays[name]?.[1] };
}

/**
 * @typedef {Object} Meta a block's part of engine/trace.py's `describe`
 * @property {string} name @property {number} stage @property {number} block @property {[number, number]} size
 * @property {[number, number]} padded @property {[number, number]} shift @property {number} window
 * @property {number} heads @property {number} channels @property {number} pixels
 */

/** One block of a run: its geometry, and its attention if that came along. */
export class Block {
  /**
   * @param {Message} message @param {Meta} meta @param {string} prefix of the array names
   * @param {[number, number]} sides the picture's height and width
   * @param {number} unit the integer that stands for a share of 1
   */
  constructor(message, meta, prefix, sides, unit) {
    this.name = meta.name; // its module path
    this.stage = meta.stage;
    this.block = meta.block;
    this.size = meta.size; // H, W
    this.padded = meta.padded; // H', W'
    this.shift = meta.shift;
    this.window = meta.window; // M
    this.heads = meta.heads;
    this.channels = meta.channels;
    this.pixels = meta.pixels; // side of a token
    this.sides = sides;
    this.unit = unit;
    this.N = this.window * this.window;
    const array = (field) => message.get(`${prefix}${this.name}.${field}`);
    this.read = array;
    /** @type {Uint32Array} */ this.places = array("places");
    /** @type {Uint8Array} */ this.regions = array("regions");
    /** @type {Float32Array} */ this.maskKinds = array("mask_kinds");
    /** @type {Uint8Array} */ this.maskOf = array("mask_of");
    /** @type {Uint16Array|undefined} */ this.found = undefined;
    this.windows = this.places.length / this.N;
    this.slotOf = new Uint32Array(this.places.length); // place → window·N + slot
    this.places.forEach((place, slot) => { this.slotOf[place] = slot; });
    /** @type {Map<string, any>} what was computed of it once: see `once` */
    this.kept = new Map();
  }

  /** Attention, or undefined while it has not arrived. @returns {any} */
  get probs() { return (this.found ??= this.read("probs")); }

  /**
   * A value that is computed when first asked for.
   * @template T @param {string} key @param {() => T} make @returns {T}
   */
  once(key, make) {
    if (!this.kept.has(key)) this.kept.set(key, make());
    return this.kept.get(key);
  }

  /** Whether this block is shifted. */
  get shifted() { return this.shift[0] + this.shift[1] > 0; }

  /** Row and column of the token in a slot. @returns {[number, number]} */
  at(window, slot) {
    const place = this.places[window * this.N + slot];
    return [Math.floor(place / this.padded[1]), place % this.padded[1]];
  }

  /** Where a slot stands in the rolled map: what one sees who forgets to undo the shift. @returns {[number, number]} */
  rolledAt(window, slot) {
    const across = this.padded[1] / this.window;
    const row = Math.floor(window / across) * this.window + Math.floor(slot / this.window);
    return [row, (window % across) * this.window + (slot % this.window)];
  }

  /**
   * The token at a place of the picture.
   * @param {[number, number]} at parts of its height and width @returns {[number, number]}
   */
  tokenAt(at) {
    const place = (i) => clamp(Math.floor((at[i] * this.sides[i]) / this.pixels), 0, this.size[i] - 1);
    return [place(0), place(1)];
  }

  /**
   * A token's centre as parts of the picture's height and width, inside the picture.
   * @param {[number, number]} token @returns {[number, number]}
   */
  centreOf(token) {
    const part = (i) => Math.min(0.9999, ((token[i] + 0.5) * this.pixels) / this.sides[i]);
    return [part(0), part(1)];
  }

  /** Window and slot of the token at a row and column of the map. @returns {{window: number, slot: number}} */
  find(row, column) {
    const slot = this.slotOf[row * this.padded[1] + column];
    return { window: Math.floor(slot / this.N), slot: slot % this.N };
  }

  /** Whether a row and column are padding. */
  isPadding(row, column) { return row >= this.size[0] || column >= this.size[1]; }

  /** The mask's value for a pair of slots of a window: 0 where the pair may attend. */
  mask(window, query, key) { return this.maskKinds[(this.maskOf[window] * this.N + query) * this.N + key]; }

  /**
   * Attention of one query over its window's keys, of a head or of the mean over heads ("mean"), written into `out`.
   * Only where `probs` came along.
   * @param {number} window @param {number|"mean"} head @param {number} query @returns {Float32Array}
   */
  row(window, head, query, out = new Float32Array(this.N)) {
    const [first, last] = head === "mean" ? [0, this.heads - 1] : [head, head];
    const probs = /** @type {Uint16Array} */ (this.probs);
    out.fill(0);
    for (let h = first; h <= last; h++) {
      const start = ((window * this.heads + h) * this.N + query) * this.N;
      for (let k = 0; k < this.N; k++) out[k] += probs[start + k];
    }
    for (let k = 0; k < this.N; k++) out[k] /= this.unit * (last - first + 1);
    return out;
  }

  /**
   * The largest share in one window, or in the whole block (window null).
   * @param {number|"mean"} head @param {number|null} window
   */
  largest(head, window = null) {
    const [first, last] = window === null ? [0, this.windows - 1] : [window, window];
    const row = new Float32Array(this.N);
    let most = 0;
    for (let w = first; w <= last; w++) {
      for (let q = 0; q < this.N; q++) most = largest(this.row(w, head, q, row), most);
    }
    return most;
  }
}

/** A run: the picture and its blocks. */
export class Trace {
  /** @type {HTMLCanvasElement | null} */
  #photo = null;

  /**
   * @param {Message} message
   * @param {{config: any, unit: number, blocks: Meta[]}} description the header's part on this run
   * @param {string} prefix of the array names @param {string} id the run's name, for what is kept of it
   */
  constructor(message, description, prefix = "", id = "") {
    this.id = id;
    this.config = description.config;
    const [height, width] = message.shape(`${prefix}image`);
    this.height = height;
    this.width = width;
    /** @type {Uint8Array} */ this.pixels = message.get(`${prefix}image`);
    this.blocks = description.blocks.map((meta) => new Block(message, meta, prefix, [height, width], description.unit));
  }

  /** The picture as a canvas, made once. @returns {HTMLCanvasElement} */
  photo() {
    this.#photo ??= drawn(this.pixels, this.width, this.height);
    return this.#photo;
  }
}

/** @param {Uint8Array} pixels (height, width, 3) */
function drawn(pixels, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const data = new ImageData(width, height);
  data.data.fill(255); // opaque
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data.data[4 * i + c] = pixels[3 * i + c];
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(data, 0, 0);
  return canvas;
}
