/** All queries of a block in one head: largest weight against gradient, with 1/√d and with another factor. */

import { sized } from "../../kit/dom.js";
import { clamp, largest, softmax } from "../../kit/maths.js";
import { gradientOf } from "../pairmath.js";

const [WIDEST, HIGH, LEFT, BELOW] = [640, 280, 40, 40];
const MOST = 0.55; // of the gradient's axis: no softmax has more than 0.5
const DOT = 4;

/** @typedef {{most: Float32Array, gradient: Float32Array}} Points */

/**
 * Largest weight and gradient of every real query.
 * @param {Float32Array} raw q·k of some windows, (n, N, N) @param {ArrayLike<number>} windows which
 * @param {import("../../kit/trace.js").Block} block @param {ArrayLike<number>} bias (N, N) @param {number} scale
 * @returns {Points}
 */
export function points(raw, windows, block, bias, scale) {
  const { N } = block;
  const [most, gradient] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  const row = new Float32Array(N);
  for (let n = 0; n < windows.length; n++) {
    for (let i = 0; i < N; i++) {
      if (block.isPadding(...block.at(windows[n], i))) continue;
      for (let j = 0; j < N; j++) {
        row[j] = raw[(n * N + i) * N + j] * scale + bias[i * N + j] + block.mask(windows[n], i, j);
      }
      const shares = softmax(row);
      most.push(largest(shares));
      gradient.push(gradientOf(shares));
    }
  }
  return { most: Float32Array.from(most), gradient: Float32Array.from(gradient) };
}

/** The middle one of some numbers. @param {Float32Array} values */
const median = (values) => values.slice().sort()[Math.floor(values.length / 2)] ?? 0;

/** q·k of some windows: (n, N, d) each → (n, N, N). */
export function products(q, k, n, N, d) {
  const raw = new Float32Array(n * N * N);
  for (let w = 0; w < n; w++) {
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += q[(w * N + i) * d + c] * k[(w * N + j) * d + c];
        raw[(w * N + i) * N + j] = sum;
      }
    }
  }
  return raw;
}

/** Both clouds in numbers. @param {Points} before @param {Points} after */
export function compared(before, after) {
  const fallen = after.gradient.reduce((a, value, i) => a + Number(value < before.gradient[i]), 0);
  return {
    count: before.most.length, fallen: fallen / before.most.length,
    most: [median(before.most), median(after.most)], gradient: [median(before.gradient), median(after.gradient)],
  };
}

/**
 * @param {HTMLCanvasElement} canvas @param {Points} before @param {Points|null} after
 * @param {Record<string, string>} names of the axes @param {CSSStyleDeclaration} style
 */
export function paint(canvas, before, after, names, style) {
  const width = clamp(canvas.parentElement.clientWidth, 240, WIDEST);
  const context = sized(canvas, width, HIGH);
  const colour = (name) => style.getPropertyValue(name).trim();
  const x = (most) => LEFT + most * (width - LEFT - 12);
  const y = (gradient) => 8 + (HIGH - BELOW - 8) * (1 - gradient / MOST);
  context.clearRect(0, 0, width, HIGH);
  context.strokeStyle = colour("--line-strong");
  context.strokeRect(LEFT, 8, width - LEFT - 12, HIGH - BELOW - 8);
  [[before, "--accent"], [after, "--warn"]].forEach(([found, name]) => {
    if (!found) return;
    const { most, gradient } = /** @type {Points} */ (found);
    context.fillStyle = colour(String(name));
    context.globalAlpha = 0.6;
    for (let i = 0; i < most.length; i++) context.fillRect(x(most[i]) - DOT / 2, y(gradient[i]) - DOT / 2, DOT, DOT);
  });
  context.globalAlpha = 1;
  context.fillStyle = colour("--quiet");
  context.font = "12px sans-serif";
  for (const at of [0, 0.25, 0.5]) context.fillText(String(at), 6, y(at) + 4);
  for (const at of [0, 0.5, 1]) context.fillText(`${100 * at} %`, x(at) - (at === 1 ? 34 : at ? 12 : 0), HIGH - 24);
  context.fillText(`→ ${names.most}`, LEFT, HIGH - 6);
  context.fillText(`↑ ${names.gradient}`, LEFT + 6, 22);
}
