/**
 * The one place where a view reads a run: a message of engine/parts.py (`pack`) as named arrays, and a `Trace`.
 * Letters: N = M·M tokens of a window, nW windows, h heads. A token's place = row·W' + column in the padded map.
 */

const TYPES = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };
const UNIT = 65535; // the integer that stands for a share of 1

/** @typedef {{header: Object, get: (name: string) => any, has: (name: string) => boolean, shape: (name: string) => number[]}} Message */

/** Read a packed message. Arrays are copied out on first use. @param {Uint8Array} bytes @returns {Message} */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  const made = new Map();
  const get = (name) => {
    if (!made.has(name) && name in header.arrays) {
      const [code, shape, offset] = header.arrays[name];
      const count = shape.reduce((a, b) => a * b, 1);
      const Type = TYPES[code];
      made.set(name, new Type(bytes.buffer.slice(start + offset, start + offset + count * Type.BYTES_PER_ELEMENT)));
    }
    return made.get(name);
  };
  return { header, get, has: (name) => name in header.arrays, shape: (name) => header.arrays[name]?.[1] };
}

/** One block of a run: its geometry, and its attention if that came along. */
export class Block {
  /** @param {Message} message @param {Object} meta @param {string} prefix of the array names */
  constructor(message, meta, prefix = "") {
    Object.assign(this, meta);
    this.N = this.window * this.window;
    const array = (field) => message.get(`${prefix}${this.name}.${field}`);
    this.places = array("places");
    this.regions = array("regions");
    this.maskKinds = array("mask_kinds");
    this.maskOf = array("mask_of");
    this.probs = array("probs"); // undefined where it did not come along
    this.windows = this.places.length / this.N;
    this.slotOf = new Uint32Array(this.places.length); // place → window·N + slot
    this.places.forEach((place, slot) => { this.slotOf[place] = slot; });
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

  /** Window and slot of the token at a row and column of the map. @returns {{window: number, slot: number}} */
  find(row, column) {
    const slot = this.slotOf[row * this.padded[1] + column];
    return { window: Math.floor(slot / this.N), slot: slot % this.N };
  }

  /** Whether a row and column are padding. */
  isPadding(row, column) { return row >= this.size[0] || column >= this.size[1]; }

  /** The mask's value for a pair of slots of a window: 0 where the pair may attend. */
  mask(window, query, key) { return this.maskKinds[(this.maskOf[window] * this.N + query) * this.N + key]; }

  /** Attention of one query over its window's keys, of a head or of the mean over heads ("mean"), written into `out`. @returns {Float32Array} */
  row(window, head, query, out = new Float32Array(this.N)) {
    const [first, last] = head === "mean" ? [0, this.heads - 1] : [head, head];
    out.fill(0);
    for (let h = first; h <= last; h++) {
      const start = ((window * this.heads + h) * this.N + query) * this.N;
      for (let k = 0; k < this.N; k++) out[k] += this.probs[start + k];
    }
    for (let k = 0; k < this.N; k++) out[k] /= UNIT * (last - first + 1);
    return out;
  }

  /** The largest share in one window, or in the whole block (window null). */
  largest(head, window = null) {
    const windows = window === null ? [...Array(this.windows).keys()] : [window];
    let most = 0;
    if (head === "mean") {
      const row = new Float32Array(this.N);
      for (const w of windows) {
        for (let q = 0; q < this.N; q++) {
          this.row(w, "mean", q, row);
          for (let k = 0; k < this.N; k++) if (row[k] > most) most = row[k];
        }
      }
      return most;
    }
    for (const w of windows) {
      const start = (w * this.heads + head) * this.N * this.N;
      for (let i = start; i < start + this.N * this.N; i++) if (this.probs[i] > most) most = this.probs[i];
    }
    return most / UNIT;
  }
}

/** A run: the picture and its blocks. */
export class Trace {
  /** @param {Message} message @param {Object} description the header's part on this run @param {string} prefix */
  constructor(message, description, prefix = "") {
    this.config = description.config;
    this.top = description.top;
    const [height, width] = message.shape(`${prefix}image`);
    this.height = height;
    this.width = width;
    this.pixels = message.get(`${prefix}image`);
    this.blocks = description.blocks.map((meta) => new Block(message, meta, prefix));
  }

  /** The picture as a canvas, made once. @returns {HTMLCanvasElement} */
  photo() {
    if (!this.canvas) {
      this.canvas = Object.assign(document.createElement("canvas"), { width: this.width, height: this.height });
      const data = new ImageData(this.width, this.height);
      for (let i = 0, j = 0; i < this.pixels.length; i += 3, j += 4) {
        data.data[j] = this.pixels[i];
        data.data[j + 1] = this.pixels[i + 1];
        data.data[j + 2] = this.pixels[i + 2];
        data.data[j + 3] = 255;
      }
      this.canvas.getContext("2d").putImageData(data, 0, 0);
    }
    return this.canvas;
  }
}
