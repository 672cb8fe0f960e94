/** A few choices as buttons of which one is chosen, as in WAI-ARIA's radio group. */

import { el, roving } from "../../kit/dom.js";

export class Radios {
  /**
   * @param {string} label @param {Record<string, string>} options value → text @param {string} value that is chosen
   * @param {(value: string) => void} choose
   */
  constructor(label, options, value, choose) {
    this.values = Object.keys(options);
    this.buttons = this.values.map((each) => (
      el("button", { type: "button", role: "radio", onclick: () => choose(each) }, options[each])));
    this.node = el("div", { class: "radios", role: "radiogroup", "aria-label": label },
      ...this.buttons);
    roving(this.node, () => this.buttons, (index) => choose(this.values[index]));
    this.show(value);
  }

  /** @param {string} value that is chosen */
  show(value) {
    const at = this.values.indexOf(value);
    this.buttons.forEach((button, i) => {
      button.setAttribute("aria-checked", String(i === at));
      button.tabIndex = i === Math.max(0, at) ? 0 : -1;
    });
  }
}

/** The stages as options. @param {import("./whole.js").Whole} whole @param {number} [first] from 0 */
export const stagesOf = ({ told, say }, first = 0) => Object.fromEntries(
  told.stages.map((at, i) => [String(i + 1), say("stage_option", { stage: i + 1, rows: at.rows, columns: at.columns })])
    .slice(first));
