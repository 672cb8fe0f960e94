/** An N×N picture of numbers, query down and key across: its own scale, one row and one column lit. */

import { css, hatch, rgb, signedOn } from "./colour.js";
import { el, minus, sized } from "./dom.js";
import { cellAt } from "./pointer.js";

export class Matrix {
  /** @type {ArrayLike<number>} */ values;
  N = 0;
  side = 0;
  dark = false;
  /** @type {{cell: number, query: number, key: number|null}} */ lit;

  /**
   * @param {string} name @param {"signed"|"share"} scale
   * @param {{hover: (key: number) => void, choose: (query: number, key: number) => void}} hands
   * @param {AbortSignal} signal
   */
  constructor(name, scale, hands, signal) {
    this.name = name;
    this.scale = scale;
    this.canvas = el("canvas", { class: "matrix", "aria-hidden": "true" });
    this.lines = ["row", "column"].map((line) => el("i", { class: `matrix-${line}`, hidden: true }));
    this.range = el("small", {});
    this.value = el("b", {});
    this.label = el("span", {});
    const box = el("div", { class: "matrix-box" }, this.canvas, ...this.lines);
    this.node = el("figure", { class: "matrix-card" }, el("figcaption", {}, this.label), box, this.range, this.value);
    const at = (event) => cellAt(event, this.canvas, this.N);
    this.canvas.addEventListener("pointermove", (event) => hands.hover(at(event)[1]), { signal });
    this.canvas.addEventListener("pointerdown", (event) => hands.choose(...at(event)), { signal });
  }

  /**
   * @param {Float32Array} values N·N @param {number} N @param {number} side in CSS pixels
   * @param {number} query @param {number|null} key @param {(i: number) => boolean} blocked @param {boolean} dark
   */
  draw(values, N, side, query, key, blocked, dark) {
    if (values !== this.values || side !== this.side || dark !== this.dark) {
      this.dark = dark;
      this.render(values, N, side, blocked);
    }
    const cell = side / N;
    const [row, column] = this.lines;
    row.style.transform = `translateY(${query * cell}px)`; // moved, not drawn again
    column.style.transform = `translateX(${(key ?? 0) * cell}px)`;
    column.hidden = key === null;
    this.lit = { cell, query, key };
    const at = query * N + (key ?? 0);
    this.value.textContent = key === null ? "" : (blocked(at) ? "—" : minus(values[at].toPrecision(4)));
  }

  /** The picture with its lines, for export. @returns {HTMLCanvasElement} */
  copy() {
    const { side, lit: { cell, query, key } } = this;
    const canvas = document.createElement("canvas");
    const context = sized(canvas, side, side);
    context.drawImage(this.canvas, 0, 0, side, side);
    context.lineWidth = 1.5;
    context.strokeRect(0.75, query * cell, side - 1.5, cell);
    if (key !== null) context.strokeRect(key * cell, 0.75, cell, side - 1.5);
    return canvas;
  }

  /** The picture without its lines, drawn once. */
  render(values, N, side, blocked) {
    const [low, high] = this.ends(values, blocked);
    const [row, column] = this.lines;
    row.hidden = false;
    Object.assign(row.style, { width: `${side}px`, height: `${Math.max(3, side / N)}px` });
    Object.assign(column.style, { height: `${side}px`, width: `${Math.max(3, side / N)}px` });
    const context = sized(this.canvas, side, side);
    context.fillStyle = hatch(context);
    context.fillRect(0, 0, side, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.cells(values, N, low, high, blocked), 0, 0, side, side);
    const flat = values.every((value) => value === 0);
    this.range.textContent = flat ? "0" : minus(`${low.toPrecision(3)} … ${high.toPrecision(3)}`);
    this.N = N;
    this.values = values;
    this.side = side;
    this.canvas.drawn = { values, low, high };
  }

  /** The scale's lowest and highest number, of pairs that are not blocked. @returns {[number, number]} */
  ends(values, blocked) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < values.length; i++) {
      if (!blocked(i)) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
    }
    if (this.scale !== "signed") return [0, high];
    const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return [-most, most];
  }

  /** Numbers as one pixel each, nothing where a pair is blocked, so that the hatch shows. */
  cells(values, N, low, high, blocked) {
    const image = new ImageData(N, N);
    const scale = this.scale === "signed" ? signedOn(this.dark) : this.scale;
    for (let i = 0; i < N * N; i++) {
      if (!blocked(i)) image.data.set([...rgb(scale, values[i], low, high), 255], i * 4);
    }
    const small = Object.assign(document.createElement("canvas"), { width: N, height: N });
    small.getContext("2d").putImageData(image, 0, 0);
    return small;
  }
}

/**
 * A vector as a strip of cells; `parts` are told apart by lines, and those in `framed` stand out.
 * @param {HTMLCanvasElement} canvas @param {Float32Array} values @param {number} width @param {number} height
 * @param {number} low @param {number} high @param {{parts?: number, framed?: number[], dark?: boolean}} [look]
 */
export function strip(canvas, values, width, height, low, high, { parts = 1, framed = [], dark = false } = {}) {
  const context = sized(canvas, width, height);
  const cell = width / values.length;
  values.forEach((value, i) => {
    context.fillStyle = css(signedOn(dark), value, low, high);
    context.fillRect(i * cell, 0, cell + 0.5, height);
  });
  context.fillStyle = dark ? "rgba(255,255,255,.6)" : "rgba(0,0,0,.55)";
  for (let i = 1; i < parts; i++) context.fillRect((i * width) / parts - 0.5, 0, 1, height);
  context.strokeStyle = dark ? "#fff" : "#000";
  context.lineWidth = 2.5;
  for (const part of framed) context.strokeRect((part * width) / parts + 1, 1.2, width / parts - 2, height - 2.4);
  canvas.drawn = values;
}
