/** How far one token's information travels, block by block, with and without the shift: on the picture and as a curve. */

import { el, percent } from "../kit/dom.js";
import { PhotoPair } from "../kit/photo/photopair.js";

/** Which tokens share a window and region, from a block's geometry; without the shift, plain windows of the map. By place. */
export function neighbours(block, shifted) {
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

export class Reach extends PhotoPair {
  constructor(trace, say, signal) {
    super(trace, trace.blocks[0], [say("reach_with"), say("reach_without")], signal);
    Object.assign(this, { say, block: trace.blocks.findIndex((each) => each.stage === 2) });
    if (this.block < 0) this.block = trace.blocks.length - 1;
    this.slider = el("input", { type: "range", min: 0, max: trace.blocks.length - 1, value: this.block, "aria-label": say("reach_block"), oninput: () => { this.block = Number(this.slider.value); this.redraw(); } });
    this.curve = el("div", { class: "chart" });
    this.node = el("section", { class: "extra" }, el("h2", {}, say("reach_title")), el("p", {}, say("reach_text")),
      el("div", { class: "player" }, el("span", {}, say("reach_block")), this.slider), this.line, this.photos, this.curve);
  }

  draw(dark = this.dark) {
    this.dark = dark;
    const block = this.trace.blocks[this.block];
    const found = [true, false].map((shifted) => reachOf(this.trace.blocks, this.at, shifted));
    this.paint(block, found.map((each) => each[this.block]), dark);
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
