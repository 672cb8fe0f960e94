/** What the model says to the picture: one line that opens. */

import { el, weightText } from "../../kit/dom.js";
import { icon } from "./icons.js";

export class Prediction {
  constructor() {
    this.node = el("div", { class: "prediction" });
  }

  /**
   * @param {{top: [string, number][], truth: string, foreign: boolean}} header names and shares, largest first
   * @param {(key: string) => string} say
   */
  draw({ top, truth, foreign }, say) {
    const open = Boolean(this.node.querySelector("details")?.open);
    if (!top.length) { this.node.replaceChildren(el("p", { class: "no-head" }, say("no_head"))); return; }
    const rows = foreign ? [] : top.slice(1).flatMap(([name, share]) => row(name, share));
    const first = foreign ? [el("span", {}, say("foreign_title")), el("span", {}), el("span", {})] : row(...top[0]);
    const notes = foreign ? [say("foreign"), say("foreign_still"), say("foreign_weights")] : [say("prediction"), truth];
    this.node.replaceChildren(el("details", { open: open || foreign, class: foreign ? "foreign" : "" },
      el("summary", {}, ...first, icon("more")), el("div", { class: "classes" }, ...rows),
      ...notes.filter(Boolean).map((note) => el("p", {}, note))));
    this.node.drawn = { top, truth, foreign };
  }
}

/** @returns {HTMLElement[]} name, bar, share */
const row = (name, share) => [el("span", { class: "name" }, name),
  el("span", { class: "share" }, el("i", { style: `width:${(share * 100).toFixed(2)}%` })),
  el("span", { class: "number" }, weightText(share))];
