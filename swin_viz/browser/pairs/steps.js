/** One step of the formula: its words, the formula and the running code lit, and the shapes of what it makes. */

import { el } from "../kit/dom.js";

/**
 * @typedef {{formula: string[], code: string[], lit: number[][], steps: string[], points: string[][], run: any}} Header
 */

export class Steps {
  #key = "";
  /** @type {any} the shapes of the block that came */ #run;

  /** @param {Header} header @param {(key: string) => string} say */
  constructor(header, say) {
    this.say = say;
    const parts = header.formula.map((part, i) => el("span", { "data-step": i }, `${part} `));
    const lines = header.code.map((line, i) => el("code", { "data-line": i }, `${line}\n`));
    this.formula = el("p", { class: "formula", "aria-label": say("formula") }, ...parts);
    this.code = el("pre", { class: "code", tabindex: "0", "aria-label": say("code") }, ...lines);
    this.text = el("p", { class: "step-text" });
    this.shape = el("p", { class: "quiet" });
  }

  /** @param {Header} header @param {number} step @param {import("../kit/trace.js").Block} block */
  draw({ steps, lit, points, run }, step, block) {
    const key = `${step}/${block.name}`;
    if (key === this.#key && run === this.#run) return;
    this.#key = key;
    this.#run = run;
    const { axes, shapes } = run;
    this.text.textContent = this.say(`step_${steps[step]}`);
    [...this.formula.children].forEach((span, i) => span.classList.toggle("lit", i === step));
    [...this.code.children].forEach((line, i) => line.classList.toggle("lit", lit[step].includes(i)));
    const named = points[step].map((point) => [point, `${block.name}.${point}`]).filter(([, full]) => shapes[full]);
    const texts = named.map(([point, full]) => `${point}: ${axes[full]} = ${shapes[full].join(" × ")}`);
    this.shape.textContent = texts.join("  ·  ");
  }
}
