/** An N×N picture of numbers, query down and key across: its own scale, one row and one column lit. */

import { css, hatch, rgb } from "./colour.js";
import { el, sized } from "./dom.js";

export class Matrix {
  /** @param {string} name @param {"signed"|"share"} scale @param {{hover: (query: number, key: number) => void}} hands */
  constructor(name, scale, hands, signal) {
    Object.assign(this, { name, scale });
    this.canvas = el("canvas", { class: "matrix", "aria-hidden": "true" });
    this.range = el("small", {});
    this.value = el("b", {});
    this.label = el("span", {});
    this.node = el("figure", { class: "matrix-card" }, el("figcaption", {}, this.label), this.canvas, this.range, this.value);
    this.canvas.addEventListener("pointermove", (event) => {
      const box = this.canvas.getBoundingClientRect();
      const at = (part, side) => Math.max(0, Math.min(this.N - 1, Math.floor((part / side) * this.N)));
      hands.hover(at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width));
    }, { signal });
  }

  /** @param {Float32Array} values N·N @param {number} N @param {number} query @param {number} key @param {(i: number) => boolean} blocked */
  draw(values, N, side, query, key, blocked, dark) {
    if (values !== this.values || side !== this.side) this.render(values, N, side, blocked);
    const context = sized(this.canvas, side, side);
    context.drawImage(this.still, 0, 0, side, side);
    const cell = side / N;
    context.lineWidth = 1.5;
    context.strokeStyle = dark ? "#fff" : "#000";
    context.strokeRect(0.75, query * cell, side - 1.5, cell);
    if (key !== null) context.strokeRect(key * cell, 0.75, cell, side - 1.5);
    const chosen = key === null ? null : values[query * N + key];
    this.value.textContent = chosen === null ? "" : (blocked(query * N + key) ? "—" : chosen.toPrecision(4));
  }

  /** The picture without its lines, kept: numbers as one pixel each, nothing where a pair is blocked, so that the hatch shows. */
  render(values, N, side, blocked) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < values.length; i++) if (!blocked(i)) { low = Math.min(low, values[i]); high = Math.max(high, values[i]); }
    if (this.scale === "signed") { high = Math.max(Math.abs(low), Math.abs(high)) || 1; low = -high; } else low = 0;
    const image = new ImageData(N, N);
    for (let i = 0; i < N * N; i++) if (!blocked(i)) image.data.set([...rgb(this.scale, values[i], low, high), 255], i * 4);
    const small = Object.assign(document.createElement("canvas"), { width: N, height: N });
    small.getContext("2d").putImageData(image, 0, 0);
    this.still = document.createElement("canvas");
    const context = sized(this.still, side, side);
    context.fillStyle = hatch(context);
    context.fillRect(0, 0, side, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, side, side);
    this.range.textContent = `${low.toPrecision(3)} … ${high.toPrecision(3)}`;
    Object.assign(this, { N, values, side });
    this.canvas.drawn = { values, low, high };
  }
}

/** A vector as a strip of cells. */
export function strip(canvas, values, width, height, low, high, scale = "signed") {
  const context = sized(canvas, width, height);
  const cell = width / values.length;
  values.forEach((value, i) => {
    context.fillStyle = css(scale, value, low, high);
    context.fillRect(i * cell, 0, cell + 0.5, height);
  });
  canvas.drawn = values;
}
