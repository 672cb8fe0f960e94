/** A query's window by itself: its keys as the picture's own pixels, lit by what the query gives them. */

import { hatch, rgb, ring } from "../../kit/colour.js";
import { sized } from "../../kit/dom.js";
import { largest } from "../../kit/maths.js";
import { fillsOf, isHatched, LABEL, MARKS, shadeOf } from "../../kit/photo/marks.js";

/** @typedef {import("../../kit/trace.js").Trace} Trace */
/** @typedef {import("../../kit/trace.js").Block} Block */
/** @typedef {{light: boolean, dark: boolean}} Look */

const [DIGITS_PX, WORTH] = [24, 0.005]; // from which side of a cell it has a number, and from which share

/** All tiles of one query and size: the ground is the same below every head. */
export class Tiles {
  /** @type {Block} */ block;
  /** @type {Look} */ look;
  w = 0; // the window
  slot = 0; // the query's
  side = 0;
  #ground = document.createElement("canvas");
  #small = document.createElement("canvas");
  #key = "";

  /**
   * Another query, another size or look.
   * @param {Trace} trace @param {Block} block @param {[number, number]} query @param {number} side @param {Look} look
   */
  of(trace, block, query, side, look) {
    const { window: w, slot } = block.find(...query);
    Object.assign(this, { block, w, slot, side, look });
    const key = [trace.id, block.name, w, slot, side, devicePixelRatio, look.light, look.dark].join();
    if (key !== this.#key) this.drawGround(trace);
    this.#key = key;
  }

  /** Where a slot's cell is: x, y, width, height on whole pixels. @returns {[number, number, number, number]} */
  cell(slot) {
    const { block: { window: M }, side } = this;
    const [edge, ratio] = [(i) => Math.round((i * side * ratio) / M) / ratio, devicePixelRatio || 1];
    const [row, column] = [Math.floor(slot / M), slot % M];
    return [edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row)];
  }

  /** The window put together, padding and blocked keys hatched. @param {Trace} trace */
  drawGround(trace) {
    const { block, w, slot, side, look } = this;
    const [context, photo, from] = [sized(this.#ground, side, side), trace.photo(), block.pixels];
    const striped = hatch(context);
    context.fillStyle = striped;
    context.fillRect(0, 0, side, side);
    const mean = block.row(w, "mean", slot);
    for (let k = 0; k < block.N; k++) {
      const [[row, column], [x, y, width, height]] = [block.at(w, k), this.cell(k)];
      context.drawImage(photo, column * from, row * from, from, from, x, y, width, height);
      if (!isHatched({ blocked: block.mask(w, slot, k) !== 0, share: mean[k] })) continue;
      for (const [fill, opacity] of fillsOf({ blocked: true, share: 0 }, 1, look)) {
        context.globalAlpha = opacity;
        context.fillStyle = fill === "hatch" ? striped : fill;
        context.fillRect(x, y, width, height);
      }
      context.globalAlpha = 1;
    }
  }

  /**
   * One head's shares of the query.
   * @param {HTMLCanvasElement} canvas @param {Float32Array} shares
   */
  paint(canvas, shares) {
    const { block, w, slot, side } = this;
    const context = sized(canvas, side, side);
    context.drawImage(this.#ground, 0, 0, side, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.shaded(shares), 0, 0, side, side);
    for (let k = 0; k < block.N; k++) if (block.isPadding(...block.at(w, k))) this.padding(context, k);
    const [x, y, width, height] = this.cell(slot);
    for (const [colour, wide] of /** @type {const} */ ([[MARKS.query[2], 4], [MARKS.query[0], 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.strokeRect(x + 2, y + 2, width - 4, height - 4);
    }
    return context;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} slot */
  padding(context, slot) {
    const [x, y, width] = this.cell(slot);
    ring(context, x, y, width);
  }

  /** Over the ground, a pixel a key: black where there is less light; or colours. @param {Float32Array} shares */
  shaded(shares) {
    const { block: { window: M, N }, block, w, slot, look: { light, dark } } = this;
    const [high, image] = [largest(shares), new ImageData(M, M)];
    for (let k = 0; k < N; k++) {
      if (isHatched({ blocked: block.mask(w, slot, k) !== 0, share: shares[k] })) continue;
      if (light) image.data[4 * k + 3] = 255 * shadeOf(shares[k], high, dark);
      else image.data.set([...rgb("share", shares[k], 0, high), 255], k * 4);
    }
    if (this.#small.width !== M) Object.assign(this.#small, { width: M, height: M });
    this.#small.getContext("2d").putImageData(image, 0, 0);
    return this.#small;
  }

  /** Whether cells are so large that numbers fit. */
  get readable() { return this.side / this.block.window >= DIGITS_PX; }

  /** Each weight in per cent on its cell. @param {CanvasRenderingContext2D} context @param {Float32Array} shares */
  number(context, shares) {
    const high = largest(shares);
    [context.textAlign, context.textBaseline, context.lineJoin] = ["center", "middle", "round"];
    for (let k = 0; k < shares.length; k++) {
      if (shares[k] < WORTH) continue;
      const [[x, y, width, height], share] = [this.cell(k), 100 * shares[k]];
      const text = share.toFixed(share < 9.95 ? 1 : 0);
      context.font = `${shares[k] > high / 2 ? 700 : 500} 12px ${LABEL.font}`;
      context.lineWidth = 3;
      context.strokeStyle = "rgba(8,10,13,.85)";
      context.strokeText(text, x + width / 2, y + height / 2 + 0.5);
      context.fillStyle = "#fff";
      context.fillText(text, x + width / 2, y + height / 2 + 0.5);
    }
  }
}
