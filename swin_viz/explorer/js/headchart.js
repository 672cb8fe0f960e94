/** One point per head and block: how spread (entropy) or how far (distance) it looks on average. A click goes there. */

import { HUES } from "./colour.js";
import { el } from "./dom.js";

const [WIDE, HIGH, LEFT, TOP, BOTTOM] = [440, 230, 40, 12, 36];

export class HeadChart {
  /** @param {(block: number, head: number) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "chart" });
  }

  /**
   * @param {import("./trace.js").Trace} trace
   * @param {number[][]} values per block, per head
   * @param {{title: string, unit: string, block: number, head: number|"mean"}} options
   */
  draw(trace, values, { title, unit, block, head, say }) {
    const most = Math.max(...values.flat()) * 1.05 || 1;
    const slot = (WIDE - LEFT - 10) / trace.blocks.length;
    const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (1 - value / most);
    const svg = el("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "group", "aria-label": title });
    for (const part of [0, 0.5, 1]) {
      const at = y(most * part);
      svg.append(el("line", { x1: LEFT, x2: WIDE - 8, y1: at, y2: at, class: "rule" }),
        el("text", { x: LEFT - 6, y: at + 4, "text-anchor": "end" }, (most * part).toFixed(most < 3 ? 2 : 1)));
    }
    trace.blocks.forEach((each, b) => {
      const x0 = LEFT + slot * b;
      if (b === block) svg.append(el("rect", { x: x0 + 1, y: TOP, width: slot - 2, height: HIGH - TOP - BOTTOM, class: "here" }));
      svg.append(el("text", { x: x0 + slot / 2, y: HIGH - 18, "text-anchor": "middle" }, `${each.stage + 1}.${each.block + 1}`));
      values[b].forEach((value, h) => svg.append(this.point(x0 + (slot * (h + 0.5)) / each.heads, y(value), each, b, h, value, b === block && h === head, unit, say)));
    });
    svg.append(el("text", { x: WIDE / 2, y: HIGH - 3, "text-anchor": "middle" }, say("chart_axis")));
    this.node.replaceChildren(svg);
    this.node.drawn = values;
  }

  point(x, y, each, b, h, value, lit, unit, say) {
    const name = say("chart_point", { stage: each.stage + 1, block: each.block + 1, head: h + 1, value: value.toFixed(2), unit });
    const go = () => this.choose(b, h);
    const onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } };
    return el("circle", { cx: x, cy: y, r: lit ? 7 : 4.5, fill: HUES[each.stage % HUES.length], class: lit ? "point lit" : "point", role: "button", tabindex: lit ? 0 : -1, "aria-label": name, onclick: go, onkeydown },
      el("title", {}, name));
  }
}
