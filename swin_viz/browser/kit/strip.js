/** All blocks of all stages in a row; the current one lit. Keys [ and ] move along it (handled by the explorer). */

import { el, roving } from "./dom.js";

export class Strip {
  /** @param {(index: number) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "strip", role: "radiogroup" });
    roving(this.node, () => this.buttons, (index) => this.choose(index));
  }

  /** @param {import("./trace.js").Trace} trace @param {number} current @param {Function} say */
  draw(trace, current, say) {
    const key = trace.id + say("language");
    if (key !== this.key) this.build(trace, say, key);
    this.buttons.forEach((button, i) => {
      button.setAttribute("aria-checked", String(i === current));
      button.tabIndex = i === current ? 0 : -1;
    });
  }

  build(trace, say, key) {
    this.key = key;
    this.node.setAttribute("aria-label", say("blocks"));
    this.buttons = trace.blocks.map((block, i) => el("button", {
      type: "button", role: "radio", class: "block", onclick: () => this.choose(i),
      title: say(block.shifted ? "shifted" : "regular"),
      "aria-label": say("block_name", { stage: block.stage + 1, block: block.block + 1 }) + ", " + say(block.shifted ? "shifted" : "regular"),
    }, String(block.block + 1), el("small", {}, block.shifted ? "SW" : "W")));
    const stages = [...new Set(trace.blocks.map((block) => block.stage))];
    this.node.replaceChildren(...stages.map((stage) => {
      const mine = trace.blocks.map((block, i) => [block, i]).filter(([block]) => block.stage === stage);
      const [first] = mine[0];
      return el("div", { class: "stage" },
        el("div", { class: "stage-name" }, el("b", {}, say("stage", { stage: stage + 1 })), " ",
          say("stage_facts", { rows: first.size[0], columns: first.size[1], heads: first.heads })),
        el("div", { class: "stage-blocks" }, ...mine.map(([, i]) => this.buttons[i])));
    }));
  }
}
