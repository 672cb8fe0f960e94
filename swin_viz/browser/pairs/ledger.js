/** The query's window as a ledger: one row for each key, from q·k to its share. */

import { decimal, el, minus, weightText } from "../kit/dom.js";
import { largest } from "../kit/maths.js";
import { isHatched } from "../kit/photo/marks.js";

const COLUMNS = ["raw", "scaled", "bias", "mask", "masked"]; // then the share

/** @typedef {{node: HTMLElement, cells: HTMLElement[], share: HTMLElement, number: HTMLElement}} Row */

export class Ledger {
  /** @type {Row[]} */ rows = [];
  /** @type {import("./pairmath.js").Stages} */ stages;
  slot = -1; // the query
  /** @type {number|null} */ lit = null;

  /**
   * @param {{hover: (slot: number) => void, choose: (slot: number) => void}} hands
   * @param {(key: string) => string} say
   */
  constructor(hands, say) {
    this.hands = hands;
    this.say = say;
    this.body = el("tbody", {});
    const names = ["key", ...COLUMNS, "probs"];
    this.names = Object.fromEntries(names.map((name) => [name, el("th", { scope: "col" }, say(`column_${name}`))]));
    const head = el("thead", {}, el("tr", {}, ...Object.values(this.names)));
    const table = el("table", { class: "ledger" }, head, this.body);
    this.node = el("div", { class: "ledger-box", tabindex: "0", role: "region", "aria-label": say("ledger") }, table);
  }

  /**
   * @param {import("../kit/trace.js").Block} block @param {number} window
   * @param {number} slot the query @param {import("./pairmath.js").Stages} stages @param {number|null} key that is lit
   */
  draw(block, window, slot, stages, key) {
    if (this.rows.length !== block.N) this.build(block.N);
    if (stages !== this.stages || slot !== this.slot) this.write(block, window, slot, stages);
    this.stages = stages;
    this.slot = slot;
    if (key === this.lit) return;
    this.rows[this.lit]?.node.classList.remove("lit");
    this.rows[key]?.node.classList.add("lit");
    this.lit = key;
  }

  /** Another name over a column. @param {string} column @param {string} text */
  name(column, text) { this.names[column].textContent = text; }

  write(block, window, slot, stages) {
    const start = slot * block.N;
    const most = largest(stages.probs.subarray(start, start + block.N));
    this.rows.forEach(({ node, cells, share, number }, k) => {
      const place = block.at(window, k);
      const [blocked, part] = [stages.mask[start + k] !== 0, stages.probs[start + k]];
      cells[0].textContent = `(${place.join(", ")})${block.isPadding(...place) ? " ▫" : ""}`;
      COLUMNS.forEach((name, i) => {
        const value = stages[name][start + k];
        cells[i + 1].textContent = name === "mask" ? minus(String(value)) : decimal(value);
      });
      share.style.width = `${(100 * part) / most}%`;
      number.textContent = isHatched({ blocked, share: part }) ? this.say("blocked") : weightText(part);
      node.classList.toggle("blocked", blocked);
    });
  }

  build(N) {
    this.rows = Array.from({ length: N }, (_, k) => this.row(k));
    this.body.replaceChildren(...this.rows.map((row) => row.node));
    this.lit = null;
  }

  /** @param {number} k @returns {Row} */
  row(k) {
    const share = el("i", {});
    const number = el("span", {});
    const cells = [el("th", { scope: "row" }), ...COLUMNS.map(() => el("td", {}))];
    const hands = { onpointerenter: () => this.hands.hover(k), onclick: () => this.hands.choose(k) };
    const last = el("td", { class: "share-cell" }, el("span", { class: "share" }, share), number);
    return { node: el("tr", hands, ...cells, last), cells, share, number };
  }
}
