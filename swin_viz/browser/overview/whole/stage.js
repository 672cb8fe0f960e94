/** A stage as its code: the forward pass as it runs, and beside it what every line made of this picture. */

import { el } from "../../kit/dom.js";
import { axedCode, axedShape } from "../../lesson/parts/axes.js";
import { Radios, stagesOf } from "./radios.js";

const AXES = ["B", "H", "W", "C"];

export class StageCode {
  /** @param {import("./whole.js").Whole} whole */
  constructor(whole) {
    this.whole = whole;
    const { say, told, header } = whole;
    this.stages = new Radios(say("stage_stage"), stagesOf(whole), whole.state.stage_code,
      (stage_code) => whole.set({ stage_code }));
    this.lines = told.code.map((line) => el("code", {}, ...axedCode(line), "\n"));
    this.results = el("ol", { class: "results" });
    const code = el("pre", { class: "code", tabindex: "0", "aria-label": say("stage_source") }, ...this.lines);
    const mask = header.links.mask ? whole.link(header.links.mask, say("stage_mask_link")) : null;
    this.node = whole.section("stage", this.stages.node, el("div", { class: "two" }, code, this.results),
      el("p", { class: "note" }, say("stage_mask"), " ", mask));
  }

  groups() { return []; }

  draw() {
    const { told, state, header } = this.whole;
    this.stages.show(state.stage_code);
    const shown = [state.stage_code, header.key, header.language].join();
    if (shown === this.shown) return;
    this.shown = shown;
    const turns = told.turns[Number(state.stage_code) - 1];
    this.results.replaceChildren(...turns.map((turn) => this.result(turn, Number(state.stage_code))));
    this.light(null);
    this.node.drawn = turns;
  }

  /** @param {{line: number, block: number|null, kind: string, shape: number[]}} turn @param {number} stage from 1 */
  result({ line, block, kind, shape }, stage) {
    const { say } = this.whole;
    const name = say(`stage_${kind}`, { stage, block: block === null ? "" : block + 1, index: block ?? "" });
    const light = () => this.light(line);
    return el("li", { tabindex: "0", onpointerenter: light, onfocus: light, onpointerleave: () => this.light(null),
      onblur: () => this.light(null) },
    el("span", {}, name), el("span", { class: "shape" }, ...axedShape(shape.join(" × "), AXES)));
  }

  /** @param {number|null} line that is lit */
  light(line) { this.lines.forEach((each, i) => each.classList.toggle("lit", i === line)); }
}
