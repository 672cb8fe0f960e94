/** All heads of the block side by side on the same window and query; click one to choose it. */

import { css, hatch } from "./colour.js";
import { el, percent, sized } from "./dom.js";

const SIDE_PX = 84;

export class Heads {
  /** @param {(head: number | "mean") => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.node = el("div", { class: "heads", role: "radiogroup" });
  }

  /** @param {import("./trace.js").Block} block @param {[number, number]} query @param {number|"mean"} current */
  draw(block, query, current, say) {
    const key = block.heads + say("language");
    if (key !== this.key) this.build(block.heads, say, key);
    const { window: w, slot } = block.find(...query);
    this.node.drawn = [];
    this.cards.forEach(({ button, canvas, label, head }) => {
      const shares = block.row(w, head, slot);
      const high = Math.max(...shares);
      this.paint(canvas, block, w, slot, shares, high);
      label.textContent = percent(high);
      button.setAttribute("aria-checked", String(head === current));
      button.tabIndex = head === current ? 0 : -1;
      this.node.drawn.push({ head, shares });
    });
  }

  build(count, say, key) {
    this.key = key;
    this.node.setAttribute("aria-label", say("heads"));
    this.cards = ["mean", ...Array(count).keys()].map((head) => {
      const name = head === "mean" ? say("mean") : say("head", { head: head + 1 });
      const canvas = el("canvas", { "aria-hidden": "true" });
      const label = el("small", {});
      const button = el("button", { type: "button", role: "radio", class: "head", "aria-label": name, onclick: () => this.choose(head) },
        el("span", {}, name), canvas, label);
      return { button, canvas, label, head };
    });
    this.node.replaceChildren(...this.cards.map((card) => card.button));
  }

  paint(canvas, block, w, slot, shares, high) {
    const context = sized(canvas, SIDE_PX, SIDE_PX);
    const cell = SIDE_PX / block.window;
    for (let k = 0; k < block.N; k++) {
      const [x, y] = [(k % block.window) * cell, Math.floor(k / block.window) * cell];
      const blocked = block.mask(w, slot, k) !== 0 && shares[k] < 1e-6;
      context.fillStyle = blocked ? hatch(context) : css("share", shares[k], 0, high);
      context.fillRect(x, y, cell + 0.5, cell + 0.5);
    }
    context.strokeStyle = "#ff3b30";
    context.lineWidth = 2;
    context.strokeRect((slot % block.window) * cell + 1, Math.floor(slot / block.window) * cell + 1, cell - 2, cell - 2);
  }
}
