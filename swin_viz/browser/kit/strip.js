/** All blocks of all stages in one row; the current one lit. Keys [ and ] move along it (handled by the component). */

import { el, keepingFocus, roving } from "./dom.js";

export class Strip {
  /** @type {HTMLButtonElement[]} */ buttons = [];
  #key = "";
  #seen = -1;

  /** @param {(index: number) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "strip", role: "radiogroup" });
    roving(this.node, () => this.buttons, (index) => this.choose(index));
  }

  /**
   * @param {import("./trace.js").Trace} trace @param {number} current
   * @param {(key: string, fields?: Object) => string} say
   */
  draw(trace, current, say) {
    const key = trace.id + say("language");
    if (key !== this.#key) keepingFocus(this.node, () => this.build(trace, say));
    this.#key = key;
    this.buttons.forEach((button, i) => {
      button.setAttribute("aria-checked", String(i === current));
      button.tabIndex = i === current ? 0 : -1;
    });
    if (current !== this.#seen) this.seek(this.buttons[current]);
    this.#seen = current;
  }

  /** Where the row is longer than the screen, bring a block into it; the page stays. @param {HTMLElement} button */
  seek(button) {
    const [row, own] = [this.node.getBoundingClientRect(), button.getBoundingClientRect()];
    this.node.scrollLeft += own.left + own.width / 2 - row.left - row.width / 2;
  }

  build(trace, say) {
    this.#seen = -1;
    this.node.setAttribute("aria-label", say("blocks"));
    this.buttons = trace.blocks.map((block, i) => this.button(block, i, say));
    const stages = [...new Set(trace.blocks.map((block) => block.stage))];
    this.node.replaceChildren(...stages.map((stage) => {
      const first = trace.blocks.find((block) => block.stage === stage);
      const facts = { rows: first.size[0], columns: first.size[1], heads: first.heads };
      const name = el("b", {}, say("stage", { stage: stage + 1 }));
      return el("div", { class: "stage" },
        el("div", { class: "stage-name" }, name, " ", el("span", {}, say("stage_facts", facts))),
        el("div", { class: "stage-blocks" }, ...this.buttons.filter((_, i) => trace.blocks[i].stage === stage)));
    }));
  }

  button(block, i, say) {
    const kind = say(block.shifted ? "shifted" : "regular");
    const name = `${say("block_name", { stage: block.stage + 1, block: block.block + 1 })}, ${kind}`;
    const short = el("small", {}, block.shifted ? "SW" : "W");
    const more = { role: "radio", class: "block", title: kind, "aria-label": name, onclick: () => this.choose(i) };
    return el("button", { type: "button", ...more }, String(block.block + 1), short);
  }
}
