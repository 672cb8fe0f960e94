/** Take the view away: PNG and SVG of what is on the screen, with a caption that says what it is. */

import { el, offer } from "./dom.js";

const CAPTION_PX = 34;

/** @param {HTMLCanvasElement} canvas @param {string} caption @param {string} name without ending */
export function savePng(canvas, caption, name) {
  const ratio = canvas.width / parseFloat(canvas.style.width || canvas.width);
  const out = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height + CAPTION_PX * ratio });
  const context = out.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, out.width, out.height);
  context.drawImage(canvas, 0, 0);
  context.fillStyle = "#111";
  context.font = `${12 * ratio}px sans-serif`;
  context.fillText(caption, 6 * ratio, canvas.height + 21 * ratio, out.width - 12 * ratio);
  out.toBlob((blob) => offer(blob, `${name}.png`), "image/png");
}

/** The same as SVG: the picture as an image, every painted cell as a rectangle with its number. */
export function saveSvg(view, caption, name) {
  const drawn = view.canvas.drawn;
  const svg = el("svg", { xmlns: "http://www.w3.org/2000/svg", width: view.width, height: view.height + CAPTION_PX });
  svg.append(el("image", { href: view.base.toDataURL(), width: view.width, height: view.height }));
  for (const cell of drawn.keys ?? []) {
    const [r, c] = cell.seat;
    svg.append(el("rect", { x: c * view.cell, y: r * view.cell, width: view.cell, height: view.cell, fill: view.colourOf(cell.share, drawn.high), "fill-opacity": 0.85 },
      el("title", {}, `(${cell.row}, ${cell.column}) ${cell.share}`)));
  }
  if (!drawn.keys) svg.append(el("image", { href: view.canvas.toDataURL(), width: view.width, height: view.height }));
  const [r, c] = view.seat(...drawn.query);
  svg.append(el("rect", { x: c * view.cell, y: r * view.cell, width: view.cell, height: view.cell, fill: "none", stroke: "#ff3b30", "stroke-width": 3 }));
  svg.append(el("text", { x: 6, y: view.height + 22, "font-family": "sans-serif", "font-size": 12 }, caption));
  offer(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }), `${name}.svg`);
}
