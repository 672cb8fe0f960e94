/** What 1/√d is for: a control from 1/√d to 1, with the softmax's entropy, largest share and gradient at this query. */

import { HUES } from "../kit/colour.js";
import { el, percent } from "../kit/dom.js";
import { sharpness } from "./pairmath.js";

const CURVES = [["entropy", HUES[4], "", "━"], ["largest", HUES[5], "8 4", "╍"], ["gradient", HUES[2], "2 4", "┉"]];
const [WIDE, HIGH] = [520, 190];

export class ScaleControl {
  d = 1; // channels of a head
  /** @type {Float32Array} */ raw;
  #key = "";

  /**
   * @param {(key: string, fields?: Object) => string} say
   * @param {(factor: number) => void} change from 0 (1/√d) to 100 (1)
   */
  constructor(say, change) {
    this.say = say;
    const slide = () => change(Number(this.slider.value));
    this.slider = el("input", { type: "range", min: 0, max: 100, "aria-label": say("scale"), oninput: slide });
    this.line = el("p", { class: "step-text" });
    this.chart = el("div", { class: "chart" });
    this.node = el("section", { class: "scale" }, el("h2", {}, say("scale_title")), el("p", {}, say("scale_text")),
      el("div", { class: "player" }, "1/√d", this.slider, "1"), this.line, this.chart);
  }

  /** @param {number} factor @param {number} d */
  set(factor, d) {
    this.d = d;
    if (Number(this.slider.value) !== factor) this.slider.value = String(factor);
  }

  /** From 1/√d (left) to 1 (right), even in the logarithm. */
  value(at = Number(this.slider.value)) { return this.d ** (-0.5 * (1 - at / 100)); }

  /** @param {import("./pairmath.js").Stages} stages @param {number} slot the query @param {number} N */
  draw(stages, slot, N) {
    const key = [this.value(), slot].join();
    if (stages.raw === this.raw && key === this.#key) return;
    this.raw = stages.raw;
    this.#key = key;
    const at = (value) => sharpness(stages, slot, N, value);
    const now = at(this.value());
    const [entropy, gradient] = [now.entropy.toFixed(3), now.gradient.toPrecision(3)];
    const scale = this.value().toFixed(3);
    this.line.textContent = this.say("scale_line", { scale, entropy, largest: percent(now.largest), gradient });
    this.slider.setAttribute("aria-valuetext", scale);
    this.chart.replaceChildren(this.curves(Array.from({ length: 41 }, (_, i) => at(this.value(i * 2.5)))));
    this.chart.drawn = now;
  }

  /** Each curve from 0 to its own largest value, which the legend names. */
  curves(points) {
    const svg = el("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": this.say("scale_chart") });
    const x = (part) => 10 + part * (WIDE - 20);
    CURVES.forEach(([name, stroke, dash, sign], i) => {
      const most = Math.max(...points.map((point) => point[name])) || 1;
      const y = (value) => 12 + (HIGH - 62) * (1 - value / most);
      const line = points.map((point, k) => `${x(k / 40)},${y(point[name])}`).join(" ");
      const look = { fill: "none", stroke, "stroke-width": 3, "stroke-dasharray": dash };
      const words = `${this.say(`scale_${name}`)} (0 … ${most.toPrecision(2)})`;
      svg.append(el("polyline", { points: line, ...look }),
        el("text", { x: 10 + i * 172, y: HIGH - 8, style: `fill:${stroke}`, "font-size": 20 }, sign),
        el("text", { x: 30 + i * 172, y: HIGH - 8 }, words));
    });
    const here = x(Number(this.slider.value) / 100);
    svg.append(el("line", { x1: here, x2: here, y1: 8, y2: HIGH - 46, class: "rule" }),
      el("text", { x: 10, y: HIGH - 30 }, "1/√d"),
      el("text", { x: WIDE - 10, y: HIGH - 30, "text-anchor": "end" }, "1"));
    return svg;
  }
}
