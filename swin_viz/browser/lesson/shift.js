/** How far one token's information travels, block by block, with and without the shift: on the picture, as a curve. */

import { BlockPair } from "./parts/blockpair.js";
import { el, percent } from "../kit/dom.js";
import { PhotoPair } from "../kit/photo/photopair.js";
import { reachOf, shareOf } from "./parts/reach.js";

const [WIDE, HIGH] = [520, 190]; // of the curve, in its own units
const HUE = "var(--with-shift)"; // solid with, dashed without
const CURVES = [["", "━", "reach_with"], ["7 4", "╍", "reach_without"]];

export class Reach extends PhotoPair {
  dark = false;

  /** @param {import("./lesson.js").Context} context */
  constructor({ trace, block, say, signal }) {
    super(trace, trace.blocks[0], [say("reach_with"), say("reach_without")], signal);
    this.say = say;
    const { blocks } = trace;
    const third = blocks.findIndex((each) => each.stage === 2);
    this.upTo = third < 0 ? blocks.length - 1 : third; // the block after which one looks
    this.slider = el("input", {
      type: "range", min: 0, max: blocks.length - 1, value: this.upTo, "aria-label": say("reach_block"),
      oninput: () => { this.upTo = Number(this.slider.value); this.redraw(); },
    });
    this.curve = el("div", { class: "chart" });
    this.pair = new BlockPair(trace, block, say);
    this.head = this.pair.node;
    const chooser = el("div", { class: "player" }, el("span", {}, say("reach_block")), this.slider);
    this.node = el("section", { class: "extra" }, el("h2", {}, say("reach_title")), el("p", {}, say("reach_text")),
      chooser, this.line, this.photos, this.curve);
  }

  /** @param {import("./lesson.js").Step} step @param {boolean} dark */
  follow(step, dark) { this.pair.draw(dark, step.block); }

  draw(dark = this.dark) {
    this.dark = dark;
    const { blocks } = this.trace;
    const { stage, block } = blocks[this.upTo];
    const found = [true, false].map((shifted) => reachOf(blocks, this.at, shifted));
    this.paint(blocks[this.upTo], found.map((each) => each[this.upTo]), dark);
    const shares = found.map((masks) => masks.map(shareOf));
    const [with_, without] = shares.map((each) => percent(each[this.upTo]));
    const [row, column] = this.at;
    const facts = { row, column, stage: stage + 1, block: block + 1, with: with_, without };
    this.line.textContent = this.say("reach_line", facts);
    this.drawCurve(shares);
    this.node.drawn = { at: this.at, shares };
  }

  drawCurve(shares) {
    const { blocks } = this.trace;
    const x = (i) => 40 + (i * (WIDE - 60)) / Math.max(1, blocks.length - 1);
    const y = (share) => 10 + (HIGH - 50) * (1 - share);
    const rules = [0, 0.5, 1].flatMap((part) => [
      el("line", { x1: 36, x2: WIDE - 10, y1: y(part), y2: y(part), class: "rule" }),
      el("text", { x: 32, y: y(part) + 4, "text-anchor": "end" }, `${part * 100}%`),
    ]);
    const names = blocks.map(({ stage, block }, i) => (
      el("text", { x: x(i), y: HIGH - 22, "text-anchor": "middle" }, `${stage + 1}.${block + 1}`)));
    const alt = { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": this.say("reach_chart") };
    const ways = shares.flatMap((each, k) => this.way(each, k, x, y));
    this.curve.replaceChildren(el("svg", alt, ...rules, ...ways, ...names));
  }

  /** One way's curve, with a dot for every block, and its name below. */
  way(shares, k, x, y) {
    const [dash, sign, name] = CURVES[k];
    const points = shares.map((share, i) => `${x(i)},${y(share)}`).join(" ");
    return [
      el("polyline", { points, fill: "none", stroke: HUE, "stroke-width": 3, "stroke-dasharray": dash }),
      ...shares.map((share, i) => el("circle", { cx: x(i), cy: y(share), r: i === this.upTo ? 6 : 3.5, fill: HUE })),
      el("text", { x: 60 + k * 210, y: HIGH - 4, fill: HUE }, `${sign} ${this.say(name)}`),
    ];
  }
}
