/** All heads of the block side by side on the same window and query; click one to choose it. */

import { el, keepingFocus, roving } from "../kit/dom.js";
import { largest } from "../kit/maths.js";
import { Tiles } from "./stage/tile.js";

/** @typedef {number|"mean"} Head */
/** @typedef {import("../kit/trace.js").Block} Block */
/** @typedef {{button: HTMLButtonElement, canvas: HTMLCanvasElement, label: HTMLElement, head: Head}} Card */
/** @typedef {(key: string, fields?: Object) => string} Say */

const COLUMNS = [[6, 3, 8], [16, 4, 11], [24, 5, 8], [Infinity, 7, 6]]; // up to how many heads: columns, gap in px
const ROW_PX = 64; // side of a tile in one row that is swiped

export class Heads {
  /** @type {Card[]} */ cards = [];
  #key = "";
  /** @type {Head|null} */ #seen = null;

  /** @param {(head: Head) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.tiles = new Tiles();
    this.wide = 0; // CSS pixels
    this.count = el("b", {});
    this.means = el("span", {});
    this.grid = el("div", { class: "heads", role: "radiogroup" });
    const title = el("div", { class: "heads-title" }, this.count, this.means);
    this.node = el("div", { class: "heads-box" }, title, this.grid);
    roving(this.grid, () => this.cards.map((card) => card.button), (index) => this.choose(this.cards[index].head));
  }

  /** What room there is: to be asked before anything is written, for the page would be laid out anew. */
  measure() { this.wide = this.node.clientWidth; }

  /**
   * @param {import("../kit/trace.js").Trace} trace @param {Block} block @param {[number, number]} query
   * @param {Head} current @param {Say} say @param {{light: boolean, dark: boolean, row: boolean}} look
   */
  draw(trace, block, query, current, say, look) {
    const key = block.heads + say("language");
    if (key !== this.#key) keepingFocus(this.grid, () => this.build(block.heads, say));
    this.#key = key;
    const [, columns, gap] = COLUMNS.find(([most]) => block.heads <= most);
    const side = look.row ? ROW_PX : Math.max(24, Math.floor(this.wide / columns) - gap);
    this.grid.classList.toggle("row", look.row);
    this.grid.style.setProperty("--columns", String(columns));
    this.tiles.of(trace, block, query, side, look);
    const { window: w, slot } = block.find(...query);
    this.grid.drawn = this.cards.map(({ button, canvas, label, head }) => {
      const shares = block.row(w, head, slot);
      this.tiles.paint(canvas, shares);
      const bare = !look.row && (columns > 5 || (columns > 4 && head === "mean")); // there is no room for it
      label.textContent = bare ? "" : `${(100 * largest(shares)).toFixed(0)} %`;
      button.setAttribute("aria-checked", String(head === current));
      button.tabIndex = head === current ? 0 : -1;
      return { head, shares };
    });
    if (this.#seen !== current) this.seek(current);
    this.#seen = current;
  }

  /** Bring the chosen head into the row that is swiped. @param {Head} current */
  seek(current) {
    const { button } = this.cards.find(({ head }) => head === current);
    if (this.grid.scrollWidth > this.grid.clientWidth) {
      this.grid.scrollLeft = button.offsetLeft - (this.grid.clientWidth - button.offsetWidth) / 2;
    }
  }

  /** @param {number} count @param {Say} say */
  build(count, say) {
    this.#seen = null;
    this.grid.setAttribute("aria-label", say("heads"));
    this.count.textContent = say("heads_count", { count });
    this.means.textContent = say("heads_number");
    const heads = /** @type {Head[]} */ (["mean", ...Array(count).keys()]);
    this.cards = heads.map((head) => {
      const name = head === "mean" ? say("mean") : say("head", { head: head + 1 });
      const canvas = el("canvas", { "aria-hidden": "true" });
      const label = el("small", {});
      const short = el("b", {}, head === "mean" ? say("mean_short") : String(head + 1));
      const more = { role: "radio", class: "head", "aria-label": name, title: name, onclick: () => this.choose(head) };
      const button = el("button", { type: "button", ...more }, canvas, el("span", {}, short, label));
      return { button, canvas, label, head };
    });
    this.grid.replaceChildren(...this.cards.map((card) => card.button));
  }
}
