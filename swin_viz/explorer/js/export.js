/** Take the view away: PNG and SVG of what is on the screen, with a caption that says what it is. */

import { el, offer, sized } from "./dom.js";

const CAPTION_PX = 34;

/** Several labelled canvases side by side, wrapped: as one canvas in CSS pixels. @param {{label: string, canvas: HTMLCanvasElement}[]} parts */
export function sheet(parts, wide = 1200) {
  const sizeOf = (canvas) => [parseFloat(canvas.style.width), parseFloat(canvas.style.height)];
  const places = [];
  let [x, y, row] = [12, 12, 0];
  for (const { label, canvas } of parts) {
    const [w, h] = sizeOf(canvas);
    const room = Math.max(w, label.length * 7.5);
    if (x + room > wide && x > 12) { x = 12; y += row + 36; row = 0; }
    places.push({ label, canvas, x, y, w, h });
    x += room + 16;
    row = Math.max(row, h);
  }
  return { places, width: wide, height: y + row + 36 };
}

/** A sheet as PNG. */
export function saveSheetPng({ places, width, height }, caption, name) {
  const out = document.createElement("canvas");
  const context = sized(out, width, height);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#111";
  context.font = "14px sans-serif";
  for (const { label, canvas, x, y, w, h } of places) {
    context.fillText(label, x, y + 12);
    context.drawImage(canvas, x, y + 18, w, h);
  }
  savePng(out, caption, name);
}

/** A sheet as SVG: the drawings as images, labels and caption as text. */
export function saveSheetSvg({ places, width, height }, caption, name) {
  const svg = el("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: height + CAPTION_PX, "font-family": "sans-serif", "font-size": 14 });
  for (const { label, canvas, x, y, w, h } of places) {
    svg.append(el("text", { x, y: y + 12 }, label), el("image", { href: canvas.toDataURL(), x, y: y + 18, width: w, height: h }));
  }
  svg.append(el("text", { x: 12, y: height + 20 }, caption));
  offer(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }), `${name}.svg`);
}

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
    svg.append(el("rect", { x: c * view.cell, y: r * view.cell, width: view.cell, height: view.cell, fill: view.colourOf(cell.share, drawn.high), "fill-opacity": view.opacityOf(cell.share, drawn.high) },
      el("title", {}, `(${cell.row}, ${cell.column}) ${cell.share}`)));
  }
  if (!drawn.keys) svg.append(el("image", { href: view.canvas.toDataURL(), width: view.width, height: view.height }));
  const [r, c] = view.seat(...drawn.query);
  svg.append(el("rect", { x: c * view.cell, y: r * view.cell, width: view.cell, height: view.cell, fill: "none", stroke: "#ff3b30", "stroke-width": 3 }));
  svg.append(el("text", { x: 6, y: view.height + 22, "font-family": "sans-serif", "font-size": 12 }, caption));
  offer(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }), `${name}.svg`);
}
