/** One point per head and block: how spread (entropy) or how far (distance) it looks on average. A click goes there. */

import { HUES } from "../kit/colour.js";
import { el } from "../kit/dom.js";

const [HIGH, LEFT, TOP, BOTTOM] = [230, 40, 12, 36];
const [WIDE, SLOT] = [440, 34]; // at least so wide; and for each block, so that its label has room

export class HeadChart {
  /** @param {(block: number, head: number) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "chart scroll" });
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  /** Arrow keys: left and right to the next block, up and down to the next head; Enter or the space bar goes there. */
  key(event) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move || !event.target.at) return;
    event.preventDefault();
    event.stopPropagation();
    const [block, head] = event.target.at;
    const b = Math.max(0, Math.min(this.points.length - 1, block + move[0]));
    this.points[b][Math.max(0, Math.min(this.points[b].length - 1, head + move[1]))].focus();
  }

  /**
   * @param {import("../kit/trace.js").Trace} trace
   * @param {number[][]} values per block, per head
   * @param {{title: string, unit: string, block: number, head: number|"mean"}} options
   */
  draw(trace, values, { title, unit, block, head, say }) {
    const most = Math.max(...values.flat()) * 1.05 || 1;
    const wide = Math.max(WIDE, LEFT + 10 + SLOT * trace.blocks.length);
    const slot = (wide - LEFT - 10) / trace.blocks.length;
    const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (1 - value / most);
    const focused = this.node.getRootNode().activeElement?.at;
    this.points = [];
    const svg = el("svg", { viewBox: `0 0 ${wide} ${HIGH}`, style: `min-width:${wide > WIDE ? wide : 0}px`, role: "group", "aria-label": title });
    for (const part of [0, 0.5, 1]) {
      const at = y(most * part);
      svg.append(el("line", { x1: LEFT, x2: wide - 8, y1: at, y2: at, class: "rule" }),
        el("text", { x: LEFT - 6, y: at + 4, "text-anchor": "end" }, (most * part).toFixed(most < 3 ? 2 : 1)));
    }
    trace.blocks.forEach((each, b) => {
      const x0 = LEFT + slot * b;
      if (b === block) svg.append(el("rect", { x: x0 + 1, y: TOP, width: slot - 2, height: HIGH - TOP - BOTTOM, class: "here" }));
      svg.append(el("text", { x: x0 + slot / 2, y: HIGH - 18, "text-anchor": "middle" }, `${each.stage + 1}.${each.block + 1}`));
      this.points[b] = values[b].map((value, h) => this.point(x0 + (slot * (h + 0.5)) / each.heads, y(value), each, b, h, value, b === block && h === head, unit, say));
      svg.append(...this.points[b]);
    });
    (head === "mean" ? this.points[block][0] : this.points[block][head]).setAttribute("tabindex", "0");
    svg.append(el("text", { x: wide / 2, y: HIGH - 3, "text-anchor": "middle" }, say("chart_axis")));
    this.node.replaceChildren(svg);
    if (focused) this.points[focused[0]]?.[focused[1]]?.focus();
    this.node.drawn = values;
  }

  point(x, y, each, b, h, value, lit, unit, say) {
    const name = say("chart_point", { stage: each.stage + 1, block: each.block + 1, head: h + 1, value: value.toFixed(2), unit });
    const go = () => this.choose(b, h);
    const onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } };
    const point = el("circle", { cx: x, cy: y, r: lit ? 7 : 4.5, fill: HUES[each.stage % HUES.length], class: lit ? "point lit" : "point", role: "button", tabindex: -1, "aria-label": name, onclick: go, onkeydown },
      el("title", {}, name));
    point.at = [b, h];
    return point;
  }
}
