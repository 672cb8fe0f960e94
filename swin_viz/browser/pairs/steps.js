/** One step of the formula: its words, the formula and the running code lit, and the shapes of what it makes. */

import { axedShape, axedText } from "../lesson/parts/axes.js";
import { Asked } from "../lesson/parts/asked.js";
import { CodeTabs } from "../lesson/parts/codetabs.js";
import { el } from "../kit/dom.js";

/**
 * @typedef {{formula: string[], code: string[], lit: number[][], steps: string[], points: string[][], run: any,
 *   course: import("../lesson/parts/codetabs.js").Course, notes: import("../lesson/parts/codetabs.js").Note[]}} Header
 */

export class Steps {
  #key = "";
  /** @type {any} the shapes of the block that came */ #run;

  /**
   * @param {Header} header @param {(key: string) => string} say
   * @param {boolean} beside whether the course's code is shown @param {(beside: boolean) => void} turn
   */
  constructor(header, say, beside, turn) {
    this.say = say;
    const parts = header.formula.map((part, i) => el("span", { "data-step": i }, ...axedText(part), " "));
    this.formula = el("p", { class: "formula", "aria-label": say("formula") }, ...parts);
    this.code = new CodeTabs(header, say, beside, turn);
    this.asked = new Asked(header.notes, say);
    this.text = el("p", { class: "step-text", "aria-live": "polite" });
    this.shape = el("div", { class: "shapes" });
  }

  /**
   * @param {Header} header @param {number} step @param {import("../kit/trace.js").Block} block
   * @param {boolean} masked whether the query's window has a mask
   */
  draw({ steps, lit, points, run }, step, block, masked) {
    const key = `${step}/${block.name}/${masked}`;
    if (key === this.#key && run === this.#run) return;
    this.#key = key;
    this.#run = run;
    const name = steps[step] === "masked" && !masked ? "masked_none" : steps[step];
    this.text.replaceChildren(...axedText(this.say(`step_${name}`)));
    [...this.formula.children].forEach((span, i) => span.classList.toggle("lit", i === step));
    const here = /** @type {HTMLElement} */ (this.formula.children[step]);
    this.formula.scrollLeft = here.offsetLeft - this.formula.offsetLeft - this.formula.clientWidth / 3;
    this.code.show(step, lit[step]);
    this.asked.show(step);
    this.showShapes(points[step], block, run);
  }

  /** What the step makes, in its axes' colours. */
  showShapes(points, block, { axes, shapes }) {
    const named = points.map((point) => [point, `${block.name}.${point}`]).filter(([, full]) => shapes[full]);
    this.shape.replaceChildren(...named.map(([point, full]) => {
      const names = axes[full].split(" ");
      const shape = el("span", { class: "shape" }, ...axedShape(shapes[full].join(" × "), names));
      return el("p", {}, shape, " ", el("small", {}, `${point}: `, ...axedShape(axes[full], names)));
    }));
  }
}
