/** What 1/√d is for, from scratch: random q and k of d numbers; with the factor nothing depends on d any longer. */

import { decimal, el, percent } from "../../kit/dom.js";
import { clamp, largest } from "../../kit/maths.js";
import { KEYS, MOST, QUERIES, Sample } from "./random.js";

const [WIDE, HIGH, EDGE] = [300, 112, 18];
const FAR = 50; // dots are counted from −FAR to FAR
const DIMS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const WAYS = ["bare", "scaled"]; // without the factor, with it

export class Experiment {
  /** @type {Sample} drawn once */ sample;
  /** @type {Record<string, number[]>} the mean gradient at DIMS, by way */ curves;
  d = 0;

  /** @param {(key: string, fields?: Object) => string} say @param {(dims: number) => void} change */
  constructor(say, change) {
    this.say = say;
    const slide = () => change(Number(this.slider.value));
    const label = { "aria-label": say("dims"), oninput: slide };
    this.slider = el("input", { type: "range", min: 1, max: MOST, ...label });
    this.line = el("p", { class: "step-text", "aria-live": "polite" });
    const names = ["histogram", "row", "curve"];
    this.charts = Object.fromEntries(names.map((name) => [name, el("div", { class: "chart" })]));
    const figures = names.map((name) => el("figure", {}, el("figcaption", {}, say(`dots_${name}`)), this.charts[name]));
    this.node = el("section", { class: "scale experiment" }, el("h2", {}, say("dots_title")),
      el("p", {}, say("dots_text", { queries: QUERIES, keys: KEYS })),
      el("div", { class: "player" }, "d = 1", this.slider, String(MOST)), this.line,
      el("p", { class: "ways" }, ...WAYS.map((way) => el("span", { class: way }, say(`dots_${way}`)))),
      el("div", { class: "three" }, ...figures));
  }

  /** @param {number} d */
  draw(d) {
    if (d === this.d) return;
    this.d = d;
    this.slider.value = String(d);
    this.sample ??= new Sample();
    this.curves ??= Object.fromEntries(WAYS.map((way) => [way,
      DIMS.map((each) => this.sample.drawn(each, way === "scaled").gradient)]));
    const [bare, scaled] = [this.sample.drawn(d, false), this.sample.drawn(d, true)];
    const told = (found, end) => ({
      [`deviation${end}`]: decimal(found.deviation, 2), [`most${end}`]: percent(found.most),
      [`gradient${end}`]: decimal(found.gradient, 3),
    });
    this.line.textContent = this.say("dots_line", { d, root: decimal(Math.sqrt(d), 2), ...told(bare, ""),
      ...told(scaled, "_scaled") });
    this.slider.setAttribute("aria-valuetext", `d = ${d}`);
    const both = [bare, scaled];
    this.charts.histogram.replaceChildren(...both.map(({ dots }, i) => this.histogram(dots, i ? 1 : d, i)));
    this.charts.row.replaceChildren(...both.map(({ row }, i) => this.bars(row, i)));
    this.charts.curve.replaceChildren(this.curve(d, [bare.gradient, scaled.gradient]));
    this.node.drawn = { d, bare, scaled };
  }

  /** @param {number} high @param {string} alt @param {...(Element|null)} children */
  chart(high, alt, ...children) {
    return el("svg", { viewBox: `0 0 ${WIDE} ${high}`, role: "img", "aria-label": alt }, ...children);
  }

  /** How often each whole number comes; and where √d lies. @param {number} square of the deviation, as expected */
  histogram(dots, square, i) {
    const counts = Array(2 * FAR + 1).fill(0);
    for (const value of dots) counts[clamp(Math.round(value) + FAR, 0, 2 * FAR)]++;
    const [most, step] = [largest(counts), WIDE / counts.length];
    const bars = counts.map((count, k) => count && el("rect", {
      class: WAYS[i], x: k * step, width: step, y: HIGH - EDGE - (count / most) * (HIGH - EDGE - 12),
      height: (count / most) * (HIGH - EDGE - 12),
    })).filter(Boolean);
    const root = Math.sqrt(square);
    const rules = [-root, root].map((at) => el("line", {
      class: "rule", x1: (at + FAR + 0.5) * step, x2: (at + FAR + 0.5) * step, y1: 12, y2: HIGH - EDGE,
    }));
    const name = `±${i ? "1" : `√${square}`} = ±${decimal(root, 2)}`;
    const texts = [el("text", { x: WIDE, y: 10, "text-anchor": "end" }, name),
      ...[-FAR, 0, FAR].map((at, k) => el("text", {
        x: (at + FAR + 0.5) * step, y: HIGH - 4, "text-anchor": ["start", "middle", "end"][k],
      }, decimal(at, 0)))];
    return this.chart(HIGH, `${this.say("dots_histogram")}: ${name}`, ...bars, ...rules, ...texts);
  }

  /** The weights of one row, as they come. @param {Float32Array} row */
  bars(row, i) {
    const step = WIDE / row.length;
    const bars = Array.from(row, (weight, k) => el("rect", {
      class: WAYS[i], x: k * step + 0.5, width: step - 1, y: (HIGH - 16) * (1 - weight) + 12,
      height: (HIGH - 16) * weight,
    }));
    const most = percent(largest(row));
    return this.chart(HIGH, `${this.say("dots_row")}: ${most}`, ...bars,
      el("text", { x: WIDE, y: 10, "text-anchor": "end" }, `max ${most}`));
  }

  /** The mean gradient over d, of both ways. @param {number} d @param {number[]} now */
  curve(d, now) {
    const high = 2 * HIGH;
    const x = (dims) => 10 + (Math.log2(dims) / 8) * (WIDE - 30);
    const y = (value) => 14 + (high - 40) * (1 - value / 0.5);
    const lines = WAYS.map((way) => el("polyline", {
      class: way, fill: "none", points: DIMS.map((dims, k) => `${x(dims)},${y(this.curves[way][k])}`).join(" "),
    }));
    const dots = now.map((value, i) => el("circle", { class: WAYS[i], cx: x(d), cy: y(value), r: 5 }));
    const texts = [1, 16, 256].map((dims) => (
      el("text", { x: x(dims), y: high - 6, "text-anchor": "middle" }, String(dims))));
    return this.chart(high, this.say("dots_curve"), el("line", { class: "rule", x1: 10, x2: WIDE, y1: y(0), y2: y(0) }),
      ...lines, ...dots, ...texts, el("text", { x: 10, y: 10 }, "0.5"));
  }
}
