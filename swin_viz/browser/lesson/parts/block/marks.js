/** What the block's parts are drawn with: rows of numbers in colour, histograms, bars, small maps. */

import { decimal, el, sized } from "../../../kit/dom.js";
import { rgb } from "../../../kit/colour.js";
import { histogram, momentsOf } from "./maths.js";
import { picture } from "../picture.js";
import { strip } from "../../../kit/matrix.js";

export const COUNTED = 500; // pixels beside a row's numbers: its name, histogram and text
export const PLAIN = 300; // its name and text
const BINS = 24;
const BAR = 20; // pixels
const ROOMY = 30; // of a block in a chart, in which its name can be read
const HISTOGRAM = /** @type {[number, number]} */ ([132, 32]);

/** A number as it is written here: nothing that is there is called nothing, no zero has a sign. */
export const written = (value, digits = 3) => decimal(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value, digits);

/** A row: its name, its numbers in colour, and, where asked for, their histogram, mean and variance. */
export class Row {
  /** @param {string} name @param {boolean} [counted] */
  constructor(name, counted = true) {
    this.strip = el("canvas", { "aria-hidden": "true" });
    this.bars = el("canvas", { "aria-hidden": "true" });
    this.text = el("small", {});
    this.name = el("b", {}, name);
    this.node = el("div", { class: counted ? "numbers-row counted" : "numbers-row" },
      this.name, this.strip, ...(counted ? [this.bars] : []), this.text);
    this.counted = counted;
  }

  /**
   * @param {ArrayLike<number>|null} values nothing while they are on their way
   * @param {number} width @param {boolean} dark @param {string} ink @param {string} [text] @param {number} [most]
   */
  draw(values, width, dark, ink, text = "", most = 0) {
    this.text.textContent = text;
    this.strip.drawn = values;
    if (!values) {
      sized(this.strip, width, BAR).clearRect(0, 0, width, BAR);
      sized(this.bars, ...HISTOGRAM).clearRect(0, 0, ...HISTOGRAM);
      return;
    }
    const numbers = Float32Array.from(values);
    const ends = most || numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    strip(this.strip, numbers, width, BAR, -ends, ends, { dark });
    if (this.counted) drawHistogram(this.bars, numbers, ink);
  }
}

/** How often which value comes, from the smallest to the largest, with a line at 0. */
function drawHistogram(canvas, values, ink) {
  const [width, height] = HISTOGRAM;
  const context = sized(canvas, width, height);
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [0, 0]);
  const counts = histogram(values, low, high, BINS);
  const most = Math.max(...counts);
  context.clearRect(0, 0, width, height);
  context.fillStyle = ink;
  counts.forEach((count, i) => {
    const tall = (count / most) * (height - 2);
    context.fillRect((i * width) / BINS, height - tall, width / BINS - 1, tall);
  });
  const zero = (-low / (high - low || 1)) * width;
  context.globalAlpha = 0.5;
  context.fillRect(Math.min(width - 1, zero), 0, 1, height);
  context.globalAlpha = 1;
}

/** Mean and variance of some numbers, for a sentence. @param {ArrayLike<number>} values */
export function moments(values) {
  const { mean, variance } = momentsOf(values);
  return { mean: written(mean), variance: written(variance) };
}

/**
 * A small map, a value a token.
 * @param {HTMLCanvasElement} canvas @param {[number, number]} size @param {ArrayLike<number>} values
 */
export function drawMap(canvas, [rows, columns], values, low, high, width) {
  const height = Math.min(width * 1.4, (width * rows) / columns);
  const context = sized(canvas, (height * columns) / rows, height);
  context.imageSmoothingEnabled = false;
  const small = picture(rows, columns, (i) => rgb("share", values[i], low, high));
  context.drawImage(small, 0, 0, (height * columns) / rows, height);
  canvas.drawn = { values, low, high };
}

/** @param {[number, number]} size @param {string} label @param {...Node} children */
export const svg = ([width, height], label, ...children) => (
  el("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...children));

/**
 * Bars of several kinds beside each other, a group a block.
 * @param {{names: string[], groups: number[][], hues: string[], at: number, digits?: number}} what `at`: is framed
 * @param {[number, number]} size @param {string} label @param {(value: number) => string} say
 */
export function bars({ names, groups, hues, at }, [width, height], label, say) {
  const most = Math.max(1e-9, ...groups.flat());
  const wide = width / groups.length;
  const each = Math.min(26, (wide - 10) / hues.length);
  const tall = (value) => (value / most) * (height - 40);
  const bar = (value, i, k) => {
    const x = i * wide + (wide - each * hues.length) / 2 + k * each;
    const top = height - 20 - tall(value);
    const number = each >= 24 || (hues.length === 1 && wide >= ROOMY) ? [el("text", {
      x: x + each / 2, y: top - 4, "text-anchor": "middle", class: "small",
    }, say(value))] : [];
    return [el("rect", { x, y: top, width: each - 2, height: tall(value), fill: hues[k] },
      el("title", {}, say(value))), ...number];
  };
  return svg([width, height], label, ...groups.flatMap((group, i) => [
    ...(i === at ? [el("rect", { x: i * wide + 1, y: 1, width: wide - 2, height: height - 2, class: "framed" })] : []),
    ...group.flatMap((value, k) => bar(value, i, k)),
    ...(wide >= ROOMY || i % 3 === 0 ? [el("text", {
      x: (i + 0.5) * wide, y: height - 5, "text-anchor": "middle",
    }, names[i])] : []),
  ]));
}
