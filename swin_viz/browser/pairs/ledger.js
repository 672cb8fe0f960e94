/** The query's window as a ledger: one row for each key, from q·k to its share. */

import { el, percent } from "../kit/dom.js";

const COLUMNS = ["raw", "scaled", "bias", "mask", "masked", "probs"];

export class Ledger {
  /** @param {{hover: (slot: number) => void, choose: (slot: number) => void}} hands */
  constructor(hands, say) {
    Object.assign(this, { hands, say, rows: [] });
    this.body = el("tbody", {});
    this.names = Object.fromEntries(["key", ...COLUMNS].map((name) => [name, el("th", { scope: "col" }, say(`column_${name}`))]));
    const head = el("thead", {}, el("tr", {}, ...Object.values(this.names)));
    this.node = el("div", { class: "ledger-box", tabindex: "0", role: "region", "aria-label": say("ledger") }, el("table", { class: "ledger" }, head, this.body));
  }

  /** @param {Object} stages of the window, see pairmath.js @param {number} slot the query @param {number|null} key that is lit */
  draw(block, window, slot, stages, key) {
    if (this.rows.length !== block.N) this.build(block.N);
    if (stages !== this.stages || slot !== this.slot) this.write(block, window, slot, stages);
    Object.assign(this, { stages, slot });
    if (key !== this.lit) {
      this.rows[this.lit]?.node.classList.remove("lit");
      this.rows[key]?.node.classList.add("lit");
      this.lit = key;
    }
  }

  /** Another name over a column. */
  name(column, text) { this.names[column].textContent = text; }

  write(block, window, slot, stages) {
    const start = slot * block.N;
    const most = Math.max(...stages.probs.subarray(start, start + block.N));
    this.rows.forEach(({ node, cells, share, number }, k) => {
      const place = block.at(window, k);
      const [mask, part] = [stages.mask[start + k], stages.probs[start + k]];
      cells[0].textContent = `(${place.join(", ")})${block.isPadding(...place) ? " ▫" : ""}`;
      COLUMNS.slice(0, -1).forEach((name, i) => { cells[i + 1].textContent = name === "mask" ? String(mask) : stages[name][start + k].toFixed(3); });
      share.style.width = `${(100 * part) / most}%`;
      number.textContent = mask !== 0 && part < 1e-6 ? this.say("blocked") : percent(part);
      node.classList.toggle("blocked", mask !== 0);
    });
  }

  build(N) {
    this.rows = Array.from({ length: N }, (_, k) => {
      const share = el("i", {});
      const number = el("span", {});
      const cells = [el("th", { scope: "row" }), ...COLUMNS.slice(0, -1).map(() => el("td", {}))];
      const node = el("tr", { onpointerenter: () => this.hands.hover(k), onclick: () => this.hands.choose(k) },
        ...cells, el("td", { class: "share-cell" }, el("span", { class: "share" }, share), number));
      return { node, cells, share, number };
    });
    this.body.replaceChildren(...this.rows.map((row) => row.node));
  }
}
