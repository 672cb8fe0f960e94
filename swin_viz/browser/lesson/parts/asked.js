/** Questions that are asked about a step, folded, each with its answer. */

import { axedText } from "./axes.js";
import { el } from "../../kit/dom.js";

export class Asked {
  /** @param {import("./codetabs.js").Note[]} notes @param {(key: string) => string} say */
  constructor(notes, say) {
    this.asked = notes.filter(({ wrong }) => !wrong);
    this.items = this.asked.map(({ title, text }) => (
      el("details", {}, el("summary", {}, title), el("p", {}, ...axedText(text)))));
    this.node = el("section", { class: "asked" }, el("h2", {}, say("asked_title")), ...this.items);
    this.show(0);
  }

  /** @param {number} step */
  show(step) {
    this.items.forEach((item, i) => { item.hidden = !this.asked[i].steps.includes(step); });
    this.node.hidden = this.items.every(({ hidden }) => hidden);
  }
}
