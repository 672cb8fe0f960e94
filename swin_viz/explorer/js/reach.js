/** How far one token's information travels, block by block, with and without the shift: on the picture and as a curve. */

import { el, percent } from "./dom.js";
import { PhotoView } from "./photo.js";

/** Which tokens share a window and region, from a block's geometry; without the shift, plain windows of the map. */
function neighbours(block, shifted) {
  block.joined ??= {};
  const key = String(shifted);
  if (!block.joined[key]) {
    const [, columns] = block.padded;
    const group = new Int32Array(block.padded[0] * columns);
    if (shifted) for (let slot = 0; slot < block.places.length; slot++) group[block.places[slot]] = Math.floor(slot / block.N) * 16 + block.regions[slot];
    else for (let place = 0; place < group.length; place++) group[place] = Math.floor(Math.floor(place / columns) / block.window) * columns + Math.floor((place % columns) / block.window);
    block.joined[key] = group;
  }
  return block.joined[key];
}

/**
 * The tokens that one token of the first map can have influenced after every block.
 * @returns {Uint8Array[]} per block, over its unpadded map
 */
export function reachOf(blocks, [row, column], shifted) {
  let [rows, columns] = blocks[0].size;
  let reached = new Uint8Array(rows * columns);
  reached[row * columns + column] = 1;
  return blocks.map((block, b) => {
    if (b && blocks[b - 1].stage !== block.stage) reached = merged(reached, [rows, columns], block.size);
    [rows, columns] = block.size;
    const group = neighbours(block, shifted);
    const at = (i) => Math.floor(i / columns) * block.padded[1] + (i % columns);
    const hit = new Set();
    reached.forEach((yes, i) => { if (yes) hit.add(group[at(i)]); });
    reached = reached.map((_, i) => (hit.has(group[at(i)]) ? 1 : 0));
    return reached;
  });
}

function merged(reached, [rows, columns], [newRows, newColumns]) {
  const out = new Uint8Array(newRows * newColumns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) if (reached[r * columns + c]) out[(r >> 1) * newColumns + (c >> 1)] = 1;
  return out;
}

export const shareOf = (reached) => reached.reduce((a, b) => a + b, 0) / reached.length;

export class Reach {
  constructor(trace, say, signal) {
    Object.assign(this, { trace, say, block: trace.blocks.findIndex((each) => each.stage === 2), at: null });
    if (this.block < 0) this.block = trace.blocks.length - 1;
    this.at = trace.blocks[0].size.map((side) => Math.floor(side / 2));
    this.slider = el("input", { type: "range", min: 0, max: trace.blocks.length - 1, value: this.block, "aria-label": say("reach_block"), oninput: () => { this.block = Number(this.slider.value); this.draw(); } });
    this.line = el("p", { class: "reach-line", "aria-live": "polite" });
    this.sides = [true, false].map((shifted) => {
      const canvas = el("canvas", { class: "photo", tabindex: "0", role: "application", "aria-label": say(shifted ? "reach_with" : "reach_without") });
      const view = new PhotoView(canvas);
      canvas.addEventListener("pointermove", (event) => this.point(event, view), { signal });
      canvas.addEventListener("pointerdown", (event) => this.point(event, view), { signal });
      canvas.addEventListener("keydown", (event) => this.key(event), { signal });
      return { shifted, canvas, view, node: el("figure", {}, el("figcaption", {}, say(shifted ? "reach_with" : "reach_without")), canvas) };
    });
    this.curve = el("div", { class: "chart" });
    this.node = el("section", { class: "extra" }, el("h3", {}, say("reach_title")), el("p", {}, say("reach_text")),
      el("div", { class: "player" }, el("span", {}, say("reach_block")), this.slider), this.line,
      el("div", { class: "two" }, ...this.sides.map((side) => side.node)), this.curve);
  }

  point(event, view) {
    const box = view.canvas.getBoundingClientRect();
    const part = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
    const first = this.trace.blocks[0];
    const last = view.block;
    const at = part.map((each, i) => Math.floor((each * last.padded[i] * last.pixels) / first.pixels));
    this.move(at);
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!moves[event.key]) return;
    event.preventDefault();
    this.move(this.at.map((part, i) => part + moves[event.key][i]));
  }

  move(at) {
    const { size } = this.trace.blocks[0];
    const kept = at.map((part, i) => Math.max(0, Math.min(size[i] - 1, part)));
    if (String(kept) === String(this.at)) return;
    this.at = kept;
    this.draw();
  }

  draw(dark = this.dark) {
    this.dark = dark;
    const block = this.trace.blocks[this.block];
    const found = this.sides.map(({ shifted }) => reachOf(this.trace.blocks, this.at, shifted));
    this.sides.forEach(({ canvas, view }, i) => {
      const width = Math.max(120, Math.min(420, canvas.parentElement.clientWidth));
      view.place(this.trace, block, width, { grid: true, rolled: false, dark });
      const values = Float32Array.from(found[i][this.block], (yes) => (yes ? 1 : NaN));
      const query = this.at.map((part, k) => Math.min(block.size[k] - 1, Math.floor((part * this.trace.blocks[0].pixels) / block.pixels)));
      view.drawMap(values, ...block.size, 0, 1, "share", query, true);
    });
    const shares = found.map((masks) => masks.map(shareOf));
    this.line.textContent = this.say("reach_line", { row: this.at[0], column: this.at[1], stage: block.stage + 1, block: block.block + 1, with: percent(shares[0][this.block]), without: percent(shares[1][this.block]) });
    this.drawCurve(shares);
    this.node.drawn = { at: this.at, shares };
  }

  drawCurve(shares) {
    const [wide, high] = [520, 190];
    const { blocks } = this.trace;
    const x = (i) => 40 + (i * (wide - 60)) / Math.max(1, blocks.length - 1);
    const y = (share) => 10 + (high - 50) * (1 - share);
    const svg = el("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": this.say("reach_chart") });
    for (const part of [0, 0.5, 1]) svg.append(el("line", { x1: 36, x2: wide - 10, y1: y(part), y2: y(part), class: "rule" }), el("text", { x: 32, y: y(part) + 4, "text-anchor": "end" }, `${part * 100}%`));
    [["#0072b2", ""], ["#d55e00", "7 4"]].forEach(([colour, dash], k) => {
      svg.append(el("polyline", { points: shares[k].map((share, i) => `${x(i)},${y(share)}`).join(" "), fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }));
      shares[k].forEach((share, i) => svg.append(el("circle", { cx: x(i), cy: y(share), r: i === this.block ? 6 : 3.5, fill: colour })));
      svg.append(el("text", { x: 60 + k * 210, y: high - 4, fill: colour }, `${k ? "╍" : "━"} ${this.say(k ? "reach_without" : "reach_with")}`));
    });
    blocks.forEach((block, i) => svg.append(el("text", { x: x(i), y: high - 22, "text-anchor": "middle" }, `${block.stage + 1}.${block.block + 1}`)));
    this.curve.replaceChildren(svg);
  }
}
