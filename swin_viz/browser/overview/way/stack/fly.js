/** A tile that was chosen flies to the picture, so that one sees that it is the same. */

import { sized } from "../../../kit/dom.js";

const MS = 320;
const ease = (x) => (x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2);

/**
 * @param {HTMLCanvasElement} over a canvas over all @param {HTMLCanvasElement} picture that flies
 * @param {number[]} from a transformation of its unit square, in the canvas's pixels @param {number[]} to
 * @param {string} colour of its edge
 */
export function fly(over, picture, from, to, colour) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden) return;
  const begun = performance.now();
  const box = /** @type {HTMLElement} */ (over.parentElement);
  over.hidden = false;
  const step = () => {
    const part = (performance.now() - begun) / MS;
    if (part >= 1 || !over.isConnected) { over.hidden = true; return; }
    const context = sized(over, box.clientWidth, box.clientHeight);
    context.clearRect(0, 0, box.clientWidth, box.clientHeight);
    const [a, b, c, d, x, y] = from.map((value, i) => value + (to[i] - value) * ease(part));
    const { width, height } = picture;
    context.transform(a / width, b / width, c / height, d / height, x, y);
    context.globalAlpha = 1 - 0.9 * Math.max(0, (part - 0.6) / 0.4);
    context.drawImage(picture, 0, 0);
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.strokeRect(0, 0, width, height);
    requestAnimationFrame(step);
  };
  step();
}
